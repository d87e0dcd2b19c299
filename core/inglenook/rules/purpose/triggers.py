"""The table of purpose-specific triggers: every ``trigger: domain.word`` that watches entities, one row each."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import Validator, entity_domain, text
from inglenook.home import Home
from inglenook.model import State
from inglenook.rules.purpose import words
from inglenook.rules.purpose.asking import has_volume, is_in_zone, is_muted, is_occupied, whole_number
from inglenook.rules.purpose.match import (
    Match,
    becoming,
    changing,
    entering,
    in_range,
    moving,
    number_changing,
    reaching,
)
from inglenook.rules.purpose.quantities import EVERYWHERE, SUN_ELEVATION
from inglenook.rules.purpose.sources import Source, Sources, read
from inglenook.rules.purpose.threshold import CHANGED, IS, Quantity, shows, threshold, within
from inglenook.rules.purpose.trigger import BEHAVING, HOLDING, Options, PurposeTrigger
from inglenook.rules.purpose.words import attribute_of, of
from inglenook.rules.shape import each

Rows = Mapping[str, PurposeTrigger]

_AS_IT_IS: Final[Mapping[Any, Validator]] = {}


def _reader(sources: Sources) -> Callable[[State], Any]:
    return lambda state: read(sources, state)


def _states(sources: Sources, values: Collection[Any]) -> frozenset[str] | None:
    """Return ``values`` when they are states of every source."""
    return frozenset(values) if all(source.attribute is None for source in sources.values()) else None


def _becomes(sources: Sources, *values: Any, with_diagnostics: bool = False) -> PurposeTrigger:
    match = becoming(_reader(sources), values, _states(sources, values))
    return PurposeTrigger(sources, lambda *_: match, with_diagnostics=with_diagnostics)


def _moves(sources: Sources, origins: Collection[Any], values: Collection[Any]) -> PurposeTrigger:
    match = moving(_reader(sources), origins, values, _states(sources, values))
    return PurposeTrigger(sources, lambda *_: match)


def _changes(*domains: str) -> PurposeTrigger:
    return PurposeTrigger(of(*domains), lambda *_: changing(), _AS_IT_IS)


def _happens(sources: Sources) -> PurposeTrigger:
    return PurposeTrigger(sources, lambda *_: changing(), _AS_IT_IS, is_stateless=True)


def _chosen(sources: Sources, option: str) -> PurposeTrigger:
    """The value becomes one of those listed under ``option``."""

    def match(options: Options, _: Home) -> Match:
        return becoming(_reader(sources), options[option], _states(sources, options[option]))

    return PurposeTrigger(sources, match, {**BEHAVING, vol.Required(option): each(text)})


def _enters(sources: Sources, holds: Callable[[State], bool], counts: Callable[[State], bool]) -> PurposeTrigger:
    match = entering(holds, counts)
    return PurposeTrigger(sources, lambda *_: match)


def _number_changes(quantity: Quantity, **more: Any) -> PurposeTrigger:
    def match(options: Options, home: Home) -> Match:
        return number_changing(quantity.reader(home), within(options["threshold"], quantity, home))

    keys: Mapping[Any, Validator] = {vol.Required("threshold"): threshold(quantity, CHANGED)}
    return PurposeTrigger(quantity.sources, match, keys, **more)


def _number_crosses(quantity: Quantity, beside: Mapping[Any, Validator] = BEHAVING, **more: Any) -> PurposeTrigger:
    def match(options: Options, home: Home) -> Match:
        number = quantity.reader(home)
        return entering(in_range(number, within(options["threshold"], quantity, home)), shows(quantity, number))

    keys: Mapping[Any, Validator] = {**beside, vol.Required("threshold"): threshold(quantity, IS)}
    return PurposeTrigger(quantity.sources, match, keys, **more)


# -- the rows -------------------------------------------------------------------------------------------------------


def _binary() -> Iterator[tuple[str, PurposeTrigger]]:
    for name, sources in words.SENSES.items():
        yield f"{name}.detected", _becomes(sources, "on")
        yield f"{name}.cleared", _becomes(sources, "off")
    for name, sources in words.GASES.items():
        yield f"air_quality.{name}_detected", _becomes(sources, "on")
        yield f"air_quality.{name}_cleared", _becomes(sources, "off")
    for prefix, sources in words.OPENINGS.items():
        yield f"{prefix}opened", _moves(sources, words.SHUT, words.OPEN)
        yield f"{prefix}closed", _moves(sources, words.OPEN, words.SHUT)
    for name, sources in words.TOGGLES.items():
        yield f"{name}.turned_on", _becomes(sources, "on")
        yield f"{name}.turned_off", _becomes(sources, "off")


def _numbers() -> Iterator[tuple[str, PurposeTrigger]]:
    for prefix, quantity in EVERYWHERE.items():
        is_battery = prefix.startswith("battery.")  # a battery is a device's diagnostic
        yield f"{prefix}changed", _number_changes(quantity, with_diagnostics=is_battery)
        yield f"{prefix}crossed_threshold", _number_crosses(quantity, with_diagnostics=is_battery)


def _words() -> Iterator[tuple[str, PurposeTrigger]]:
    for how in words.ARMED:
        yield f"alarm_control_panel.armed_{how}", _becomes(words.alarm(how), f"armed_{how}")
    for name, state in words.LOCK.items():
        yield f"lock.{name}", _becomes(of("lock"), state)
    for name, state in words.VACUUM.items():
        yield f"vacuum.{name}", _becomes(of("vacuum"), state)
    for name, state in words.MOWER.items():
        yield f"lawn_mower.{name}", _becomes(of("lawn_mower"), state)
    for state in words.SATELLITE:
        yield f"assist_satellite.{state}", _becomes(of("assist_satellite"), state)
    for name in words.TIMER:
        yield f"timer.{name}", _becomes(attribute_of("timer", "last_transition"), name)


def _counted(comes: Callable[[int, int], bool]) -> PurposeTrigger:
    """A counter changes from one whole number to another."""

    def came(old: State, new: State) -> bool:
        before, after = whole_number(old), whole_number(new)
        return before is not None and after is not None and comes(before, after)

    match = Match(lambda state: whole_number(state) is not None, came)
    return PurposeTrigger(of("counter"), lambda *_: match, _AS_IT_IS)


def _counter_reaches(attribute: str) -> PurposeTrigger:
    match = reaching(lambda state: state.state == str(state.attributes.get(attribute)))
    return PurposeTrigger(of("counter"), lambda *_: match)


def _event_received() -> PurposeTrigger:
    def match(options: Options, _: Home) -> Match:
        wanted = options["event_type"]
        return reaching(lambda state: state.attributes.get("event_type") in wanted)

    return PurposeTrigger(of("event"), match, {vol.Required("event_type"): each(text)}, is_stateless=True)


def _doorbell() -> PurposeTrigger:
    match = reaching(lambda state: state.attributes.get("event_type") == "ring")
    return PurposeTrigger({"event": Source("doorbell")}, lambda *_: match, _AS_IT_IS, is_stateless=True)


def _zone(*, is_wanted: bool) -> PurposeTrigger:
    """A person or tracker comes into a zone, or leaves it."""

    def match(options: Options, _: Home) -> Match:
        is_inside = is_in_zone(options["zone"])
        return entering(lambda state: is_inside(state) is is_wanted)

    return PurposeTrigger(
        of("person", "device_tracker"), match, {**BEHAVING, vol.Required("zone"): entity_domain("zone")}
    )


def _occupancy(*, is_wanted: bool) -> PurposeTrigger:
    match = entering(lambda state: is_occupied(state) is is_wanted)
    keys = {**HOLDING, vol.Required("zone"): entity_domain("zone")}
    return PurposeTrigger(of("zone"), lambda *_: match, keys, entities=lambda options: [options["zone"]])


def _sun_entity(_: Options) -> list[str]:
    return ["sun.sun"]


TRIGGERS: Final[Rows] = {
    **dict(_binary()),
    **dict(_numbers()),
    **dict(_words()),
    "alarm_control_panel.armed": _moves(of("alarm_control_panel"), words.UNARMED, words.ALL_ARMED),
    "alarm_control_panel.disarmed": _becomes(of("alarm_control_panel"), "disarmed"),
    "alarm_control_panel.triggered": _becomes(of("alarm_control_panel"), "triggered"),
    "battery.became_low": _becomes(words.sensing("battery"), "on", with_diagnostics=True),
    "battery.no_longer_low": _becomes(words.sensing("battery"), "off", with_diagnostics=True),
    "battery.started_charging": _becomes(words.sensing("battery_charging"), "on", with_diagnostics=True),
    "battery.stopped_charging": _becomes(words.sensing("battery_charging"), "off", with_diagnostics=True),
    "button.pressed": _happens(of("button", "input_button")),
    "climate.hvac_mode_changed": _chosen(of("climate"), "hvac_mode"),
    "climate.started_cooling": _becomes(attribute_of("climate", "hvac_action"), "cooling"),
    "climate.started_drying": _becomes(attribute_of("climate", "hvac_action"), "drying"),
    "climate.started_heating": _becomes(attribute_of("climate", "hvac_action"), "heating"),
    "climate.turned_off": _becomes(of("climate"), "off"),
    "climate.turned_on": _moves(of("climate"), ("off",), words.HVAC_ON),
    "counter.decremented": _counted(lambda before, after: after < before),
    "counter.incremented": _counted(lambda before, after: after > before),
    "counter.maximum_reached": _counter_reaches("maximum"),
    "counter.minimum_reached": _counter_reaches("minimum"),
    "counter.reset": _counter_reaches("initial"),
    "doorbell.rang": _doorbell(),
    "event.received": _event_received(),
    "humidifier.mode_changed": _chosen(attribute_of("humidifier", "mode"), "mode"),
    "humidifier.started_drying": _becomes(attribute_of("humidifier", "action"), "drying"),
    "humidifier.started_humidifying": _becomes(attribute_of("humidifier", "action"), "humidifying"),
    "media_player.muted": _enters(of("media_player"), is_muted, has_volume),
    "media_player.paused_playing": _moves(of("media_player"), words.PLAYING, ("paused",)),
    "media_player.started_playing": _moves(of("media_player"), ("idle", "off", "on", "paused"), words.PLAYING),
    "media_player.stopped_playing": _moves(of("media_player"), ("paused", *words.PLAYING), ("idle", "off", "on")),
    "media_player.turned_off": _moves(of("media_player"), words.PLAYER_ON, ("off",)),
    "media_player.turned_on": _moves(of("media_player"), ("off",), words.PLAYER_ON),
    "media_player.unmuted": _enters(
        of("media_player"), lambda state: has_volume(state) and not is_muted(state), has_volume
    ),
    "scene.activated": _happens(of("scene")),
    "schedule.block_ended": _becomes(of("schedule"), "off"),
    "schedule.block_started": _becomes(of("schedule"), "on"),
    "select.selection_changed": _changes("select", "input_select"),
    "sun.elevation_changed": _number_changes(SUN_ELEVATION, entities=_sun_entity),
    "sun.elevation_crossed_threshold": _number_crosses(SUN_ELEVATION, HOLDING, entities=_sun_entity),
    "text.changed": _changes("text", "input_text"),
    "update.became_available": _becomes(of("update"), "on", with_diagnostics=True),
    "water_heater.operation_mode_changed": _chosen(of("water_heater"), "operation_mode"),
    "water_heater.turned_off": _becomes(of("water_heater"), "off"),
    "water_heater.turned_on": _moves(of("water_heater"), ("off",), words.WATER_HEATER_ON),
    "zone.entered": _zone(is_wanted=True),
    "zone.left": _zone(is_wanted=False),
    "zone.occupancy_cleared": _occupancy(is_wanted=False),
    "zone.occupancy_detected": _occupancy(is_wanted=True),
}
"""Every kind by its name."""
