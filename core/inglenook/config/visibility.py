"""Which inputs of a blueprint are to be filled in: ``visible`` of an input or a section asks what others were given.

It is true or false, ``{field, operator, value}``, ``{condition: and | or | not, conditions: [...]}``, or a list of
these that must all hold. An input that is not visible was given nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import near_miss, shown

_OPERATORS: Final = ("eq", "not_eq", "in", "not_in", "exists", "not_exists")
_JOINTS: Final = ("and", "or", "not")
_KEYS: Final = ({"field", "operator", "value"}, {"condition", "conditions"})


def visible(value: Any) -> Any:
    """Return ``value`` if it says when an input is visible."""
    if isinstance(value, list):
        for index, one in enumerate(value):
            _condition(one, [index])
    elif not isinstance(value, bool):
        _condition(value, [])
    return value


def fields_of(value: Any) -> Iterator[str]:
    """Yield the inputs that a valid ``visible`` asks about."""
    if isinstance(value, Mapping):
        if "field" in value:
            yield value["field"]
        yield from fields_of(value.get("conditions"))
    elif isinstance(value, list):
        for one in value:
            yield from fields_of(one)


def hidden_inputs(conditions: Mapping[str, list[Any]], values: Mapping[str, Any]) -> frozenset[str]:
    """Return the inputs that are not visible.

    Args:
        conditions: the ``visible`` of each input that has some, its section's too; all of them must hold.
        values: what each input is: what it was given, or its default.
    """
    left = dict(values)
    found: set[str] = set()
    while gone := [
        name for name in conditions.keys() - found if not all(_holds(one, left) for one in conditions[name])
    ]:
        found.update(gone)
        for name in gone:
            left.pop(name, None)
    return frozenset(found)


def _condition(value: Any, path: list[Any]) -> None:
    if not isinstance(value, Mapping) or not ("field" in value or "condition" in value):
        raise vol.Invalid(
            f"expected true, false, a mapping with a field, or one with a condition; got {shown(value)}", path
        )
    known = _KEYS["condition" in value]
    for key in value:
        if key not in known:
            raise vol.Invalid(f"unknown key{near_miss(key, known)}", [*path, key])
    if "condition" in value:
        _joint(value, path)
    else:
        _comparison(value, path)


def _joint(value: Mapping[str, Any], path: list[Any]) -> None:
    if value["condition"] not in _JOINTS:
        raise vol.Invalid(
            f"expected one of {', '.join(_JOINTS)}; got {shown(value['condition'])}", [*path, "condition"]
        )
    conditions = value.get("conditions")
    if not isinstance(conditions, list):
        raise vol.Invalid(f"expected a list of conditions, got {shown(conditions)}", [*path, "conditions"])
    for index, one in enumerate(conditions):
        _condition(one, [*path, "conditions", index])


def _comparison(value: Mapping[str, Any], path: list[Any]) -> None:
    if not isinstance(value["field"], str):
        raise vol.Invalid(f"expected the name of an input, got {shown(value['field'])}", [*path, "field"])
    operator = value.get("operator", "eq")
    if operator not in _OPERATORS:
        raise vol.Invalid(f"expected one of {', '.join(_OPERATORS)}; got {shown(operator)}", [*path, "operator"])
    if operator in ("in", "not_in") and not isinstance(value.get("value"), list):
        raise vol.Invalid(f"expected a list for {operator}, got {shown(value.get('value'))}", [*path, "value"])
    if operator in ("eq", "not_eq") and "value" not in value:
        raise vol.Invalid(f"{operator} needs a value", path)


def _holds(condition: Any, values: Mapping[str, Any]) -> bool:
    if isinstance(condition, bool):
        return condition
    if isinstance(condition, list):
        return all(_holds(one, values) for one in condition)
    if "condition" in condition:
        return _joined(condition["condition"], [_holds(one, values) for one in condition["conditions"]])
    return _compares(condition.get("operator", "eq"), values.get(condition["field"]), condition.get("value"))


def _joined(joint: str, results: list[bool]) -> bool:
    if joint == "and":
        return all(results)
    return any(results) if joint == "or" else not any(results)


def _compares(operator: str, actual: Any, value: Any) -> bool:
    if operator in ("exists", "not_exists"):
        return (actual not in (None, "")) == (operator == "exists")
    if operator in ("in", "not_in"):
        return any(_is_same(actual, one) for one in value) == (operator == "in")
    return _is_same(actual, value) == (operator == "eq")


def _is_same(first: Any, second: Any) -> bool:
    """True when two values are the same; true is not 1."""
    return bool(first == second) and isinstance(first, bool) == isinstance(second, bool)
