"""A home whose template entities are written in the tests."""

import textwrap
from collections.abc import Mapping
from typing import Any

import pytest

from inglenook.config.yaml import loads
from inglenook.entities import register_domains
from inglenook.home import Home
from inglenook.model import ServiceCall, State
from inglenook.rules import RuleEngine
from inglenook.template_entities import TemplateEntities
from inglenook.templates import Templates


class TemplateHome:
    """The home, and what is called in it.

    Attributes:
        calls: the data of each call of ``test.record``.
    """

    def __init__(self, home: Home) -> None:
        self.home = home
        register_domains(home)
        self.engine = RuleEngine(home, Templates(home))
        self.entities = TemplateEntities(self.engine.workshop)
        self.calls: list[dict[str, Any]] = []
        home.services.register("test", "record", self._note)

    def load(self, text: str, *, start: bool = True) -> list[str]:
        """Take in a list of blocks (YAML) and return what is wrong."""
        tree = loads(textwrap.dedent(text), "template.yaml")
        problems = self.entities.swap([(raw, None) for raw in tree])
        if start:
            self.entities.start()
        return [str(problem) for problem in problems]

    async def call(self, service: str, entity_id: str, **data: Any) -> None:
        """Call a service for an entity and let everything happen that can happen at once."""
        domain, _, name = service.partition(".")
        await self.home.services.call(domain, name, {"entity_id": entity_id, **data})
        await self.settle()

    async def set(self, entity_id: str, state: str, **attributes: Any) -> None:
        """Write a state."""
        self.home.states.set(entity_id, state, attributes)
        await self.settle()

    async def fire(self, event_type: str, **data: Any) -> None:
        """Fire an event."""
        self.home.bus.fire(event_type, data)
        await self.settle()

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        await self.home.clock.sleep(seconds)
        await self.settle()

    async def settle(self) -> None:
        """Let everything happen that can happen at once."""
        for _ in range(10):
            await self.home.clock.sleep(0)

    def of(self, entity_id: str) -> State:
        """Return the state of an entity, which is there."""
        state = self.home.states.get(entity_id)
        assert state is not None
        return state

    def state(self, entity_id: str) -> str:
        """Return the text of its state."""
        return self.of(entity_id).state

    def attributes(self, entity_id: str) -> Mapping[str, Any]:
        """Return its attributes."""
        return self.of(entity_id).attributes

    def _note(self, call: ServiceCall) -> None:
        self.calls.append(dict(call.data))


@pytest.fixture
def house(home: Home) -> TemplateHome:
    """The home."""
    return TemplateHome(home)
