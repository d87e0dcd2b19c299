"""Validators that the schemas of several commands share."""

from typing import Any

import voluptuous as vol


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


def seconds(value: Any) -> float:
    """Take a number of seconds that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise vol.Invalid(f"expected a number of seconds, got {value!r:.80}")
    return float(value)
