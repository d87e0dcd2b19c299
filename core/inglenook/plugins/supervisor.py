"""Keep a plugin's tasks running, and stop asking for it when it keeps failing."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

from inglenook.clock import Clock

_log = logging.getLogger(__name__)

FAILURES: Final = 5  # so many failures …
WITHIN_S: Final = 600.0  # … within this time put a plugin into quarantine
LONGEST_PAUSE_S: Final = 60.0

Work = Callable[[], Coroutine[Any, Any, None]]


class Supervisor:
    """Runs the tasks of one plugin.

    Args:
        plugin: its name, for the log.
        clock: times the pauses.
        on_quarantine: called once, with the reason, when it has failed too often.
    """

    def __init__(self, plugin: str, clock: Clock, on_quarantine: Callable[[str], object]) -> None:
        self._plugin = plugin
        self._clock = clock
        self._on_quarantine = on_quarantine
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures: deque[float] = deque()
        self.is_quarantined = False

    def start(self, work: Work, name: str) -> asyncio.Task[None]:
        """Run ``work()`` until it returns, starting it again after each failure."""
        task = asyncio.get_running_loop().create_task(self._run(work, name), name=f"plugin {self._plugin}: {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def forgive(self) -> None:
        """Forget the failures, also those that led to quarantine."""
        self._failures.clear()
        self.is_quarantined = False

    async def stop(self) -> None:
        """Cancel every task and wait until they have ended."""
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def failed(self, what: str, error: Exception) -> float | None:
        """Note a failure; return the seconds to wait before the next try, or None when it was one too many."""
        now = self._clock.monotonic()
        self._failures.append(now)
        while self._failures[0] < now - WITHIN_S:
            self._failures.popleft()
        count = len(self._failures)
        if count >= FAILURES:
            reason = f"{what} failed {count} times within {WITHIN_S / 60:.0f} minutes, last with {error!r}"
            self._quarantine(reason, error)
            return None
        pause = min(2.0 ** (count - 1), LONGEST_PAUSE_S)
        _log.warning(
            "plugin %s: %s failed, next try in %.0f s",
            self._plugin,
            what,
            pause,
            exc_info=error if count == 1 else None,
        )
        return pause

    def _quarantine(self, reason: str, error: Exception) -> None:
        if self.is_quarantined:
            return
        self.is_quarantined = True
        _log.error("plugin %s: quarantined: %s; the home goes on without it", self._plugin, reason, exc_info=error)
        self._on_quarantine(reason)

    async def _run(self, work: Work, name: str) -> None:
        while not self.is_quarantined:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - the wall around a plugin
                pause = self.failed(name, error)
            else:
                return
            if pause is None:
                return
            await self._clock.sleep(pause)
