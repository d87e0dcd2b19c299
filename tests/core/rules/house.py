"""A home with a rule engine in it, and a notebook of what the rules do."""

import textwrap
from collections.abc import Mapping
from typing import Any

from inglenook.config.yaml import loads
from inglenook.errors import ConfigErrors
from inglenook.home import Home
from inglenook.model import EVENT_STATE_CHANGED, Event, ServiceCall
from inglenook.rules import BUNDLED, InvalidRule, Rule, RuleEngine, SwapReport, Vocabulary
from inglenook.templates import Templates

TEST_SERVICES = ("test.record", "light.turn_on", "light.turn_off", "notify.phone")


class RuleHome:
    """A home whose rules are written in the tests.

    Attributes:
        heard: the data of each event ``hit``, in order.
        calls: name and data of each call of a service in :data:`TEST_SERVICES`, target included.
    """

    def __init__(self, home: Home, vocabulary: Vocabulary = BUNDLED) -> None:
        self.home = home
        self.engine = RuleEngine(home, Templates(home), vocabulary)
        self.heard: list[dict[str, Any]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        home.bus.listen("hit", lambda event: self.heard.append(dict(event.data)))
        for name in TEST_SERVICES:
            domain, _, service = name.partition(".")
            home.services.register(domain, service, self._note)

    def load(self, text: str, source: str = "rules.yaml", *, start: bool = True) -> SwapReport:
        """Take in a list of automations; one that is not valid comes in as such."""
        tree = loads(textwrap.dedent(text), source)
        report = self.engine.swap(source, [self.checked(raw) for raw in tree])
        if start:
            self.engine.start()
        return report

    def checked(self, raw: Any) -> Rule | InvalidRule:
        """Return the rule, valid or not."""
        try:
            return self.engine.check(raw)
        except ConfigErrors as errors:
            return InvalidRule(raw, errors.errors)

    def act(self, actions: str, **keys: str) -> None:
        """Load one rule, ``automation.rule``, that carries out ``actions`` (YAML) on each event ``go``."""
        more = "".join(f"\n  {key}: {value}" for key, value in keys.items())
        text = textwrap.indent(textwrap.dedent(actions).strip(), "    ")
        self.load(f"- alias: Rule{more}\n  triggers: {{trigger: event, event_type: go}}\n  actions:\n{text}\n")

    def watch(self, trigger: str, data: str = "{}", **keys: str) -> None:
        """Load one rule that fires ``hit`` with ``data`` (YAML) when ``trigger`` (YAML) happens."""
        more = "".join(f"\n  {key}: {value}" for key, value in keys.items())
        text = textwrap.indent(textwrap.dedent(trigger).strip(), "    ")
        self.load(f"- alias: Rule{more}\n  triggers:\n{text}\n  actions: [{{event: hit, event_data: {data}}}]\n")

    def ask(self, conditions: str) -> None:
        """Load one rule that fires ``hit`` on each ``go`` if ``conditions`` (YAML) hold."""
        text = textwrap.indent(textwrap.dedent(conditions).strip(), "    ")
        self.load(
            "- alias: Rule\n  triggers: {trigger: event, event_type: go}\n  actions: [{event: hit}]\n"
            f"  conditions:\n{text}\n"
        )

    async def holds(self) -> bool:
        """Fire ``go`` and tell whether the rule ran."""
        before = len(self.heard)
        await self.go()
        return len(self.heard) > before

    async def go(self, **data: Any) -> None:
        """Fire ``go`` and let everything happen that can happen at once."""
        self.home.bus.fire("go", data)
        await self.settle()

    async def set(self, entity_id: str, state: str, **attributes: Any) -> None:
        """Write a state and let everything happen that can happen at once."""
        self.home.states.set(entity_id, state, attributes)
        await self.settle()

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        await self.home.clock.sleep(seconds)
        await self.settle()

    async def settle(self) -> None:
        """Let everything happen that can happen at once."""
        for _ in range(10):
            await self.home.clock.sleep(0)

    def state(self, entity_id: str = "automation.rule") -> str:
        """Return the state of an entity."""
        found = self.home.states.get(entity_id)
        assert found is not None
        return found.state

    def states_of(self, entity_id: str) -> list[str]:
        """Return a list that fills with the states that an entity takes from now on, without repetition."""
        taken = [self.state(entity_id)]

        def note(event: Event) -> None:
            new = event.data["new_state"]
            if event.data["entity_id"] == entity_id and new is not None and taken[-1] != new.state:
                taken.append(new.state)

        self.home.bus.listen(EVENT_STATE_CHANGED, note)
        return taken

    def attributes(self, entity_id: str = "automation.rule") -> Mapping[str, Any]:
        """Return the attributes of an entity."""
        found = self.home.states.get(entity_id)
        assert found is not None
        return found.attributes

    def errors(self, text: str) -> list[str]:
        """Return what is wrong with one automation (YAML), each error with its place."""
        found = self.checked(loads(textwrap.dedent(text), "rule.yaml"))
        return [str(error) for error in found.errors] if isinstance(found, InvalidRule) else []

    def _note(self, call: ServiceCall) -> None:
        target = {"entity_id": list(call.target.entity_id)} if call.target.entity_id else {}
        self.calls.append((f"{call.domain}.{call.service}", {**call.data, **target}))
