"""What is kept of the log, within its bounds, and who is told."""

import logging
import threading
from typing import Any

import pytest

from inglenook.home import Home
from inglenook.web.system_log import ENTRIES_KEPT, EVENTS_A_SECOND, LINES_KEPT, LONGEST, Line, LogMemory, SystemLog

_log = logging.getLogger("test.of.the.log")


@pytest.fixture
def memory() -> Any:
    memory = LogMemory()
    _log.addHandler(memory)
    yield memory
    _log.removeHandler(memory)


def fail(what: str) -> None:
    try:
        int(what)
    except ValueError:
        _log.exception("failed with %s", what)


def test_one_place_is_one_entry_however_often_it_speaks(memory: LogMemory) -> None:
    for number in range(8):
        fail(f"v{number}")
    _log.warning("another")

    another, failed = memory.entries()

    assert failed["count"] == 8
    assert failed["message"] == [f"failed with v{number}" for number in range(3, 8)]
    assert "'v7'" in failed["exception"]
    assert failed["source"][0].endswith("test_system_log.py")
    assert failed["first_occurred"] <= failed["timestamp"]
    assert another["message"] == ["another"]


def test_nothing_grows_without_end(memory: LogMemory) -> None:
    _log.setLevel(logging.INFO)
    for number in range(LINES_KEPT + 10):
        _log.info("line %d", number)
    for number in range(ENTRIES_KEPT + 10):
        _log.handle(_log.makeRecord(f"n{number}", logging.ERROR, "file", number, "x" * 10_000, (), None))

    lines = memory.text().splitlines()

    assert len(lines) == LINES_KEPT
    assert LONGEST < max(map(len, lines)) < LONGEST + 100  # the time and the name stand before it
    assert len(memory.entries()) == ENTRIES_KEPT
    assert memory.entries()[0]["name"] == f"n{ENTRIES_KEPT + 9}"


def test_information_is_no_entry_and_a_message_that_does_not_fit_stops_nobody(
    memory: LogMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    _log.info("all is well")
    _log.propagate = False
    _log.error("%d", "no number")
    _log.propagate = True

    assert memory.entries() == []


async def test_who_listens_is_told_also_of_what_a_thread_logs(home: Home, memory: LogMemory) -> None:
    SystemLog(home, memory)
    heard: list[Any] = []
    home.bus.listen("system_log_event", lambda event: heard.append(event.data["message"]))

    thread = threading.Thread(target=_log.error, args=("from afar",))
    thread.start()
    thread.join()
    await home.clock.sleep(0)

    assert heard == [["from afar"]]


async def test_a_listener_of_lines_that_fails_is_told_no_more_and_the_others_are(home: Home, memory: LogMemory) -> None:
    own = logging.getLogger("inglenook.web.system_log")
    own.addHandler(memory)
    heard: list[str] = []
    failures: list[str] = []

    def listen(lines: list[Line]) -> None:
        failures.append(lines[0].message)
        raise RuntimeError("no")

    memory.watch(listen)
    memory.watch(lambda lines: heard.extend(line.message.partition(" failed")[2] or line.message for line in lines))
    _log.error("first")
    for _ in range(20):
        await home.clock.sleep(0)
    own.removeHandler(memory)

    assert (failures, heard) == (["first"], ["first", " on lines of the log"])


async def test_a_listener_that_logs_is_not_told_of_itself_without_end(home: Home, memory: LogMemory) -> None:
    SystemLog(home, memory)
    heard: list[Any] = []

    def listen(event: Any) -> None:
        heard.append(event)
        _log.error("the listener failed")
        home.clock.call_soon(lambda: _log.error("and later again"))

    home.bus.listen("system_log_event", listen)
    _log.error("first")
    for _ in range(100):
        await home.clock.sleep(0)

    assert len(heard) == EVENTS_A_SECOND


async def test_messages_from_outside_make_no_loggers_that_stay(home: Home) -> None:
    SystemLog(home, LogMemory())

    await home.services.call("system_log", "write", {"message": "x", "logger": "made.by.somebody"})

    assert "made.by.somebody" not in logging.root.manager.loggerDict
