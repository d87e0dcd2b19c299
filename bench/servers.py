"""What does aiohttp itself cost a message? The echo servers that bench/device_path.py compares the hub with.

    python bench/servers.py echo|echo-64k     prints "READY PORT" once it listens

echo        as aiohttp's documentation shows it: `async for`, `send_str`, and nothing else in the process
echo-64k    the same with the smaller receive buffer that the hub sets
"""

import asyncio
import asyncio.selector_events
import sys

from aiohttp import WSMsgType, web


async def _echo(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            await socket.send_str(message.data)
    return socket


async def _main(kind: str) -> None:
    if kind == "echo-64k":
        asyncio.selector_events._SelectorTransport.max_size = 65_536  # type: ignore[attr-defined]  # noqa: SLF001
    app = web.Application()
    app.router.add_get("/api/device", _echo)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print("READY", runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
