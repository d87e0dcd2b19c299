"""Validators that the schemas of several commands share."""

import re
from typing import Any, Final

import voluptuous as vol

from inglenook.services import TARGET_KEYS

MAX_EVENT_TYPE: Final = 64
_COLORS: Final = (
    "primary", "accent", "disabled", "red", "pink", "purple", "deep-purple", "indigo", "blue", "light-blue", "cyan",
    "teal", "green", "light-green", "lime", "yellow", "amber", "orange", "deep-orange", "brown", "light-grey", "grey",
    "dark-grey", "blue-grey", "black", "white",
)  # fmt: skip
_HEX_COLOR: Final = re.compile("#[0-9a-fA-F]{6}")


def texts(value: Any) -> list[str]:
    """Take a text or a list of texts, and return a list."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise vol.Invalid(f"expected a text or a list of texts, got {value!r:.80}")
    return given


def optional_text(value: Any) -> str | None:
    """Take a text or null."""
    if value is not None and not isinstance(value, str):
        raise vol.Invalid(f"expected a text or null, got {value!r:.80}")
    return value


def color(value: Any) -> str | None:
    """Take a color that the frontend has a name for, one like ``#ff8800``, or null."""
    if value is None or (isinstance(value, str) and (value in _COLORS or _HEX_COLOR.fullmatch(value))):
        return value
    raise vol.Invalid(f"expected null, a color like #ff8800 or one of {', '.join(_COLORS)}; got {value!r:.80}")


def seconds(value: Any) -> float:
    """Take a number of seconds that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise vol.Invalid(f"expected a number of seconds, got {value!r:.80}")
    return float(value)


def event_type(value: Any) -> str:
    """Take the name of a type of events, 1 to 64 characters."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_EVENT_TYPE:
        raise vol.Invalid(f"expected a text of 1 to {MAX_EVENT_TYPE} characters, got {value!r:.80}")
    return value


def mapping(value: Any) -> dict[str, Any]:
    """Take an object or null, which is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise vol.Invalid(f"expected an object, got {value!r:.80}")
    return value


def target(value: Any) -> dict[str, list[str]]:
    """Take what a service acts on: lists of ids (or one id) by their kind; null is nothing."""
    found = {}
    for key, ids in mapping(value).items():
        if key not in TARGET_KEYS:
            raise vol.Invalid(f"expected one of {', '.join(TARGET_KEYS)}", path=[key])
        if ids is not None:
            found[key] = texts(ids)
    return found
