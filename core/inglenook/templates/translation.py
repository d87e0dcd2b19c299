"""The fast way: the plain part of the template language as Python closures.

A closure does exactly what Jinja does as long as nothing unusual happens. Whenever something does - a name that is not
there, an error, a value of a strange type - it raises, and Jinja renders the template instead: its word on what is
undefined, what is logged and what is told counts. What has no translation (statements, macros, statements that set
something) is Jinja's from the start.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from jinja2 import Undefined, nodes
from jinja2.utils import _PassArg

from inglenook.model import Context, Event, State
from inglenook.templates.bounds import check_binop
from inglenook.templates.closures import MISSING, Closure, Untranslatable, Unusual
from inglenook.templates.environment import DialectEnvironment
from inglenook.templates.selection import SelectionTranslator
from inglenook.templates.view import AllStates, TemplateState, View, valid_state

# Types whose attributes may be read directly: none has one that a template may not see, underscores aside.
_OPEN: Final = frozenset({State, TemplateState, Event, Context, datetime, date, time, timedelta})
_DICT_NAMES: Final = frozenset(dir(dict))
_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}
_ARITHMETIC: Final[dict[type[nodes.Node], Callable[[Any, Any], Any]]] = {
    nodes.Sub: operator.sub,
    nodes.Div: operator.truediv,
    nodes.FloorDiv: operator.floordiv,
}
_BOUNDED: Final[dict[type[nodes.Node], tuple[str, Callable[[Any, Any], Any]]]] = {
    nodes.Add: ("+", operator.add),
    nodes.Mul: ("*", operator.mul),
    nodes.Mod: ("%", operator.mod),
    nodes.Pow: ("**", operator.pow),
}
_TEXT_METHODS: Final = frozenset(
    {
        "capitalize", "casefold", "count", "endswith", "find", "isalnum", "isalpha", "isdecimal", "isdigit", "islower",
        "isnumeric", "isspace", "isupper", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "rfind",
        "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper",
    }
)  # fmt: skip
_STRIPS: Final = ("lstrip", "rstrip", "strip")
_DICT_METHODS: Final = frozenset({"get", "items", "keys", "values"})
_NUMBERS: Final = frozenset({int, float})


class Translator:
    """Makes closures of parsed templates."""

    def __init__(self, environment: DialectEnvironment, view: View) -> None:
        self._environment = environment
        self._view = view
        self._nodes: dict[type[nodes.Node], Callable[[Any], Closure]] = {
            nodes.Const: self._constant,
            nodes.Name: self._name,
            nodes.Getattr: self._attribute,
            nodes.Getitem: self._item,
            nodes.Call: self._call,
            nodes.Filter: self._filter,
            nodes.Test: self._test,
            nodes.Compare: self._compare,
            nodes.And: self._and,
            nodes.Or: self._or,
            nodes.Not: self._not,
            nodes.Neg: self._negative,
            nodes.CondExpr: self._choice,
            nodes.Concat: self._concat,
            nodes.List: self._list,
            nodes.Tuple: self._tuple,
            **dict.fromkeys(_ARITHMETIC, self._arithmetic),
            **dict.fromkeys(_BOUNDED, self._bounded),
        }
        selections = SelectionTranslator(view, self._expression, self._test_function)
        self._special_filters: dict[str, Callable[[nodes.Filter], Closure]] = {
            "default": self._default,
            "d": self._default,
            **selections.filters,
        }

    def translate(self, tree: nodes.Template) -> Closure | None:
        """Return the closure of a template, or None when it needs Jinja.

        The closure gives a value whose ``str()`` is the rendered text, spaces at the ends aside.
        """
        try:
            return self._template(tree)
        except (Untranslatable, RecursionError):
            return None

    def _template(self, tree: nodes.Template) -> Closure:
        pieces = _pieces(tree.body)
        shown = [piece for piece in pieces if not (isinstance(piece, nodes.TemplateData) and not piece.data.strip())]
        return self._together(shown if len(shown) == 1 else pieces)  # space around a single value would be stripped

    def _together(self, pieces: list[nodes.Node]) -> Closure:
        closures = [self._piece(piece) for piece in pieces]
        return closures[0] if len(closures) == 1 else _joined(closures, self._environment)

    def _piece(self, node: nodes.Node) -> Closure:
        if isinstance(node, nodes.TemplateData):
            return _always(node.data)
        if isinstance(node, nodes.If):
            return self._if(node)
        return self._expression(node)

    def _if(self, node: nodes.If) -> Closure:
        """Translate ``{% if %}``: the first branch whose test holds, as text."""
        branches = [(self._expression(one.test), self._together(_pieces(one.body))) for one in (node, *node.elif_)]
        otherwise = self._together(_pieces(node.else_))

        def chosen(variables: Mapping[str, Any]) -> Any:
            for test, block in branches:
                if test(variables):
                    return block(variables)
            return otherwise(variables)

        return chosen

    def _expression(self, node: nodes.Node) -> Closure:
        translate = self._nodes.get(type(node))
        if translate is None:
            raise Untranslatable
        return translate(node)

    # -- names and what is in them --------------------------------------------------------------------------------

    def _constant(self, node: nodes.Const) -> Closure:
        return _always(node.value)

    def _name(self, node: nodes.Name) -> Closure:
        name = node.name
        fallback = self._environment.globals.get(name, MISSING)
        if fallback is MISSING:
            return lambda variables: variables[name]

        def named(variables: Mapping[str, Any]) -> Any:
            try:
                return variables[name]
            except KeyError:
                return fallback

        return named

    def _attribute(self, node: nodes.Getattr) -> Closure:
        name = node.attr
        if name.startswith("_"):
            raise Untranslatable
        if (state := self._state_of(node)) is not None:
            return state
        owner = self._expression(node.node)
        jinja = self._environment.getattr
        is_dict_name = name in _DICT_NAMES

        def attribute(variables: Mapping[str, Any]) -> Any:
            it = owner(variables)
            if type(it) in _OPEN:
                return getattr(it, name)
            if isinstance(it, dict) and not is_dict_name:
                return it[name]
            return _defined(jinja(it, name))

        return attribute

    def _state_of(self, node: nodes.Getattr) -> Closure | None:
        """Translate ``states.domain.object``."""
        domain = node.node
        if not (isinstance(domain, nodes.Getattr) and isinstance(domain.node, nodes.Name)):
            return None
        if domain.node.name != "states" or domain.attr.startswith("_") or not domain.attr.islower():
            return None
        entity_id, view = f"{domain.attr}.{node.attr}", self._view

        def state(variables: Mapping[str, Any]) -> Any:
            if "states" in variables:
                raise Unusual
            return valid_state(view, entity_id)

        return state

    def _item(self, node: nodes.Getitem) -> Closure:
        owner, key = self._expression(node.node), self._expression(node.arg)
        return lambda variables: owner(variables)[key(variables)]

    # -- calls, filters, tests ------------------------------------------------------------------------------------

    def _call(self, node: nodes.Call) -> Closure:
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            raise Untranslatable
        if not isinstance(node.node, nodes.Name):
            return self._method_call(node)
        name = node.node.name
        function: Any = self._environment.globals.get(name)
        if function is None or _PassArg.from_obj(function) is not None or isinstance(function, type):
            raise Untranslatable
        args = [self._expression(arg) for arg in node.args]
        kwargs = {pair.key: self._expression(pair.value) for pair in node.kwargs}
        if isinstance(function, AllStates) and len(args) == 1 and not kwargs:
            return self._states_call(args[0])
        called = _applied(function, args, kwargs)

        def call(variables: Mapping[str, Any]) -> Any:
            if name in variables:
                raise Unusual
            return called(variables)

        return call

    def _states_call(self, entity_id: Closure) -> Closure:
        state_of = self._view.state

        def states(variables: Mapping[str, Any]) -> Any:
            if "states" in variables:
                raise Unusual
            state = state_of(entity_id(variables))
            return "unknown" if state is None else state.state

        return states

    def _method_call(self, node: nodes.Call) -> Closure:
        method = node.node
        if not isinstance(method, nodes.Getattr) or method.attr.startswith("_") or node.kwargs:
            raise Untranslatable
        name = method.attr
        owner = self._expression(method.node)
        if node.args and name in _STRIPS and not isinstance(node.args[0], nodes.Const):
            raise Untranslatable  # it may be long, which is refused there
        args = [self._expression(arg) for arg in node.args]

        def call(variables: Mapping[str, Any]) -> Any:
            it = owner(variables)
            kind = type(it)
            if kind in _OPEN or (kind is str and name in _TEXT_METHODS) or (kind is dict and name in _DICT_METHODS):
                return getattr(it, name)(*[arg(variables) for arg in args])
            raise Unusual

        return call

    def _filter(self, node: nodes.Filter) -> Closure:
        if node.node is None or node.dyn_args is not None or node.dyn_kwargs is not None:
            raise Untranslatable
        if (special := self._special_filters.get(node.name)) is not None:
            return special(node)
        known = self._environment.filters.get(node.name)
        function = self._direct(known)
        value = self._expression(node.node)
        kwargs = {str(pair.key): self._expression(pair.value) for pair in node.kwargs}
        if len(node.args) == 1 and isinstance(node.args[0], nodes.Const) and not kwargs:
            filtered = _with_constant(function, value, node.args[0].value)
        else:
            filtered = _applied(function, [value, *map(self._expression, node.args)], kwargs)
        if hasattr(known, "plain"):  # one of ours: gives nothing undefined
            return filtered
        return lambda variables: _defined(filtered(variables))

    def _test_function(self, name: str) -> Callable[..., Any]:
        return self._direct(self._environment.tests.get(name))

    def _direct(self, function: Any) -> Callable[..., Any]:
        """Return a filter or test as a function of the value and the arguments alone."""
        if function is None:
            raise Untranslatable
        if (plain := getattr(function, "plain", None)) is not None:
            return plain  # type: ignore[no-any-return] # a function of ours
        passed = _PassArg.from_obj(function)
        if passed is None:
            return function  # type: ignore[no-any-return] # what Jinja keeps untyped
        if passed is _PassArg.context:
            raise Untranslatable
        first = self._environment if passed is _PassArg.environment else self._environment.plain_eval
        return lambda *args, **kwargs: function(first, *args, **kwargs)

    def _default(self, node: nodes.Filter) -> Closure:
        if node.kwargs or len(node.args) > 2 or (len(node.args) == 2 and not isinstance(node.args[1], nodes.Const)):
            raise Untranslatable
        assert node.node is not None
        value = self._perhaps(node.node)
        default = self._expression(node.args[0]) if node.args else _always("")
        if len(node.args) == 2 and isinstance(node.args[1], nodes.Const) and node.args[1].value:

            def default_if_empty(variables: Mapping[str, Any]) -> Any:
                found = value(variables)
                return default(variables) if found is MISSING or not found else found

            return default_if_empty

        def default_if_missing(variables: Mapping[str, Any]) -> Any:
            found = value(variables)
            return default(variables) if found is MISSING else found

        return default_if_missing

    # -- what may be missing --------------------------------------------------------------------------------------

    def _perhaps(self, node: nodes.Node) -> Closure:
        """Translate an expression so that it gives ``MISSING`` where Jinja would give an undefined value."""
        if isinstance(node, nodes.Name):
            named, name = self._name(node), node.name

            def perhaps_named(variables: Mapping[str, Any]) -> Any:
                try:
                    return named(variables)
                except KeyError as error:
                    if error.args == (name,):
                        return MISSING
                    raise

            return perhaps_named
        if isinstance(node, nodes.Getattr) and not node.attr.startswith("_"):
            return self._perhaps_in(self._expression(node.node), _always(node.attr), self._environment.getattr)
        if isinstance(node, nodes.Getitem):
            return self._perhaps_in(self._expression(node.node), self._expression(node.arg), self._environment.getitem)
        return self._expression(node)

    def _perhaps_in(self, owner: Closure, key: Closure, look_up: Callable[[Any, Any], Any]) -> Closure:
        def perhaps_in(variables: Mapping[str, Any]) -> Any:
            found = look_up(owner(variables), key(variables))
            return MISSING if isinstance(found, Undefined) else found

        return perhaps_in

    def _test(self, node: nodes.Test) -> Closure:
        if node.dyn_args is not None or node.dyn_kwargs is not None or node.kwargs:
            raise Untranslatable
        if node.name in ("defined", "undefined"):
            value, wanted = self._perhaps(node.node), node.name == "defined"
            return lambda variables: (value(variables) is not MISSING) is wanted
        function = self._test_function(node.name)
        return _applied(function, [self._expression(part) for part in (node.node, *node.args)], {})

    # -- operators ------------------------------------------------------------------------------------------------

    def _compare(self, node: nodes.Compare) -> Closure:
        if len(node.ops) != 1:
            raise Untranslatable
        left, right = self._expression(node.expr), self._expression(node.ops[0].expr)
        name = node.ops[0].op
        if name == "in":
            return lambda variables: left(variables) in right(variables)
        if name == "notin":
            return lambda variables: left(variables) not in right(variables)
        compare = _COMPARE[name]
        if isinstance(node.ops[0].expr, nodes.Const):
            constant = node.ops[0].expr.value
            return lambda variables: compare(left(variables), constant)
        return lambda variables: compare(left(variables), right(variables))

    def _and(self, node: nodes.And) -> Closure:
        left, right = self._expression(node.left), self._expression(node.right)
        return lambda variables: left(variables) and right(variables)

    def _or(self, node: nodes.Or) -> Closure:
        left, right = self._expression(node.left), self._expression(node.right)
        return lambda variables: left(variables) or right(variables)

    def _not(self, node: nodes.Not) -> Closure:
        value = self._expression(node.node)
        return lambda variables: not value(variables)

    def _negative(self, node: nodes.Neg) -> Closure:
        value = self._expression(node.node)
        return lambda variables: -value(variables)

    def _arithmetic(self, node: nodes.BinExpr) -> Closure:
        left, right = self._expression(node.left), self._expression(node.right)
        operate = _ARITHMETIC[type(node)]
        return lambda variables: operate(left(variables), right(variables))

    def _bounded(self, node: nodes.BinExpr) -> Closure:
        left, right = self._expression(node.left), self._expression(node.right)
        name, operate = _BOUNDED[type(node)]

        def bounded(variables: Mapping[str, Any]) -> Any:
            first, second = left(variables), right(variables)
            if name != "+" and not (type(first) in _NUMBERS and type(second) in _NUMBERS):
                raise Unusual  # what repeats or formats is Jinja's, with its budget
            check_binop(name, first, second)
            return operate(first, second)

        return bounded

    def _choice(self, node: nodes.CondExpr) -> Closure:
        test, if_true = self._expression(node.test), self._expression(node.expr1)
        if_false = self._expression(node.expr2) if node.expr2 is not None else _unusual
        return lambda variables: if_true(variables) if test(variables) else if_false(variables)

    def _concat(self, node: nodes.Concat) -> Closure:
        return _joined([self._expression(part) for part in node.nodes], self._environment)

    def _list(self, node: nodes.List) -> Closure:
        items = [self._expression(item) for item in node.items]
        return lambda variables: [item(variables) for item in items]

    def _tuple(self, node: nodes.Tuple) -> Closure:
        items = [self._expression(item) for item in node.items]
        return lambda variables: tuple([item(variables) for item in items])


def _pieces(body: list[nodes.Node]) -> list[nodes.Node]:
    """Return what is printed one after the other: text, expressions, and ``{% if %}``."""
    pieces: list[nodes.Node] = []
    for node in body:
        if isinstance(node, nodes.Output):
            pieces += node.nodes
        elif isinstance(node, nodes.If):
            pieces.append(node)
        else:
            raise Untranslatable
    return pieces


def _always(value: Any) -> Closure:
    return lambda _variables: value


def _unusual(_variables: Mapping[str, Any]) -> Any:
    raise Unusual


def _defined(value: Any) -> Any:
    if isinstance(value, Undefined):
        raise Unusual
    return value


def _joined(parts: list[Closure], environment: DialectEnvironment) -> Closure:
    concat = environment.concat
    return lambda variables: concat([str(part(variables)) for part in parts])


def _with_constant(function: Callable[..., Any], value: Closure, constant: Any) -> Closure:
    return lambda variables: function(value(variables), constant)


def _applied(function: Callable[..., Any], args: list[Closure], kwargs: dict[str, Closure]) -> Closure:
    """Return a closure that calls ``function`` with what ``args`` and ``kwargs`` give."""
    if kwargs:
        return lambda variables: function(
            *[arg(variables) for arg in args], **{name: value(variables) for name, value in kwargs.items()}
        )
    if len(args) == 1:
        only = args[0]
        return lambda variables: function(only(variables))
    if len(args) == 2:
        first, second = args
        return lambda variables: function(first(variables), second(variables))
    return lambda variables: function(*[arg(variables) for arg in args])
