"""input_button: the moment of the last press."""

from tests.plugins.helpers.house import House

BUTTON = "input_button.bell"


async def test_each_press_is_a_change_though_it_looks_alike(house: House) -> None:
    await house.declare("input_button: {bell: {name: Bell}}")
    states = [house.state(BUTTON)]

    for _ in range(2):
        await house.clock.advance(1)
        await house.call("input_button.press", BUTTON)
        states.append(house.state(BUTTON))

    assert states == ["unknown", "2026-03-10T11:00:01+00:00", "2026-03-10T11:00:02+00:00"]


async def test_the_last_press_comes_back(house: House) -> None:
    house.remember(BUTTON, "2026-03-09T10:00:00+00:00")

    await house.declare("input_button: {bell: }")

    assert house.state(BUTTON) == "2026-03-09T10:00:00+00:00"
