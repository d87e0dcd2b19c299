"""docs/templates.md names every function, and its examples are true."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from inglenook.errors import TemplateError
from inglenook.templates import Templates
from inglenook.templates.bounds import Budget
from inglenook.templates.engine import make_library
from inglenook.templates.view import View

_TEXT = (Path(__file__).parents[3] / "docs/templates.md").read_text(encoding="utf-8")
_EXAMPLES = re.findall(r"^\| `(.+?)` \| (?:`(.+)`|error) \|$", _TEXT, re.MULTILINE)


def test_every_function_is_named(templates: Templates) -> None:
    library = make_library(View(templates._home), Budget())

    assert [name for name in library.names() if f"`{name}`" not in _TEXT] == []


@pytest.mark.parametrize(("template", "result"), _EXAMPLES)
def test_an_example_is_true(templates: Templates, template: str, result: str) -> None:
    compiled = templates.compile(template.replace("\\|", "|"))

    assert _outcome(compiled) == (ast.literal_eval(result) if result else TemplateError)


def test_there_are_examples() -> None:
    assert len(_EXAMPLES) > 20


def _outcome(template: Any) -> Any:
    try:
        return template.render()
    except TemplateError:
        return TemplateError
