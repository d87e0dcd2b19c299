"""What comes back from outside: an answer, or the reason why there is none."""

from typing import Any

import msgspec

from inglenook import ServiceError


class NoAnswer(ServiceError):
    """Whoever was asked outside gave no answer that can be used; says why, and holds no secret."""


def json_in(text: str) -> Any:
    """Return what a JSON text says.

    Raises:
        ValueError: it is none.
    """
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"is no JSON: {error}") from error


def first_line(text: str, longest: int = 200) -> str:
    """Return the first line of ``text`` that says something, cut to ``longest`` characters; empty if none does."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
