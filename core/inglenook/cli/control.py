"""How a command speaks to the home: over its control socket while it runs, through its database while it does not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from inglenook.web.control import SOCKET_NAME, short_path

if TYPE_CHECKING:
    from aiohttp import ClientResponse

    from inglenook.home import Home

_Result = TypeVar("_Result")


class RunningHome:
    """The home that runs on ``data_dir``."""

    def __init__(self, data_dir: Path) -> None:
        self._socket = data_dir / SOCKET_NAME

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return the answer to one request, with ``body`` as JSON.

        Raises:
            click.ClickException: the home refuses it, or does not answer.
        """
        return asyncio.run(self._ask(method, path, body))

    def follow(self, path: str, show: Callable[[dict[str, Any]], Coroutine[Any, Any, None]]) -> None:
        """Call ``show`` with each line of a stream until the person interrupts.

        Raises:
            click.ClickException: the home refuses it, does not answer, or has stopped.
        """
        with suppress(KeyboardInterrupt):
            asyncio.run(self._follow(path, show))

    async def post(self, path: str) -> Any:
        """Send one POST request, from within :meth:`follow`."""
        return await self._ask("POST", path)

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        from aiohttp import ClientSession, UnixConnector  # noqa: PLC0415 - a quarter of a second

        with short_path(self._socket) as socket, self._errors_in_words():
            async with (
                ClientSession(connector=UnixConnector(str(socket))) as session,
                session.request(method, f"http://home{path}", json=body) as answer,
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


def on_home(
    config: Path,
    data: Path | None,
    running: Callable[[RunningHome], _Result],
    offline: Callable[["Home"], "_Result | Awaitable[_Result]"],
    *,
    is_new_ok: bool = False,
) -> _Result:
    """Do the one if the home runs, else the other on its database; ``is_new_ok`` makes that if there is none yet."""
    from inglenook.config.configuration import read_configuration  # noqa: PLC0415 - the YAML and all
    from inglenook.server.lock import is_running  # noqa: PLC0415
    from inglenook.server.offline import has_run, offline_home  # noqa: PLC0415

    configuration = read_configuration(config, data=data, or_last_good=True)
    if is_running(configuration.settings.data_dir):
        return running(RunningHome(configuration.settings.data_dir))

    if data is not None and not is_new_ok and not has_run(configuration):
        raise click.ClickException(f"there is no home's data in {data}; is the folder named right?")

    async def act() -> _Result:
        async with offline_home(configuration, is_new_ok=is_new_ok) as home:
            result = offline(home)
            return await result if isinstance(result, Awaitable) else result

    return asyncio.run(act())


def at_the_desk(config: Path, data: Path | None, action: str, given: dict[str, Any], *, is_new_ok: bool = False) -> Any:
    """Do what ``action`` says with users and tokens, and return what came of it, as ``inglenook.auth.desk`` says."""

    async def offline(home: "Home") -> Any:
        from inglenook.auth import Admission, Auth, UserChange  # noqa: PLC0415 - not needed for a running home
        from inglenook.auth.desk import Desk  # noqa: PLC0415
        from inglenook.server.offline import forget_user  # noqa: PLC0415

        auth = Auth(home.store, home.clock)
        auth.load()
        auth.on_change.append(lambda change, user: forget_user(home, user.id) if change is UserChange.REMOVED else None)
        try:
            return await Desk(Admission(auth, home.store, home.clock), home.store).act(action, given)
        finally:
            auth.stop()

    return on_home(config, data, lambda home: home.ask("POST", f"/auth/{action}", given), offline, is_new_ok=is_new_ok)


async def _check(answer: "ClientResponse") -> None:
    """Raise what the home refuses a request with."""
    if answer.status >= 400:
        body = await answer.json() if answer.content_type == "application/json" else {}
        raise click.ClickException(body.get("error", f"the home refuses it with status {answer.status}"))
