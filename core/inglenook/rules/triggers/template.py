"""The trigger on a template that becomes true: ``trigger: template``."""

from datetime import timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook.clock import Timer
from inglenook.errors import TemplateError
from inglenook.rules.firing import Arming
from inglenook.rules.holding import hold_time
from inglenook.rules.kinds import Disarm, TriggerKind
from inglenook.rules.shape import Shape, lifted, template, templated_duration
from inglenook.rules.tracking import Change, TemplateWatch
from inglenook.templates import truthy

SHAPE: Final = Shape({vol.Required("value_template"): template, "for": templated_duration})


def arm_template(arming: Arming) -> Disarm:
    """Watch what the template looks at."""
    return TemplateTrigger(arming).disarm


class TemplateTrigger:
    """One armed trigger; it fires when the template has been false, and turns true."""

    __slots__ = ("_arming", "_hold", "_is_ready", "_timer", "_watch")

    def __init__(self, arming: Arming) -> None:
        self._arming = arming
        self._hold = arming.config.get("for")
        self._timer: Timer | None = None
        wanted = arming.templates.compile(arming.config["value_template"])
        self._watch = TemplateWatch(arming.states, arming.home.clock, wanted, arming.variables, self._changed)
        if self._watch.error is not None:
            arming.log("value_template: %s", self._watch.error)
        self._is_ready = self._watch.error is None and not truthy(self._watch.result)

    def disarm(self) -> None:
        """Watch no more."""
        self._watch.stop()
        self._stop_holding()

    def _changed(self, result: Any, error: TemplateError | None, change: Change | None) -> None:
        if error is not None:
            self._arming.log("value_template: %s", error)
            return
        self._stop_holding()
        if not truthy(result):
            self._is_ready = True
        elif self._is_ready:
            self._is_ready = False
            self._turned_true(change)

    def _turned_true(self, change: Change | None) -> None:
        context = None if change is None else change.context
        if self._hold is None:
            self._arming.fire(lambda: _payload(change, None), context)
            return
        seconds = hold_time(self._arming, self._hold, lambda: _payload(change, None))
        if seconds is not None:
            self._timer = self._arming.home.clock.call_later(
                seconds, lambda: self._arming.fire(lambda: _payload(change, seconds), context)
            )

    def _stop_holding(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _payload(change: Change | None, seconds: float | None) -> dict[str, Any]:
    entity_id = None if change is None else change.entity_id
    return {
        "entity_id": entity_id,
        "from_state": None if change is None else change.old,
        "to_state": None if change is None else change.new,
        "for": None if seconds is None else timedelta(seconds=seconds),
        "description": f"{entity_id or 'time change or manual update'} via template",
    }


KIND: Final = TriggerKind(lambda _: lifted(SHAPE), arm_template)
