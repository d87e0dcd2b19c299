"""The trigger on the time that a timer has left: ``trigger: timer.remaining_time_reached``."""

from datetime import datetime
from typing import Any, Final

import voluptuous as vol

from inglenook.clock import WallTimer
from inglenook.config.values import positive_duration
from inglenook.model import Context, State
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import TriggerKind
from inglenook.rules.purpose.aim import Aim, AimWatch
from inglenook.rules.purpose.trigger import late_shape
from inglenook.rules.purpose.words import of


class RemainingTimeTrigger:
    """One armed trigger: for each active timer of the target it waits until so much is left of it."""

    __slots__ = ("_arming", "_left_s", "_pending", "_watch")

    def __init__(self, arming: Arming) -> None:
        self._arming = arming
        self._left_s: float = arming.config["options"]["remaining"]
        self._pending: dict[str, WallTimer] = {}
        self._watch = AimWatch(arming, Aim.of(arming.config["target"]), of("timer"), self._changed, self._forget)
        for state in self._watch.states():
            self._wait(state, None)

    def disarm(self) -> None:
        """Wait no more."""
        self._watch.stop()
        for entity_id in list(self._pending):
            self._forget(entity_id)

    def _changed(self, entity_id: str, _old: State | None, new: State | None, context: Context) -> None:
        self._forget(entity_id)
        if new is not None:
            self._wait(new, context)

    def _wait(self, state: State, context: Context | None) -> None:
        ends = _moment(state.attributes.get("finishes_at")) if state.state == "active" else None
        clock = self._arming.home.clock
        if ends is not None and ends - self._left_s > clock.now():
            self._pending[state.entity_id] = clock.call_at(ends - self._left_s, lambda: self._reached(state, context))

    def _reached(self, state: State, context: Context | None) -> None:
        del self._pending[state.entity_id]
        self._arming.fire(
            lambda: {
                "entity_id": state.entity_id, "from_state": state, "to_state": state, "for": None,
                "description": f"remaining time of {state.entity_id}",
            },
            context,
        )  # fmt: skip

    def _forget(self, entity_id: str) -> None:
        if (timer := self._pending.pop(entity_id, None)) is not None:
            timer.cancel()


def _moment(value: Any) -> float | None:
    """Return the moment that ``finishes_at`` names, in epoch seconds."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value.timestamp() if isinstance(value, datetime) else None


KIND: Final = TriggerKind(
    lambda _: late_shape({vol.Required("remaining"): positive_duration}, has_target=True),
    lambda arming: RemainingTimeTrigger(arming).disarm,
)
