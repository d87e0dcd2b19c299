"""Functions of lists, dicts and types."""

import random
from collections.abc import Callable, Iterable, Mapping, MutableSequence
from typing import Any, Final

from jinja2 import Undefined
from jinja2.exceptions import UndefinedError
from jinja2.runtime import Macro

from inglenook.templates.bounds import Budget, check_size, checked_args
from inglenook.templates.functions.versions import Version
from inglenook.templates.library import Library

# What the dialect calls types that have another name here.
_TYPE_NAMES: Final[dict[type, str]] = {Version: "AwesomeVersion"}


def offer(library: Library, budget: Budget) -> None:
    """Offer the functions of this module."""

    def whole(values: Any) -> list[Any]:
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise TypeError(f"expected a list, got {type(values).__name__}")
        return list(budget.charge(values))

    def zipped(*lists: Iterable[Any]) -> Iterable[tuple[Any, ...]]:
        pairs: Iterable[tuple[Any, ...]] = budget.charge(zip(*lists, strict=False))
        return pairs

    def applied(value: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(function, str) or getattr(function, "unsafe_callable", False):
            raise TypeError(f"apply takes a function, got {function!r:.80}")
        budget.spend(1)
        return function(value, *checked_args(function, args, kwargs), **kwargs)

    library.offer("zip", zipped, "g", "live")
    library.offer("set", lambda *values: set(*map(budget.charge, values)), "g")
    library.offer("tuple", lambda *values: tuple(*map(budget.charge, values)), "g")
    library.offer("flatten", lambda value, levels=None: _flat(whole(value), levels))
    library.offer("intersect", lambda a, b: list(set(whole(a)) & set(whole(b))))
    library.offer("difference", lambda a, b: list(set(whole(a)) - set(whole(b))))
    library.offer("union", lambda a, b: list(set(whole(a)) | set(whole(b))))
    library.offer("symmetric_difference", lambda a, b: list(set(whole(a)) ^ set(whole(b))))
    library.offer("shuffle", lambda *values, seed=None: _shuffled(whole, values, seed), "gf", "live")
    library.offer("random", lambda values: random.choice(values), "f", "live")  # noqa: S311 - for lamps, not for secrets
    library.offer("combine", combine)
    library.offer("contains", lambda values, item: item in budget.charge(values), "ft")
    library.offer("merge_response", merge_response, "g")
    library.offer("apply", applied, "gft", "live")
    library.offer("as_function", as_function)
    library.offer("typeof", lambda value: _TYPE_NAMES.get(type(value)) or type(value).__name__)
    library.offer("version", Version)
    library.offer("is_defined", _is_defined, "f")
    library.offer("list", lambda value: isinstance(value, list), "t")
    library.offer("set", lambda value: isinstance(value, set), "t")
    library.offer("tuple", lambda value: isinstance(value, tuple), "t")
    library.offer("string_like", lambda value: isinstance(value, str | bytes | bytearray), "t")


def combine(*dicts: Mapping[Any, Any], recursive: bool = False) -> dict[Any, Any]:
    """Return one dict of all; later ones win, and with ``recursive`` dicts inside are combined too.

    Raises:
        TypeError: nothing, or something that is no dict, was given.
    """
    if not dicts:
        raise TypeError("combine needs at least one dict")
    result: dict[Any, Any] = {}
    for given in dicts:
        if not isinstance(given, Mapping):
            raise TypeError(f"combine takes dicts, got {type(given).__name__}")
        for key, value in given.items():
            known = result.get(key)
            if recursive and isinstance(value, Mapping) and isinstance(known, Mapping):
                value = combine(known, value, recursive=True)
            result[key] = value
    return result


def merge_response(response: Any) -> list[Any]:
    """Return a service's response, a dict by entity, as one list whose dicts know their ``entity_id``.

    An entity that answered with a single list of dicts gives these, with ``value_key`` naming the list; any other gives
    its answer as one dict.

    Raises:
        TypeError: it is no such response.
        ValueError: a dict in it has an ``entity_id`` already.
    """
    if not isinstance(response, Mapping):
        raise TypeError("merge_response takes the response of a service, a dict by entity")
    merged: list[Any] = []
    for entity_id, answer in response.items():
        if not isinstance(answer, Mapping):
            raise TypeError(f"merge_response: the answer of {entity_id} is no dict")
        only_key = next(iter(answer)) if len(answer) == 1 else None
        if only_key is not None and isinstance(answer[only_key], list):
            merged += [_marked(item, entity_id, value_key=only_key) for item in answer[only_key]]
        else:
            merged.append(_marked(answer, entity_id))
    return merged


def as_function(macro: Macro) -> Callable[..., Any]:
    """Return a macro as a function: it calls its argument ``returns`` with what it gives back."""

    def function(*args: Any, **kwargs: Any) -> Any:
        given: list[Any] = [None]

        def returns(value: Any) -> Any:
            given[0] = value
            return value

        macro(*args, **kwargs, returns=returns)
        return given[0]

    macro.name  # noqa: B018 - refuses what is no macro
    return function


def _marked(item: Any, entity_id: str, **more: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    if "entity_id" in item:
        raise ValueError("merge_response: a dict in the response has an entity_id already")
    return {**item, "entity_id": entity_id, **more}


def _flat(values: Iterable[Any], levels: int | None) -> list[Any]:
    flat: list[Any] = []
    for value in values:
        if isinstance(value, Iterable) and not isinstance(value, str) and levels != 0:
            flat += _flat(value, None if levels is None else levels - 1)
        else:
            flat.append(value)
        check_size(len(flat), "flatten")
    return flat


def _shuffled(whole: Callable[[Any], list[Any]], values: tuple[Any, ...], seed: Any) -> list[Any]:
    if len(values) > 1 and not isinstance(values[0], str) and isinstance(values[0], Iterable):
        values, seed = values[:1], values[1]
    items: MutableSequence[Any] = whole(values[0] if len(values) == 1 else list(values))
    random.Random(seed).shuffle(items)  # noqa: S311 - for light scenes and the like, not for secrets
    return list(items)


def _is_defined(value: Any) -> Any:
    if isinstance(value, Undefined):
        raise UndefinedError(value._undefined_message)  # noqa: SLF001 - Jinja offers no other way to its own words
    return value
