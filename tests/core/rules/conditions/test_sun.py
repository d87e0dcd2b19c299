"""The condition on the sun, in Amsterdam on 10 March: it rises at 07:01 and sets at 18:35."""

import pytest
from tests.core.rules.house import RuleHome

HOURS = range(13, 36)  # from 13:00 today to 11:00 tomorrow


async def hours(house: RuleHome, keys: str) -> list[int]:
    """Return the hours of a day and a night at which the condition holds."""
    house.ask(f"- {{condition: sun, {keys}}}")
    found = []
    for hour in HOURS:
        await house.advance(3600)
        if await house.holds():
            found.append(hour % 24)
    return sorted(found)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("after: sunset", [19, 20, 21, 22, 23]),
        ("before: sunrise", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("after: sunset, before: sunrise", [0, 1, 2, 3, 4, 5, 6, 7, 19, 20, 21, 22, 23]),
        ("after: sunrise, before: sunset", [8, 9, 10, 11, 13, 14, 15, 16, 17, 18]),
        ("after: sunset, after_offset: '-01:00'", [18, 19, 20, 21, 22, 23]),
        ("after: sunset, after_offset: '06:00'", []),
        ("options: {before: sunrise, before_offset: '-02:00'}", [0, 1, 2, 3, 4, 5]),
    ],
)
async def test_the_events_are_those_of_the_calendar_day(house: RuleHome, keys: str, expected: list[int]) -> None:
    assert await hours(house, keys) == expected


@pytest.mark.parametrize("keys", ["after: sunset", "before: sunrise"])
async def test_where_the_sun_does_not_set_nothing_is_after_sunset_or_before_sunrise(house: RuleHome, keys: str) -> None:
    house.home.settings.latitude = -89.0
    house.ask(f"- {{condition: sun, {keys}}}")

    assert not await house.holds()
