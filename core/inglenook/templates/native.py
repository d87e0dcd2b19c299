"""What a rendered text means: numbers, lists, truth - the dialect's native types."""

import ast
import re
import warnings
from collections.abc import Callable
from typing import Any, Final

_NUMBER: Final = re.compile(r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_LITERAL: Final = re.compile(  # what is worth asking Python about: containers, bytes, and a bare tuple
    r"[\[({]|[bBrR]{1,2}['\"]|set\(\)$|(?:[-+.0-9'\"]|True\b|False\b|None\b)[^\n]*,", re.ASCII
)
_WORDS: Final[dict[str, Any]] = {"True": True, "False": False, "None": None, "...": ...}
_PLAIN_FLOATS: Final = (1e-4, 1e16)  # between these, and at no other size, Python writes no exponent
_COPIED: Final = frozenset({list, dict, tuple})
_COPY_DEPTH: Final = 10
_COPY_ITEMS: Final = 200
_COPY_BITS: Final = 4096
_NO_COPY: Final[Any] = object()
_TRUE: Final = frozenset({"1", "true", "yes", "on", "enable"})


class SourcedList(list[Any]):
    """A list that prints as the text it was read from."""

    __slots__ = ("_source",)
    _source: str

    def __str__(self) -> str:
        return self._source


class SourcedDict(dict[Any, Any]):
    """A dict that prints as the text it was read from."""

    __slots__ = ("_source",)
    _source: str

    def __str__(self) -> str:
        return self._source


class SourcedSet(set[Any]):
    """A set that prints as the text it was read from."""

    __slots__ = ("_source",)
    _source: str

    def __str__(self) -> str:
        return self._source


class SourcedTuple(tuple[Any, ...]):
    """A tuple that prints as the text it was read from."""

    _source: str

    def __str__(self) -> str:
        return self._source


_SOURCED: Final[dict[type, Callable[[Any], Any]]] = {
    list: SourcedList,
    dict: SourcedDict,
    set: SourcedSet,
    tuple: SourcedTuple,
}


def parse(text: str) -> Any:
    """Return what a rendered ``text`` stands for; it is stripped already.

    ``5`` and ``0.5`` are numbers, ``[1, 2]``, ``1, 2``, ``{'a': 1}``, ``True``, ``None`` and ``b'x'`` what Python takes
    them for; all else (``05``, ``1e3``, ``on``, ``"quoted"``) stays the text it is. A container written
    otherwise than Python would write it keeps its text for ``str()``.
    """
    if _NUMBER.fullmatch(text):
        return _number(text)
    if text in _WORDS:
        return _WORDS[text]
    if _LITERAL.match(text):
        return _literal(text)
    return text


def native(value: Any) -> Any:
    """Return ``parse(str(value))`` for what an expression gave, without the text where the type tells."""
    kind = type(value)
    if kind is bool or kind is int or value is None:
        return value
    if kind is str:
        return parse(value.strip())
    if kind is float and _PLAIN_FLOATS[0] <= abs(value) < _PLAIN_FLOATS[1]:
        return value
    if kind in _COPIED and (copied := _copied(value, _COPY_DEPTH)) is not _NO_COPY:
        return copied
    return parse(str(value).strip())


def truthy(result: Any) -> bool:
    """Whether a result counts as true where the dialect is generous: template triggers, waits, binary sensors.

    ``true``, ``yes``, ``on``, ``enable``, ``1`` in any case, and every number but 0.
    """
    if isinstance(result, str):
        return result.strip().lower() in _TRUE
    if isinstance(result, int | float):
        return result != 0
    return False


def _copied(value: Any, depth: int) -> Any:
    """Return a copy of a container that its text would give again exactly; ``_NO_COPY`` where that is not plain."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        return value if value.bit_length() < _COPY_BITS else _NO_COPY
    if kind is float:
        return value if value - value == 0 else _NO_COPY
    if kind not in _COPIED or depth == 0 or len(value) > _COPY_ITEMS:
        return _NO_COPY
    items = [_copied(item, depth - 1) for item in value]
    if kind is dict:
        values = [_copied(item, depth - 1) for item in value.values()]
        is_plain = all(part is not _NO_COPY for part in (*items, *values))
        return dict(zip(items, values, strict=True)) if is_plain else _NO_COPY
    return kind(items) if all(item is not _NO_COPY for item in items) else _NO_COPY


def _number(text: str) -> Any:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:  # more digits than Python takes
        return text


def _literal(text: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return text
    kind = type(value)
    if kind in _SOURCED:
        if str(value) == text:
            return value
        sourced = _SOURCED[kind](value)
        sourced._source = text  # noqa: SLF001 - the two are one mechanism
        return sourced
    return value if kind in (bool, bytes) or value is None else text
