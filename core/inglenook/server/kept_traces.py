"""The traces of rules over a restart: read at the start, written from time to time and at the stop."""

import asyncio
import logging
from collections import deque
from pathlib import Path
from typing import Final

import msgspec

from inglenook.clock import Clock
from inglenook.config.sealed_file import SealedFile
from inglenook.rules import RuleEngine
from inglenook.rules.former_traces import MAX_BYTES
from inglenook.rules.trace_keeping import keep_traces

_log = logging.getLogger(__name__)

FILE_NAME: Final = "traces.kept"
EVERY_S: Final = 900.0
MAX_FILE_BYTES: Final = 2 * MAX_BYTES  # keys and lengths stand there, too
_SLICE_S: Final = 0.002  # so long others wait at most while it is put together what to write
_HEADER: Final = b"inglenook traces 1\n"

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
        self._file = SealedFile(data / FILE_NAME, _HEADER, max_bytes=MAX_FILE_BYTES)
        self._clock = clock
        self._runs = 0

    def load(self) -> None:
        """Give the engine what was kept. Blocking."""
        content = self._file.read()
        if content is None:
            return
        try:
            self._engine.former_traces.update(_decode(content))
        except msgspec.MsgspecError:
            _log.warning("%s does not hold the traces of rules that it ought to; they begin anew", self._file.path)

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
        deque(keep_traces(kept, self._engine, self._engine.former_traces), maxlen=0)
        await self._write(kept)

    async def _gathered(self) -> dict[str, bytes]:
        kept: dict[str, bytes] = {}
        pause_at = self._clock.monotonic() + _SLICE_S
        for _ in keep_traces(kept, self._engine, self._engine.former_traces):
            if self._clock.monotonic() > pause_at:
                await self._clock.sleep(0)
                pause_at = self._clock.monotonic() + _SLICE_S
        return kept

    async def _write(self, kept: dict[str, bytes]) -> None:
        if not kept and not self._file.path.exists():
            return
        try:
            await asyncio.to_thread(self._file.write, msgspec.msgpack.encode(kept))
        except OSError as error:
            where, why = self._file.path, error.strerror
            _log.warning("cannot write %s, the traces of rules will not be there after a restart: %s", where, why)
