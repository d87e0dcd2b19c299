"""All scripts of a home: takes them in, swaps them for new versions, and offers a service for each."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.errors import ServiceError
from inglenook.home import Home
from inglenook.model import NO_DATA, STATE_UNAVAILABLE, ServiceCall
from inglenook.rules.reach import reached
from inglenook.rules.rule import InvalidRule, Rule, SwapReport, is_same
from inglenook.rules.rule_entity import Surroundings
from inglenook.rules.script import ScriptEntity
from inglenook.services import Response, Stoppable

DOMAIN: Final = "script"
RESERVED: Final = ("reload", "toggle", "turn_off", "turn_on")  # services of the domain itself

_TURN: Final = vol.Schema({"variables": {str: object}})


class Scripts:
    """The scripts, by the names that the configuration gives them."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._given = surroundings
        self._home: Home = surroundings.home
        self._scripts: dict[str, ScriptEntity] = {}
        self._offer()

    def __iter__(self) -> Iterator[ScriptEntity]:
        return iter(tuple(self._scripts.values()))

    def get(self, entity_id: str) -> ScriptEntity | None:
        """Return the script of that entity id, or None."""
        found = self._home.entities.get(entity_id)
        return found if isinstance(found, ScriptEntity) else None

    def swap(self, source: str, scripts: Mapping[str, Rule | InvalidRule]) -> SwapReport:
        """Replace all scripts by ``scripts``, in one step; one that says the same as before keeps its runs.

        Args:
            source: where they come from, for people.
            scripts: by object id.
        """
        scripts = {name: rule for name, rule in scripts.items() if not _is_nameless(rule)}
        removed = [name for name in self._scripts if name not in scripts]
        for name in removed:
            self._remove(name)
        added, changed, kept = [], [], []
        for name, rule in scripts.items():
            entity = self._scripts.get(name)
            if entity is None:
                self._add(name, rule, source)
                added.append(name)
            elif is_same(entity.rule, rule):
                entity.rule = rule  # the same, but it may stand on another line now
                kept.append(name)
            else:
                entity.replace(rule)
                changed.append(name)
            self._offer_one(name, rule)
        return SwapReport(tuple(added), tuple(changed), tuple(removed), tuple(kept))

    def stop_runs(self) -> None:
        """End the runs of all."""
        for script in self:
            script.stop_runs()

    # -- private --------------------------------------------------------------------------------------------------

    def _add(self, name: str, rule: Rule | InvalidRule, source: str) -> None:
        entity = self._scripts[name] = ScriptEntity(self._given, rule, source, name)
        self._home.entities.add(entity, DOMAIN, name)

    def _remove(self, name: str) -> None:
        entity = self._scripts.pop(name)
        self._home.services.remove(DOMAIN, name)
        self._home.entities.remove(entity.entity_id)
        self._home.states.set(entity.entity_id, STATE_UNAVAILABLE, {"restored": True})

    def _offer_one(self, name: str, rule: Rule | InvalidRule) -> None:
        """Offer the service of a script; of one that is not in order there is none."""
        if not isinstance(rule, Rule):
            self._home.services.remove(DOMAIN, name)
            return
        fields = rule.config.get("fields", NO_DATA)
        known = self._home.services.get(DOMAIN, name) if self._home.services.has(DOMAIN, name) else None
        if known is None or known.fields != fields:
            self._home.services.register(
                DOMAIN, name, self._call, supports_response="optional", fields=fields, has_target=False
            )

    def _call(self, call: ServiceCall) -> Awaitable[Response] | Response:
        """``script.<object id>``: run it and wait for its end; all the data are variables."""
        script = self._scripts[call.service]
        result = script.call(call.context, call.data)
        if isinstance(result, Stoppable):
            return Stoppable(_answer_of(call, result), result.stop)
        return _answer(call, result)

    def _offer(self) -> None:
        def offer(name: str, perform: Callable[[ScriptEntity, ServiceCall], None]) -> None:
            def handle(call: ServiceCall) -> None:
                for script in reached(self._home, call, self.get, lambda: self):
                    perform(script, call)

            self._home.services.register(DOMAIN, name, handle, _TURN, fields={"variables": {"required": False}})

        offer("turn_on", lambda script, call: script.turn_on(call.context, **call.data))
        offer("turn_off", lambda script, _: script.turn_off())
        offer("toggle", lambda script, call: script.toggle(call.context, **call.data))


def _is_nameless(rule: Rule | InvalidRule) -> bool:
    """True when not even alias and description are text: no entity can stand for it."""
    return isinstance(rule, InvalidRule) and rule.is_nameless


async def _answer_of(call: ServiceCall, result: Awaitable[Any]) -> Response:
    return _answer(call, await result)


def _answer(call: ServiceCall, response: Any) -> Response:
    if not call.return_response:
        return None
    if response is None:
        return {}
    if not isinstance(response, Mapping):
        raise ServiceError(f"{DOMAIN}.{call.service}: the response must be a mapping, got {response!r}")
    return response
