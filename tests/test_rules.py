"""The example rules speak of the demo home: what they name is there, what they call exists and takes the data."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from inglenook.config.values import is_template
from inglenook.entities import ALL, register_domains
from inglenook.home import Home
from inglenook_demo.household import KINDS

RULES = Path(__file__).parents[1] / "rules"
FILES = sorted(RULES.glob("*.yaml"))
DEMO = {
    f"{description['domain']}.{kind.id}_{key}" for kind in KINDS.values() for key, description in kind.entities.items()
}
ENTITY_ID = re.compile(rf"(?<![.\w])(?:{'|'.join(domain.name for domain in ALL)})\.[a-z0-9_]+")
SERVICES = {f"{domain.name}.{service.name}" for domain in ALL for service in domain.services}


def mappings(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping of a tree."""
    if isinstance(tree, dict):
        yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from mappings(child)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rule_names_only_what_the_demo_home_has(path: Path) -> None:
    named = set(ENTITY_ID.findall(path.read_text())) - SERVICES

    assert named <= DEMO, named - DEMO


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_calls_of_a_rule_exist_and_take_its_data(home: Home, path: Path) -> None:
    register_domains(home)
    calls = [mapping for mapping in mappings(yaml.safe_load(path.read_text())) if "action" in mapping]

    for call in calls:
        domain, _, name = call["action"].partition(".")
        data = {key: value for key, value in call.get("data", {}).items() if not is_template(value)}
        if data == call.get("data", {}):
            home.services.validate(home.services.get(domain, name), data)
        else:
            assert set(call["data"]) <= set(home.services.get(domain, name).fields)


def test_every_rule_has_an_id_of_its_own_and_a_name() -> None:
    rules = [rule for path in FILES for rule in yaml.safe_load(path.read_text())]
    ids = [rule["id"] for rule in rules]

    assert len(rules) >= 8
    assert len(set(ids)) == len(ids)
    assert all(rule["alias"] for rule in rules)


def test_the_rules_show_the_dialect() -> None:
    shown = "\n".join(path.read_text() for path in FILES)

    for word in (
        "trigger: state", "trigger: numeric_state", "trigger: event", "trigger: time", "trigger: time_pattern",
        "trigger: sun", "trigger: template", "trigger: homeassistant", "condition: state", "condition: numeric_state",
        "condition: time", "condition: template", "or:", "choose:", "if:", "repeat:", "parallel:", "variables:",
        "delay:", "wait_template:", "wait_for_trigger:", "event:", "for:", "mode: restart", "mode: queued",
    ):  # fmt: skip
        assert word in shown, word
