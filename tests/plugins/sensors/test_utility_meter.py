"""utility_meter: cycles, tariffs, and what comes back."""

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors

DAY = 86400


def count(house: House, *numbers: str) -> None:
    for number in numbers:
        house.home.states.set("sensor.total", number, {"unit_of_measurement": "kWh"})


async def declare(house: House, more: str = "") -> None:
    await house.declare(f"utility_meter: {{energy: {{source: sensor.total{more}}}}}")


async def test_it_counts_the_increase_and_begins_anew_with_each_cycle(house: House) -> None:
    await declare(house, ", cycle: daily, name: Daily energy")

    count(house, "100", "101", "103.5")
    assert house.state("sensor.energy") == "3.5"
    await house.clock.advance(13 * 3600)
    assert house.state("sensor.energy") == "0.0"
    count(house, "104")

    assert house.state("sensor.energy") == "0.5"
    assert house.attribute("sensor.energy", "last_period") == "3.5"
    assert house.attribute("sensor.energy", "last_reset") == "2026-03-11T00:00:00+00:00"
    assert house.attribute("sensor.energy", "friendly_name") == "Daily energy"
    assert house.attribute("sensor.energy", "unit_of_measurement") == "kWh"
    assert house.attribute("sensor.energy", "device_class") == "energy"
    await house.clock.advance(DAY)
    assert house.attribute("sensor.energy", "last_period") == "0.5"


async def test_a_source_that_begins_anew_loses_nothing(house: House) -> None:
    await declare(house)

    count(house, "5", "8", "0", "2", "unavailable", "50", "51")

    assert house.state("sensor.energy") == "6.0"  # 3 + 2 + 1


@pytest.mark.parametrize(
    ("more", "numbers", "total"),
    [
        (", periodically_resetting: false", ("5", "8", "unknown", "10"), "5.0"),
        (", net_consumption: true", ("5", "8", "6"), "1.0"),
        (", delta_values: true", ("5", "8"), "13.0"),
    ],
)
async def test_other_sources_are_counted_in_other_ways(
    house: House, more: str, numbers: tuple[str, ...], total: str
) -> None:
    await declare(house, more)

    count(house, *numbers)

    assert house.state("sensor.energy") == total


async def test_it_is_there_when_its_source_is(house: House) -> None:
    await declare(house)

    count(house, "5", "unavailable")

    assert house.state("sensor.energy") == "unavailable"


async def test_it_can_be_there_always(house: House) -> None:
    await declare(house, ", always_available: true")

    count(house, "5", "6", "unavailable")

    assert house.state("sensor.energy") == "1.0"


async def test_only_the_chosen_tariff_counts(house: House) -> None:
    await declare(house, ", tariffs: [Peak, off peak]")

    count(house, "1", "3")
    await house.call("select.select_option", "select.energy", option="off peak")
    count(house, "4")

    assert (house.state("sensor.energy_peak"), house.state("sensor.energy_off_peak")) == ("2.0", "1.0")
    assert house.attribute("sensor.energy_peak", "status") == "paused"
    assert house.attribute("sensor.energy_off_peak", "status") == "collecting"
    assert house.attribute("sensor.energy_off_peak", "tariff") == "off peak"


async def test_a_choice_is_reset_with_all_its_meters_and_one_meter_calibrated(house: House) -> None:
    await declare(house, ", tariffs: [a, b]")
    count(house, "1", "3")

    await house.call("utility_meter.reset", "select.energy")
    await house.call("utility_meter.calibrate", "sensor.energy_b", value="7.5")

    assert (house.state("sensor.energy_a"), house.state("sensor.energy_b")) == ("0.0", "7.5")
    assert house.attribute("sensor.energy_a", "last_period") == "2.0"


async def test_count_and_tariff_come_back(house: House) -> None:
    house.remember("select.energy", "b")
    house.remember("sensor.energy_b", "7.5", last_period="3", last_valid_state="10", unit_of_measurement="kWh")
    await declare(house, ", tariffs: [a, b], periodically_resetting: false")

    count(house, "12")

    assert house.state("sensor.energy_b") == "9.5"
    assert house.attribute("sensor.energy_b", "last_period") == "3.0"


async def test_a_cron_pattern_ends_cycles(house: House) -> None:
    await declare(house, ', cron: "30 11 * * *"')
    count(house, "1", "3")

    await house.clock.advance(1800)

    assert house.state("sensor.energy") == "0.0"


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (", cycle: dayly", "did you mean 'daily'"),
        (", cron: every day", "expected a cron pattern"),
        (', cron: "0 0 30 2 *"', "fits no day"),
        (', cron: "0 0 * * *", cycle: daily', "give either cron, or cycle and offset"),
        (", cycle: monthly, offset: {days: 28}", "expected less than 28 days"),
        (", tariffs: [a, A]", "expected tariffs that differ"),
    ],
)
async def test_a_wrong_meter_is_refused(house: House, more: str, problem: str) -> None:
    with pytest.raises(ConfigErrors, match=problem):
        await declare(house, more)


async def test_a_reload_keeps_what_stays_and_takes_the_rest_away(house: House) -> None:
    await declare(house)
    count(house, "1", "3")

    await house.reload(
        "utility_meter", "utility_meter: {energy: {source: sensor.total}, other: {source: sensor.total}}"
    )
    assert (house.state("sensor.energy"), house.state("sensor.other")) == ("2.0", "unknown")
    await house.reload("utility_meter", "utility_meter:")

    assert house.state("sensor.energy") is None
