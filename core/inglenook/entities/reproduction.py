"""Reproduction: which services bring an entity from the state it is in to another one. One function a domain.

Each is told the state there is and the one that is wanted, and yields the calls to make, in order: the service of the
entity's domain and its data. It yields none for what is so already.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from inglenook.model import NO_DATA, STATE_UNAVAILABLE, STATE_UNKNOWN, State

Call = tuple[str, Mapping[str, Any]]


class Wanted(NamedTuple):
    """How an entity shall be."""

    state: str
    attributes: Mapping[str, Any] = NO_DATA


class Unreachable(ValueError):
    """A state that no service leads to."""


Reproduce = Callable[[State, Wanted], Iterator[Call]]

_BETWEEN: Final = {"opening": "open", "closing": "closed", "locking": "locked", "unlocking": "unlocked"}


def _is_so(now: State, wanted: Wanted, *names: str) -> bool:
    """True when the state, and the attributes of ``names``, are as wanted; one that is not given shall not be there."""
    return now.state == wanted.state and all(now.attributes.get(n) == wanted.attributes.get(n) for n in names)


def _given(wanted: Wanted, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := wanted.attributes.get(name)) is not None}


def _by_state(services: Mapping[str, str], wanted: Wanted) -> str:
    """Return the service that leads to the wanted state."""
    service = services.get(wanted.state)
    if service is None:
        raise Unreachable(f"expected one of {', '.join(services)}, got {wanted.state!r}")
    return service


def _plainly(services: Mapping[str, str], now: State, wanted: Wanted) -> Iterator[Call]:
    """Reproduce a state that is one of a few words, each with a service of its own."""
    service = _by_state(services, wanted)
    if now.state != wanted.state:
        yield service, {}


def _as_value(service: str, key: str, now: State, wanted: Wanted) -> Iterator[Call]:
    """Reproduce a state that a service takes as it is."""
    if now.state != wanted.state:
        yield service, {key: wanted.state}


def _number(service: str, now: State, wanted: Wanted) -> Iterator[Call]:
    try:
        float(wanted.state)
    except ValueError:
        raise Unreachable(f"expected a number, got {wanted.state!r}") from None
    yield from _as_value(service, "value", now, wanted)


# -- lights ---------------------------------------------------------------------------------------------------------

_LOOKS: Final = ("brightness", "effect")
_COLORS: Final = ("hs_color", "color_temp_kelvin", "rgb_color", "rgbw_color", "rgbww_color", "xy_color")
_OF_MODE: Final = {
    "color_temp": ("color_temp_kelvin", "color_temp_kelvin"), "hs": ("hs_color", "hs_color"),
    "rgb": ("rgb_color", "rgb_color"), "rgbw": ("rgbw_color", "rgbw_color"), "rgbww": ("rgbww_color", "rgbww_color"),
    "white": ("white", "brightness"), "xy": ("xy_color", "xy_color"),
}  # fmt: skip


def _light(now: State, wanted: Wanted) -> Iterator[Call]:
    service = _by_state(_ON_OFF, wanted)
    mode = wanted.attributes.get("color_mode")
    if _is_so(now, wanted, *_LOOKS, *_COLORS) and mode in (None, now.attributes.get("color_mode")):
        return
    transition = _given(wanted, "transition")
    if service == "turn_off":
        yield service, transition
    else:
        yield service, {**transition, **_given(wanted, *_LOOKS), **_color(wanted, mode)}


def _color(wanted: Wanted, mode: str | None) -> dict[str, Any]:
    """Return the color: that of the mode, else the first there is; a light has several that say the same."""
    if mode is None or mode == STATE_UNKNOWN:
        found = _given(wanted, *_COLORS)
        return dict(list(found.items())[:1])
    if mode not in _OF_MODE:
        return {}
    field, attribute = _OF_MODE[mode]
    if wanted.attributes.get(attribute) is None:
        raise Unreachable(f"its color_mode is {mode}, but there is no {attribute}")
    return {field: wanted.attributes[attribute]}


# -- what moves -----------------------------------------------------------------------------------------------------


def _cover(now: State, wanted: Wanted) -> Iterator[Call]:
    state = _BETWEEN.get(wanted.state, wanted.state)
    service = _by_state({"open": "open_cover", "closed": "close_cover"}, Wanted(state))
    places = _given(wanted, "current_position", "current_tilt_position")
    if now.state == wanted.state and all(now.attributes.get(name) == value for name, value in places.items()):
        return
    position, tilt = places.get("current_position"), places.get("current_tilt_position")
    if position is not None and now.attributes.get("current_position") is not None:
        yield "set_cover_position", {"position": position}
    elif now.state != state:
        yield service, {}
    if tilt is not None and now.attributes.get("current_tilt_position") not in (None, tilt):
        yield "set_cover_tilt_position", {"tilt_position": tilt}


def _valve(now: State, wanted: Wanted) -> Iterator[Call]:
    state = _BETWEEN.get(wanted.state, wanted.state)
    service = _by_state({"open": "open_valve", "closed": "close_valve"}, Wanted(state))
    position = wanted.attributes.get("current_position")
    if position is not None and now.attributes.get("current_position") is not None:
        if position != now.attributes["current_position"]:
            yield "set_valve_position", {"position": position}
    elif now.state != state:
        yield service, {}


def _lock(now: State, wanted: Wanted) -> Iterator[Call]:
    state = _BETWEEN.get(wanted.state, wanted.state)
    yield from _plainly({"locked": "lock", "unlocked": "unlock", "open": "open"}, now, Wanted(state))


_OF_FAN: Final = {
    "direction": "set_direction", "oscillating": "oscillate", "percentage": "set_percentage",
    "preset_mode": "set_preset_mode",
}  # fmt: skip


def _fan(now: State, wanted: Wanted) -> Iterator[Call]:
    yield from _switched(_OF_FAN, now, wanted)


def _humidifier(now: State, wanted: Wanted) -> Iterator[Call]:
    yield from _switched({"humidity": "set_humidity", "mode": "set_mode"}, now, wanted)


def _switched(settings: Mapping[str, str], now: State, wanted: Wanted) -> Iterator[Call]:
    """Reproduce what is on or off, and while it is on each of its ``settings``, by the service of its own."""
    service = _by_state(_ON_OFF, wanted)
    if now.state != wanted.state:
        yield service, {}
    if service == "turn_on":
        for name, value in _given(wanted, *settings).items():
            if now.attributes.get(name) != value:
                yield settings[name], {name: value}


# -- climate and the like -------------------------------------------------------------------------------------------

_TEMPERATURES: Final = ("temperature", "target_temp_high", "target_temp_low")
_OF_CLIMATE: Final = {
    "preset_mode": "set_preset_mode", "swing_mode": "set_swing_mode",
    "swing_horizontal_mode": "set_swing_horizontal_mode", "fan_mode": "set_fan_mode", "humidity": "set_humidity",
}  # fmt: skip


def _climate(now: State, wanted: Wanted) -> Iterator[Call]:
    if wanted.state not in (STATE_UNKNOWN, STATE_UNAVAILABLE):
        yield "set_hvac_mode", {"hvac_mode": wanted.state}
    if temperatures := _given(wanted, *_TEMPERATURES):
        yield "set_temperature", temperatures
    for name, value in _given(wanted, *_OF_CLIMATE).items():
        yield _OF_CLIMATE[name], {name: value}


def _water_heater(now: State, wanted: Wanted) -> Iterator[Call]:
    if now.state != wanted.state:
        if wanted.state in _ON_OFF:
            yield _ON_OFF[wanted.state], {}
        else:
            yield "set_operation_mode", {"operation_mode": wanted.state}
    for name, service in (("temperature", "set_temperature"), ("away_mode", "set_away_mode")):
        value = wanted.attributes.get(name)
        if value is not None and value != now.attributes.get(name):
            yield service, {name: value}


_ARMING: Final = {
    "armed_away": "alarm_arm_away", "armed_custom_bypass": "alarm_arm_custom_bypass", "armed_home": "alarm_arm_home",
    "armed_night": "alarm_arm_night", "armed_vacation": "alarm_arm_vacation", "disarmed": "alarm_disarm",
    "triggered": "alarm_trigger",
}  # fmt: skip


# -- media and cleaning ---------------------------------------------------------------------------------------------

_PLAYING: Final = {
    "buffering": "media_play", "idle": "media_stop", "paused": "media_pause", "playing": "media_play",
}  # fmt: skip
_OF_MEDIA: Final = {
    "volume_level": "volume_set", "is_volume_muted": "volume_mute", "source": "select_source",
    "sound_mode": "select_sound_mode",
}  # fmt: skip


def _media_player(now: State, wanted: Wanted) -> Iterator[Call]:
    if wanted.state == "off":
        if now.state != "off":
            yield "turn_off", {}
        return
    if wanted.state not in (*_PLAYING, "on"):
        raise Unreachable(f"expected on, off, {', '.join(_PLAYING)}; got {wanted.state!r}")
    if now.state in ("off", STATE_UNKNOWN):
        yield "turn_on", {}
    for name, value in _given(wanted, *_OF_MEDIA).items():
        yield _OF_MEDIA[name], {name: value}
    media = _given(wanted, "media_content_type", "media_content_id")
    if len(media) == 2 and wanted.state in ("buffering", "playing"):
        yield "play_media", {**media, **_given(wanted, "enqueue")}
    elif wanted.state in _PLAYING and wanted.state != now.state:
        yield _PLAYING[wanted.state], {}


_CLEANING: Final = {
    "cleaning": "start", "docked": "return_to_base", "idle": "stop", "off": "turn_off", "on": "turn_on",
    "paused": "pause", "returning": "return_to_base",
}  # fmt: skip


def _vacuum(now: State, wanted: Wanted) -> Iterator[Call]:
    yield from _plainly(_CLEANING, now, wanted)
    speed = wanted.attributes.get("fan_speed")
    if speed is not None and speed != now.attributes.get("fan_speed"):
        yield "set_fan_speed", {"fan_speed": speed}


# -- what people declare --------------------------------------------------------------------------------------------


def _input_select(now: State, wanted: Wanted) -> Iterator[Call]:
    options = wanted.attributes.get("options")
    if options is not None and options != now.attributes.get("options"):
        yield "set_options", {"options": options}
    yield from _as_value("select_option", "option", now, wanted)


def _input_datetime(now: State, wanted: Wanted) -> Iterator[Call]:
    has_date, has_time = now.attributes.get("has_date", True), now.attributes.get("has_time", True)
    key = "datetime" if has_date and has_time else "date" if has_date else "time"
    yield from _as_value("set_datetime", key, now, wanted)


def _counter(now: State, wanted: Wanted) -> Iterator[Call]:
    if not wanted.state.lstrip("-").isdecimal():
        raise Unreachable(f"expected a whole number, got {wanted.state!r}")
    yield from _as_value("set_value", "value", now, wanted)


def _timer(now: State, wanted: Wanted) -> Iterator[Call]:
    service = _by_state({"active": "start", "idle": "cancel", "paused": "pause"}, wanted)
    if not _is_so(now, wanted, *_given(wanted, "duration")):
        yield service, _given(wanted, "duration") if service == "start" else {}


_ON_OFF: Final = {"off": "turn_off", "on": "turn_on"}
_onoff: Final = partial(_plainly, _ON_OFF)

BY_DOMAIN: Final[Mapping[str, Reproduce]] = {
    "alarm_control_panel": partial(_plainly, _ARMING),
    "automation": _onoff,
    "climate": _climate,
    "counter": _counter,
    "cover": _cover,
    "fan": _fan,
    "humidifier": _humidifier,
    "input_boolean": _onoff,
    "input_datetime": _input_datetime,
    "input_number": partial(_number, "set_value"),
    "input_select": _input_select,
    "input_text": partial(_as_value, "set_value", "value"),
    "light": _light,
    "lock": _lock,
    "media_player": _media_player,
    "number": partial(_number, "set_value"),
    "remote": _onoff,
    "select": partial(_as_value, "select_option", "option"),
    "siren": _onoff,
    "switch": _onoff,
    "text": partial(_as_value, "set_value", "value"),
    "timer": _timer,
    "vacuum": _vacuum,
    "valve": _valve,
    "water_heater": _water_heater,
}
