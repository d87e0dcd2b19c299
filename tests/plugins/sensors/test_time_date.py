"""platform: time_date: the forms, and when they change."""

from tests.plugins.helpers.house import House

FORMS = "[time, date, date_time, date_time_utc, date_time_iso, time_date, time_utc]"


async def test_every_form_shows_the_moment(house: House) -> None:
    house.clock.set_time_zone("Europe/Amsterdam")  # 2026-03-10 11:00 UTC

    await house.declare(f"sensor: [{{platform: time_date, display_options: {FORMS}}}]")

    assert {state.entity_id: state.state for state in house.home.states.domain("sensor")} == {
        "sensor.time": "12:00",
        "sensor.date": "2026-03-10",
        "sensor.date_time": "2026-03-10, 12:00",
        "sensor.date_time_utc": "2026-03-10, 11:00",
        "sensor.date_time_iso": "2026-03-10T12:00:00",
        "sensor.time_date": "12:00, 2026-03-10",
        "sensor.time_utc": "11:00",
    }
    assert house.attribute("sensor.date", "icon") == "mdi:calendar"


async def test_the_time_follows_the_minutes_and_the_date_the_days(house: House) -> None:
    await house.declare("sensor: [{platform: time_date, display_options: [time, date]}]")

    await house.clock.advance(59.9)
    assert house.state("sensor.time") == "11:00"
    await house.clock.advance(0.1)
    assert house.state("sensor.time") == "11:01"
    await house.clock.advance(13 * 3600)

    assert house.state("sensor.date") == "2026-03-11"
