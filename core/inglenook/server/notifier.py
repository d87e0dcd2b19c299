"""Tell the service manager that the home is ready, and from then on, that it is alive."""

from inglenook.clock import Clock, Timer
from inglenook.sdnotify import ALIVE, READY, STOPPING, notify, watchdog_interval_s


class Notifier:
    """The home's voice to systemd; without one it says nothing.

    The sign of life is sent from the event loop: a loop that hangs sends none, and the manager restarts the home.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._interval_s = watchdog_interval_s()
        self._timer: Timer | None = None

    def ready(self, status: str) -> None:
        """Say that the home serves, with a ``status`` for people."""
        notify(READY, f"STATUS={status}")
        self._live()

    def stopping(self) -> None:
        """Say that the home stops, and send no more signs of life."""
        if self._timer:
            self._timer.cancel()
        notify(STOPPING)

    def _live(self) -> None:
        if self._interval_s is not None:
            notify(ALIVE)
            self._timer = self._clock.call_later(self._interval_s, self._live)
