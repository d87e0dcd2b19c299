"""platform: tod: windows of the day."""

from tests.plugins.helpers.house import House

HOUR = 3600


async def test_a_window_begins_and_ends(house: House) -> None:
    await house.declare('binary_sensor: [{platform: tod, name: Noon, after: "12:00", before: "13:00"}]')

    assert house.state("binary_sensor.noon") == "off"
    assert house.attribute("binary_sensor.noon", "next_update") == "2026-03-10T12:00:00+00:00"
    await house.clock.advance(HOUR)
    assert house.state("binary_sensor.noon") == "on"
    await house.clock.advance(HOUR)

    assert house.state("binary_sensor.noon") == "off"
    assert house.attribute("binary_sensor.noon", "after") == "2026-03-11T12:00:00+00:00"


async def test_a_window_may_cross_midnight_and_have_begun_yesterday(house: House) -> None:
    await house.declare('binary_sensor: [{platform: tod, name: Night, after: "22:00", before: "11:30"}]')

    assert house.state("binary_sensor.night") == "on"
    await house.clock.advance(HOUR / 2)
    assert house.state("binary_sensor.night") == "off"
    await house.clock.advance(10.5 * HOUR)

    assert house.state("binary_sensor.night") == "on"


async def test_the_sun_and_offsets_bound_it(house: House) -> None:
    await house.declare(
        "binary_sensor: [{platform: tod, name: Day, after: sunrise, after_offset: '04:30', before: sunset,"
        " before_offset: -01:00}]"
    )

    assert house.attribute("binary_sensor.day", "after").startswith("2026-03-10T10:3")  # sunrise is at 6:06
    assert house.attribute("binary_sensor.day", "before").startswith("2026-03-10T16:3")
    assert house.state("binary_sensor.day") == "on"


async def test_an_equal_begin_and_end_is_the_whole_day(house: House) -> None:
    await house.declare('binary_sensor: [{platform: tod, name: Always, after: "11:00", before: "11:00"}]')

    await house.clock.advance(25 * HOUR)

    assert house.state("binary_sensor.always") == "on"


async def test_a_window_that_offsets_have_turned_round_never_begins(house: House) -> None:
    await house.declare(
        'binary_sensor: [{platform: tod, name: Never, after: "11:00", after_offset: 7200, before: "12:00"}]'
    )

    await house.clock.advance(25 * HOUR)

    assert house.state("binary_sensor.never") == "off"
