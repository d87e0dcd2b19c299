"""Template updates."""

import pytest
from tests.core.template_entities.conftest import TemplateHome
from tests.core.template_entities.platforms.writing import block, record

from inglenook.errors import ServiceValidationError

INSTALL = f"install: {record(version='{{ specific_version }}', backup='{{ backup }}')}"


async def test_an_update_compares_its_versions_as_they_are_written(house: TemplateHome) -> None:
    await house.set("sensor.latest", "1.10")
    keys = "installed_version: '{{ 1.9 }}', latest_version: \"{{ states('sensor.latest') }}\""
    house.load(block("update", f"{keys}, title: Firmware, {INSTALL}"))

    newer = house.of("update.x")
    await house.set("sensor.latest", "1.9")

    assert (newer.state, newer.attributes["latest_version"]) == ("on", "1.10")
    assert (newer.attributes["title"], newer.attributes["supported_features"]) == ("Firmware", 1)
    assert house.state("update.x") == "off"


async def test_an_update_is_installed_by_its_actions(house: TemplateHome) -> None:
    keys = f"installed_version: 1, latest_version: 2, specific_version: true, backup: true, {INSTALL}"
    house.load(block("update", keys))

    await house.call("update.install", "update.x")
    await house.call("update.install", "update.x", version="1.5", backup=True)

    assert house.calls == [{"version": None, "backup": False}, {"version": 1.5, "backup": True}]


async def test_an_update_without_leave_for_it_takes_the_latest_version_alone(house: TemplateHome) -> None:
    house.load(block("update", f"installed_version: 1, latest_version: 2, {INSTALL}"))

    with pytest.raises(ServiceValidationError, match="version of your choice"):
        await house.call("update.install", "update.x", version="1.5")


async def test_an_update_that_says_how_far_it_is_is_in_progress(house: TemplateHome) -> None:
    await house.set("sensor.done", "40")
    keys = "installed_version: 1, latest_version: 2, update_percentage: \"{{ states('sensor.done') }}\""
    house.load(block("update", keys))

    during = house.attributes("update.x")
    await house.set("sensor.done", "unknown")

    assert (during["in_progress"], during["update_percentage"]) == (True, 40)
    assert house.attributes("update.x")["in_progress"] is False


async def test_a_skipped_version_is_told_no_more(house: TemplateHome) -> None:
    await house.set("sensor.latest", "2")
    house.load(block("update", "installed_version: 1, latest_version: \"{{ states('sensor.latest') }}\""))

    await house.call("update.skip", "update.x")
    skipped = house.state("update.x")
    await house.set("sensor.latest", "3")

    assert (skipped, house.state("update.x")) == ("off", "on")
