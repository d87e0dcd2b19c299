"""How a command speaks to the home: over its control socket while it runs, through its database while it does not."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from inglenook.web.control import SOCKET_NAME, short_path

if TYPE_CHECKING:
    from aiohttp import ClientResponse


class RunningHome:
    """The home that runs on ``data_dir``."""

    def __init__(self, data_dir: Path) -> None:
        self._socket = data_dir / SOCKET_NAME

    def ask(self, method: str, path: str) -> Any:
        """Return the answer to one request.

        Raises:
            click.ClickException: the home refuses it, or does not answer.
        """
        return asyncio.run(self._ask(method, path))

    def follow(self, path: str, show: Callable[[dict[str, Any]], Coroutine[Any, Any, None]]) -> None:
        """Call ``show`` with each line of a stream until the person interrupts.

        Raises:
            click.ClickException: the home refuses it, does not answer, or has stopped.
        """
        asyncio.run(self._follow(path, show))

    async def post(self, path: str) -> Any:
        """Send one POST request, from within :meth:`follow`."""
        return await self._ask("POST", path)

    async def _ask(self, method: str, path: str) -> Any:
        from aiohttp import ClientSession, UnixConnector  # noqa: PLC0415 - a quarter of a second

        with short_path(self._socket) as socket, self._errors_in_words():
            async with (
                ClientSession(connector=UnixConnector(str(socket))) as session,
                session.request(method, f"http://home{path}") as answer,
            ):
                await _check(answer)
                return msgspec.json.decode(await answer.read())

    async def _follow(self, path: str, show: Callable[[dict[str, Any]], Coroutine[Any, Any, None]]) -> None:
        async for line in self._lines(path):
            await show(line)

    async def _lines(self, path: str) -> AsyncIterator[dict[str, Any]]:
        from aiohttp import ClientSession, ClientTimeout, UnixConnector  # noqa: PLC0415 - as above

        with short_path(self._socket) as socket, self._errors_in_words():
            async with (
                ClientSession(connector=UnixConnector(str(socket)), timeout=ClientTimeout(total=None)) as session,
                session.get(f"http://home{path}") as answer,
            ):
                await _check(answer)
                async for line in answer.content:
                    yield msgspec.json.decode(line)

    @contextmanager
    def _errors_in_words(self) -> Iterator[None]:
        from aiohttp import ClientError, ClientPayloadError  # noqa: PLC0415 - a quarter of a second

        try:
            yield
        except ClientPayloadError as error:
            raise click.ClickException("the home has stopped") from error
        except (ClientError, OSError) as error:
            raise click.ClickException(f"the running home does not answer on {self._socket}: {error}") from error


async def _check(answer: "ClientResponse") -> None:
    """Raise what the home refuses a request with."""
    if answer.status >= 400:
        body = await answer.json() if answer.content_type == "application/json" else {}
        raise click.ClickException(body.get("error", f"the home refuses it with status {answer.status}"))
