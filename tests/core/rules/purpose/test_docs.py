"""docs/purpose_specific.md names every kind, and nothing else; its examples are right."""

import itertools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from inglenook.config.yaml import loads
from inglenook.home import Home
from inglenook.rules import BUNDLED, RuleEngine
from inglenook.templates import Templates

TEXT = (Path(__file__).parents[4] / "docs" / "purpose_specific.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def _table(heading: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the code of the first two cells of each row of the table under ``heading``."""
    part = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    for row in re.findall(r"^\| `.*", part, re.MULTILINE):
        first, second = row.split(" | ")[:2]
        yield re.findall(r"`([^`]+)`", first), re.findall(r"`([^`]+)`", second)


def _expanded(word: str) -> Iterator[str]:
    """Yield ``a_x`` and ``b_x`` for ``{a,b}_x``."""
    parts = [part.split(",") for part in re.split(r"[{}]", word)]
    return ("".join(choice) for choice in itertools.product(*parts))


def _named(heading: str) -> set[str]:
    return {
        prefix + word
        for prefixes, words in _table(heading)
        for prefix in prefixes
        for each in words
        for word in _expanded(each)
        if word.islower() and prefix.endswith(".")
    }


def _real(kinds: Mapping[str, Any]) -> set[str]:
    return {name for name, kind in kinds.items() if "." in name and not kind.stands_in_for}


def test_every_trigger_is_in_the_table() -> None:
    assert _named("The triggers") == _real(BUNDLED.triggers)


def test_every_condition_is_in_the_table() -> None:
    assert _named("The conditions") == _real(BUNDLED.conditions)


def test_every_kind_that_waits_for_a_plugin_is_named() -> None:
    named = {name for names, _ in _table("What waits for a plugin") for name in names}

    assert named - {"kind"} == {
        *(name for name, trigger in BUNDLED.triggers.items() if trigger.stands_in_for),
        *(name for name, condition in BUNDLED.conditions.items() if condition.stands_in_for),
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.partition("alias: ")[2].partition("\n")[0])
def test_every_example_is_a_right_rule(home: Home, example: str) -> None:
    engine = RuleEngine(home, Templates(home))

    report = engine.swap("docs", [engine.check(raw) for raw in loads(example)])

    assert report.added
