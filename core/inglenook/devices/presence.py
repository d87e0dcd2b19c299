"""Whether one device is here: its signs of life, its sleep, how long it is waited for, and what its entities show."""

import logging
from collections.abc import Callable
from typing import Final

from inglenook.clock import Timer
from inglenook.devices.dispatch import Dispatcher
from inglenook.devices.inventory import Inventory
from inglenook.devices.surroundings import Surroundings
from inglenook.model import Context, new_context

_log = logging.getLogger(__name__)

MISSED_HEARTBEATS: Final = 1.5  # a device that is silent for so many is gone, also when its socket is not
OVERSLEEP: Final = 1.5  # a sleeping device is missed after so many times as long as it said
_MAX_HEARTBEAT_S: Final = 3600.0
_MAX_SLEEP_S: Final = 7 * 86_400.0
_STATELESS: Final = frozenset(("button", "event"))  # they have nothing to say before they are there again


class Presence:
    """The coming and going of one device, and the availability of its entities.

    Args:
        inventory: whose entities are shown as available or not.
        dispatcher: is told when the device is expected back.
        on_change: called when what is stored of the device is no longer what it is.

    Attributes:
        heartbeat_s: longest time between two signs of life.
        sleep_s: how long the device said that it sleeps; 0 if it did not.
        is_available: whether its entities are.
        settling: runs while the device, which has started anew, has not said yet how it is.
    """

    __slots__ = (
        "_absence", "_around", "_clock", "_device_id", "_dispatcher", "_gone_at", "_inventory", "_messages_heard",
        "_on_change", "_quiet_since", "heartbeat_s", "is_available", "settling", "sleep_s",
    )  # fmt: skip

    def __init__(
        self,
        device_id: str,
        around: Surroundings,
        inventory: Inventory,
        dispatcher: Dispatcher,
        on_change: Callable[[], None],
    ) -> None:
        self.heartbeat_s = around.limits.heartbeat_s
        self.sleep_s = 0.0
        self.is_available = False
        self.settling: Timer | None = None
        self._device_id = device_id
        self._around = around
        self._clock = around.clock
        self._inventory = inventory
        self._dispatcher = dispatcher
        self._on_change = on_change
        self._absence: Timer | None = None
        self._gone_at = self._quiet_since = self._clock.monotonic()
        self._messages_heard = 0

    # -- come and go ------------------------------------------------------------------------------------------------

    def restore(self, heartbeat_s: float, sleep_s: float, gone_for_s: float) -> None:
        """Take up the device as a former run of the hub knew it; it has its grace period from now.

        A device that sleeps is missed when it would have been without the restart.
        """
        self.heartbeat_s, self.sleep_s = heartbeat_s, sleep_s
        self._gone_at = self._clock.monotonic() - gone_for_s
        self.is_available = True
        self.wait_for_return(max(self._patience_s() - (gone_for_s if sleep_s else 0.0), 0.0))

    def arrive(self, heartbeat_s: float | None) -> bool:
        """The device has a socket, and chooses its heartbeat if it likes; return whether it had been asleep."""
        was_asleep, self.sleep_s = self.sleep_s > 0.0, 0.0
        self.heartbeat_s = min(heartbeat_s or self._around.limits.heartbeat_s, _MAX_HEARTBEAT_S)
        self._quiet_since = self._clock.monotonic()
        self._messages_heard = -1
        self.stop_waiting()
        return was_asleep

    def sleep(self, wake_in_s: float) -> None:
        """The device is about to leave, and has said when it is back."""
        self.sleep_s = min(wake_in_s, _MAX_SLEEP_S)

    def leave(self) -> None:
        """The device has no socket any more."""
        self._gone_at = self._clock.monotonic()
        if self.sleep_s:
            _log.debug("device %s sleeps for %.0f s", self._device_id, self.sleep_s)
        else:
            _log.info("device %s is gone", self._device_id)

    def wait_for_return(self, patience_s: float | None = None) -> None:
        """Miss the device if it is not back after ``patience_s``; by default its grace, or its sleep and half."""
        self.stop_waiting()
        self._dispatcher.back_in_s = self.sleep_s
        self._absence = self._clock.call_later(self._patience_s() if patience_s is None else patience_s, self.miss)

    def stop_waiting(self) -> None:
        """Let nothing happen by itself any more."""
        for timer in (self._absence, self.settling):
            if timer is not None:
                timer.cancel()
        self._absence = self.settling = None

    def silence(self, messages: int, now: float) -> float:
        """Return for how long the connected device has said nothing, in seconds.

        Args:
            messages: how many came by its socket so far.
            now: monotonic.
        """
        if messages != self._messages_heard:
            self._messages_heard = messages
            self._quiet_since = now
        return now - self._quiet_since

    @property
    def longest_silence_s(self) -> float:
        """How long a connected device may say nothing."""
        return MISSED_HEARTBEATS * self.heartbeat_s

    def is_over(self) -> bool:
        """True when the device has been without a socket for longer than its session lives."""
        lives_s = max(self._around.limits.session_ttl_s, OVERSLEEP * self.sleep_s)
        return self._clock.monotonic() - self._gone_at > lives_s

    # -- what its entities show -------------------------------------------------------------------------------------

    def miss(self) -> None:
        """Show the device as unavailable: nobody knows when it is back."""
        self.stop_waiting()
        self._dispatcher.back_in_s = float("inf")
        if not self.is_available:
            return
        self.is_available = False
        self._on_change()  # what is stored holds the values now
        _log.warning("device %s does not come back; its entities are unavailable", self._device_id)
        self._inventory.set_available(False, list(self._inventory.entities.values()), self._context())

    def resume(self) -> None:
        """Show the device as what it last was: it goes on where it stopped."""
        if not self.is_available:
            self.is_available = True
            self._on_change()
            self._show_all()

    def begin(self) -> None:
        """Show of a device that has described itself what needs no report, and the rest when it has reported."""
        self.is_available = True
        missing = [entity for entity in self._inventory.entities.values() if not entity.is_available]
        stateless = [entity for entity in missing if entity.domain in _STATELESS]
        self._inventory.set_available(True, stateless, self._context())
        if len(stateless) < len(missing) and self.settling is None:
            self.settling = self._clock.call_later(self._around.limits.grace_s, self.settle)

    def settle(self) -> None:
        """The device has said how it is: what it left out is as it was."""
        if self.settling is not None:
            self.settling.cancel()
            self.settling = None
        self._show_all()

    def _show_all(self) -> None:
        self._inventory.set_available(True, list(self._inventory.entities.values()), self._context())

    def _patience_s(self) -> float:
        """Return how long the device may be away before it is missed."""
        return OVERSLEEP * self.sleep_s if self.sleep_s else self._around.limits.grace_s

    def _context(self) -> Context:
        return new_context(self._clock.now())
