"""Going through states fast: ``states.light | selectattr('state', 'eq', 'on') | map(attribute='name') | list``.

The one pattern of the dialect that goes through a whole home. Jinja asks its sandbox for each attribute of each state;
here the states are read as they are, and only those that are left over are dressed for the template.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Final

from jinja2 import nodes

from inglenook.model import State
from inglenook.templates.closures import MISSING, Closure, Untranslatable, Unusual
from inglenook.templates.view import AllStates, DomainStates, TemplateState, View

_FIELDS: Final = frozenset({"state", "entity_id", "domain", "object_id", "name", "last_changed", "last_updated"})
_DICT_NAMES: Final = frozenset(dir(dict))
_EQUAL: Final = frozenset({"==", "eq", "equalto", "!=", "ne", "in"})

Getter = Callable[[State], Any]


class Selection:
    """Some states on their way through filters; like Jinja's generators it has no length."""

    __slots__ = ("_view", "states")

    def __init__(self, states: list[State], view: View) -> None:
        self.states = states
        self._view = view

    def __iter__(self) -> Iterator[TemplateState]:
        return self._view.wrapped(self.states)


class SelectionTranslator:
    """Translates the filters that go through states.

    Args:
        view: the home.
        expression: translates any expression.
        test: gives the function of a test by name.
    """

    def __init__(
        self, view: View, expression: Callable[[nodes.Node], Closure], test: Callable[[str], Callable[..., Any]]
    ) -> None:
        self.filters: dict[str, Callable[[nodes.Filter], Closure]] = {
            "list": self._list,
            "map": self._map,
            "selectattr": self._select,
            "rejectattr": self._select,
        }
        self._view = view
        self._expression = expression
        self._test = test

    def _list(self, node: nodes.Filter) -> Closure:
        if node.node is None or node.args or node.kwargs:
            raise Untranslatable
        value = self._expression(node.node)
        return lambda variables: list(value(variables))

    def _map(self, node: nodes.Filter) -> Closure:
        """Translate ``map(attribute=...)`` of states."""
        attribute = node.kwargs[0] if len(node.kwargs) == 1 and not node.args else None
        if node.node is None or attribute is None or str(attribute.key) != "attribute":
            raise Untranslatable
        read = getter_of(attribute.value.value) if isinstance(attribute.value, nodes.Const) else None
        if read is None:
            raise Untranslatable
        states = self._states(node.node)

        def mapped(variables: Mapping[str, Any]) -> Iterator[Any]:
            values = [read(state) for state in states(variables)]
            if MISSING in values:
                raise Unusual
            return iter(values)

        return mapped

    def _select(self, node: nodes.Filter) -> Closure:
        """Translate ``selectattr`` and ``rejectattr`` of states, with a test by name."""
        if node.node is None or node.kwargs or not 2 <= len(node.args) <= 3:
            raise Untranslatable
        path, name = node.args[0], node.args[1]
        read = getter_of(path.value) if isinstance(path, nodes.Const) else None
        if read is None or not isinstance(name, nodes.Const):
            raise Untranslatable
        states, view = self._states(node.node), self._view
        args = [self._expression(arg) for arg in node.args[2:]]
        passes = self._passes(name.value)
        wanted = node.name == "selectattr"

        def selected(variables: Mapping[str, Any]) -> Selection:
            given = [arg(variables) for arg in args]
            found = [state for state in states(variables) if bool(passes(read(state), *given)) is wanted]
            return Selection(found, view)

        return selected

    def _states(self, node: nodes.Node) -> Callable[[Mapping[str, Any]], list[State]]:
        value, view = self._expression(node), self._view

        def states(variables: Mapping[str, Any]) -> list[State]:
            found = states_in(value(variables), view)
            if found is None:
                raise Unusual
            return found

        return states

    def _passes(self, name: str) -> Callable[..., Any]:
        """Return the test ``name`` of a value that may be ``MISSING``."""
        if name in ("defined", "undefined"):
            return lambda value: (value is not MISSING) is (name == "defined")
        test = self._test(name)
        if name in _EQUAL:
            return test  # nothing equals what is missing, itself aside

        def passes(value: Any, *args: Any) -> Any:
            if value is MISSING:
                raise Unusual
            return test(value, *args)

        return passes


def getter_of(path: Any) -> Getter | None:
    """Return what reads ``state`` or ``attributes.brightness`` of a state, ``MISSING`` if it is not there.

    None for a path that states do not have, or whose meaning only the sandbox knows.
    """
    if path in _FIELDS:
        return attrgetter(path)
    owner, _, name = path.partition(".") if isinstance(path, str) else ("", "", "")
    if owner != "attributes" or not name or "." in name or name.isdigit() or name in _DICT_NAMES:
        return None
    return lambda state: state.attributes.get(name, MISSING)


def states_in(value: Any, view: View) -> list[State] | None:
    """Return the states that a template's value consists of; None when it is something else."""
    if isinstance(value, Selection):
        return value.states
    if isinstance(value, DomainStates):
        return view.all_of(value._domain)  # noqa: SLF001 - the two are one mechanism
    if isinstance(value, AllStates):
        return list(view.everything())
    if type(value) is list and all(type(item) is TemplateState for item in value):
        return [item._state for item in value]  # noqa: SLF001
    return None
