"""The dialect's value types: callables that return the value in its final form, or raise ``vol.Invalid``.

Each works as a voluptuous validator and on its own. What is accepted is what Home Assistant 2026.11 accepts; the
messages say what came and what was expected.
"""

import contextlib
import math
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, datetime, time
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Final

import voluptuous as vol

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Validator = Callable[[Any], Any]

_TRUE: Final = frozenset({"1", "true", "yes", "on", "enable"})
_FALSE: Final = frozenset({"0", "false", "no", "off", "disable"})
_TEMPLATE_MARKS: Final = ("{{", "{%", "{#")
_SLUG: Final = r"[a-z0-9]+(?:_[a-z0-9]+)*"
_IS_SLUG: Final = re.compile(_SLUG).fullmatch
_IS_DOTTED: Final = re.compile(rf"{_SLUG}\.{_SLUG}").fullmatch
_IS_HEX_ID: Final = re.compile(r"[0-9a-f]{32}").fullmatch
_UNITS_S: Final = {"days": 86400.0, "hours": 3600.0, "minutes": 60.0, "seconds": 1.0, "milliseconds": 0.001}
_QUOTE_HINT: Final = "YAML reads an unquoted 12:30 as the number 750; quote it"
_LETTERS: Final = 2  # by which names may differ in length and still be nearly the same
_NEARLY: Final = 0.8  # of their letters in common
_DURATION_FORMS: Final = 'a number of seconds, "HH:MM", "HH:MM:SS", or a mapping of ' + ", ".join(_UNITS_S)


# -- plain values ---------------------------------------------------------------------------------------------------


def boolean(value: Any) -> bool:
    """Return a bool: a bool, a number (0 is false), or one of the words true/yes/on/enable/1 and their opposites."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    word = value.strip().lower() if isinstance(value, str) else None
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise vol.Invalid(f"expected true or false, got {shown(value)}")


def string(value: Any) -> str:
    """Return ``value`` as text; anything but null, a list or a mapping has one."""
    if isinstance(value, str):  # most are, and to ask for a Mapping takes long
        return str(value)
    if value is None or isinstance(value, list | tuple | Mapping):
        raise vol.Invalid(f"expected text, got {shown(value)}")
    return str(value)


def text(value: Any) -> str:
    """Return ``value`` if it is text, and nothing else: ``to: on`` is a boolean in YAML, and an error here."""
    if isinstance(value, str):
        return value
    raise vol.Invalid(f"expected text, got {shown(value)}{_text_hint(value)}")


def icon(value: Any) -> str:
    """Return the name of an icon, like ``mdi:lamp``."""
    name = string(value)
    if ":" in name:
        return name
    raise vol.Invalid(f"expected an icon like mdi:lamp, got {shown(value)}")


def is_template(value: Any) -> bool:
    """True when ``value`` is text that has to be rendered: it holds ``{{``, ``{%`` or ``{#``."""
    return isinstance(value, str) and "{" in value and any(mark in value for mark in _TEMPLATE_MARKS)


# -- names ----------------------------------------------------------------------------------------------------------


def slug(value: Any) -> str:
    """Return an object id: lower-case letters, digits and single underscores between them."""
    name = string(value)
    if _IS_SLUG(name):
        return name
    raise vol.Invalid(f"expected a name of a-z, 0-9 and single _ inside, got {shown(value)}")


def entity_id(value: Any) -> str:
    """Return an entity id in lower case, like ``light.hall``."""
    name = string(value).lower()
    if _IS_DOTTED(name):
        return name
    raise vol.Invalid(f"expected an entity id like light.hall, got {shown(value)}")


def entity_id_or_hex(value: Any) -> str:
    """Return an entity id, or the 32 hex digits of an entity's entry in the registry."""
    name = string(value).lower()
    if _IS_DOTTED(name) or _IS_HEX_ID(name):
        return name
    raise vol.Invalid(f"expected an entity id like light.hall, got {shown(value)}")


def entity_ids(value: Any) -> list[str]:
    """Return entity ids from one id, a comma-separated text or a list of ids."""
    return _each_id(value, entity_id)


def entity_ids_or_hex(value: Any) -> list[str]:
    """Return ids as :func:`entity_ids` does, registry ids of 32 hex digits allowed."""
    return _each_id(value, entity_id_or_hex)


def entity_domain(*domains: str) -> Validator:
    """Return a validator of an entity id that belongs to one of ``domains``."""

    def validate(value: Any) -> str:
        name = entity_id(value)
        if name.partition(".")[0] in domains:
            return name
        raise vol.Invalid(f"expected an entity of {either(domains)}, got {shown(value)}")

    return validate


def service_name(value: Any) -> str:
    """Return ``domain.service`` in lower case; a template is returned as it is."""
    if is_template(value):
        return str(value)
    name = string(value).lower()
    if _IS_DOTTED(name):
        return name
    raise vol.Invalid(f"expected a service like light.turn_on, got {shown(value)}")


# -- numbers --------------------------------------------------------------------------------------------------------


def float_(value: Any) -> float:
    """Return a finite number; text that is one is taken."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if math.isfinite(number):
        return number
    raise vol.Invalid(f"expected a number, got {shown(value)}")


def integer(value: Any) -> int:
    """Return a whole number; a fraction is cut off and text that is a whole number is taken."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise vol.Invalid(f"expected a whole number, got {shown(value)}") from None


def between(number: Validator, low: float, high: float = math.inf) -> Validator:
    """Return a validator of what ``number`` accepts, from ``low`` to ``high``, both included."""
    span = f"{low:g} or more" if high == math.inf else f"{low:g} to {high:g}"

    def validate(value: Any) -> Any:
        result = number(value)
        if low <= result <= high:
            return result
        raise vol.Invalid(f"expected {span}, got {shown(value)}")

    return validate


positive_int: Final = between(integer, 0)
positive_float: Final = between(float_, 0)
percentage: Final = between(integer, 0, 100)
byte: Final = between(integer, 0, 255)


# -- time -----------------------------------------------------------------------------------------------------------


def time_of_day(value: Any) -> time:
    """Return a time of day from ``"HH:MM"`` or ``"HH:MM:SS"``."""
    if isinstance(value, time):
        return value
    if isinstance(value, str) and value.count(":") in {1, 2}:
        hour, minute, second = (*value.split(":"), "0")[:3]
        with contextlib.suppress(ValueError):
            return time(int(hour), int(minute), int(second))
    hint = f" ({_QUOTE_HINT})" if isinstance(value, int) and not isinstance(value, bool) else ""
    raise vol.Invalid(f'expected a time like "07:30" or "07:30:15", got {shown(value)}{hint}')


def day(value: Any) -> date:
    """Return a day from ``"2026-03-10"``, or from a YAML date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(value)
    raise vol.Invalid(f'expected a day like "2026-03-10", got {shown(value)}')


def moment(value: Any) -> datetime:
    """Return a moment from ISO text or a YAML timestamp; what names no time zone is in that of the home."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return datetime.fromisoformat(value)
    raise vol.Invalid(f'expected a moment like "2026-03-10 07:30:00", got {shown(value)}')


def duration(value: Any) -> float:
    """Return seconds from a number, numeric text, ``"[+-]HH:MM[:SS[.f]]"``, or a mapping like ``minutes: 5``."""
    if isinstance(value, str) and ":" in value:
        return _duration_of_clock(value)
    if isinstance(value, Mapping):
        return _duration_of_units(value)
    try:
        return float_(value if not isinstance(value, bool) else None)
    except vol.Invalid:
        raise vol.Invalid(f"expected {_DURATION_FORMS}; got {shown(value)}") from None


def positive_duration(value: Any) -> float:
    """Return what :func:`duration` does, 0 or more."""
    seconds = duration(value)
    if seconds >= 0:
        return seconds
    raise vol.Invalid(f"expected a duration of 0 or more, got {shown(value)}")


def weekdays(value: Any) -> tuple[str, ...]:
    """Return the days, ``mon`` … ``sun``, from one or a list."""
    return tuple(_each(ensure_list(value), one_of(*WEEKDAYS)))


# -- combinations ---------------------------------------------------------------------------------------------------


def ensure_list(value: Any) -> list[Any]:
    """Return a list as it is, nothing for null, and anything else as the only item."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def one_of(*choices: Hashable) -> Validator:
    """Return a validator of exactly these values; a near miss is suggested."""

    def validate(value: Any) -> Any:
        if isinstance(value, Hashable) and value in choices:
            return value
        raise vol.Invalid(f"expected {either(choices)}; got {shown(value)}{near_miss(value, choices)}")

    return validate


# -- words for people -----------------------------------------------------------------------------------------------


def error_text(error: vol.Invalid) -> str:
    """Return the message of the first error, without its path, in our words where voluptuous has its own."""
    first = error.errors[0] if isinstance(error, vol.MultipleInvalid) else error
    message = str(first.msg)
    if message == "extra keys not allowed":
        return "unknown key"
    if message == "required key not provided":
        return "this key is required"
    return message


def told(error: vol.Invalid) -> str:
    """Return the first error behind the keys that lead to it: ``seconds: expected a number, got 'x'``."""
    first = error.errors[0] if isinstance(error, vol.MultipleInvalid) else error
    return "".join(f"{part}: " for part in first.path) + error_text(first)


def shown(value: Any) -> str:
    """Return ``value`` as it looks in YAML, cut after 60 characters: true, null, 'text', a list, a mapping."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    form = repr(value)
    return form if len(form) <= 60 else f"{form[:57]}…"


def near_miss(word: Any, known: Iterable[Any]) -> str:
    """Return ``; did you mean 'x'?`` when ``word`` looks like one of ``known``, else nothing."""
    meant = nearest(word, known)
    return f"; did you mean {meant!r}?" if meant else ""


def nearest(word: Any, known: Iterable[Any]) -> str | None:
    """Return the one of ``known`` that ``word`` looks like, or None."""
    names = {name.lower(): name for name in map(str, known)}
    found = get_close_matches(str(word).lower(), names, n=1, cutoff=0.7)
    return names[found[0]] if found else None


def nearly_same(word: str, other: str) -> bool:
    """Whether two names differ by a letter or two: ``ligth`` and ``light``, not ``input_select`` and ``select``."""
    return abs(len(word) - len(other)) <= _LETTERS and SequenceMatcher(None, word, other).ratio() >= _NEARLY


def either(choices: Iterable[Any]) -> str:
    """Return one or more choices as a sentence has them: ``a, b or c``."""
    words = [str(choice) for choice in choices]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _text_hint(value: Any) -> str:
    if isinstance(value, bool):
        return '; quote it: "on" or "off"' if value else '; quote it: "off"'
    return f'; quote it: "{value}"' if isinstance(value, int | float) else ""


def _each(values: Iterable[Any], validate: Validator) -> list[Any]:
    """Validate every item; an error says which by its path."""
    result, errors = [], []
    for index, value in enumerate(values):
        try:
            result.append(validate(value))
        except vol.Invalid as error:
            error.prepend([index])
            errors.append(error)
    if errors:
        raise vol.MultipleInvalid(errors)
    return result


def _each_id(value: Any, validate: Validator) -> list[str]:
    if isinstance(value, str):
        return [validate(part.strip()) for part in value.split(",")]
    if isinstance(value, list):
        return _each(value, validate)
    return _each(value, validate) if isinstance(value, tuple) else [validate(value)]


def _duration_of_units(value: Mapping[Any, Any]) -> float:
    if not value:
        raise vol.Invalid(f"expected {_DURATION_FORMS}; got an empty mapping")
    seconds = 0.0
    for unit, amount in value.items():
        if unit not in _UNITS_S:
            raise vol.Invalid(f"expected {either(_UNITS_S)}; got {shown(unit)}{near_miss(unit, _UNITS_S)}", [unit])
        try:
            seconds += float_(amount) * _UNITS_S[unit]
        except vol.Invalid as error:
            error.prepend([unit])
            raise
    return round(seconds, 6)


def _duration_of_clock(value: str) -> float:
    sign = -1.0 if value.startswith("-") else 1.0
    parts = value.removeprefix("-").removeprefix("+").split(":")
    hours, minutes, seconds = (*parts, "0")[:3] if len(parts) in {2, 3} else ("", "", "")
    try:
        return sign * (int(hours) * 3600 + int(minutes) * 60 + float_(seconds))
    except (ValueError, vol.Invalid):
        raise vol.Invalid(f'expected "HH:MM" or "HH:MM:SS", got {shown(value)}') from None
