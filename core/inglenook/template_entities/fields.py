"""Fields: what a template gives, checked, becomes one field of its entity."""

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from inglenook.config.values import shown
from inglenook.model import STATE_UNAVAILABLE, STATE_UNKNOWN, State
from inglenook.template_entities.entity import TemplateEntity
from inglenook.template_entities.results import Results
from inglenook.templates import truthy

_log = logging.getLogger(__name__)

Convert = Callable[[Any], Any]
"""Takes a result that is not None; raises ``ValueError`` that says what was expected."""

_NOTHING: Final = frozenset({"", "none", STATE_UNKNOWN, STATE_UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an entity that a template gives.

    Attributes:
        name: of the field; also of the attribute that shows it.
        convert: makes a value of the result.
    """

    name: str
    convert: Convert


class FieldEntity(TemplateEntity):
    """A template entity whose templates give one field each.

    Attributes:
        FIELDS: by key of the configuration; that of ``STATE`` is shown as the state.
    """

    FIELDS: ClassVar[Mapping[str, Field]] = {}

    def apply(self, found: Results) -> None:
        """Take what the templates gave; what cannot be is None, and told."""
        described = self._given(self.DESCRIBED)
        for key, one in self.FIELDS.items():
            if key in found:
                setattr(self, one.name, self.value_of(key, one.convert, found.get(key)))
        if self._given(self.DESCRIBED) != described:
            self.redescribe()

    def recall(self, last: State) -> None:
        """Be what it last was."""
        for key, one in self.FIELDS.items():
            value = last.state if key == self.STATE else last.attributes.get(one.name)
            setattr(self, one.name, tuple(value) if isinstance(value, list) else value)
        if self.DESCRIBED:
            self.redescribe()

    def value_of(self, key: str, convert: Convert, result: Any) -> Any:
        """Return what the result of template ``key`` makes of its field; None if nothing, which is told."""
        if result is None or (isinstance(result, str) and result.lower() in _NOTHING):
            return None
        try:
            return convert(result)
        except ValueError as error:
            _log.error("template entity %s, %s: %s, got %s", self.entity_id, self.place(key), error, shown(result))
            return None


def number(low: float = -math.inf, high: float = math.inf) -> Convert:
    """Return what takes a number from ``low`` to ``high``."""

    def convert(result: Any) -> float:
        value = _number(result)
        if value is None or not low <= value <= high:
            raise ValueError("expected a number" + ("" if math.isinf(low) else f" from {low:g} to {high:g}"))
        return int(value) if value.is_integer() and not isinstance(result, float) else value

    return convert


def whole(low: int, high: int) -> Convert:
    """Return what takes a number from ``low`` to ``high`` and rounds it."""
    in_range = number(low, high)
    return lambda result: round(in_range(result))


def choice(*words: str) -> Convert:
    """Return what takes one of ``words``, in whatever case."""

    def convert(result: Any) -> str:
        word = str(result).lower()
        if word not in words:
            raise ValueError(f"expected one of {', '.join(words)}")
        return word

    return convert


def choices(*words: str) -> Convert:
    """Return what takes a list of some of ``words``."""
    one = choice(*words)
    return lambda result: tuple(one(item) for item in texts(result))


def texts(result: Any) -> tuple[str, ...]:
    """Return a list of texts; one written with commas is a list, too."""
    items = result.strip("[]() ").split(",") if isinstance(result, str) else result
    if not isinstance(items, list | tuple | set):
        raise ValueError("expected a list")  # noqa: TRY004 - what was expected, as of every converter
    return tuple(str(item).strip() for item in items)


def flag(result: Any) -> bool:
    """Return whether a result is true in the generous sense."""
    return truthy(result)


def _number(result: Any) -> float | None:
    if isinstance(result, bool):
        return None
    try:
        value = float(result)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None
