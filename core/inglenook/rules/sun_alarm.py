"""Waits for what the sun does next, again and again; after a move of the home, for that of the new place."""

import logging
from collections.abc import Callable

from inglenook.clock import WallTimer
from inglenook.model import Event
from inglenook.rules.firing import Arming, MakePayload
from inglenook.rules.wall import LATE_S

_log = logging.getLogger(__name__)


class SunAlarm:
    """One armed trigger on the sun.

    Args:
        arming: what it fires.
        name: of what the sun does, for logs.
        find: returns when it does so next, in seconds since the epoch; None for never.
        payload: what rules see of it.
    """

    __slots__ = ("_arming", "_find", "_name", "_payload", "_timer", "_unsubscribe")

    def __init__(self, arming: Arming, name: str, find: Callable[[], float | None], payload: MakePayload) -> None:
        self._arming = arming
        self._name = name
        self._find = find
        self._payload = payload
        self._timer: WallTimer | None = None
        self._unsubscribe = arming.events.listen("core_config_updated", self._moved)
        self._set()

    def disarm(self) -> None:
        """Wait no more."""
        self._unsubscribe()
        if self._timer is not None:
            self._timer.cancel()

    def _set(self) -> None:
        at = self._find()
        self._timer = None if at is None else self._arming.home.clock.call_at(at, self._came)

    def _moved(self, _: Event) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._set()

    def _came(self) -> None:
        assert self._timer is not None
        late_s = self._arming.home.clock.now() - self._timer.when
        self._set()
        if late_s > LATE_S:
            _log.info(
                "rule %s, %s: it missed the sun's %s by %.0f s",
                self._arming.name,
                self._arming.place,
                self._name,
                late_s,
            )
        else:
            self._arming.fire(self._payload)
