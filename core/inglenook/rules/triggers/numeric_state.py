"""The trigger on a number that comes into a range: ``trigger: numeric_state``."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook.clock import Timer
from inglenook.errors import ConditionError
from inglenook.model import Context, State
from inglenook.rules.conditions.numeric_state import KEYS, NotANumber, Range
from inglenook.rules.firing import Arming
from inglenook.rules.holding import hold_time
from inglenook.rules.kinds import Config, Disarm, TriggerKind
from inglenook.rules.shape import Shape, at_least_one, lifted, templated_duration


def _possible(result: Config) -> None:
    above, below = result.get("above"), result.get("below")
    if isinstance(above, float) and isinstance(below, float) and above > below:
        raise vol.Invalid(f"nothing is above {above:g} and below {below:g}", ["above"])


SHAPE: Final = Shape({**KEYS, "for": templated_duration}, checks=[at_least_one("above", "below")], always=[_possible])


def arm_numeric_state(arming: Arming) -> Disarm:
    """Watch the entities."""
    return NumericStateTrigger(arming).disarm


class NumericStateTrigger:
    """One armed trigger.

    An entity is armed while its number is outside the range, and fires when it comes in. What is no number (unknown,
    unavailable, text) is outside; an entity that is not there is neither.
    """

    __slots__ = ("_arming", "_hold", "_pending", "_range", "_ready", "_unsubscribe")

    def __init__(self, arming: Arming) -> None:
        config = arming.config
        self._arming = arming
        self._range = Range(arming.home, arming.templates, config)
        self._hold = config.get("for")
        self._ready: set[str] = set()
        self._pending: dict[str, Timer] = {}
        ids = dict.fromkeys(arming.home.registry.entity_id(one) or one for one in config["entity_id"])
        for entity_id in ids:
            if self._is_inside(entity_id, arming.home.states.get(entity_id)) is False:
                self._ready.add(entity_id)
        order = arming.states.next_order()
        self._unsubscribe = [arming.states.watch(one, self._changed, order=order) for one in ids]

    def disarm(self) -> None:
        """Watch no more and forget every ``for`` that runs."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        for timer in self._pending.values():
            timer.cancel()
        self._pending.clear()

    def _changed(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        is_inside = self._is_inside(entity_id, new)
        if not is_inside and (timer := self._pending.pop(entity_id, None)) is not None:
            timer.cancel()
        if is_inside is False:
            self._ready.add(entity_id)
        elif is_inside and entity_id in self._ready:
            self._ready.discard(entity_id)
            self._enter(entity_id, old, new, context)

    def _is_inside(self, entity_id: str, state: State | None) -> bool | None:
        """Tell whether the number is in the range; None when that cannot be told: logged, unless there is no entity."""
        if state is None:
            return None
        variables = self._arming.variables
        if self._range.is_templated:
            variables = {**variables, "trigger": {**self._arming.common, **self._bounds(entity_id)}}
        try:
            return self._range.holds(entity_id, state, variables)
        except NotANumber as error:
            self._arming.log("%s", error)
            return False
        except ConditionError as error:
            self._arming.log("%s", error)
            return None

    def _enter(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        seconds = None
        if self._hold is not None:
            seconds = hold_time(self._arming, self._hold, lambda: self._bounds(entity_id))
            if seconds is None:
                return

        def payload() -> dict[str, Any]:
            return {
                **self._bounds(entity_id),
                "from_state": old,
                "to_state": new,
                "for": None if seconds is None else timedelta(seconds=seconds),
                "description": f"numeric state of {entity_id}",
            }

        if seconds is None:
            self._arming.fire(payload, context)
            return

        def over() -> None:
            self._pending.pop(entity_id, None)
            self._arming.fire(payload, context)

        self._pending[entity_id] = self._arming.home.clock.call_later(seconds, over)

    def _bounds(self, entity_id: str) -> Mapping[str, Any]:
        config = self._arming.config
        return {
            "entity_id": entity_id,
            "below": config.get("below"),
            "above": config.get("above"),
            "attribute": config.get("attribute"),
        }


KIND: Final = TriggerKind(lambda _: lifted(SHAPE), arm_numeric_state)
