"""A home whose helpers a test declares in YAML."""

from pathlib import Path
from textwrap import dedent
from typing import Any

from inglenook.clock import VirtualClock
from inglenook.home import Home
from inglenook.model import NO_DATA, Event, State
from inglenook.plugins import PluginManager
from inglenook.testing import set_up_sections


class House:
    """A home, its configuration file and what happens in it.

    Attributes:
        events: what was fired since ``hear``, as type and data.
    """

    def __init__(self, home: Home, folder: Path) -> None:
        assert isinstance(home.clock, VirtualClock)
        self.home = home
        self.clock = home.clock
        self.folder = folder
        self.events: list[tuple[str, Any]] = []
        self.plugins: PluginManager

    async def declare(self, text: str) -> None:
        """Write the configuration and set up its sections."""
        self.write(text)
        self.plugins = await set_up_sections(self.home, self.folder)
        await self.clock.settle()

    def write(self, text: str) -> None:
        """Write the configuration."""
        (self.folder / "configuration.yaml").write_text(dedent(text))

    async def call(self, name: str, entity_id: str | None = None, /, **data: Any) -> Any:
        """Call a service, its target and data as keywords."""
        domain, _, service = name.partition(".")
        given = {**data, **({"entity_id": entity_id} if entity_id else NO_DATA)}
        return await self.home.services.call(domain, service, given)

    async def reload(self, domain: str, text: str) -> None:
        """Write another configuration and let a section read it."""
        self.write(text)
        await self.home.services.call(domain, "reload")

    def state(self, entity_id: str) -> str | None:
        """Return a state's text; None if there is none."""
        state = self.home.states.get(entity_id)
        return state.state if state else None

    def attribute(self, entity_id: str, name: str) -> Any:
        """Return an attribute of an entity that is there."""
        state = self.home.states.get(entity_id)
        assert state is not None
        return state.attributes.get(name)

    def remember(self, entity_id: str, state: str, **attributes: Any) -> None:
        """Let the home know an entity from before."""
        now = self.clock.now()
        self.home.states.restore(State(entity_id, state, attributes, self.context(), now, now, now))

    def context(self) -> Any:
        """Return some context."""
        return self.home.states.set("sensor.some", str(self.clock.now())).context

    def hear(self, *types: str) -> None:
        """From now on note events of ``types``."""
        for event_type in types:
            self.home.bus.listen(event_type, self._hear)

    def _hear(self, event: Event) -> None:
        self.events.append((event.event_type, dict(event.data)))
