"""What was logged last: kept in memory, told to who looks after the home, and written to by ``system_log.write``."""

import asyncio
import itertools
import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import voluptuous as vol
from msgspec import Struct

from inglenook.bus import Unsubscribe
from inglenook.home import Home
from inglenook.model import ServiceCall

_log = logging.getLogger(__name__)

DOMAIN: Final = "system_log"
EVENT: Final = "system_log_event"
LINES_KEPT: Final = 1_000
ENTRIES_KEPT: Final = 50
MESSAGES_KEPT: Final = 5  # different ones of the same place
LONGEST: Final = 4_096  # characters of one message or one exception
EVENTS_A_SECOND: Final = 10  # a rule that hears of entries may cause some itself

_SECOND: Final = "%Y-%m-%d %H:%M:%S"
_LEVELS: Final = ("debug", "info", "warning", "error", "critical")
_WRITE: Final = vol.Schema(
    {
        vol.Required("message"): vol.All(str, vol.Length(max=LONGEST)),
        vol.Optional("level", default="error"): vol.In(_LEVELS),
        vol.Optional("logger", default="system_log.external"): vol.All(str, vol.Length(min=1, max=255)),
    }
)


class Line(Struct, frozen=True):
    """One line of the log.

    Attributes:
        n: counts up.
        at: seconds since the epoch.
        level: like ``WARNING``.
        traceback: of the exception that was logged with it, or empty.
    """

    n: int
    at: float
    level: str
    thread: str
    logger: str
    message: str
    traceback: str = ""

    def __str__(self) -> str:
        """Return the line as a file of the log has it."""
        second = time.strftime(_SECOND, time.localtime(self.at))
        head = f"{second}.{int(self.at % 1 * 1000):03d} {self.level} ({self.thread}) [{self.logger}] {self.message}"
        return f"{head}\n{self.traceback}" if self.traceback else head


LinesListener = Callable[[list[Line]], object]


@dataclass(slots=True)
class Entry:
    """What one place in the code had to say: warnings and worse, each place once.

    Attributes:
        source: file and line.
        timestamp: of the last time, in seconds since the epoch; ``first_occurred`` of the first.
        exception: the last traceback, empty if there is none.
    """

    name: str
    level: str
    source: tuple[str, int]
    timestamp: float
    first_occurred: float
    exception: str = ""
    message: deque[str] = field(default_factory=lambda: deque(maxlen=MESSAGES_KEPT))
    count: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as clients read it."""
        return {
            "name": self.name,
            "message": list(self.message),
            "level": self.level,
            "source": list(self.source),
            "timestamp": self.timestamp,
            "exception": self.exception,
            "count": self.count,
            "first_occurred": self.first_occurred,
        }


class LogMemory(logging.Handler):
    """A logging handler that keeps the last lines, and of warnings and worse an entry for each place.

    Records may come from any thread.

    Attributes:
        on_entry: told each entry that is new or has more to say, in the thread that logged it.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.on_entry: Callable[[dict[str, Any]], object] | None = None
        self._lines: deque[Line] = deque(maxlen=LINES_KEPT)
        self._told = 0  # the number of the last line that was told
        self._listeners: dict[int, LinesListener] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_due = False
        self._keys = itertools.count()
        self._entries: dict[tuple[object, ...], Entry] = {}  # the one that spoke last is the last
        self._guard = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        try:
            message = record.getMessage()[:LONGEST]
        except Exception:  # noqa: BLE001 - a message that does not fit its arguments must not stop who logs it
            self.handleError(record)
            return
        found = traceback_of(record)
        with self._guard:
            self._keep(record, message, found)
            told = self._enter(record, message, found).as_dict() if record.levelno >= logging.WARNING else None
        if told is not None and self.on_entry is not None:
            self.on_entry(told)

    def text(self) -> str:
        """Return the last lines, oldest first."""
        with self._guard:
            return "\n".join(map(str, self._lines))

    def lines(self, most: int = LINES_KEPT) -> list[Line]:
        """Return the last lines, ``most`` at most, oldest first."""
        with self._guard:
            return list(self._lines)[-most:]

    def watch(self, listener: LinesListener) -> Unsubscribe:
        """Call ``listener`` on the running loop with the lines that are new, once for all of one turn."""
        self._loop = asyncio.get_running_loop()
        if not self._listeners:
            self._told = self._lines[-1].n if self._lines else 0
        key = next(self._keys)
        self._listeners[key] = listener

        def unwatch() -> None:
            self._listeners.pop(key, None)

        return unwatch

    def entries(self) -> list[dict[str, Any]]:
        """Return the entries, the one that spoke last first."""
        with self._guard:
            return [entry.as_dict() for entry in reversed(self._entries.values())]

    def clear(self) -> None:
        """Forget the entries; the lines stay."""
        with self._guard:
            self._entries.clear()

    def _keep(self, record: logging.LogRecord, message: str, found: str) -> None:
        number = self._lines[-1].n + 1 if self._lines else 1
        thread = record.threadName or ""
        self._lines.append(Line(number, record.created, record.levelname, thread, record.name, message, found))
        if self._listeners and not self._is_due and self._loop is not None and not self._loop.is_closed():
            self._is_due = True
            self._loop.call_soon_threadsafe(self._tell_lines)

    def _tell_lines(self) -> None:
        with self._guard:
            self._is_due = False
            news = [line for line in self._lines if line.n > self._told]
            self._told = news[-1].n if news else self._told
        for key, listener in tuple(self._listeners.items()):
            try:
                listener(news)
            except Exception:  # noqa: BLE001 - one that fails is told no more: it would be told of its own failure
                self._listeners.pop(key, None)
                _log.exception("%r failed on lines of the log", listener)

    def _enter(self, record: logging.LogRecord, message: str, found: str) -> Entry:
        kind = record.exc_info[0] if record.exc_info else None
        key = (record.name, record.levelno, record.pathname, record.lineno, kind)
        entry = self._entries.pop(key, None)
        if entry is None:
            source = _shown(record.pathname), record.lineno
            entry = Entry(record.name, record.levelname, source, record.created, record.created)
        self._entries[key] = entry
        while len(self._entries) > ENTRIES_KEPT:
            del self._entries[next(iter(self._entries))]
        entry.count += 1
        entry.timestamp = record.created
        if message not in entry.message:
            entry.message.append(message)
        entry.exception = found or entry.exception
        return entry


class SystemLog:
    """``system_log.clear`` and ``system_log.write``, and the event that tells of entries to who listens for it.

    Args:
        home: whose services and events they are; the loop runs.
        memory: what is cleared, and whose entries are told.
    """

    def __init__(self, home: Home, memory: LogMemory) -> None:
        self._home = home
        self._memory = memory
        self._loop = asyncio.get_running_loop()
        self._is_telling = False
        self._second = 0.0
        self._told = 0
        memory.on_entry = self._entered
        home.services.register(DOMAIN, "clear", lambda _: memory.clear(), vol.Schema({}), has_target=False)
        home.services.register(DOMAIN, "write", _write, _WRITE, has_target=False)

    def stop(self) -> None:
        """Tell of no more entries."""
        self._memory.on_entry = None

    def _entered(self, entry: dict[str, Any]) -> None:
        if not self._is_telling and self._home.bus.has_listeners(EVENT) and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, entry)

    def _tell(self, entry: dict[str, Any]) -> None:
        now = self._home.clock.monotonic()
        if now - self._second >= 1:
            self._second, self._told = now, 0
        self._told += 1
        if self._told > EVENTS_A_SECOND:
            return
        self._is_telling = True  # a listener that fails is logged, and would be told of that
        try:
            self._home.bus.fire(EVENT, entry)
        finally:
            self._is_telling = False


def traceback_of(record: logging.LogRecord) -> str:
    """Return the end of the traceback that was logged with a record; empty without one."""
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    return "".join(traceback.format_exception(*record.exc_info)).rstrip()[-LONGEST:]


def _write(call: ServiceCall) -> None:
    """Log a message as somebody outside wants it; its further lines cannot be taken for other messages."""
    level = logging.getLevelNamesMapping()[call.data["level"].upper()]
    root = logging.getLogger()
    if root.isEnabledFor(level):  # no logger of that name is made: each would stay for good
        message = call.data["message"].replace("\n", "\n    ")
        root.handle(root.makeRecord(call.data["logger"], level, "(outside)", 0, message, (), None))


def _shown(path: str) -> str:
    """Return the path of a module from its package on."""
    parts = Path(path).parts
    starts = [index for index, part in enumerate(parts) if part.startswith("inglenook")]
    return "/".join(parts[starts[-1] :] if starts else parts[-2:])
