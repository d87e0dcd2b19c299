"""The trigger on sunrise and sunset: ``trigger: sun``."""

import logging
from datetime import timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook.clock import WallTimer
from inglenook.config.values import duration, one_of
from inglenook.model import Event
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Disarm, TriggerKind
from inglenook.rules.shape import Shape, lifted
from inglenook.rules.sun import EVENTS, next_sun_event
from inglenook.rules.wall import LATE_S

_log = logging.getLogger(__name__)

SHAPE: Final = Shape({vol.Required("event"): one_of(*EVENTS), vol.Optional("offset", default=0.0): duration})


def arm_sun(arming: Arming) -> Disarm:
    """Wait for the next sunrise or sunset, again and again; after a move of the home, for that of the new place."""
    return SunTrigger(arming).disarm


class SunTrigger:
    """One armed trigger."""

    __slots__ = ("_arming", "_event", "_offset_s", "_timer", "_unsubscribe")

    def __init__(self, arming: Arming) -> None:
        self._arming = arming
        self._event: str = arming.config["event"]
        self._offset_s: float = arming.config["offset"]
        self._timer: WallTimer | None = None
        self._unsubscribe = arming.events.listen("core_config_updated", self._moved)
        self._set()

    def disarm(self) -> None:
        """Wait no more."""
        self._unsubscribe()
        if self._timer is not None:
            self._timer.cancel()

    def _set(self) -> None:
        home = self._arming.home
        try:
            at = next_sun_event(home, self._event, self._offset_s)
        except ValueError as error:
            self._arming.log("%s", error)
            return
        self._timer = home.clock.call_at(at, self._came)

    def _moved(self, _: Event) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._set()

    def _came(self) -> None:
        assert self._timer is not None
        late_s = self._arming.home.clock.now() - self._timer.when
        self._set()
        if late_s > LATE_S:
            _log.info("rule %s missed %s by %.0f s", self._arming.name, self._event, late_s)
        else:
            self._arming.fire(self._payload)

    def _payload(self) -> dict[str, Any]:
        return {
            "event": self._event,
            "offset": timedelta(seconds=self._offset_s),
            "description": f"sun event {self._event}",
        }


KIND: Final = TriggerKind(lambda _: lifted(SHAPE), arm_sun)
