"""The trigger on a pattern of the clock, which shows 12:00:00."""

import pytest
from tests.core.rules.house import RuleHome

AT = "{at: \"{{ trigger.now.strftime('%H:%M:%S') }}\"}"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("minutes: /25", ["12:00:00", "12:25:00", "12:50:00", "13:00:00"]),
        ("minutes: 5, seconds: 15", ["12:05:15", "13:05:15"]),
        ("hours: 13", ["13:00:00"]),
        ("hours: 13, seconds: 30", ["13:00:30"]),
        ("hours: '*', minutes: '07'", ["12:07:00", "13:07:00"]),
    ],
)
async def test_smaller_units_default_to_0_and_larger_ones_to_any(
    house: RuleHome, pattern: str, expected: list[str]
) -> None:
    house.watch(f"- {{trigger: time_pattern, {pattern}}}", AT)

    await house.advance(4020)

    assert [hit["at"] for hit in house.heard] == expected


async def test_nothing_but_stars_is_every_second_from_now_in_utc(house: RuleHome) -> None:
    await house.advance(0.4)
    house.watch("- {trigger: time_pattern, seconds: '*'}", AT)

    await house.advance(2.1)

    assert [hit["at"] for hit in house.heard] == ["11:00:01", "11:00:02"]


@pytest.mark.parametrize(
    "pattern", ["minutes: 60", "hours: 24", "minutes: 1-5", "seconds: -1", "minutes: /60", "days: 1", "hours: .inf"]
)
def test_what_no_clock_shows_is_refused(house: RuleHome, pattern: str) -> None:
    assert house.errors(f"{{actions: [], triggers: {{trigger: time_pattern, {pattern}}}}}")
