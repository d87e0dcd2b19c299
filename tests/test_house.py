"""The rules of the house that no linter knows: sizes, first lines, the one door to time."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
MODULES: Final = sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("plugins/**/*.py")])
LONGEST_FUNCTION: Final = 50
LONGEST_MODULE: Final = 500

# A longer module has its reason here.
LONG_MODULES: Final[dict[str, str]] = {}

# Who may ask the system for the time: the clock itself; what stands outside a home has no home.clock.
OWN_TIME: Final = {"core/inglenook/clock.py"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    """Yield each function with the length of its body in lines, its docstring left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
            yield node, ((body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_in_its_first_line_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text()))

    assert docstring, "no docstring"
    assert len(docstring.splitlines()[0]) > 10


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text()
    long = [f"{node.name} has {size} lines" for node, size in functions(ast.parse(text)) if size > LONGEST_FUNCTION]

    assert not long
    assert text.count("\n") <= LONGEST_MODULE or name_of(path) in LONG_MODULES


def test_bodies_are_short_as_a_rule() -> None:
    sizes = sorted(size for path in MODULES for _, size in functions(ast.parse(path.read_text())))

    assert sizes[len(sizes) // 2] <= 5
    assert sizes[len(sizes) * 9 // 10] <= 25


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path) not in OWN_TIME], ids=name_of)
def test_time_has_one_door(path: Path) -> None:
    forbidden = {"time.time", "time.monotonic", "time.sleep", "asyncio.sleep", "datetime.now", "datetime.utcnow"}
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    used = {ast.unparse(call.func) for call in calls if ast.unparse(call) != "asyncio.sleep(0)"}

    assert not used & forbidden
