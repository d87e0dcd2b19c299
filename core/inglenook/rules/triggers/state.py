"""The trigger on a change of state or attribute: ``trigger: state``."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook.clock import Timer
from inglenook.config.values import ensure_list, entity_ids_or_hex, string
from inglenook.model import Context, State
from inglenook.rules.firing import Arming
from inglenook.rules.holding import hold_time
from inglenook.rules.kinds import Config, Disarm, TriggerKind
from inglenook.rules.shape import Shape, Shaped, anything, is_meant, lifted, not_both, templated_duration, texts

_FILTERS: Final = ("from", "to", "not_from", "not_to")
_ANYTHING: Final = (None, "*")

Matches = Callable[[Any], bool]


def _plain_states(result: Shaped) -> None:
    """Without an attribute, states are text."""
    if is_meant(result, "attribute"):
        return
    for key in _FILTERS:
        if result.get(key) is not None:
            try:
                texts(result[key])
            except vol.Invalid as error:
                error.prepend([key])
                raise


SHAPE: Final = Shape(
    {
        vol.Required("entity_id"): entity_ids_or_hex,
        "from": anything,
        "to": anything,
        "not_from": anything,
        "not_to": anything,
        "attribute": string,
        "for": templated_duration,
    },
    always=[not_both("from", "not_from"), not_both("to", "not_to"), _plain_states],
)


def arm_state(arming: Arming) -> Disarm:
    """Watch the entities."""
    return StateTrigger(arming).disarm


class StateTrigger:
    """One armed trigger; ``for`` is counted for each entity by itself, in memory."""

    __slots__ = (
        "_arming", "_attribute", "_follows_from", "_from", "_hold", "_is_any_change", "_pending", "_to", "_unsubscribe",
    )  # fmt: skip

    def __init__(self, arming: Arming) -> None:
        config = arming.config
        self._arming = arming
        self._attribute: str | None = config.get("attribute")
        self._is_any_change = self._attribute is None and config.keys().isdisjoint(_FILTERS)
        self._from = _matcher(config, "from", "not_from")
        self._to = _matcher(config, "to", "not_to")
        self._follows_from = _is_given(config, "from") and not _is_given(config, "to")
        self._hold = config.get("for")
        self._pending: dict[str, list[_Pending]] = {}
        to = self._states_to_index(config)
        ids = dict.fromkeys(arming.home.registry.entity_id(one) or one for one in config["entity_id"])
        callback = self._changed if self._hold is None else self._changed_or_broken
        if to is not None:
            callback = self._came
        elif self._is_any_change and self._hold is None:
            callback = self._changed_anyhow
        order = arming.states.next_order()
        self._unsubscribe = [arming.states.watch(one, callback, to=to, order=order) for one in ids]

    def disarm(self) -> None:
        """Watch no more and forget every ``for`` that runs."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        for entity_id in list(self._pending):
            self._forget(entity_id)

    def _states_to_index(self, config: Config) -> Iterable[str] | None:
        """Return the states whose coming alone can matter, or None when any change can."""
        wanted = ensure_list(config.get("to"))
        is_simple = self._attribute is None and self._hold is None and wanted and "*" not in wanted
        return wanted if is_simple else None

    def _came(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        """One of the states in ``to`` has come, or only an attribute has changed: the most frequent case by far."""
        before = None if old is None else old.state
        if (new is None or before != new.state) and self._from(before):
            self._arming.fire(self._payload, context, (entity_id, old, new))

    def _changed_anyhow(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        """Anything has changed, and anything is wanted."""
        self._arming.fire(self._payload, context, (entity_id, old, new))

    def _changed(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        before, after = self._value(old), self._value(new)
        if before == after and not self._is_life(old, new):
            return
        if self._from(before) and self._to(after):
            self._arming.fire(self._payload, context, (entity_id, old, new))

    def _changed_or_broken(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        """The same with ``for``: a change may also end what has been holding."""
        before, after = self._value(old), self._value(new)
        for pending in list(self._pending.get(entity_id, ())):
            if new is None or not self._still_holds(pending, after):
                self._end(entity_id, pending)
        if before == after and not self._is_any_change and not self._is_life(old, new):
            return
        if self._from(before) and self._to(after):
            self._begin(entity_id, old, new, context)

    def _is_life(self, old: State | None, new: State | None) -> bool:
        """True when the entity appeared or went, which is a change of its state, not of its attributes."""
        return self._attribute is None and (old is None or new is None)

    def _value(self, state: State | None) -> Any:
        if state is None:
            return None
        return state.state if self._attribute is None else state.attributes.get(self._attribute)

    # -- for ------------------------------------------------------------------------------------------------------

    def _begin(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        seconds = hold_time(self._arming, self._hold, lambda: self._payload(entity_id, old, new))
        if seconds is None:
            return
        pending = _Pending(self._value(old), self._value(new))

        def over() -> None:
            self._end(entity_id, pending)
            self._arming.fire(self._payload, context, (entity_id, old, new, seconds))

        pending.timer = self._arming.home.clock.call_later(seconds, over)
        self._pending.setdefault(entity_id, []).append(pending)

    def _still_holds(self, pending: "_Pending", value: Any) -> bool:
        if self._follows_from:
            return bool(value != pending.before)
        return bool(value == pending.after)

    def _end(self, entity_id: str, pending: "_Pending") -> None:
        if pending.timer is not None:
            pending.timer.cancel()
        left = [other for other in self._pending.get(entity_id, ()) if other is not pending]
        if left:
            self._pending[entity_id] = left
        else:
            self._pending.pop(entity_id, None)

    def _forget(self, entity_id: str) -> None:
        for pending in self._pending.get(entity_id, ()):
            self._end(entity_id, pending)

    def _payload(
        self, entity_id: str, old: State | None, new: State | None, seconds: float | None = None
    ) -> dict[str, Any]:
        return {
            "entity_id": entity_id,
            "from_state": old,
            "to_state": new,
            "for": None if seconds is None else timedelta(seconds=seconds),
            "attribute": self._attribute,
            "description": f"state of {entity_id}",
        }


class _Pending:
    """A match that has to hold for a while."""

    __slots__ = ("after", "before", "timer")

    def __init__(self, before: Any, after: Any) -> None:
        self.before = before
        self.after = after
        self.timer: Timer | None = None


def _is_given(config: Config, key: str) -> bool:
    return bool([one for one in ensure_list(config.get(key)) if one not in _ANYTHING])


def _matcher(config: Config, key: str, negated: str) -> Matches:
    """Return the test of a value: one of those under ``key``, or none of those under ``negated``."""
    if config.get(negated) is not None:
        unwanted = ensure_list(config[negated])
        return lambda value: value not in unwanted
    wanted = ensure_list(config.get(key))
    if not _is_given(config, key) or "*" in wanted:
        return _anything
    return lambda value: value in wanted


def _anything(_: Any) -> bool:
    return True


KIND: Final = TriggerKind(lambda _: lifted(SHAPE), arm_state)
