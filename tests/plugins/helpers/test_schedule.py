"""schedule: the edges of its blocks, exactly, and what a plan may not be."""

from datetime import datetime

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors, ServiceValidationError

PLAN = """
schedule:
  heat:
    name: Heating
    tuesday:
      - from: "13:00"
        to: "14:00"
        data: {level: high}
      - {from: "14:00", to: "15:00"}
      - {from: "22:00", to: "24:00"}
    wednesday:
      - {from: "00:00", to: "06:00"}
"""
HEAT = "schedule.heat"


def changes(house: House) -> list[tuple[str, str]]:
    """Return a list that fills with the time and the state of each change of state."""
    found: list[tuple[str, str]] = []

    def note(_entity_id: str, old: object, new: object, _context: object) -> None:
        if getattr(old, "state", None) != getattr(new, "state", None):
            found.append((f"{house.clock.local():%a %H:%M:%S}", str(getattr(new, "state", None))))

    house.home.states.watch(HEAT, note)
    return found


async def test_it_is_on_within_its_blocks_and_over_midnight(house: House) -> None:
    await house.declare(PLAN)
    found = changes(house)

    await house.clock.advance(7 * 86400)

    assert found == [
        ("Tue 13:00:00", "on"),
        ("Tue 15:00:00", "off"),
        ("Tue 22:00:00", "on"),
        ("Wed 06:00:00", "off"),
    ]


async def test_the_data_of_a_block_are_attributes_while_it_lasts(house: House) -> None:
    await house.declare(PLAN)
    levels = [house.attribute(HEAT, "level")]

    for _ in range(2):
        await house.clock.advance(3600)
        levels.append(house.attribute(HEAT, "level"))

    assert levels == [None, "high", None]


async def test_the_next_event_is_the_next_edge_a_week_ahead_at_most(house: House) -> None:
    await house.declare(PLAN)
    first = house.attribute(HEAT, "next_event")

    await house.clock.advance(2 * 86400)

    assert isinstance(first, datetime)
    assert first.isoformat() == "2026-03-10T13:00:00+01:00"
    assert house.attribute(HEAT, "next_event").isoformat() == "2026-03-17T13:00:00+01:00"


async def test_an_empty_plan_is_off_and_waits_for_nothing(house: House) -> None:
    await house.declare("schedule: {heat: {name: Heating}}")

    assert (house.state(HEAT), house.attribute(HEAT, "next_event")) == ("off", None)


async def test_another_plan_holds_at_once(house: House) -> None:
    await house.declare(PLAN)

    await house.reload("schedule", 'schedule: {heat: {name: H, tuesday: [{from: "11:00", to: "12:30"}]}}')
    found = changes(house)
    await house.clock.advance(86400)

    assert found == [("Tue 12:30:00", "off")]


async def test_it_tells_its_plan_to_whoever_asks(house: House) -> None:
    await house.declare(PLAN)

    answer = await house.home.services.call("schedule", "get_schedule", {"entity_id": HEAT}, return_response=True)

    assert answer is not None
    assert answer[HEAT]["tuesday"][0] == {"from": "13:00:00", "to": "14:00:00", "data": {"level": "high"}}
    assert answer[HEAT]["tuesday"][2] == {"from": "22:00:00", "to": "24:00:00"}
    assert answer[HEAT]["sunday"] == []
    with pytest.raises(ServiceValidationError, match="nothing but respond"):
        await house.call("schedule.get_schedule", HEAT)


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ('[{from: "12:00", to: "12:00"}]', "expected a block that ends after it begins, got 12:00:00 to 12:00:00"),
        ('[{from: "14:00", to: "15:00"}, {from: "12:00", to: "14:01"}]', "expected blocks that do not overlap"),
        ('[{from: "14:00"}]', "this key is required"),
        ("[{from: 14:00, to: 15:00}]", "YAML reads an unquoted 12:30 as the number 750; quote it"),
    ],
)
async def test_a_plan_that_makes_no_sense_is_refused(house: House, blocks: str, message: str) -> None:
    with pytest.raises(ConfigErrors, match=message):
        await house.declare(f"schedule: {{heat: {{name: H, monday: {blocks}}}}}")
