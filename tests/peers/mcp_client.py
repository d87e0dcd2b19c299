"""Speaks to ha-mcp over stdio, under the Python that ha-mcp is installed in: mcp_client.py SERVER.

A line of JSON on stdin, ``[tool, arguments]``, is answered with a line of JSON on stdout; the first names the tools.
"""

import asyncio
import json
import os
import sys
from typing import Any

from fastmcp import Client
from fastmcp.client.transports import StdioTransport


def say(what: Any) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(what, default=str) + "\n")
    sys.stdout.flush()


async def main(server: str) -> None:
    """Start the server and call its tools as long as there are lines."""
    async with Client(StdioTransport(server, [], env=dict(os.environ))) as client:
        say([tool.name for tool in await client.list_tools()])
        while line := await asyncio.to_thread(sys.stdin.readline):
            tool, arguments = json.loads(line)
            answer = await client.call_tool(tool, arguments, raise_on_error=False)
            text = "".join(getattr(part, "text", "") for part in answer.content)
            say({"is_error": answer.is_error, "text": text})


asyncio.run(main(sys.argv[1]))
