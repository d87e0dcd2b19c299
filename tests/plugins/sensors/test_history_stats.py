"""platform: history_stats: stretches within a window."""

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors

TODAY = """start: "{{ today_at('00:00') }}", end: "{{ now() }}" """


async def declare(house: House, more: str) -> None:
    await house.declare(f"sensor: [{{platform: history_stats, name: Lit, entity_id: switch.a, {more}}}]")


async def on_off_on(house: House) -> None:
    """Turn it on for half an hour, off for as long, on for as long."""
    for state in ("on", "off", "on"):
        house.home.states.set("switch.a", state)
        await house.clock.advance(1800)


@pytest.mark.parametrize(("kind", "value", "unit"), [("time", "1.0", "h"), ("count", "2", None), ("ratio", "8.0", "%")])
async def test_the_time_in_a_state_its_share_and_how_often(
    house: House, kind: str, value: str, unit: str | None
) -> None:
    await declare(house, f'state: "on", type: {kind}, {TODAY}')

    await on_off_on(house)

    assert house.state("sensor.lit") == value
    assert house.attribute("sensor.lit", "unit_of_measurement") == unit


async def test_a_window_of_some_length_moves_on(house: House) -> None:
    await declare(house, """state: ["on"], end: "{{ now() }}", duration: 3600""")
    await on_off_on(house)
    assert house.state("sensor.lit") == "0.5"

    house.home.states.set("switch.a", "off")
    await house.clock.advance(5400)

    assert house.state("sensor.lit") == "0.0"


async def test_a_change_from_one_counted_state_to_another_is_a_new_stretch(house: House) -> None:
    await declare(house, f'state: ["on", "off"], type: count, {TODAY}')

    await on_off_on(house)

    assert house.state("sensor.lit") == "3"


async def test_short_stretches_do_not_count(house: House) -> None:
    await declare(house, f'state: "on", type: count, min_state_duration: 1801, {TODAY}')

    await on_off_on(house)
    assert house.state("sensor.lit") == "0"
    await house.clock.advance(60)

    assert house.state("sensor.lit") == "1"


async def test_what_lasts_already_counts_from_when_it_began(house: House) -> None:
    house.home.states.set("switch.a", "on")
    await house.clock.advance(1800)

    await declare(house, f'state: "on", {TODAY}')

    assert house.state("sensor.lit") == "0.5"


async def test_without_a_moment_there_is_no_window(house: House, caplog: pytest.LogCaptureFixture) -> None:
    await declare(house, 'state: "on", start: "{{ \'soon\' }}", duration: 3600')

    assert house.state("sensor.lit") == "unavailable"
    assert "Lit: start: expected a date and time" in caplog.text


async def test_a_window_needs_two_of_three(house: House) -> None:
    with pytest.raises(ConfigErrors, match="expected exactly two of start, end and duration, got start"):
        await declare(house, 'state: "on", start: "{{ now() }}"')


async def test_a_start_that_is_no_moment_is_told_once(house: House, caplog: pytest.LogCaptureFixture) -> None:
    await declare(house, 'state: "on", start: x, duration: 3600')

    await on_off_on(house)

    told = [one.getMessage() for one in caplog.records if "Lit" in one.getMessage()]
    assert told == ["Lit: start: expected a date and time, or a number of seconds, got 'x'"]
    assert house.state("sensor.lit") == "unavailable"
