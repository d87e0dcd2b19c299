"""Every service of every domain: what it takes, what it refuses, and what the entity is told."""

from typing import Any

import pytest
from tests.core.entities.recorder import tell
from tests.core.entities.test_appliances import TOLD as APPLIANCES

from inglenook.entities import ALL, register_domains
from inglenook.errors import InvalidServiceData, ServiceValidationError
from inglenook.home import Home

OPTIONS = {"options": ["a", "b", "c"]}
COLORFUL = {"supported_color_modes": ["hs", "color_temp"], "min_color_temp_kelvin": 2200}
TWO_MODES = {"hvac_modes": ["off", "cool"]}
FOUR_SPEEDS = {"percentage_step": 25}


@pytest.mark.parametrize(
    ("call", "data", "told"),
    [
        ("button.press", {}, ("press", {})),
        ("switch.turn_on", {}, ("turn_on", {})),
        ("switch.turn_off", {}, ("turn_off", {})),
        ("light.turn_on", {}, ("turn_on", {})),
        ("light.turn_on", {"brightness": "120"}, ("turn_on", {"brightness": 120})),
        ("light.turn_on", {"brightness": 300}, ("turn_on", {"brightness": 255})),
        ("light.turn_on", {"brightness": 0, "transition": 2}, ("turn_off", {"transition": 2.0})),
        ("light.turn_on", {"brightness_pct": "50"}, ("turn_on", {"brightness": 128})),
        ("light.turn_on", {"brightness_pct": 0}, ("turn_off", {})),
        ("light.turn_on", {"color_name": "Dark Slate Grey"}, ("turn_on", {"rgb_color": (47, 79, 79)})),
        ("light.turn_on", {"rgb_color": ["1", 2, 3]}, ("turn_on", {"rgb_color": (1, 2, 3)})),
        ("light.turn_on", {"color_temp": 250}, ("turn_on", {"color_temp_kelvin": 4000})),
        ("light.turn_on", {"kelvin": 2700}, ("turn_on", {"color_temp_kelvin": 2700})),
        ("light.turn_on", {"profile": "relax"}, ("turn_on", {"xy_color": (0.5119, 0.4147), "brightness": 144})),
        ("light.turn_on", {"flash": "short", "metadata": {}}, ("turn_on", {"flash": "short"})),
        ("light.turn_off", {"transition": "2"}, ("turn_off", {"transition": 2.0})),
        ("fan.turn_on", {"percentage": 30}, ("turn_on", {"percentage": 30})),
        ("fan.turn_off", {}, ("turn_off", {})),
        ("fan.set_percentage", {"percentage": 40}, ("set_percentage", {"percentage": 40})),
        ("fan.set_percentage", {"percentage": 0}, ("turn_off", {})),
        ("fan.oscillate", {"oscillating": "on"}, ("oscillate", {"oscillating": True})),
        ("fan.set_direction", {"direction": "reverse"}, ("set_direction", {"direction": "reverse"})),
        ("fan.set_preset_mode", {"preset_mode": "eco"}, ("set_preset_mode", {"preset_mode": "eco"})),
        ("cover.open_cover", {}, ("open_cover", {})),
        ("cover.open_cover", {"speed": "slow"}, ("open_cover", {"speed": "slow"})),
        ("cover.close_cover", {}, ("close_cover", {})),
        ("cover.stop_cover", {}, ("stop_cover", {})),
        ("cover.set_cover_position", {"position": "40"}, ("set_cover_position", {"position": 40})),
        ("cover.open_cover_tilt", {}, ("open_cover_tilt", {})),
        ("cover.close_cover_tilt", {}, ("close_cover_tilt", {})),
        ("cover.stop_cover_tilt", {}, ("stop_cover_tilt", {})),
        ("cover.toggle_cover_tilt", {}, ("open_cover_tilt", {})),
        ("cover.set_cover_tilt_position", {"tilt_position": 9}, ("set_cover_tilt_position", {"tilt_position": 9})),
        ("valve.open_valve", {}, ("open_valve", {})),
        ("valve.close_valve", {}, ("close_valve", {})),
        ("valve.stop_valve", {}, ("stop_valve", {})),
        ("valve.set_valve_position", {"position": 5}, ("set_valve_position", {"position": 5})),
        ("climate.turn_on", {}, ("turn_on", {})),
        ("climate.turn_off", {}, ("turn_off", {})),
        ("climate.set_temperature", {"temperature": "21.5"}, ("set_temperature", {"temperature": 21.5})),
        (
            "climate.set_temperature",
            {"target_temp_low": 18, "target_temp_high": 22, "hvac_mode": "heat_cool"},
            ("set_temperature", {"target_temp_low": 18.0, "target_temp_high": 22.0, "hvac_mode": "heat_cool"}),
        ),
        ("climate.set_humidity", {"humidity": 40}, ("set_humidity", {"humidity": 40})),
        ("climate.set_hvac_mode", {"hvac_mode": "dry"}, ("set_hvac_mode", {"hvac_mode": "dry"})),
        ("climate.set_fan_mode", {"fan_mode": "low"}, ("set_fan_mode", {"fan_mode": "low"})),
        ("climate.set_preset_mode", {"preset_mode": "away"}, ("set_preset_mode", {"preset_mode": "away"})),
        ("climate.set_swing_mode", {"swing_mode": "on"}, ("set_swing_mode", {"swing_mode": "on"})),
        (
            "climate.set_swing_horizontal_mode",
            {"swing_horizontal_mode": "on"},
            ("set_swing_horizontal_mode", {"swing_horizontal_mode": "on"}),
        ),
        ("lock.lock", {"code": 1234}, ("lock", {"code": "1234"})),
        ("lock.unlock", {}, ("unlock", {})),
        ("lock.open", {}, ("open", {})),
        ("scene.turn_on", {"transition": 9999}, ("turn_on", {"transition": 6553.0})),
        ("number.set_value", {"value": "7.5"}, ("set_value", {"value": 7.5})),
        ("text.set_value", {"value": 5}, ("set_value", {"value": "5"})),
        ("select.select_option", {"option": "x"}, ("select_option", {"option": "x"})),
        ("siren.turn_on", {"volume_level": "0.5"}, ("turn_on", {"volume_level": 0.5})),
        ("siren.turn_on", {"duration": "00:01:00"}, ("turn_on", {"duration": 60.0})),
        ("siren.turn_off", {}, ("turn_off", {})),
    ],
)
async def test_an_entity_that_says_nothing_of_itself_is_told_what_the_call_means(
    home: Home, call: str, data: dict[str, Any], told: tuple[str, dict[str, Any]]
) -> None:
    assert await tell(home, call, data, 0, "unknown", {}) == [told]


@pytest.mark.parametrize(
    ("call", "data", "state", "known", "told"),
    [
        ("light.toggle", {"brightness": 9}, "on", {}, ("turn_off", {})),
        ("light.toggle", {"brightness": 9}, "off", {}, ("turn_on", {"brightness": 9})),
        ("light.turn_on", {"brightness_step": -100}, "on", {"brightness": 120}, ("turn_on", {"brightness": 20})),
        ("light.turn_on", {"brightness_step": -100}, "on", {"brightness": 80}, ("turn_off", {})),
        ("light.turn_on", {"brightness_step": "40"}, "off", {"brightness": 120}, ("turn_on", {"brightness": 40})),
        ("light.turn_on", {"brightness_step_pct": 10}, "on", {"brightness": 128}, ("turn_on", {"brightness": 153})),
        ("light.turn_on", {"rgb_color": [255, 0, 0]}, "off", COLORFUL, ("turn_on", {"hs_color": (0.0, 100.0)})),
        ("light.turn_on", {"xy_color": [0.701, 0.299]}, "off", COLORFUL, ("turn_on", {"hs_color": (0.0, 100.0)})),
        ("light.turn_on", {"effect": "rain", "transition": 1}, "off", COLORFUL, ("turn_on", {})),
        (
            "light.turn_on",
            {"color_temp_kelvin": 3000, "brightness": 9},
            "off",
            COLORFUL,
            ("turn_on", {"color_temp_kelvin": 3000, "brightness": 9}),
        ),
        ("light.turn_on", {"brightness": 9}, "off", {"supported_color_modes": ["onoff"]}, ("turn_on", {})),
        (
            "light.turn_on",
            {"hs_color": [0, 0]},
            "off",
            {"supported_color_modes": ["rgbw"]},
            ("turn_on", {"rgbw_color": (0, 0, 0, 255)}),
        ),
        ("light.turn_on", {"color_name": "red"}, "off", {"supported_color_modes": ["brightness"]}, ("turn_on", {})),
        (
            "light.turn_on",
            {"color_name": "orange"},
            "off",
            {"supported_color_modes": ["color_temp"]},
            ("turn_on", {"color_temp_kelvin": 2000}),
        ),
        (
            "light.turn_on",
            {"white": True},
            "on",
            {"supported_color_modes": ["white"], "brightness": 77},
            ("turn_on", {"white": 77}),
        ),
        ("switch.toggle", {}, "on", {}, ("turn_off", {})),
        ("switch.toggle", {}, "unknown", {}, ("turn_on", {})),
        ("fan.toggle", {}, "on", {}, ("turn_off", {})),
        ("fan.toggle", {}, "off", {}, ("turn_on", {})),
        ("fan.increase_speed", {}, "on", {**FOUR_SPEEDS, "percentage": 30}, ("set_percentage", {"percentage": 75})),
        ("fan.decrease_speed", {}, "on", {**FOUR_SPEEDS, "percentage": 25}, ("turn_off", {})),
        ("fan.increase_speed", {}, "on", {**FOUR_SPEEDS, "percentage": 100}, ("set_percentage", {"percentage": 100})),
        (
            "fan.increase_speed",
            {"percentage_step": 15},
            "on",
            {"percentage": 30},
            ("set_percentage", {"percentage": 45}),
        ),
        ("cover.toggle", {}, "open", {}, ("close_cover", {})),
        ("cover.toggle", {}, "closed", {}, ("open_cover", {})),
        ("cover.toggle", {}, "closing", {}, ("open_cover", {})),
        ("valve.toggle", {}, "closed", {}, ("open_valve", {})),
        ("siren.toggle", {}, "on", {}, ("turn_off", {})),
        ("siren.toggle", {"tone": "bell"}, "off", {"available_tones": ["bell"]}, ("turn_on", {"tone": "bell"})),
        ("climate.turn_on", {}, "off", TWO_MODES, ("set_hvac_mode", {"hvac_mode": "cool"})),
        (
            "climate.turn_on",
            {},
            "off",
            {"hvac_modes": ["off", "dry", "heat"]},
            ("set_hvac_mode", {"hvac_mode": "heat"}),
        ),
        ("climate.turn_off", {}, "cool", TWO_MODES, ("set_hvac_mode", {"hvac_mode": "off"})),
        ("climate.toggle", {}, "cool", TWO_MODES, ("set_hvac_mode", {"hvac_mode": "off"})),
        ("climate.toggle", {}, "off", TWO_MODES, ("set_hvac_mode", {"hvac_mode": "cool"})),
        ("select.select_first", {}, "b", OPTIONS, ("select_option", {"option": "a"})),
        ("select.select_last", {}, "b", OPTIONS, ("select_option", {"option": "c"})),
        ("select.select_next", {}, "c", OPTIONS, ("select_option", {"option": "a"})),
        ("select.select_previous", {}, "b", OPTIONS, ("select_option", {"option": "a"})),
        ("select.select_previous", {"cycle": False}, "a", OPTIONS, None),
        ("select.select_next", {}, "a", {}, None),
    ],
)
async def test_what_an_entity_is_told_depends_on_what_it_is(
    home: Home,
    call: str,
    data: dict[str, Any],
    state: str,
    known: dict[str, Any],
    told: tuple[str, dict[str, Any]] | None,
) -> None:
    assert await tell(home, call, data, 0, state, known) == ([told] if told else [])


@pytest.mark.parametrize(("state", "features", "told"), [("opening", 11, "stop_cover"), ("opening", 3, "close_cover")])
async def test_a_moving_cover_is_stopped_by_a_toggle_if_it_can_be(
    home: Home, state: str, features: int, told: str
) -> None:
    assert await tell(home, "cover.toggle", {}, features, state, {}) == [(told, {})]


async def test_a_siren_is_not_told_what_it_has_no_feature_for(home: Home) -> None:
    told = await tell(home, "siren.turn_on", {"tone": "x", "duration": 5}, 1 | 2 | 16, "off", {})

    assert told == [("turn_on", {"duration": 5.0})]


@pytest.mark.parametrize(
    ("call", "data", "message"),
    [
        ("light.turn_on", {"brightnes": 1}, "light.turn_on: brightnes: unknown key; did you mean 'brightness'"),
        ("light.turn_on", {"brightness": "bright"}, "brightness: expected a whole number"),
        ("light.turn_on", {"brightness_pct": 101}, "brightness_pct: expected 0 to 100, got 101"),
        ("light.turn_on", {"brightness": 1, "brightness_pct": 1}, "only one of the brightness fields"),
        ("light.turn_on", {"color_name": "red", "rgb_color": [1, 2, 3]}, "only one of the color fields"),
        ("light.turn_on", {"color_name": "octarine"}, "CSS name"),
        ("light.turn_on", {"rgb_color": [1, 2]}, "expected 3 numbers"),
        ("light.turn_on", {"rgb_color": [1, 2, 256]}, "expected 3 numbers"),
        ("light.turn_on", {"hs_color": [361, 0]}, "expected 2 numbers"),
        ("light.turn_on", {"white_value": 5}, "unknown key"),
        ("light.turn_on", {"flash": "forever"}, "expected short or long"),
        ("light.turn_off", {"brightness": 5}, "unknown key"),
        ("light.toggle", {"brightness_step": 5}, "unknown key"),
        ("switch.turn_on", {"brightness": 5}, "unknown key"),
        ("fan.set_percentage", {}, "percentage: this key is required"),
        ("fan.set_percentage", {"percentage": 101}, "expected 0 to 100"),
        ("fan.set_direction", {"direction": "up"}, "forward or reverse"),
        ("fan.oscillate", {"oscillating": "maybe"}, "true or false"),
        ("cover.set_cover_position", {"position": -1}, "expected 0 to 100"),
        ("cover.set_cover_position", {}, "position"),
        ("cover.set_cover_tilt_position", {"tilt_position": 101}, "expected 0 to 100"),
        ("valve.set_valve_position", {"position": 101}, "expected 0 to 100"),
        ("climate.set_temperature", {}, "give either temperature"),
        ("climate.set_temperature", {"temperature": 20, "target_temp_low": 18, "target_temp_high": 22}, "give either"),
        ("climate.set_temperature", {"target_temp_low": 18}, "belong together"),
        ("climate.set_temperature", {"target_temp_low": 23, "target_temp_high": 22}, "above"),
        ("climate.set_temperature", {"temperature": "warm"}, "expected a number"),
        ("climate.set_temperature", {"temperature": 20, "hvac_mode": "hot"}, "expected off, heat"),
        ("climate.set_hvac_mode", {"hvac_mode": "eco"}, "expected off, heat"),
        ("climate.set_humidity", {"humidity": 101}, "expected 0 to 100"),
        ("climate.set_preset_mode", {}, "preset_mode"),
        ("lock.lock", {"pin": "1"}, "unknown key"),
        ("number.set_value", {"value": "nan"}, "expected a number"),
        ("text.set_value", {"value": ["a"]}, "expected text"),
        ("select.select_option", {}, "option"),
        ("select.select_next", {"cycle": "maybe"}, "true or false"),
        ("siren.turn_on", {"volume_level": 1.5}, "expected 0 to 1"),
        ("button.press", {"long": True}, "unknown key"),
        ("light.turn_on", {"exclude": "light.a"}, "mapping of target keys"),
        ("light.turn_on", {"exclude": {"room": "x"}}, "target keys like entity_id"),
    ],
)
async def test_data_that_does_not_fit_is_refused_with_its_field(
    home: Home, call: str, data: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidServiceData, match=message):
        await tell(home, call, data, 0, "off", {})


@pytest.mark.parametrize(
    ("call", "data", "known", "message"),
    [
        ("number.set_value", {"value": 101}, {}, "101 is outside 0 to 100"),
        ("number.set_value", {"value": 5}, {"min": 10, "max": 20}, "5 is outside 10 to 20"),
        ("text.set_value", {"value": "abcd"}, {"max": 3}, "4 characters is not 0 to 3"),
        ("text.set_value", {"value": "abc"}, {"pattern": "[0-9]+$"}, "does not match the pattern"),
        ("select.select_option", {"option": "x"}, OPTIONS, "option 'x' is none of a, b, c"),
        ("fan.set_preset_mode", {"preset_mode": "x"}, {"preset_modes": ["eco"]}, "is none of eco"),
        ("fan.turn_on", {"preset_mode": "x"}, {"preset_modes": ["eco"]}, "is none of eco"),
        ("siren.turn_on", {"tone": "x"}, {"available_tones": ["bell"]}, "is none of bell"),
        ("climate.set_hvac_mode", {"hvac_mode": "heat"}, TWO_MODES, "is none of off, cool"),
        ("climate.set_temperature", {"temperature": 40}, {"max_temp": 35}, "40 is outside None to 35"),
        ("climate.set_temperature", {"temperature": 20, "hvac_mode": "heat"}, TWO_MODES, "is none of off, cool"),
        ("climate.set_humidity", {"humidity": 20}, {"min_humidity": 30, "max_humidity": 60}, "20 is outside 30 to 60"),
        ("climate.turn_on", {}, {"hvac_modes": ["off", "dry", "fan_only"]}, "cannot be turned on"),
        ("climate.turn_off", {}, {"hvac_modes": ["heat", "cool"]}, "cannot be turned off"),
        ("lock.unlock", {"code": "12"}, {"code_format": r"^\d{4}$"}, "does not match the format"),
    ],
)
async def test_a_request_that_makes_no_sense_for_the_entity_is_refused(
    home: Home, call: str, data: dict[str, Any], known: dict[str, Any], message: str
) -> None:
    with pytest.raises(ServiceValidationError, match=message):
        await tell(home, call, data, 0, "off", known)


@pytest.mark.parametrize(
    ("call", "data", "features"),
    [
        ("fan.set_percentage", {"percentage": 5}, 48),
        ("fan.turn_on", {}, 1),
        ("cover.open_cover", {}, 2),
        ("cover.set_cover_position", {"position": 5}, 11),
        ("cover.toggle", {}, 1),
        ("valve.stop_valve", {}, 3),
        ("siren.turn_off", {}, 1),
        ("lock.open", {}, 2),
        ("climate.set_humidity", {"humidity": 50}, 1),
        ("climate.set_temperature", {"temperature": 20}, 4),
        ("climate.set_temperature", {"temperature": 20}, 2),
        ("climate.set_temperature", {"target_temp_low": 18, "target_temp_high": 20}, 1),
    ],
)
async def test_an_entity_that_was_named_but_lacks_the_feature_refuses(
    home: Home, call: str, data: dict[str, Any], features: int
) -> None:
    with pytest.raises(ServiceValidationError, match=r"does not support|cannot be set"):
        await tell(home, call, data, features, "off", {})


def test_every_service_has_a_row_above() -> None:
    rows = {
        values[0]
        for test in (
            test_an_entity_that_says_nothing_of_itself_is_told_what_the_call_means,
            test_what_an_entity_is_told_depends_on_what_it_is,
        )
        for values in test.pytestmark[0].args[1]
    } | {call for call, *_ in APPLIANCES}

    assert {
        f"{domain.name}.{service.name}"
        for domain in ALL
        for service in domain.services
        if service.supports_response != "only"
    } <= rows


def test_clients_are_told_of_every_field(home: Home) -> None:
    register_domains(home)

    for service in home.services.all():
        for name, field in service.fields.items():
            assert field["description"].endswith("."), f"{service.domain}.{service.name}: {name}"
            assert field["selector"], f"{service.domain}.{service.name}: {name}"
    position = home.services.get("cover", "set_cover_position").fields["position"]
    assert position == {
        "description": "Where to: 0 is closed, 100 open.",
        "required": True,
        "selector": {"number": {"min": 0, "max": 100, "unit_of_measurement": "%"}},
    }
