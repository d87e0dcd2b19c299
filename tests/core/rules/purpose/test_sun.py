"""Purpose-specific kinds that ask the sun and the moon."""

from datetime import UTC, datetime

import pytest
from tests.core.rules.house import RuleHome

from inglenook.rules.purpose.moon import phase
from inglenook.rules.sun import Passage, next_sun_event, sun_height
from inglenook.testing import START

DAY_S = 86_400


async def _fires_at(house: RuleHome, trigger: str, days: int = 1) -> list[str]:
    """Return the times of day (UTC) at which the trigger fires."""
    house.watch(trigger, "{t: \"{{ utcnow().strftime('%H:%M') }}\"}")
    await house.advance(days * DAY_S)
    return [hit["t"] for hit in house.heard]


# The home is at 52.37° N, 4.89° E; the tests begin on 10 March 2026 at 11:00 UTC.
@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ("trigger: sun.sunset", ["17:35"]),
        ("trigger: sun.sunset\noptions: {offset: '-00:30:00'}", ["17:05"]),
        ("trigger: sun.sunset\noptions: {offset: '00:30:00', offset_type: before}", ["17:05"]),
        ("trigger: sun.solar_noon", ["11:50"]),
        ("trigger: sun.dusk", ["18:10"]),
        ("trigger: sun.dusk\noptions: {type: astronomical}", ["19:29"]),
        ("trigger: sun.golden_hour_started\noptions: {period: evening}", ["16:51"]),
        ("trigger: sun.blue_hour_started", ["17:57", "05:30"]),
        ("trigger: sun.midnight_sun_started", []),
    ],
)
async def test_when_the_sun_gets_there(house: RuleHome, trigger: str, expected: list[str]) -> None:
    assert await _fires_at(house, trigger) == expected


async def test_in_the_north_there_is_a_midnight_sun(house: RuleHome) -> None:
    house.home.settings.latitude = 78.2
    house.watch("trigger: sun.midnight_sun_started", "{t: \"{{ utcnow().strftime('%m-%d') }}\"}")

    await house.advance(60 * DAY_S)

    assert [hit["t"] for hit in house.heard] == ["04-17"]


async def test_a_trigger_tells_its_options(house: RuleHome) -> None:
    house.watch(
        "trigger: sun.dusk\noptions: {type: nautical}", "{type: '{{ trigger.type }}', d: '{{ trigger.description }}'}"
    )

    await house.advance(DAY_S)

    assert house.heard == [{"type": "nautical", "d": "sun event dusk"}]


async def test_a_home_that_moves_has_another_sun(house: RuleHome) -> None:
    house.watch("trigger: sun.sunset", "{t: \"{{ utcnow().strftime('%H:%M') }}\"}")

    house.home.settings.longitude = -75.0
    house.home.bus.fire("core_config_updated", {"longitude": -75.0})
    await house.advance(DAY_S)

    assert [hit["t"] for hit in house.heard] == ["22:55"]


def test_the_height_agrees_with_the_passage(house: RuleHome) -> None:
    at = next_sun_event(house.home, Passage(20.0, is_rising=False), 0.0)

    assert sun_height(house.home, at) == pytest.approx(20.0, abs=0.1)


@pytest.mark.parametrize(
    ("condition", "hours"),
    [
        ("sun.is_up", range(7, 18)),
        ("sun.is_set", [*range(7), *range(18, 24)]),
        ("sun.is_ascending", range(12)),
        ("sun.is_night", [*range(5), *range(20, 24)]),
        ("sun.is_morning_twilight", [5, 6]),
        ("sun.is_evening_twilight", [18, 19]),
        ("sun.is_golden_hour", [6, 17]),
        ("sun.is_midnight_sun", []),
        ("sun.is_polar_night", []),
    ],
)
async def test_how_the_sun_stands_at_each_hour(house: RuleHome, condition: str, hours: list[int]) -> None:
    house.ask(f"condition: {condition}")
    held = []
    for _ in range(24):
        await house.advance(3600)
        if await house.holds():
            held.append(datetime.fromtimestamp(house.home.clock.now(), UTC).hour)

    assert sorted(held) == list(hours)


async def test_the_elevation_of_the_sun_entity(house: RuleHome) -> None:
    house.watch("trigger: sun.elevation_crossed_threshold\noptions: {threshold: {type: below, value: {number: 5}}}")
    await house.set("sun.sun", "above_horizon", elevation=6.0)

    await house.set("sun.sun", "above_horizon", elevation=4.9)

    assert len(house.heard) == 1


# -- the moon -------------------------------------------------------------------------------------------------------


async def test_the_moon_goes_through_its_phases(house: RuleHome) -> None:
    house.watch("trigger: moon.phase_changed", "{phase: '{{ trigger.phase }}'}")

    await house.advance(29 * DAY_S)

    seen = [hit["phase"] for hit in house.heard]
    assert seen[:4] == ["last_quarter", "waning_crescent", "new_moon", "waxing_crescent"]
    assert "full_moon" in seen


async def test_only_the_phase_that_is_asked_for(house: RuleHome) -> None:
    house.watch("trigger: moon.phase_changed\noptions: {phase: full_moon}")

    await house.advance(29 * DAY_S)

    assert len(house.heard) == 1


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("condition: moon.is_waning", True),
        ("condition: moon.is_waxing", False),
        ("condition: moon.is_phase\noptions: {phase: [waning_gibbous, full_moon]}", True),
    ],
)
async def test_what_the_moon_is_tonight(house: RuleHome, condition: str, expected: bool) -> None:
    house.ask(condition)

    assert phase(house.home) == "waning_gibbous"
    assert await house.holds() is expected


def test_the_tests_begin_when_they_say() -> None:
    assert datetime.fromtimestamp(START, UTC).isoformat() == "2026-03-10T11:00:00+00:00"
