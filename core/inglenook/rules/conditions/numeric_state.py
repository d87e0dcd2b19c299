"""The condition on a number: ``condition: numeric_state``; the trigger of the same name asks it too."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import entity_domain, entity_ids_or_hex, float_, shown, string
from inglenook.errors import ConditionError, TemplateError
from inglenook.home import Home
from inglenook.model import STATE_UNAVAILABLE, STATE_UNKNOWN, State
from inglenook.rules.kinds import Compiler, Condition, ConditionKind, Config, Variables
from inglenook.rules.shape import Shape, at_least_one, template
from inglenook.templates import Templates

_NO_NUMBER: Final = (None, STATE_UNKNOWN, STATE_UNAVAILABLE)
_NOT_PLAIN: Final = (AttributeError, KeyError, TypeError, ValueError)
_a_bound: Final = entity_domain("input_number", "number", "sensor", "zone")


def bound(value: Any) -> float | str:
    """Return a number, or the id of an entity whose state is one."""
    try:
        return float_(value)
    except vol.Invalid:
        pass
    try:
        return str(_a_bound(value))
    except vol.Invalid:
        raise vol.Invalid(
            f"expected a number, or an entity of input_number, number, sensor or zone; got {shown(value)}"
        ) from None


KEYS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    vol.Required("entity_id"): entity_ids_or_hex,
    "above": bound,
    "below": bound,
    "attribute": string,
    "value_template": template,
}

SHAPE: Final = Shape(KEYS, checks=[at_least_one("above", "below")])


class NotANumber(ConditionError):
    """The value is text that is no number."""


class Range:
    """Whether a state's number is strictly inside the bounds."""

    __slots__ = ("_above", "_attribute", "_below", "_home", "_template")

    def __init__(self, home: Home, templates: Templates, config: Config) -> None:
        self._home = home
        self._above: float | str | None = config.get("above")
        self._below: float | str | None = config.get("below")
        self._attribute: str | None = config.get("attribute")
        self._template = templates.compile(config["value_template"]) if "value_template" in config else None

    @property
    def is_templated(self) -> bool:
        """True when the number comes from a template, which may use variables."""
        return self._template is not None

    def holds(self, entity_id: str, state: State | None, variables: Variables) -> bool:
        """Tell for one state of ``entity_id``; unknown and unavailable are outside.

        Raises:
            NotANumber: its value is no number.
            ConditionError: there is no such entity, or the template fails.
        """
        if state is None:
            raise ConditionError(f"numeric_state: there is no entity {entity_id}")
        number = self._value(state, variables)
        if not isinstance(number, float):
            if number in _NO_NUMBER:
                return False
            try:
                number = float(number)
            except (TypeError, ValueError):
                raise NotANumber(f"numeric_state: {entity_id} is {shown(number)}, which is no number") from None
        above, below = self._above, self._below
        if above is not None and not self._limit(above) < number:
            return False
        return below is None or number < self._limit(below)

    def _value(self, state: State, variables: Variables) -> Any:
        if self._template is not None:
            try:
                return self._template.render({**variables, "state": state})
            except TemplateError as error:
                raise ConditionError(f"numeric_state: value_template: {error}") from error
        return state.state if self._attribute is None else state.attributes.get(self._attribute)

    def _limit(self, bound: float | str) -> float:
        """Return a bound as a number: NaN, which nothing is above or below, while its entity has none."""
        if isinstance(bound, float):
            return bound
        state = self._home.states.get(bound)
        if state is None:
            raise ConditionError(f"numeric_state: there is no entity {bound} to compare with")
        if state.state in _NO_NUMBER:
            return math.nan
        try:
            return float(state.state)
        except ValueError:
            raise ConditionError(f"numeric_state: the bound {bound} is {shown(state.state)}, no number") from None


def compile_numeric_state(config: Config, compiler: Compiler) -> Condition:
    """Return whether the numbers of all entities are inside the bounds."""
    home = compiler.home
    inside = Range(home, compiler.templates, config)
    entity_ids = [home.registry.entity_id(one) or one for one in config["entity_id"]]
    if len(entity_ids) == 1:
        return _of_one(config, entity_ids[0], home.states.reader(entity_ids[0]), inside.holds)
    holds, get = inside.holds, home.states.get

    def condition(variables: Variables) -> bool:
        return all([holds(one, get(one), variables) for one in entity_ids])  # noqa: C419 - an unknown entity is an error also behind a false one

    return condition


def _of_one(
    config: Config,
    entity_id: str,
    get: Callable[[str], State | None],
    holds: Callable[[str, State | None, Variables], bool],
) -> Condition:
    """Return the condition on one entity, without a detour when its state or attribute is between plain numbers."""
    above, below, attribute = config.get("above"), config.get("below"), config.get("attribute")
    if "value_template" in config or isinstance(above, str) or isinstance(below, str):
        return lambda variables: holds(entity_id, get(entity_id), variables)
    low, high = -math.inf if above is None else above, math.inf if below is None else below

    def of_state(variables: Variables) -> bool:
        state = get(entity_id)
        try:
            return low < float(state.state) < high or holds(entity_id, state, variables)  # type: ignore[union-attr]
        except _NOT_PLAIN:
            return holds(entity_id, state, variables)

    def of_attribute(variables: Variables) -> bool:
        state = get(entity_id)
        try:
            number = float(state.attributes[attribute])  # type: ignore[union-attr, index]
        except _NOT_PLAIN:
            return holds(entity_id, state, variables)
        return low < number < high or holds(entity_id, state, variables)

    return of_state if attribute is None else of_attribute


KIND: Final = ConditionKind(lambda _: SHAPE, compile_numeric_state)
