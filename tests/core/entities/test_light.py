"""What a light shows."""

from typing import Any

import pytest

from inglenook.entities import Light, LightFeature
from inglenook.home import Home

RED = {"rgb_color": (255, 0, 0), "hs_color": (0.0, 100.0), "xy_color": (0.701, 0.299)}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, {"color_mode": "onoff"}),
        ({"brightness": 7}, {"color_mode": "brightness", "brightness": 7}),
        ({"rgb_color": (255, 0, 0)}, {"color_mode": "rgb", **RED}),
        ({"hs_color": (0.0, 100.0)}, {"color_mode": "hs", **RED}),
        ({"xy_color": (0.701, 0.299)}, {"color_mode": "xy", **RED}),
        ({"rgbw_color": (1, 2, 3, 4)}, {"color_mode": "rgbw", "rgbw_color": (1, 2, 3, 4)}),
        ({"rgbww_color": (1, 2, 3, 4, 5)}, {"color_mode": "rgbww", "rgbww_color": (1, 2, 3, 4, 5)}),
        (
            {"color_temp_kelvin": 2700, "rgb_color": None, "effect": "candle"},
            {
                "color_mode": "color_temp",
                "effect": "candle",
                "color_temp_kelvin": 2700,
                "rgb_color": (255, 167, 87),
                "hs_color": (28.571, 65.882),
                "xy_color": (0.525, 0.388),
            },
        ),
        ({"color_mode": "white", "brightness": 7}, {"color_mode": "white", "brightness": 7}),
    ],
)
def test_a_light_that_is_on_shows_its_colour_in_every_form(
    home: Home, fields: dict[str, Any], shown: dict[str, Any]
) -> None:
    light = Light()
    light.name, light.is_on = "a", True
    for name, value in fields.items():
        setattr(light, name, value)
    home.entities.add(light, "test")

    state = home.states.get("light.a")

    assert state is not None
    assert state.state == "on"
    assert dict(state.attributes) == {**shown, "supported_color_modes": ["onoff"], "friendly_name": "a"}


def test_a_light_that_is_off_shows_only_what_it_can_do(home: Home) -> None:
    class Candle(Light):
        name = "a"
        brightness = 200
        is_on = False
        effect_list = ("flicker",)
        supported_color_modes = ("brightness",)
        supported_features = LightFeature.EFFECT

    home.entities.add(Candle(), "test")

    state = home.states.get("light.a")
    assert state is not None
    assert dict(state.attributes) == {
        "supported_color_modes": ["brightness"],
        "effect_list": ["flicker"],
        "supported_features": 4,
        "friendly_name": "a",
    }
