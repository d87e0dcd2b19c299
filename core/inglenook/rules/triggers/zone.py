"""The triggers on coming to and leaving a zone: ``trigger: zone`` and ``trigger: geo_location``."""

from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import entity_domain, entity_id, entity_ids_or_hex, one_of, string
from inglenook.model import Context, State
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import TriggerKind
from inglenook.rules.shape import Shape, lifted
from inglenook.rules.zones import has_place, is_inside

ENTER: Final = "enter"
LEAVE: Final = "leave"
_EVENT: Final = vol.Optional("event", default=ENTER)
_WORDS: Final = {ENTER: "entering", LEAVE: "leaving"}

SHAPE: Final = Shape(
    {vol.Required("entity_id"): entity_ids_or_hex, vol.Required("zone"): entity_id, _EVENT: one_of(ENTER, LEAVE)}
)
GEO_SHAPE: Final = Shape(
    {vol.Required("source"): string, vol.Required("zone"): entity_domain("zone"), _EVENT: one_of(ENTER, LEAVE)}
)


class ZoneTrigger:
    """One armed trigger."""

    __slots__ = ("_arming", "_event", "_unsubscribe", "_zone")

    def __init__(self, arming: Arming) -> None:
        config, states = arming.config, arming.states
        self._arming = arming
        self._event: str = config["event"]
        self._zone: str = config["zone"]
        order = states.next_order()
        if "source" in config:
            self._unsubscribe = [states.watch_domain("geo_location", self._located, order=order)]
        else:
            ids = dict.fromkeys(arming.home.registry.entity_id(one) or one for one in config["entity_id"])
            self._unsubscribe = [states.watch(one, self._changed, order=order) for one in ids]

    def disarm(self) -> None:
        """Watch no more."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _changed(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        if new is None or not has_place(new) or (old is not None and not has_place(old)):
            return
        zone = self._found_zone()
        if zone is not None and self._is_event(zone, old, new):
            self._arming.fire(lambda: self._payload(entity_id, old, new, zone), context)

    def _located(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        """A geolocation entity of the source came, moved or went."""
        if not any(state is not None and self._is_of_source(state) for state in (old, new)):
            return
        zone = self._found_zone()
        if zone is not None and self._is_event(zone, old, new):
            payload = {"source": self._arming.config["source"]}
            self._arming.fire(lambda: {**self._payload(entity_id, old, new, zone), **payload}, context)

    def _is_of_source(self, state: State) -> bool:
        return bool(state.attributes.get("source") == self._arming.config["source"])

    def _is_event(self, zone: State, old: State | None, new: State | None) -> bool:
        was, now = (has_place(state) and state is not None and is_inside(zone, state) for state in (old, new))
        return (now and not was) if self._event == ENTER else (was and not now)

    def _found_zone(self) -> State | None:
        zone = self._arming.home.states.get(self._zone)
        if zone is None or not has_place(zone):
            self._arming.log("there is no zone %s", self._zone)
            return None
        return zone

    def _payload(self, entity_id: str, old: State | None, new: State | None, zone: State) -> dict[str, Any]:
        return {
            "entity_id": entity_id,
            "from_state": old,
            "to_state": new,
            "zone": zone,
            "event": self._event,
            "description": f"{entity_id} {_WORDS[self._event]} {zone.name}",
        }


KIND: Final = TriggerKind(lambda _: lifted(SHAPE), lambda arming: ZoneTrigger(arming).disarm)
GEO_LOCATION: Final = TriggerKind(lambda _: lifted(GEO_SHAPE), lambda arming: ZoneTrigger(arming).disarm)
