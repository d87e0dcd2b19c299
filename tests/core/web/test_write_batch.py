"""What is sent in one turn leaves at its end, whatever one socket does."""

from typing import Any, cast

from inglenook.home import Home
from inglenook.web.framing import WriteBatch


class FakeWire:
    """A socket that notes when it is flushed, and may fail."""

    def __init__(self, flushed: list[str], name: str, *, fails: bool = False) -> None:
        self._flushed = flushed
        self._name = name
        self._fails = fails

    def flush(self) -> None:
        if self._fails:
            raise OSError("no route")
        self._flushed.append(self._name)


async def test_a_socket_that_fails_does_not_keep_the_others_from_being_flushed(home: Home) -> None:
    flushed: list[str] = []
    failures: list[dict[str, Any]] = []
    loop = home.clock._loop
    assert loop is not None
    loop.set_exception_handler(lambda _, context: failures.append(context))
    batch = WriteBatch(home.clock)

    for wire in (FakeWire(flushed, "a"), FakeWire(flushed, "b", fails=True), FakeWire(flushed, "c")):
        batch.add(cast("Any", wire))
    await home.clock.sleep(1)

    assert flushed == ["a", "c"]
    assert [str(failure["exception"]) for failure in failures] == ["no route"]
