"""Tells a person of devices with a wrong token: at once of the first try, of those that follow in one line a period."""

import logging
from functools import partial
from typing import Final

from inglenook.clock import Clock

_log = logging.getLogger(__name__)

PERIOD_S: Final = 600.0
MAX_TOLD: Final = 50  # devices and addresses at a time; of those beyond, only how many tries there were
_OTHERS: Final = "other devices"


class Refusals:
    """The tries with a wrong token, counted by device and address.

    A device whose token was withdrawn knocks for ever, and whoever guesses knocks under many names: neither fills the
    log.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._more: dict[str, int] = {}  # tries since the last line

    def note(self, device_id: str, address: str) -> None:
        """A device has shown a wrong token."""
        who = f"device {device_id} at {address}"
        if who not in self._more and len(self._more) >= MAX_TOLD:
            who = _OTHERS
        if who in self._more:
            self._more[who] += 1
            return
        self._more[who] = 0
        _log.warning("%s refused: wrong token", who)
        self._clock.call_later(PERIOD_S, partial(self._sum_up, who))

    def _sum_up(self, who: str) -> None:
        """The period is over: tell how many tries came in it, and count on if there were any."""
        more = self._more[who]
        if not more:
            del self._more[who]
            return
        self._more[who] = 0
        _log.warning("%s refused %d times in the last %.0f minutes: wrong token", who, more, PERIOD_S / 60)
        self._clock.call_later(PERIOD_S, partial(self._sum_up, who))
