"""The table of purpose-specific conditions: every ``condition: domain.word`` that asks entities, one row each."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import Validator, entity_domain, string, text
from inglenook.home import Home
from inglenook.model import State
from inglenook.rules.purpose import quantities, words
from inglenook.rules.purpose.asking import has_volume, is_in_zone, is_muted, is_occupied
from inglenook.rules.purpose.condition import ASKING, PurposeCondition
from inglenook.rules.purpose.match import Test, in_range
from inglenook.rules.purpose.quantities import AIR
from inglenook.rules.purpose.sources import Source, Sources, is_known, read
from inglenook.rules.purpose.threshold import IS, Quantity, threshold, within
from inglenook.rules.purpose.trigger import HOLDING, Options
from inglenook.rules.purpose.words import attribute_of, of
from inglenook.rules.shape import each

Rows = Mapping[str, PurposeCondition]


def _is(sources: Sources, *values: Any, with_diagnostics: bool = False) -> PurposeCondition:
    def holds(state: State) -> bool:
        return read(sources, state) in values

    is_of_one_state = len(values) == 1 and all(source.attribute is None for source in sources.values())
    return PurposeCondition(
        sources, lambda *_: holds, is_of_one_state=is_of_one_state, with_diagnostics=with_diagnostics
    )


def _is_one_of(sources: Sources, option: str) -> PurposeCondition:
    """The value is one of those listed under ``option``."""

    def asked(options: Options, _: Home) -> Test:
        wanted: Collection[Any] = options[option]
        return lambda state: read(sources, state) in wanted

    return PurposeCondition(sources, asked, {**ASKING, vol.Required(option): each(text)})


def _fits(sources: Sources, holds: Test, counts: Test = is_known) -> PurposeCondition:
    return PurposeCondition(sources, lambda *_: holds, counts=counts)


def _number_is(quantity: Quantity, beside: Mapping[Any, Validator] = ASKING, **more: Any) -> PurposeCondition:
    def asked(options: Options, home: Home) -> Test:
        return in_range(quantity.reader(home), within(options["threshold"], quantity, home))

    keys: Mapping[Any, Validator] = {**beside, vol.Required("threshold"): threshold(quantity, IS)}
    return PurposeCondition(quantity.sources, asked, keys, **more)


def _pair(name: str, sources: Sources, yes: str, no: str, **more: Any) -> Iterator[tuple[str, PurposeCondition]]:
    """Yield a binary sensor's two conditions."""
    yield f"{name}.{yes}", _is(sources, "on", **more)
    yield f"{name}.{no}", _is(sources, "off", **more)


# -- the rows -------------------------------------------------------------------------------------------------------


def _binary() -> Iterator[tuple[str, PurposeCondition]]:
    for name, sources in {**words.TOGGLES, "schedule": of("schedule")}.items():
        yield from _pair(name, sources, "is_on", "is_off")
    for name, sources in words.SENSES.items():
        yield from _pair(name, sources, "is_detected", "is_not_detected")
    for name, sources in words.GASES.items():
        yield from _pair("air_quality", sources, f"is_{name}_detected", f"is_{name}_cleared")
    for prefix, sources in words.OPENINGS.items():
        yield f"{prefix}is_open", _is(sources, *words.OPEN)
        yield f"{prefix}is_closed", _is(sources, *words.SHUT)
    yield from _pair("battery", words.sensing("battery"), "is_low", "is_not_low", with_diagnostics=True)
    charging = words.sensing("battery_charging")
    yield from _pair("battery", charging, "is_charging", "is_not_charging", with_diagnostics=True)
    yield from _pair("update", of("update"), "is_available", "is_not_available", with_diagnostics=True)


def _numbers() -> Iterator[tuple[str, PurposeCondition]]:
    for name, quantity in AIR.items():
        yield f"air_quality.is_{name}_value", _number_is(quantity)
    values = {
        "temperature": quantities.TEMPERATURE,
        "humidity": quantities.HUMIDITY,
        "illuminance": quantities.ILLUMINANCE,
        "moisture": quantities.MOISTURE,
        "power": quantities.POWER,
        "counter": quantities.COUNT,
    }
    for name, quantity in values.items():
        yield f"{name}.is_value", _number_is(quantity)


def _states() -> Iterator[tuple[str, PurposeCondition]]:
    alarm = of("alarm_control_panel")
    yield "alarm_control_panel.is_armed", _is(alarm, *words.ALL_ARMED)
    for how in words.ARMED:
        yield f"alarm_control_panel.is_armed_{how}", _is(words.alarm(how), f"armed_{how}")
    for state in ("disarmed", "triggered"):
        yield f"alarm_control_panel.is_{state}", _is(alarm, state)
    for state in ("locked", "unlocked", "open", "jammed"):
        yield f"lock.is_{state}", _is(of("lock"), state)
    for state in ("active", "paused", "idle"):
        yield f"timer.is_{state}", _is(of("timer"), state)
    for state in ("cleaning", "docked", "paused", "returning"):
        yield f"vacuum.is_{state}", _is(of("vacuum"), state)
    yield "vacuum.is_encountering_an_error", _is(of("vacuum"), "error")
    for state in ("mowing", "docked", "paused", "returning"):
        yield f"lawn_mower.is_{state}", _is(of("lawn_mower"), state)
    yield "lawn_mower.is_encountering_an_error", _is(of("lawn_mower"), "error")
    for state in words.SATELLITE:
        yield f"assist_satellite.is_{state}", _is(of("assist_satellite"), state)
    for action in ("heating", "cooling", "drying"):
        yield f"climate.is_{action}", _is(attribute_of("climate", "hvac_action"), action)
    for action in ("humidifying", "drying"):
        yield f"humidifier.is_{action}", _is(attribute_of("humidifier", "action"), action)


def _in_zone(*, is_wanted: bool) -> PurposeCondition:
    def asked(options: Options, _: Home) -> Test:
        is_inside = is_in_zone(options["zone"])
        return lambda state: is_inside(state) is is_wanted

    sources = {"person": Source(attribute="in_zones"), "device_tracker": Source(attribute="in_zones")}
    return PurposeCondition(sources, asked, {**ASKING, vol.Required("zone"): entity_domain("zone")})


def _occupancy(*, is_wanted: bool) -> PurposeCondition:
    keys = {**HOLDING, vol.Required("zone"): entity_domain("zone")}
    return PurposeCondition(
        of("zone"), lambda *_: lambda state: is_occupied(state) is is_wanted, keys,
        entities=lambda options: [options["zone"]],
    )  # fmt: skip


def _text_equals() -> PurposeCondition:
    def asked(options: Options, _: Home) -> Test:
        wanted = options["value"]
        return lambda state: state.state == wanted

    return PurposeCondition(of("text", "input_text"), asked, {**ASKING, vol.Required("value"): string})


CONDITIONS: Final[Rows] = {
    **dict(_binary()),
    **dict(_numbers()),
    **dict(_states()),
    "battery.is_level": _number_is(quantities.BATTERY, with_diagnostics=True),
    "calendar.is_event_active": _is(of("calendar"), "on"),
    "climate.is_hvac_mode": _is_one_of(of("climate"), "hvac_mode"),
    "climate.is_off": _is(of("climate"), "off"),
    "climate.is_on": _is(of("climate"), *words.HVAC_ON),
    "climate.is_target_humidity": _number_is(quantities.CLIMATE_TARGET_HUMIDITY),
    "climate.is_target_temperature": _number_is(quantities.CLIMATE_TARGET),
    "humidifier.is_mode": _is_one_of(attribute_of("humidifier", "mode"), "mode"),
    "humidifier.is_target_humidity": _number_is(quantities.HUMIDIFIER_TARGET),
    "light.is_brightness": _number_is(quantities.BRIGHTNESS),
    "media_player.is_current_source": _is_one_of(attribute_of("media_player", "source"), "source"),
    "media_player.is_muted": _fits(of("media_player"), is_muted, has_volume),
    "media_player.is_not_playing": _is(of("media_player"), "idle", "off", "on", "paused"),
    "media_player.is_off": _is(of("media_player"), "off"),
    "media_player.is_on": _is(of("media_player"), *words.PLAYER_ON),
    "media_player.is_paused": _is(of("media_player"), "paused"),
    "media_player.is_playing": _is(of("media_player"), *words.PLAYING),
    "media_player.is_unmuted": _fits(of("media_player"), lambda state: not is_muted(state), has_volume),
    "media_player.is_volume": _number_is(quantities.VOLUME),
    "select.is_option_selected": _is_one_of(of("select", "input_select"), "option"),
    "sun.elevation": _number_is(quantities.SUN_ELEVATION, {}, entities=lambda _: ["sun.sun"]),
    "text.is_equal_to": _text_equals(),
    "todo.all_completed": _is(of("todo"), "0"),
    "todo.incomplete": _fits(of("todo"), is_occupied),
    "water_heater.is_off": _is(of("water_heater"), "off"),
    "water_heater.is_on": _is(of("water_heater"), *words.WATER_HEATER_ON),
    "water_heater.is_operation_mode": _is_one_of(of("water_heater"), "operation_mode"),
    "water_heater.is_target_temperature": _number_is(quantities.WATER_HEATER_TARGET),
    "zone.in_zone": _in_zone(is_wanted=True),
    "zone.not_in_zone": _in_zone(is_wanted=False),
    "zone.occupancy_is_detected": _occupancy(is_wanted=True),
    "zone.occupancy_is_not_detected": _occupancy(is_wanted=False),
}
"""Every kind by its name."""
