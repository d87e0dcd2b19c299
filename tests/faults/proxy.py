"""A TCP proxy that breaks connections, as a bad network does: at random points, in the middle of frames, both ways."""

import asyncio
import random
import socket
import struct
from typing import Self


class ChaosProxy:
    """Forwards bytes to ``port`` of this machine, and aborts connections.

    Args:
        port: where the hub listens; may be changed when it comes back elsewhere.
        seed: of the points where it cuts.

    Attributes:
        drops: connections aborted so far.
    """

    def __init__(self, port: int, seed: int = 1) -> None:
        self.target = port
        self.port = 0
        self.drops = 0
        self._chance = random.Random(seed)  # noqa: S311 - the same cuts every time
        self._server: asyncio.Server | None = None
        self._open: list[asyncio.StreamWriter] = []
        self._budget: int | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.drop()

    def drop(self) -> None:
        """Abort every open connection now: both ends get a reset, and what was under way is lost."""
        writers, self._open = self._open, []
        writers = [writer for writer in writers if not writer.transport.is_closing()]
        self.drops += bool(writers)
        for writer in writers:
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    def drop_after(self, most: int) -> None:
        """Abort after a random number of the next ``most`` forwarded bytes: in the middle of a frame, mostly."""
        self._budget = self._chance.randint(1, most)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            hub_reader, hub_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._open += [writer, hub_writer]
        await asyncio.gather(self._pump(reader, hub_writer), self._pump(hub_reader, writer), return_exceptions=True)
        for end in (writer, hub_writer):
            if end in self._open:
                self._open.remove(end)
            end.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self._budget is not None and self._budget <= len(data):
                data, self._budget = data[: self._budget], None
                writer.write(data)
                self.drop()
                return
            if self._budget is not None:
                self._budget -= len(data)
            writer.write(data)
            await writer.drain()
        writer.close()
