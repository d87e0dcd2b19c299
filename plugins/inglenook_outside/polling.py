"""Polling: whoever is outside is asked again and again, never twice at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from inglenook import Home, PluginScope
from inglenook_outside.answers import NoAnswer


class Poll:
    """Asks at an interval, and whenever somebody wants to know.

    The first failure after a success is a warning in the log, the first success after a failure a line; what fails in
    between is not told again.

    Args:
        home: whose clock it follows.
        scope: of the plugin, which owns the asking.
        name: of what is asked, for the log.
        interval_s: from the beginning of one turn to that of the next; a turn that takes longer leaves out the others.
        ask: takes an answer, or raises :class:`NoAnswer`.
        lost: called when there was none.
    """

    def __init__(
        self,
        home: Home,
        scope: PluginScope,
        name: str,
        interval_s: float,
        ask: Callable[[], Awaitable[Any]],
        lost: Callable[[], object],
    ) -> None:
        self._clock = home.clock
        self._scope = scope
        self._name = name
        self._interval_s = interval_s
        self._ask = ask
        self._lost = lost
        self._is_failing = False
        self._turn: asyncio.Task[None] | None = None
        self._rounds: asyncio.Task[None] | None = None
        self.was_asked = asyncio.Event()  # set once the first turn has ended

    def start(self) -> None:
        """Ask now, and from now on."""
        self._rounds = self._scope.create_task(self._run, f"poll {self._name}")

    def stop(self) -> None:
        """Ask no more; a turn under way is cut off."""
        for task in (self._rounds, self._turn):
            if task is not None:
                task.cancel()

    async def refresh(self, *, anew: bool = False) -> None:
        """Ask, or wait for the answer if that was done already; failures are dealt with.

        Args:
            anew: an answer to what was asked before now will not do.
        """
        if anew and self._turn is not None:
            await asyncio.wait([self._turn])
        if self._turn is None:
            self._turn = self._scope.create_task(self._ask_once, f"ask {self._name}")
            self._turn.add_done_callback(self._forget)
        await asyncio.wait([self._turn])

    def _forget(self, turn: asyncio.Task[None]) -> None:
        if self._turn is turn:
            self._turn = None

    async def _run(self) -> None:
        begun = self._clock.monotonic()
        while True:
            await self.refresh()
            passed = self._clock.monotonic() - begun
            rounds = int(passed // self._interval_s) + 1
            await self._clock.sleep(rounds * self._interval_s - passed)

    async def _ask_once(self) -> None:
        try:
            await self._ask()
        except NoAnswer as error:
            if not self._is_failing:
                self._scope.log.warning("%s: %s; unavailable until it answers", self._name, error)
            else:
                self._scope.log.debug("%s: %s", self._name, error)
            self._is_failing = True
            self._lost()
        else:
            if self._is_failing:
                self._scope.log.info("%s answers again", self._name)
            self._is_failing = False
        finally:
            self.was_asked.set()
