"""docs/sensors.md names every key, attribute and service of the platforms, and its examples work."""

import re
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final

import pytest
import voluptuous as vol
from tests.plugins.helpers.house import House

from inglenook_sensors import observations
from inglenook_sensors.characteristics import BINARY, NUMERIC
from inglenook_sensors.filters import FILTERS
from inglenook_sensors.min_max import KEYS as MIN_MAX_KEYS

DOC: Final = (Path(__file__).parents[3] / "docs" / "sensors.md").read_text()
PLATFORMS: Final = sorted(
    point.name for point in entry_points(group="inglenook.sections") if point.value.startswith("inglenook_sensors.")
)
EVERYWHERE: Final = {"name", "unique_id"}  # said once, at the top
OF_ANY_SENSOR: Final = {"friendly_name", "icon", "unit_of_measurement", "device_class", "state_class"}


def section_of(heading: str) -> str:
    found = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", DOC, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/sensors.md has no section {heading}"
    return found[1]


def rows_of(section: str, heading: str) -> list[list[str]]:
    """Return the cells of the table whose first column bears ``heading``."""
    found = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)*)", section + "\n", re.MULTILINE)
    assert found is not None, heading
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in found[1].splitlines()]


def named(cell: str) -> set[str]:
    return set(re.findall(r"`([\w.]+)`", cell))


def told_in(cells: list[str]) -> dict[str, bool]:
    """Return the keys that are named, and whether each is marked as required."""
    return {name: f"`{name}`\\*" in cell for cell in cells for name in named(cell)}


def keys_of(keys: dict[Any, Any]) -> dict[str, bool]:
    return {str(key): isinstance(key, vol.Required) for key in keys}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_key_has_its_row(platform: str) -> None:
    keys = keys_of(import_module(f"inglenook_sensors.{platform}").KEYS)
    told = told_in([row[0] for row in rows_of(section_of(platform), "key")])

    assert {key: needed for key, needed in keys.items() if key in told or key not in EVERYWHERE} == told


def test_every_filter_has_its_row() -> None:
    rows = {row[0].strip("`"): row for row in rows_of(section_of("filter"), "filter")}

    assert {name: set(keys_of(kind.KEYS)) for name, kind in FILTERS.items()} == {
        name: named(row[2]) for name, row in rows.items()
    }


def test_every_observation_has_its_row() -> None:
    rows = {row[0].strip("`"): row for row in rows_of(section_of("bayesian"), "observation")}

    assert {name: keys_of(keys) for name, keys in observations.KEYS.items()} == {
        name: told_in([row[2]]) for name, row in rows.items()
    }


def test_every_word_that_a_key_may_be_is_named() -> None:
    assert {*NUMERIC, *BINARY} <= named(section_of("statistics"))
    assert {"max", "min", "mean", "median", "range", "sum", "last"} <= named(section_of("min_max"))
    assert "type" in keys_of(MIN_MAX_KEYS)


async def test_every_service_has_its_row(house: House) -> None:
    await house.declare("utility_meter:")

    services = {f"{one.domain}.{one.name}" for one in house.home.services.all() if one.domain == "utility_meter"}

    assert services - {"utility_meter.reload"} == {
        row[0].strip("`") for row in rows_of(section_of("utility_meter"), "service")
    }


async def test_the_examples_work_and_every_attribute_is_named(house: House) -> None:
    text = examples()
    await house.declare(text)

    for source in set(re.findall(r"\b(?:sensor|light|switch)\.\w+", text)):
        for number in ("1", "2", "3"):
            house.home.states.set(source, number, {"unit_of_measurement": "kWh"})
            await house.clock.advance(1)

    found = {entity.entity_id: told_by(type(entity).__module__) for entity in house.home.entities}
    assert {
        "sensor.warmest_room", "sensor.hall_mean_of_the_day", "sensor.washer_energy", "sensor.calm_temperature",
        "sensor.lamp_on_today", "binary_sensor.cold_outside", "binary_sensor.humidity_rising", "binary_sensor.evening",
        "binary_sensor.somebody_sleeps", "sensor.energy_today", "sensor.energy_this_month_peak",
        "select.energy_this_month", "climate.study",
    } <= set(found)  # fmt: skip
    for entity_id, told in found.items():
        state = house.home.states.get(entity_id)
        assert state is not None
        if state.domain in ("sensor", "binary_sensor"):
            assert set(state.attributes) - OF_ANY_SENSOR <= told, entity_id


def told_by(module: str) -> set[str]:
    return named(section_of(module.rpartition(".")[2])) if module.startswith("inglenook_sensors.") else set()


def examples() -> str:
    """Return the examples as one configuration: each key of them once more, with a label."""
    found = re.findall(r"^```yaml\n(.*?)^```$", DOC, re.MULTILINE | re.DOTALL)
    return "\n".join(re.sub(r"^(\w+):", rf"\1 {number}:", one, flags=re.MULTILINE) for number, one in enumerate(found))
