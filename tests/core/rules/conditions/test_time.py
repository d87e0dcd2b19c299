"""The condition on the time. The clock shows Tuesday, 12:00:00."""

import pytest
from tests.core.rules.house import RuleHome


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("after: '12:00'", True),
        ("after: '12:00:01'", False),
        ("before: '12:00'", False),
        ("before: '12:00:01'", True),
        ("after: '11:00', before: '13:00'", True),
        ("after: '22:00', before: '06:00'", False),
        ("after: '22:00', before: '12:00:01'", True),
        ("after: '09:00', before: '09:00'", True),
        ("weekday: tue", True),
        ("weekday: [mon, wed]", False),
        ("after: '11:00', weekday: [tue]", True),
        ("after: input_datetime.early", True),
        ("after: sensor.late", False),
    ],
)
async def test_after_is_included_and_before_is_not(house: RuleHome, keys: str, expected: bool) -> None:
    await house.set("input_datetime.early", "2030-01-01 11:00:00", hour=11, minute=0, second=0)
    await house.set("sensor.late", "2026-01-01T12:30:00+00:00", device_class="timestamp")
    house.ask(f"- {{condition: time, {keys}}}")

    assert await house.holds() is expected


@pytest.mark.parametrize("state", ["unknown", "noon", "2026-01-01T00:00:00+00:00"])
async def test_nothing_is_after_an_entity_that_shows_no_time(house: RuleHome, state: str) -> None:
    device_class = "timestamp" if state == "noon" else "temperature"
    await house.set("sensor.late", state, device_class=device_class)
    house.ask("- not: [{condition: time, after: sensor.late}]")

    assert await house.holds()


async def test_an_entity_that_is_not_there_gives_no_answer(house: RuleHome) -> None:
    house.ask("- not: [{condition: time, after: sensor.late}]")

    assert not await house.holds()


@pytest.mark.parametrize("keys", ["alias: A", "after: 11:00:00", "after: light.hall", "weekday: tuesday"])
def test_what_is_no_time_is_refused(house: RuleHome, keys: str) -> None:
    assert house.errors(f"{{triggers: [], actions: [], conditions: [{{condition: time, {keys}}}]}}")
