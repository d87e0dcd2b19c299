"""What is sent in one turn leaves at its end, whatever one socket does; a read that comes alone ends its turn."""

import logging

import pytest

from inglenook.home import Home
from inglenook.web.turn import ALONE_S, Turn


class Thing:
    """Notes when it is flushed; may fail, or make another wait."""

    def __init__(self, flushed: list[str], name: str, *, fails: bool = False) -> None:
        self._flushed = flushed
        self._name = name
        self._fails = fails

    def flush(self) -> None:
        if self._fails:
            raise OSError("no route")
        self._flushed.append(self._name)


class Client(Thing):
    """What makes its socket wait when it is flushed, as an outbox does."""

    def __init__(self, flushed: list[str], turn: Turn) -> None:
        super().__init__(flushed, "client")
        self._turn = turn

    def flush(self) -> None:
        super().flush()
        self._turn.at_end(Thing(self._flushed, "its socket"))


async def test_one_that_fails_does_not_keep_the_others_from_being_flushed(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    flushed: list[str] = []
    turn = Turn(home.clock)

    for thing in (Thing(flushed, "a"), Thing(flushed, "b", fails=True), Thing(flushed, "c")):
        turn.at_end(thing)
    with caplog.at_level(logging.ERROR):
        await home.clock.sleep(1)

    assert flushed == ["a", "c"]
    assert "no route" in caplog.text


async def test_what_a_flush_leads_to_is_flushed_in_the_same_turn(home: Home) -> None:
    flushed: list[str] = []
    turn = Turn(home.clock)

    turn.at_end(Client(flushed, turn))
    turn.end()

    assert flushed == ["client", "its socket"]


class Socket:
    """Notes what it reads, and answers it."""

    def __init__(self, turn: Turn, seen: list[str], *, fails: bool = False) -> None:
        self._turn = turn
        self._seen = seen
        self._fails = fails

    def handle(self, data: bytes) -> None:
        if self._fails:
            raise ZeroDivisionError
        self._seen.append(f"read {data.decode()}")
        self._turn.at_end(Thing(self._seen, f"answer {data.decode()}"))


async def test_a_read_that_comes_alone_is_answered_at_once(home: Home) -> None:
    seen: list[str] = []
    turn = Turn(home.clock)
    await home.clock.sleep(1)

    turn.read(Socket(turn, seen), b"a")

    assert seen == ["read a", "answer a"]


async def test_reads_that_come_together_are_handled_together_and_then_answered(home: Home) -> None:
    seen: list[str] = []
    turn = Turn(home.clock)
    await home.clock.sleep(1)
    turn.read(Socket(turn, seen), b"a")
    seen.clear()

    turn.read(Socket(turn, seen), b"b")
    turn.read(Socket(turn, seen), b"c")
    assert seen == []
    await home.clock.sleep(2 * ALONE_S)

    assert seen == ["read b", "read c", "answer b", "answer c"]


async def test_what_one_socket_brings_keeps_nothing_from_the_others(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []
    turn = Turn(home.clock)
    await home.clock.sleep(1)
    turn.read(Socket(turn, seen, fails=True), b"a")  # alone
    turn.read(Socket(turn, seen, fails=True), b"b")
    turn.read(Socket(turn, seen), b"c")
    with caplog.at_level(logging.ERROR):
        await home.clock.sleep(2 * ALONE_S)

    assert seen == ["read c", "answer c"]
    assert "ZeroDivisionError" in caplog.text


async def test_what_was_due_before_a_read_leaves_at_the_same_end(home: Home) -> None:
    seen: list[str] = []
    turn = Turn(home.clock)
    await home.clock.sleep(1)
    turn.read(Socket(turn, []), b"a")
    turn.at_end(Thing(seen, "before"))

    turn.read(Socket(turn, seen), b"b")
    await home.clock.sleep(2 * ALONE_S)

    assert seen == ["read b", "before", "answer b"]
