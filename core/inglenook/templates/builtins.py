"""Jinja's own filters and tests, made to pay for what they go through and held to the sizes allowed."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Final

from jinja2 import Environment

from inglenook.templates.bounds import CONTAINERS, Budget, check_joined, check_size, check_stripped, check_width
from inglenook.templates.weights import COPY, FILTERS, check_wrapped

# Jinja's own filters that go through what they get, and those that print, compare or sort all that is inside it.
_SHALLOW: Final = (
    "batch", "capitalize", "e", "escape", "first", "indent", "items", "last", "list", "lower", "map", "reject",
    "rejectattr", "replace", "reverse", "select", "selectattr", "slice", "striptags", "title", "trim", "truncate",
    "upper", "urlize", "wordcount", "wordwrap",
)  # fmt: skip
_DEEP: Final = (
    "dictsort", "forceescape", "format", "groupby", "join", "max", "min", "pprint", "sort", "string", "tojson",
    "unique", "urlencode", "xmlattr",
)  # fmt: skip
_WRITING: Final = ("forceescape", "pprint", "urlencode", "xmlattr")  # go through each text that is inside, too
_CASES: Final = ("lower", "upper")
_COMPARING: Final = (
    "==", "eq", "equalto", "!=", "ne", ">", "gt", "greaterthan", ">=", "ge", "<", "lt", "lessthan", "<=", "le", "in",
)  # fmt: skip


def bound_builtins(environment: Environment, budget: Budget) -> None:
    """Make the filters, tests and functions that Jinja brings spend steps, and refuse what would be too large."""
    filters = environment.filters
    for name in _SHALLOW:
        filters[name] = _charging(filters[name], _shallow(budget, FILTERS.get(name, COPY)), budget)
    for name in _DEEP:
        filters[name] = _charging(filters[name], _of_all(budget, name), budget)
    for name in _CASES:
        test: Any = environment.tests[name]
        environment.tests[name] = _charging(test, budget.charge, budget)
    for name in _COMPARING:
        test = environment.tests[name]
        environment.tests[name] = _comparing(test, budget)
    filters["center"] = _checking(
        _charging(filters["center"], budget.charge, budget), lambda _text, width=80: check_size(width, "center")
    )
    filters["indent"] = _checking(filters["indent"], _check_indent)
    filters["format"] = _checking(filters["format"], lambda text, *_args, **_kwargs: check_width(str(text)))
    filters["trim"] = _checking(filters["trim"], check_stripped)
    filters["wordwrap"] = _checking(filters["wordwrap"], lambda _passed, text, *_args, **_named: check_wrapped(text))
    filters["join"] = _joining(filters["join"])
    filters["replace"] = _replacing(filters["replace"])
    filters["slice"] = _checking(filters["slice"], lambda _passed, _value, slices, *_fill: budget.spend(int(slices)))
    filters["batch"] = _checking(filters["batch"], lambda _value, count, *_fill: check_size(int(count), "batch"))
    filters["tojson"] = _checking(filters["tojson"], lambda _e, _value, indent=0: check_size(indent or 0, "indent"))
    filters["sum"] = _sum(filters["sum"], budget)
    lipsum: Any = environment.globals["lipsum"]
    environment.globals["lipsum"] = _checking(
        lipsum, lambda n=5, _html=True, _min=20, most=100: budget.spend(int(n) * int(most) // 8)
    )


def _shallow(budget: Budget, weight: int) -> Callable[[Any], Any]:
    return lambda value: budget.charge(value, weight)


def _of_all(budget: Budget, name: str) -> Callable[[Any], Any]:
    weight = FILTERS.get(name, COPY)
    inside = weight if name in _WRITING else COPY

    def charge(value: Any) -> Any:
        return budget.charge_all(value, inside) if isinstance(value, CONTAINERS) else budget.charge(value, weight)

    return charge


def _comparing(test: Callable[..., Any], budget: Budget) -> Callable[..., Any]:
    @wraps(test)
    def comparing(value: Any, other: Any) -> Any:
        return test(value, budget.charge_all(other))

    return comparing


def _charging(call: Callable[..., Any], charge: Callable[[Any], Any], budget: Budget) -> Callable[..., Any]:
    """Spend steps for the value, which is the first argument, or the second after what Jinja passes, and the result."""
    index = 1 if hasattr(call, "jinja_pass_arg") else 0

    @wraps(call)
    def charging(*args: Any, **kwargs: Any) -> Any:
        result = call(*args[:index], charge(args[index]), *args[index + 1 :], **kwargs)
        return budget.charge(result) if isinstance(result, str) else result

    return charging


def _checking(call: Callable[..., Any], check: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def checking(*args: Any, **kwargs: Any) -> Any:
        check(*args, **kwargs)
        return call(*args, **kwargs)

    return checking


def _check_indent(text: Any, width: Any = 4, *_args: Any, **_kwargs: Any) -> None:
    check_size(len(text) + (width if isinstance(width, int) else len(width)) * (text.count("\n") + 1), "indent")


def _joining(join: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(join)
    def joining(passed: Any, values: Iterable[Any], separator: Any = "", attribute: Any = None) -> Any:
        values = list(values)
        if attribute is None:
            check_joined(values, str(separator))
        return join(passed, values, separator, attribute)

    return joining


def _replacing(replace: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(replace)
    def replacing(passed: Any, text: Any, old: Any, new: Any, count: int | None = None) -> Any:
        text = str(text)
        check_size(len(text) + text.count(str(old)) * len(str(new)), "replace")
        return replace(passed, text, old, new, count)

    return replacing


def _sum(add: Callable[..., Any], budget: Budget) -> Callable[..., Any]:
    @wraps(add)
    def summing(passed: Any, values: Iterable[Any], attribute: Any = None, start: Any = 0) -> Any:
        values = list(budget.charge(values))
        if not isinstance(start, int | float):
            size = sum(len(value) if hasattr(value, "__len__") else 1 for value in values)
            budget.spend(size * max(1, len(values)) >> 4)
        return add(passed, values, attribute, start)

    return summing
