"""The traces of rules over a restart: read at the start, written from time to time and at the stop."""

import asyncio
import logging
from collections import deque
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from inglenook.clock import Clock
from inglenook.rules import RuleEngine
from inglenook.rules.keeping import keep_traces

_log = logging.getLogger(__name__)

FILE_NAME: Final = "traces.kept"
EVERY_S: Final = 900.0
_SLICE_S: Final = 0.002  # so long others wait at most while it is put together what to write
_HEADER: Final = b"inglenook traces 1\n"
_DIGEST_BYTES: Final = 32

_decode: Final = msgspec.msgpack.Decoder(dict[str, bytes]).decode


class KeptTraces:
    """Keeps them in one file of the data folder.

    Args:
        engine: whose rules they are of.
        data: the data folder.
        clock: times the writing.
    """

    def __init__(self, engine: RuleEngine, data: Path, clock: Clock) -> None:
        self._engine = engine
        self._path = data / FILE_NAME
        self._clock = clock
        self._runs = 0

    def load(self) -> None:
        """Give the engine what was kept. Blocking."""
        self._engine.shelf.update(_read(self._path))

    async def watch(self) -> None:
        """Write every quarter of an hour what there is, if something has run since; until cancelled."""
        while True:
            await self._clock.sleep(EVERY_S)
            runs = sum(self._engine.tally.by_outcome().values())
            if runs != self._runs:
                self._runs = runs
                await self._write(await self._gathered())

    async def stop(self) -> None:
        """Write what there is, once the runs have ended."""
        kept: dict[str, bytes] = {}
        deque(keep_traces(kept, self._engine, self._engine.shelf), maxlen=0)
        await self._write(kept)

    async def _gathered(self) -> dict[str, bytes]:
        kept: dict[str, bytes] = {}
        pause_at = self._clock.monotonic() + _SLICE_S
        for _ in keep_traces(kept, self._engine, self._engine.shelf):
            if self._clock.monotonic() > pause_at:
                await self._clock.sleep(0)
                pause_at = self._clock.monotonic() + _SLICE_S
        return kept

    async def _write(self, kept: dict[str, bytes]) -> None:
        if kept or self._path.exists():
            await asyncio.to_thread(_write, self._path, kept)


def _read(path: Path) -> dict[str, bytes]:
    """Return what was kept; nothing of what is damaged, foreign or of another version."""
    try:
        content = path.read_bytes()
    except OSError:
        return {}
    start = len(_HEADER) + _DIGEST_BYTES
    if not content.startswith(_HEADER) or sha256(content[start:]).digest() != content[len(_HEADER) : start]:
        return {}
    try:
        return _decode(content[start:])
    except msgspec.MsgspecError:
        return {}


def _write(path: Path, kept: dict[str, bytes]) -> None:
    content = msgspec.msgpack.encode(kept)
    temporary = path.with_suffix(".new")
    try:
        temporary.unlink(missing_ok=True)
        temporary.touch(mode=0o600)  # what rules saw tells much about a home
        temporary.write_bytes(_HEADER + sha256(content).digest() + content)
        temporary.replace(path)
    except OSError as error:
        _log.warning("cannot write %s, the traces of rules will not be there after a restart: %s", path, error.strerror)
