"""A home in real time that may run programs, and a server for it to ask."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from aiohttp import web

from inglenook.clock import Clock
from inglenook.home import Home, Settings, make_home
from inglenook.model import Context, State
from inglenook.plugins import PluginManager
from inglenook.store import Store
from inglenook.testing import set_up_sections


class Place:
    """A home, its configuration file, and what it knows."""

    def __init__(self, folder: Path, *, allow_programs: bool = True) -> None:
        clock = Clock()
        store = Store(None, clock)
        store.open()
        self.folder = folder
        self.home: Home = make_home(Settings(config_dir=folder, allow_programs=allow_programs), clock, store)
        self.plugins: PluginManager | None = None

    async def declare(self, text: str) -> None:
        """Write the configuration and set up its sections."""
        self.write(text)
        self.plugins = await set_up_sections(self.home, self.folder)

    def write(self, text: str) -> None:
        """Write the configuration."""
        (self.folder / "configuration.yaml").write_text(dedent(text))

    async def close(self) -> None:
        """Take the plugins down."""
        if self.plugins is not None:
            await self.plugins.teardown()
            self.plugins = None
        await self.home.store.close()

    async def call(self, name: str, /, **data: Any) -> Any:
        """Call a service and return its response, if it is asked for one with ``wants_response``."""
        domain, _, service = name.partition(".")
        wants_response = data.pop("wants_response", False)
        return await self.home.services.call(domain, service, data, return_response=wants_response)

    async def ask_again(self, entity_id: str) -> str | None:
        """Let an entity be asked now; return its state."""
        await self.call("homeassistant.update_entity", entity_id=entity_id)
        return self.state(entity_id)

    def state(self, entity_id: str) -> str | None:
        """Return a state's text; None if there is none."""
        state = self.home.states.get(entity_id)
        return state.state if state else None

    def attribute(self, entity_id: str, name: str) -> Any:
        """Return an attribute of an entity that is there."""
        state = self.home.states.get(entity_id)
        assert state is not None
        return state.attributes.get(name)

    async def until(self, entity_id: str, holds: Callable[[State | None], bool]) -> None:
        """Return when something holds of a state."""
        came = asyncio.Event()

        def changed(_: str, __: State | None, new: State | None, ___: Context) -> None:
            if holds(new):
                came.set()

        unwatch = self.home.states.watch(entity_id, changed)
        if not holds(self.home.states.get(entity_id)):
            await came.wait()
        unwatch()


@dataclass
class Asked:
    """A request as the server got it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str


@dataclass
class Peer:
    """A server on this machine: what it was asked, and what it answers by path.

    Attributes:
        url: without a slash at the end.
        answers: what makes the answer to a path.
    """

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, Callable[[web.Request], web.StreamResponse]] = field(default_factory=dict)

    def say(self, path: str, text: str, *, status: int = 200, kind: str = "application/json") -> None:
        """Answer ``path`` with a text from now on."""
        headers = {"X-Path": path}
        self.answers[path] = lambda _: web.Response(text=text, status=status, content_type=kind, headers=headers)

    def send_to(self, path: str, where: str) -> None:
        """Answer ``path`` with a redirect."""
        self.answers[path] = lambda _: web.Response(status=302, headers={"Location": where})

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Note a request and answer it."""
        body = await request.text()
        self.asked.append(Asked(request.method, request.path, dict(request.query), request.headers.copy(), body))
        answer = self.answers.get(request.path)
        return answer(request) if answer else web.Response(status=404, text="nothing here")
