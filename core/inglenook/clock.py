"""The one door to time: now, elapsed time, timers and sleeping.

Nobody else in the house asks ``time``, ``datetime.now`` or ``asyncio.sleep``. Under :class:`VirtualClock` and its loop
(:class:`VirtualLoop`) a day of rules runs in milliseconds and every test is deterministic.

Timers live on one heap under one timer of the event loop: adding one costs a fifth of ``loop.call_later``, restarting
one a fifteenth, because a restarted timer only moves its deadline and is put in place when the old one comes up.
"""

import asyncio
import heapq
import logging
import selectors
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

_log = logging.getLogger(__name__)

WALL_CHECK_S: Final = 30.0  # how late a wall timer can be after somebody set the system clock
STUCK_AFTER_S: Final = 1.0  # real seconds; how long virtual time waits for a thread
_SLACK_S: Final = 1e-4  # a timer this close to its deadline is due: floats of epoch seconds are no finer


class Timer:
    """A callback that waits for its time. ``cancel`` and ``restart`` may be called at any moment, also after it ran."""

    __slots__ = ("_callback", "_clock", "_queued_for", "deadline")

    def __init__(self, clock: "Clock", deadline: float, callback: Callable[[], None]) -> None:
        self._clock = clock
        self._callback: Callable[[], None] | None = callback
        self._queued_for = deadline
        self.deadline = deadline

    @property
    def is_pending(self) -> bool:
        """True while the callback has neither run nor been cancelled."""
        return self._callback is not None

    @property
    def remaining(self) -> float:
        """Seconds until the callback runs; 0 when it is due, has run or was cancelled."""
        return max(0.0, self.deadline - self._clock.monotonic()) if self._callback else 0.0

    def cancel(self) -> None:
        """Never run the callback. Calling it twice does nothing."""
        self._callback = None

    def restart(self, delay_s: float) -> None:
        """Run the callback ``delay_s`` from now instead of when it was due. Only for a pending timer."""
        deadline = self._clock.monotonic() + delay_s
        self.deadline = deadline
        if deadline < self._queued_for:
            self._clock._push(self, deadline)  # noqa: SLF001 - the two are one mechanism


class WallTimer:
    """A callback that waits for a moment of the calendar, also when somebody sets the system clock meanwhile."""

    __slots__ = ("_callback", "when")

    def __init__(self, when: float, callback: Callable[[], None]) -> None:
        self.when = when
        self._callback: Callable[[], None] | None = callback

    @property
    def is_pending(self) -> bool:
        """True while the callback has neither run nor been cancelled."""
        return self._callback is not None

    def cancel(self) -> None:
        """Never run the callback. Calling it twice does nothing."""
        self._callback = None


class Clock:
    """The system's time, on the running event loop.

    Args:
        time_zone: the home's zone, for :meth:`local`.

    Attributes:
        now: seconds since the epoch. May jump when somebody sets the system clock.
        monotonic: seconds that only ever go forward, for elapsed time, on the scale of the event loop. Both are
            functions of the C library's that cost no call in Python: what happens to a device's frame asks them often.
    """

    now: Callable[[], float]
    monotonic: Callable[[], float]

    def __init__(self, time_zone: tzinfo = UTC) -> None:
        self.time_zone = time_zone
        self.now = time.time
        self.monotonic = time.monotonic
        self._heap: list[tuple[float, int, Timer]] = []
        self._wall_heap: list[tuple[float, int, WallTimer]] = []
        self._order = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = 0.0
        self._is_ringing = False
        self._wall_alarm: Timer | None = None

    # -- what time is it ------------------------------------------------------------------------------------------

    def utc(self) -> datetime:
        """The moment, in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def local(self) -> datetime:
        """The moment, in the home's time zone."""
        return datetime.fromtimestamp(self.now(), self.time_zone)

    def set_time_zone(self, name: str) -> None:
        """Use the IANA zone ``name`` from now on.

        Raises:
            ZoneInfoNotFoundError: there is no such zone.
        """
        self.time_zone = ZoneInfo(name)

    # -- wait -----------------------------------------------------------------------------------------------------

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        """Run ``callback`` once ``delay_s`` has passed; of two due at the same moment the older runs first."""
        deadline = self.monotonic() + delay_s
        timer = Timer(self, deadline, callback)
        self._push(timer, deadline)
        return timer

    def call_at(self, when: float, callback: Callable[[], None]) -> WallTimer:
        """Run ``callback`` at ``when``, seconds since the epoch; at once, on the loop, when that is past.

        Follows the system clock: set back, the timer waits longer; set forward, it runs within ``WALL_CHECK_S``.
        """
        timer = WallTimer(when, callback)
        self._order += 1
        heapq.heappush(self._wall_heap, (when, self._order, timer))
        self._set_wall_alarm()
        return timer

    def call_soon(self, callback: Callable[[], object]) -> None:
        """Run ``callback`` on the next turn of the loop."""
        (self._loop or self._bind()).call_soon(callback)

    async def sleep(self, delay_s: float) -> None:
        """Wait ``delay_s``; a number of 0 or less gives the loop one turn."""
        if delay_s <= 0:
            await asyncio.sleep(0)
            return
        done = (self._loop or self._bind()).create_future()
        timer = self.call_later(delay_s, lambda: None if done.done() else done.set_result(None))
        try:
            await done
        finally:
            timer.cancel()

    # -- the machinery --------------------------------------------------------------------------------------------

    def _bind(self) -> asyncio.AbstractEventLoop:
        self._loop = asyncio.get_running_loop()
        return self._loop

    def _push(self, timer: Timer, deadline: float) -> None:
        timer._queued_for = deadline  # noqa: SLF001 - the two are one mechanism
        self._order += 1
        heapq.heappush(self._heap, (deadline, self._order, timer))
        if not self._is_ringing and (self._alarm is None or deadline < self._alarm_at):
            self._set_alarm(deadline)

    def _set_alarm(self, deadline: float) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_at = deadline
        self._alarm = (self._loop or self._bind()).call_at(deadline, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        self._is_ringing = True  # what is pushed meanwhile may be later than what waits already
        heap, due = self._heap, self.monotonic() + _SLACK_S
        try:
            while heap and heap[0][0] <= due:
                _, _, timer = heapq.heappop(heap)
                self._run_or_requeue(timer, due)
        finally:
            self._is_ringing = False
            if heap:
                self._set_alarm(heap[0][0])

    def _run_or_requeue(self, timer: Timer, due: float) -> None:
        callback = timer._callback  # noqa: SLF001 - the two are one mechanism
        if callback is None:
            return
        if timer.deadline > due:  # it was restarted since it was put on the heap
            if timer._queued_for <= due:  # noqa: SLF001
                self._push(timer, timer.deadline)
            return
        timer._callback = None  # noqa: SLF001
        try:
            callback()
        except Exception:  # noqa: BLE001 - one timer must never stop the others
            _log.exception("timer %r failed", callback)

    def _set_wall_alarm(self) -> None:
        heap = self._wall_heap
        while heap and not heap[0][2].is_pending:
            heapq.heappop(heap)
        if not heap:
            return
        delay = min(max(heap[0][0] - self.now(), 0.0), WALL_CHECK_S)
        if self._wall_alarm is not None and self._wall_alarm.is_pending:
            if self._wall_alarm.remaining <= delay:
                return
            self._wall_alarm.cancel()
        self._wall_alarm = self.call_later(delay, self._ring_wall)

    def _ring_wall(self) -> None:
        heap, due = self._wall_heap, self.now() + _SLACK_S
        while heap and heap[0][0] <= due:
            _, _, timer = heapq.heappop(heap)
            callback, timer._callback = timer._callback, None  # noqa: SLF001 - the two are one mechanism
            if callback is None:
                continue
            try:
                callback()
            except Exception:  # noqa: BLE001 - one timer must never stop the others
                _log.exception("timer %r failed", callback)
        self._set_wall_alarm()


class VirtualClock(Clock):
    """Time that passes only when nothing else can happen; runs on a :class:`VirtualLoop`.

    Args:
        start: seconds since the epoch that the clock shows when the loop's own time is 0.
        time_zone: the home's zone.
    """

    def __init__(self, start: float = 1_773_140_400.0, time_zone: tzinfo = UTC) -> None:
        super().__init__(time_zone)
        self._start = start
        self.now = self._now
        self.monotonic = self._monotonic

    def jump(self, seconds: float) -> None:
        """Set the wall clock by ``seconds``, as a person or NTP would; elapsed time does not move."""
        self._start += seconds

    async def advance(self, seconds: float | timedelta) -> None:
        """Let ``seconds`` pass: everything due until then has run when this returns."""
        delay = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        await asyncio.sleep(delay)
        await self.settle()

    def _now(self) -> float:
        """Seconds since the epoch, as the virtual loop has advanced them."""
        return self._start + self._monotonic()

    def _monotonic(self) -> float:
        """Seconds of the virtual loop."""
        return (self._loop or self._bind()).time()

    async def settle(self) -> None:
        """Return when everything that can run without time passing has run."""
        loop = asyncio.get_running_loop()
        if isinstance(loop, VirtualLoop):
            await loop.idle()
        else:
            await asyncio.sleep(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next timer as soon as nothing is ready.

    While a thread does what the loop gave to it no time passes, unless it is stuck (:data:`STUCK_AFTER_S`). Sockets
    still work, but wait in real time only when no timer is pending; a test that mixes them with timers sees the timers
    first.
    """

    def __init__(self) -> None:
        self._virtual_now = 0.0
        self._in_threads: set[asyncio.Future[Any]] = set()
        self._stuck: frozenset[asyncio.Future[Any]] = frozenset()
        self._idlers: list[asyncio.Future[None]] = []
        super().__init__(_JumpingSelector(self))

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._virtual_now

    def idle(self) -> "asyncio.Future[None]":
        """Return a future that is done the next time nothing is ready to run."""
        future: asyncio.Future[None] = self.create_future()
        self._idlers.append(future)
        return future

    def run_in_executor(  # type: ignore[override]  # its types say more than a subclass can repeat
        self, executor: Any, func: Any, *args: Any
    ) -> "asyncio.Future[Any]":
        """Do it in a thread, while time stands still."""
        future = super().run_in_executor(executor, func, *args)
        self._in_threads.add(future)
        future.add_done_callback(self._in_threads.discard)
        return future

    def _waits_for_threads(self) -> bool:
        """True when a thread is at work that is not known to be stuck."""
        return not self._in_threads <= self._stuck

    def _note_stuck(self) -> None:
        self._stuck = frozenset(self._in_threads)

    def _pass_time(self, timeout: float | None) -> bool:
        """Nothing is ready: wake an idler if there is one, else jump to the next timer."""
        while self._idlers:
            future = self._idlers.pop(0)
            if not future.done():
                future.set_result(None)
                return True
        if timeout is None:
            return False
        self._virtual_now += timeout
        return True


class _JumpingSelector(selectors.DefaultSelector):
    """A selector that moves virtual time instead of waiting for a timer."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready: list[Any] = super().select(0)
        if ready or timeout == 0:
            return ready
        if self._loop._waits_for_threads():  # noqa: SLF001 - the two are one mechanism
            if ready := super().select(STUCK_AFTER_S):  # the loop's own socket, by which a thread wakes it
                return ready
            self._loop._note_stuck()  # noqa: SLF001 - likewise
        if self._loop._pass_time(timeout):  # noqa: SLF001 - likewise
            return []
        return super().select(timeout)
