"""Reproduction: the services that lead from the state there is to the one that is wanted."""

from typing import Any

import pytest

from inglenook.entities.reproduction import BY_DOMAIN, Unreachable, Wanted
from inglenook.model import Context, State


def way(domain: str, now: str, wanted: str, has: dict[str, Any], given: dict[str, Any]) -> list[tuple[str, Any]]:
    state = State(f"{domain}.x", now, has, Context("a"), 0, 0, 0)
    return list(BY_DOMAIN[domain](state, Wanted(wanted, given)))


@pytest.mark.parametrize(
    ("domain", "now", "wanted", "has", "given", "calls"),
    [
        ("light", "on", "on", {"brightness": 5}, {"brightness": 5}, []),
        ("light", "on", "on", {"brightness": 5}, {"brightness": 6}, [("turn_on", {"brightness": 6})]),
        ("light", "on", "on", {"brightness": 5}, {}, [("turn_on", {})]),
        ("light", "on", "off", {"brightness": 5}, {"brightness": 5}, [("turn_off", {})]),
        (
            "light",
            "off",
            "on",
            {},
            {"color_mode": "color_temp", "color_temp_kelvin": 2700, "hs_color": [1, 2], "xy_color": [0.1, 0.2]},
            [("turn_on", {"color_temp_kelvin": 2700})],
        ),
        (
            "light",
            "off",
            "on",
            {},
            {"color_mode": "white", "brightness": 9},
            [("turn_on", {"brightness": 9, "white": 9})],
        ),
        ("light", "off", "on", {}, {"color_mode": "onoff"}, [("turn_on", {})]),
        ("light", "off", "on", {}, {"hs_color": [1, 2], "rgb_color": [1, 2, 3]}, [("turn_on", {"hs_color": [1, 2]})]),
        (
            "light",
            "on",
            "on",
            {"color_mode": "hs", "hs_color": [1, 2]},
            {"color_mode": "xy", "hs_color": [1, 2], "xy_color": [0, 0]},
            [("turn_on", {"xy_color": [0, 0]})],
        ),
        ("cover", "open", "closed", {}, {}, [("close_cover", {})]),
        ("cover", "open", "opening", {}, {}, []),
        (
            "cover",
            "open",
            "open",
            {"current_position": 90},
            {"current_position": 40},
            [("set_cover_position", {"position": 40})],
        ),
        ("cover", "open", "open", {"current_position": 40}, {"current_position": 40}, []),
        ("cover", "open", "closed", {}, {"current_position": 0}, [("close_cover", {})]),
        (
            "cover",
            "open",
            "open",
            {"current_tilt_position": 1},
            {"current_tilt_position": 9},
            [("set_cover_tilt_position", {"tilt_position": 9})],
        ),
        ("valve", "open", "closed", {}, {}, [("close_valve", {})]),
        (
            "valve",
            "open",
            "open",
            {"current_position": 9},
            {"current_position": 5},
            [("set_valve_position", {"position": 5})],
        ),
        ("lock", "locked", "unlocked", {}, {}, [("unlock", {})]),
        ("lock", "locked", "locking", {}, {}, []),
        (
            "fan",
            "off",
            "on",
            {"percentage": 0},
            {"percentage": 50, "oscillating": False},
            [("turn_on", {}), ("oscillate", {"oscillating": False}), ("set_percentage", {"percentage": 50})],
        ),
        ("fan", "on", "off", {}, {"percentage": 0}, [("turn_off", {})]),
        ("humidifier", "on", "on", {"humidity": 40}, {"humidity": 50}, [("set_humidity", {"humidity": 50})]),
        (
            "climate",
            "off",
            "heat",
            {},
            {"temperature": 21, "preset_mode": "eco", "fan_mode": None},
            [
                ("set_hvac_mode", {"hvac_mode": "heat"}),
                ("set_temperature", {"temperature": 21}),
                ("set_preset_mode", {"preset_mode": "eco"}),
            ],
        ),
        (
            "water_heater",
            "off",
            "eco",
            {},
            {"temperature": 50},
            [
                ("set_operation_mode", {"operation_mode": "eco"}),
                ("set_temperature", {"temperature": 50}),
            ],
        ),
        ("water_heater", "eco", "off", {}, {}, [("turn_off", {})]),
        ("alarm_control_panel", "disarmed", "armed_night", {}, {}, [("alarm_arm_night", {})]),
        ("media_player", "playing", "off", {}, {}, [("turn_off", {})]),
        (
            "media_player",
            "off",
            "playing",
            {},
            {"volume_level": 0.3, "source": "tv"},
            [
                ("turn_on", {}),
                ("volume_set", {"volume_level": 0.3}),
                ("select_source", {"source": "tv"}),
                ("media_play", {}),
            ],
        ),
        (
            "media_player",
            "idle",
            "playing",
            {},
            {"media_content_type": "music", "media_content_id": "x"},
            [("play_media", {"media_content_type": "music", "media_content_id": "x"})],
        ),
        (
            "vacuum",
            "docked",
            "cleaning",
            {},
            {"fan_speed": "max"},
            [("start", {}), ("set_fan_speed", {"fan_speed": "max"})],
        ),
        ("input_number", "5.0", "5", {}, {}, [("set_value", {"value": "5"})]),
        (
            "input_select",
            "a",
            "b",
            {"options": ["a"]},
            {"options": ["b"]},
            [
                ("set_options", {"options": ["b"]}),
                ("select_option", {"option": "b"}),
            ],
        ),
        (
            "input_datetime",
            "x",
            "07:00:00",
            {"has_date": False, "has_time": True},
            {},
            [("set_datetime", {"time": "07:00:00"})],
        ),
        (
            "input_datetime",
            "x",
            "2026-01-01",
            {"has_date": True, "has_time": False},
            {},
            [("set_datetime", {"date": "2026-01-01"})],
        ),
        ("counter", "1", "3", {}, {}, [("set_value", {"value": "3"})]),
        ("timer", "idle", "active", {}, {"duration": "0:01:00"}, [("start", {"duration": "0:01:00"})]),
        ("timer", "active", "idle", {}, {"duration": "0:01:00"}, [("cancel", {})]),
        ("select", "a", "b", {}, {}, [("select_option", {"option": "b"})]),
        ("text", "a", "a", {}, {}, []),
    ],
)
def test_the_way_from_one_state_to_another(
    domain: str, now: str, wanted: str, has: dict[str, Any], given: dict[str, Any], calls: list[tuple[str, Any]]
) -> None:
    assert way(domain, now, wanted, has, given) == calls


@pytest.mark.parametrize(
    ("domain", "wanted", "given"),
    [
        ("light", "on", {"color_mode": "hs"}),
        ("lock", "ajar", {}),
        ("number", "many", {}),
        ("counter", "1.5", {}),
        ("media_player", "dancing", {}),
    ],
)
def test_a_state_that_nothing_leads_to(domain: str, wanted: str, given: dict[str, Any]) -> None:
    with pytest.raises(Unreachable):
        way(domain, "x", wanted, {}, given)
