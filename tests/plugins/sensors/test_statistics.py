"""platform: statistics: what is said of samples, and which count."""

from collections.abc import Sequence

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors

NUMBERS = ("4", "10", "2", "4.0")


async def said(house: House, more: str, states: Sequence[str], source: str = "sensor.n") -> str | None:
    """Return what is said after ``states``, 10 s apart."""
    await house.declare(f"sensor: [{{platform: statistics, name: Said, entity_id: {source}, {more}}}]")
    for index, state in enumerate(states):
        if index:
            await house.clock.advance(10)
        house.home.states.set(source, state, {"unit_of_measurement": "W"})
    return house.state("sensor.said")


@pytest.mark.parametrize(
    ("characteristic", "value"),
    [
        ("average_linear", "5.33"), ("average_step", "5.33"), ("average_timeless", "5.0"), ("change", "0.0"),
        ("change_sample", "0.0"), ("change_second", "0.0"), ("count", "4"), ("mean", "5.0"), ("median", "4.0"),
        ("datetime_newest", "2026-03-10T11:00:30+00:00"), ("datetime_oldest", "2026-03-10T11:00:00+00:00"),
        ("datetime_value_max", "2026-03-10T11:00:10+00:00"), ("datetime_value_min", "2026-03-10T11:00:20+00:00"),
        ("distance_95_percent_of_values", "13.58"), ("distance_absolute", "8.0"), ("mean_circular", "5.0"),
        ("noisiness", "5.33"), ("percentile", "4.0"), ("standard_deviation", "3.46"), ("variance", "12.0"),
        ("sum", "20.0"), ("total", "20.0"), ("sum_differences", "16.0"), ("sum_differences_nonnegative", "10.0"),
        ("value_max", "10.0"), ("value_min", "2.0"), ("distance_99_percent_of_values", "17.87"),
    ],
)  # fmt: skip
async def test_what_is_said_of_numbers(house: House, characteristic: str, value: str) -> None:
    assert await said(house, f"state_characteristic: {characteristic}, sampling_size: 9", NUMBERS) == value


@pytest.mark.parametrize(
    ("characteristic", "value"),
    [
        ("average_step", "50.0"), ("average_timeless", "50.0"), ("count", "4"), ("count_on", "2"), ("count_off", "2"),
        ("mean", "50.0"), ("datetime_newest", "2026-03-10T11:00:40+00:00"),
    ],
)  # fmt: skip
async def test_what_is_said_of_on_and_off(house: House, characteristic: str, value: str) -> None:
    states = ("on", "off", "unknown", "on", "off")

    seen = await said(house, f"state_characteristic: {characteristic}, sampling_size: 9", states, "binary_sensor.b")

    assert seen == value


@pytest.mark.parametrize(
    ("characteristic", "unit"),
    [("mean", "W"), ("variance", "W²"), ("change_second", "W/s"), ("count", None), ("datetime_newest", None)],
)
async def test_the_unit_goes_with_what_is_said(house: House, characteristic: str, unit: str | None) -> None:
    await said(house, f"state_characteristic: {characteristic}, sampling_size: 9", ("1", "2"))

    assert house.attribute("sensor.said", "unit_of_measurement") == unit


async def test_only_so_many_samples_count(house: House) -> None:
    assert await said(house, "state_characteristic: mean, sampling_size: 2", ("1", "x", "2", "3")) == "2.5"
    assert house.attribute("sensor.said", "buffer_usage_ratio") == 1.0
    assert house.attribute("sensor.said", "source_value_valid") is True


async def test_a_sample_that_grows_too_old_is_forgotten_by_itself(house: House) -> None:
    assert await said(house, "state_characteristic: mean, max_age: 20", ("1", "2")) == "1.5"
    assert house.attribute("sensor.said", "age_coverage_ratio") == 0.5

    await house.clock.advance(10)
    assert house.state("sensor.said") == "2.0"
    await house.clock.advance(10)

    assert house.state("sensor.said") == "unknown"


async def test_the_last_sample_may_be_kept(house: House) -> None:
    await said(house, "state_characteristic: mean, max_age: 20, keep_last_sample: true", ("1", "2"))

    await house.clock.advance(1000)

    assert house.state("sensor.said") == "2.0"


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("state_characteristic: mean", "expected sampling_size, max_age or both"),
        ("state_characteristic: mean, sampling_size: 3, keep_last_sample: true", "keep_last_sample needs max_age"),
        ("state_characteristic: count_on, sampling_size: 3", "count_on cannot be said of a sensor"),
        ("state_characteristic: mean, sampling_size: 0", "expected 1 to 10000, got 0"),
    ],
)
async def test_settings_that_say_too_little_are_refused(house: House, more: str, problem: str) -> None:
    with pytest.raises(ConfigErrors, match=problem):
        await said(house, more, ())
