"""docs/helpers.md names every key, attribute and service that a helper has, and its examples work."""

import re
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final

import pytest
import voluptuous as vol
from tests.plugins.helpers.house import House

from inglenook.services import Service

DOC: Final = (Path(__file__).parents[3] / "docs" / "helpers.md").read_text()
DOMAINS: Final = sorted(
    point.name for point in entry_points(group="inglenook.sections") if point.value.startswith("inglenook_helpers.")
)
EVERYWHERE: Final = {"name", "icon"}  # said once, at the top


def section_of(heading: str) -> str:
    found = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", DOC, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/helpers.md has no section {heading}"
    return found[1]


def rows_of(section: str, heading: str) -> list[list[str]]:
    """Return the cells of the table whose first column bears ``heading``."""
    found = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)*)", section + "\n", re.MULTILINE)
    lines = found[1].splitlines() if found else []
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def marked(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`(?:\\\*)", cell))


def named(cell: str) -> set[str]:
    return set(re.findall(r"`([\w.]+)`", cell))


def keys_of(domain: str) -> dict[str, bool]:
    """Return the keys of one entry, and whether each is required."""
    keys: dict[Any, Any] = import_module(f"inglenook_helpers.{domain}").KEYS
    return {str(key): isinstance(key, vol.Required) for key in keys}


@pytest.mark.parametrize("domain", [name for name in DOMAINS if name not in {"sun", "persistent_notification"}])
def test_every_key_has_its_row(domain: str) -> None:
    keys = keys_of(domain)
    rows = rows_of(section_of(domain), "key")
    told = {name: name in marked(row[0]) for row in rows for name in named(row[0])}

    assert {name: needed for name, needed in keys.items() if name in told or name not in EVERYWHERE} == told


@pytest.mark.parametrize("domain", DOMAINS)
async def test_every_service_has_its_row_and_every_field_is_named(house: House, domain: str) -> None:
    await house.declare(f"{domain}:")
    rows = {row[0].strip("`"): row[2] for row in rows_of(section_of(domain), "service")}

    services = {f"{one.domain}.{one.name}": one for one in house.home.services.all() if belongs(one, domain)}

    assert set(rows) == set(services)
    for name, service in services.items():
        if service.fields:
            assert named(rows[name]) == set(service.fields), name
            assert marked(rows[name]) == {key for key, field in service.fields.items() if field["required"]}, name


def belongs(service: Service, domain: str) -> bool:
    if service.name == domain:
        return service.domain == "notify"
    return service.domain == domain and service.name != "reload"


@pytest.mark.parametrize("domain", DOMAINS)
async def test_every_attribute_is_named(house: House, domain: str) -> None:
    await house.declare(examples())
    told = named(section_of(domain))

    for state in house.home.states.domain(domain):
        own = set(state.attributes) - {"friendly_name", "icon", "editable", "unit_of_measurement", "target"}
        assert own <= told, state.entity_id


async def test_the_examples_work(house: House) -> None:
    await house.declare(examples())

    ids = {state.entity_id for state in house.home.states}
    assert {
        "input_boolean.guests", "input_number.bedtime_brightness", "input_select.mode", "input_datetime.wake_up",
        "timer.tea", "schedule.heating", "group.downstairs", "group.family", "zone.work", "person.ann", "sun.sun",
    } <= ids  # fmt: skip


def examples() -> str:
    return "\n".join(re.findall(r"^```yaml\n(.*?)^```$", DOC, re.MULTILINE | re.DOTALL))
