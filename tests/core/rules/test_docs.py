"""docs/rules.md names every kind, and its examples are right."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.core.rules.house import RuleHome

from inglenook.config.yaml import loads
from inglenook.home import Home
from inglenook.rules import BUNDLED, RuleEngine, Vocabulary
from inglenook.templates import Templates

TEXT = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
PLUGIN = "\n".join(re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL))
ITS_RULE = TEXT.partition("With it a rule may say:")[2].split("```")[1]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def _told_here(kinds: Mapping[str, Any]) -> list[str]:
    """Return the kinds that have no page of their own, as purpose-specific ones have, and those that wait."""
    return [name for name, kind in kinds.items() if "." not in name and not kind.stands_in_for]


OTHER_SPELLINGS = {"and", "or", "not", "service", "service_template"}  # of actions: told under the first spelling


@pytest.mark.parametrize(
    "heading",
    [
        *(f"### trigger: {name}" for name in _told_here(BUNDLED.triggers)),
        *(f"### condition: {name}" for name in _told_here(BUNDLED.conditions)),
        *(f"### action: {name}" for name in BUNDLED.actions if name not in OTHER_SPELLINGS),
    ],
)
def test_every_kind_has_its_heading_and_an_example(heading: str) -> None:
    part = TEXT.partition(f"{heading}\n")[2].partition("\n### ")[0]

    assert "```yaml" in part


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.partition("alias: ")[2].partition("\n")[0])
def test_every_example_is_a_right_rule(home: Home, example: str) -> None:
    engine = RuleEngine(home, Templates(home))

    report = engine.swap("docs", [engine.check(raw) for raw in loads(example)])

    assert report.added


def test_the_kinds_of_a_plugin_work_as_told(home: Home) -> None:
    hooks: dict[str, Any] = {}
    exec(compile(PLUGIN, "docs/rules.md", "exec"), hooks)  # noqa: S102 - it is our own text
    brought = [hooks[f"register_{part}"]() for part in ("triggers", "conditions", "actions")]
    house = RuleHome(home, BUNDLED.with_more(Vocabulary(*brought)))
    announced: list[str] = []
    home.bus.listen("announced", lambda event: announced.append(event.data["text"]))
    house.load(ITS_RULE)

    home.bus.fire("doorbell_rang", {"door": "front"})
    home.states.set("person.ann", "home")
    home.bus.fire("doorbell_rang", {"door": "back"})
    home.bus.fire("doorbell_rang", {"door": "front"})

    assert announced == ["Somebody is at the front door"]
