"""The condition on an entity's state or attribute: ``condition: state``."""

import re
from collections.abc import Callable
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import entity_ids_or_hex, one_of, string
from inglenook.errors import ConditionError
from inglenook.home import Home
from inglenook.model import State
from inglenook.rules.kinds import Compiler, Condition, ConditionKind, Config, Variables
from inglenook.rules.run import RunAborted
from inglenook.rules.shape import Shape, Shaped, anything, each, is_meant, templated_duration, texts

_REFERENCE: Final = re.compile(r"input_(?:boolean|datetime|number|select|text)\.[a-z0-9_]+")
_SLACK_S: Final = 1e-6

Holds = Callable[[State, Variables], bool]


def _plain_states(result: Shaped) -> None:
    """Without an attribute, states are text, and ``for`` goes with states alone."""
    if not is_meant(result, "attribute") and "state" in result:
        if result.raw["state"] is None:
            raise vol.Invalid("expected text, got null", ["state"])
        try:
            texts(result.raw["state"])
        except vol.Invalid as error:
            error.prepend(["state"])
            raise
    elif "attribute" in result and "for" in result:
        raise vol.Invalid("for counts how long a state has held; it cannot stand beside attribute", ["for"])


def _no_for_with_references(result: Config) -> None:
    if "for" in result and any(isinstance(one, str) and _REFERENCE.fullmatch(one) for one in result["state"]):
        raise vol.Invalid("for cannot stand beside the state of another entity", ["for"])


SHAPE: Final = Shape(
    {
        vol.Required("entity_id"): entity_ids_or_hex,
        vol.Required("state"): each(anything),
        vol.Optional("match", default="all"): one_of("all", "any"),
        "attribute": string,
        "for": templated_duration,
    },
    always=[_plain_states],
    checks=[_no_for_with_references],
)


def compile_state(config: Config, compiler: Compiler) -> Condition:
    """Return whether all entities (``match: any``: one) are in one of the states."""
    home = compiler.home
    entity_ids = [home.registry.entity_id(one) or one for one in config["entity_id"]]
    if len(entity_ids) == 1 and _is_plain(config):
        return _plain(home, entity_ids[0], frozenset(config["state"]))
    holds = _holds(config, compiler)
    if len(entity_ids) == 1:
        return _of_one(home, entity_ids[0], holds)
    members = [_of_one(home, entity_id, holds) for entity_id in entity_ids]
    return _any(members) if config["match"] == "any" else _all(members)


def _is_plain(config: Config) -> bool:
    return "attribute" not in config and "for" not in config and not any(map(_REFERENCE.fullmatch, config["state"]))


def _plain(home: Home, entity_id: str, states: frozenset[str]) -> Condition:
    """Return the most frequent condition of all: one entity in one of some states."""
    get = home.states.reader(entity_id)

    def condition(_: Variables) -> bool:
        state = get(entity_id)
        if state is None:
            raise ConditionError(f"state: there is no entity {entity_id}")
        return state.state in states

    return condition


def _of_one(home: Home, entity_id: str, holds: Holds) -> Condition:
    get = home.states.reader(entity_id)

    def condition(variables: Variables) -> bool:
        state = get(entity_id)
        if state is None:
            raise ConditionError(f"state: there is no entity {entity_id}")
        return holds(state, variables)

    return condition


def _all(members: list[Condition]) -> Condition:
    return lambda variables: all([member(variables) for member in members])  # noqa: C419 - an unknown entity is an error also behind a false one


def _any(members: list[Condition]) -> Condition:
    return lambda variables: any([member(variables) for member in members])  # noqa: C419 - the same


def _holds(config: Config, compiler: Compiler) -> Holds:
    wanted, attribute = config["state"], config.get("attribute")
    references = [one for one in wanted if isinstance(one, str) and _REFERENCE.fullmatch(one)]
    if attribute is not None:
        return lambda state, _: attribute in state.attributes and state.attributes[attribute] in wanted
    if references:
        return _referring(compiler.home, wanted)
    states = frozenset(wanted)
    if "for" not in config:
        return lambda state, _: state.state in states
    seconds, clock = compiler.duration(config["for"]), compiler.home.clock

    def held(state: State, variables: Variables) -> bool:
        if state.state not in states:
            return False
        try:
            return clock.now() - seconds(variables) - state.changed_at > _SLACK_S
        except RunAborted as error:
            raise ConditionError(f"state: for: {error}") from error

    return held


def _referring(home: Home, wanted: list[Any]) -> Holds:
    def holds(state: State, _: Variables) -> bool:
        for one in wanted:
            expected = one
            if _REFERENCE.fullmatch(one):
                other = home.states.get(one)
                if other is None:
                    raise ConditionError(f"state: there is no entity {one} to compare with")
                expected = other.state
            if state.state == expected:
                return True
        return False

    return holds


KIND: Final = ConditionKind(lambda _: SHAPE, compile_state)
