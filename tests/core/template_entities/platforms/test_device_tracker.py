"""Template device trackers."""

import pytest
from tests.core.template_entities.conftest import TemplateHome
from tests.core.template_entities.platforms.writing import block

PLACE = "latitude: \"{{ states('sensor.lat') }}\", longitude: 4.89, location_accuracy: 5"


async def _zones(house: TemplateHome) -> None:
    await house.set("zone.home", "0", latitude=52.37, longitude=4.89, radius=100)
    await house.set("zone.town", "0", latitude=52.37, longitude=4.89, radius=5000, friendly_name="Town")
    await house.set("zone.near", "0", latitude=52.38, longitude=4.89, radius=100, friendly_name="Near", passive=True)


@pytest.mark.parametrize(
    ("latitude", "state", "zones"),
    [
        ("52.37", "home", ("zone.home", "zone.town")),
        ("52.38", "Town", ("zone.near", "zone.town")),
        ("53", "not_home", ()),
        ("unknown", "unknown", None),
        ("95", "unknown", None),
    ],
)
async def test_a_tracker_is_in_the_smallest_zone_around_its_place(
    house: TemplateHome, latitude: str, state: str, zones: tuple[str, ...] | None
) -> None:
    await _zones(house)
    await house.set("sensor.lat", latitude)
    house.load(block("device_tracker", PLACE))

    assert house.state("device_tracker.x") == state
    assert house.attributes("device_tracker.x").get("in_zones") == zones
    assert house.attributes("device_tracker.x")["source_type"] == "gps"


@pytest.mark.parametrize(
    ("listed", "state"), [("['zone.home']", "home"), ("['zone.town']", "Town"), ("[]", "not_home"), ("none", "unknown")]
)
async def test_a_tracker_is_in_the_zones_that_its_template_lists(house: TemplateHome, listed: str, state: str) -> None:
    await _zones(house)
    house.load(block("device_tracker", f'in_zones: "{{{{ {listed} }}}}"'))

    assert house.state("device_tracker.x") == state


async def test_a_tracker_needs_a_place(house: TemplateHome) -> None:
    assert house.load("[{device_tracker: {name: X, latitude: 5}}]") == [
        "template.yaml:1:19: device_tracker: latitude and longitude belong together; give both"
    ]
    assert house.load("[{device_tracker: {name: X}}]") == [
        "template.yaml:1:19: device_tracker: expected latitude and longitude, or in_zones"
    ]
