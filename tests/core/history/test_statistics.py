"""Statistics: what the numbers of sensors come to."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from inglenook.history.quantities import converted, unit_class_of
from inglenook.history.statistics import (
    Measured,
    Statistic,
    as_dict,
    in_unit,
    measured,
    reduced,
    short_rows,
    unit_issues,
    with_changes,
)
from inglenook.model import Context, State

WATTS = Measured("sensor.x", "W", "measurement")
METER = Measured("sensor.x", "kWh", "total_increasing")
T = 1_772_000_000 // 3600 * 3600


def at(seconds: float, text: str, unit: str = "W", **more: str) -> State:
    moment = T + seconds
    return State("sensor.x", text, {"unit_of_measurement": unit, **more}, Context("c"), moment, moment, moment)


def test_a_mean_is_over_the_time_that_each_value_held() -> None:
    rows = short_rows(WATTS, [at(0, "10"), at(100, "40"), at(450, "0")], T + 650)

    assert [(row.start - T, row.min, row.max) for row in rows] == [(0, 10.0, 40.0), (300, 0.0, 40.0)]
    assert [row.mean for row in rows] == pytest.approx([30.0, 20.0])


def test_time_without_a_number_does_not_count() -> None:
    rows = short_rows(WATTS, [at(0, "10"), at(150, "unavailable"), at(600, "unknown"), at(900, "nan")], T + 1200)

    assert [(row.start - T, row.mean) for row in rows] == [(0, 10.0)]


def test_the_mean_of_directions_is_one_too() -> None:
    rows = short_rows(Measured("sensor.x", "°", "measurement_angle"), [at(0, "350", "°"), at(150, "10", "°")], T + 300)

    assert rows[0].mean is not None
    assert min(rows[0].mean, 360 - rows[0].mean) == pytest.approx(0.0, abs=1e-6)
    assert rows[0].min is None


def test_what_a_meter_counts_goes_on_when_it_begins_anew() -> None:
    shown = {0: "100", 10: "105", 300: "104.9", 310: "3", 320: "-1", 700: "4"}
    meter = [at(when, text, "kWh") for when, text in shown.items()]
    rows = with_changes(short_rows(METER, meter, T + 900))

    assert [row.state for row in rows] == [105.0, 3.0, 4.0]
    assert [row.sum for row in rows] == pytest.approx([5.0, 7.9, 8.9])
    assert [row.change for row in rows] == pytest.approx([5.0, 2.9, 1.0])


def test_a_total_may_fall_and_begins_anew_when_it_says_so() -> None:
    total = Measured("sensor.x", "W", "total")
    one, two = "2026-02-25T00:00:00+00:00", "2026-02-26T00:00:00+00:00"
    states = [at(0, "10", last_reset=one), at(10, "4", last_reset=one), at(20, "5", last_reset=two)]

    (row,) = short_rows(total, states, T + 300)

    assert (row.state, row.sum) == (5.0, -1.0)
    assert row.last_reset == 1_772_064_000


def test_hours_are_made_of_five_minutes_and_days_are_those_of_the_place() -> None:
    rows = [Statistic(T + i * 300, T + (i + 1) * 300, float(i), float(i), float(i)) for i in range(24)]

    hours = reduced(rows, "hour", UTC)
    days = reduced(hours, "day", ZoneInfo("Asia/Kolkata"))

    assert [(row.start - T, row.end - T, row.mean, row.min, row.max) for row in hours] == [
        (0, 3600, 5.5, 0.0, 11.0),
        (3600, 7200, 17.5, 12.0, 23.0),
    ]
    assert (days[0].start + 5.5 * 3600) % 86_400 == 0


@pytest.mark.parametrize("period", ["week", "month", "year"])
def test_a_day_of_a_longer_period_has_its_bounds_around_it(period: str) -> None:
    (row,) = reduced([Statistic(T, T + 3600, 1.0, 1.0, 1.0)], period, ZoneInfo("Europe/Amsterdam"))

    assert row.start <= T < row.end


def test_numbers_are_shown_in_another_unit_of_the_same_kind() -> None:
    row = in_unit(Statistic(T, T + 300, 20.0, 10.0, 30.0), "°C", "°F")

    assert [row.mean, row.min, row.max] == pytest.approx([68.0, 50.0, 86.0])
    assert in_unit(row, "°C", "W") is row
    assert as_dict(row, WATTS, ["mean", "sum"]) == {
        "start": T * 1000, "end": (T + 300) * 1000, "mean": pytest.approx(68.0),
    }  # fmt: skip


def test_a_sensor_that_changed_its_unit_goes_on_if_one_leads_to_the_other() -> None:
    states = [at(0, "2", "kW"), at(100, "500", "W"), at(200, "7", "°C")]

    (row,) = short_rows(WATTS, states, T + 300)
    (issue,) = unit_issues(WATTS, states)

    assert (row.min, row.max) == (500.0, 2000.0)
    assert issue["type"] == "units_changed"
    assert issue["data"]["metadata_unit"] == "°C"


@pytest.mark.parametrize(
    ("entity_id", "state_class", "is_known"),
    [
        ("sensor.x", "measurement", True),
        ("sensor.x", "total", True),
        ("sensor.x", None, False),
        ("sensor.x", ["odd"], False),
        ("input_number.x", "measurement", False),
    ],
)
def test_what_has_statistics_says_so(entity_id: str, state_class: object, is_known: bool) -> None:
    state = State(entity_id, "1", {"state_class": state_class}, Context("c"), 0.0, 0.0, 0.0)

    assert (measured(state) is not None) is is_known


def test_units_belong_to_a_kind_of_amount() -> None:
    assert unit_class_of("kWh") == "energy"
    assert unit_class_of(None) == unit_class_of("%") == "unitless"
    assert unit_class_of("\N{MICRO SIGN}g") == "mass"
    assert unit_class_of("furlong") is None
    assert converted(1.0, "kWh", "MJ") == pytest.approx(3.6)
    assert converted(1.0, "kWh", "W") is None
    assert converted(1.0, "furlong", "furlong") == 1.0
