"""Moments as clients write them, and as they read them."""

import re
from datetime import UTC, datetime, tzinfo
from typing import Final

_LOST_PLUS: Final = re.compile(r" (?=\d{2}:?\d{2}$)")  # a + in a query that nobody escaped arrives as a blank


def epoch(text: str, zone: tzinfo) -> float | None:
    """Return the seconds since the epoch of ISO text, in ``zone`` if it names none; None if it is no moment."""
    try:
        moment = datetime.fromisoformat(_LOST_PLUS.sub("+", text.strip()) if "T" in text else text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
    except (ValueError, OverflowError):
        return None


def iso(at: float) -> str:
    """Return seconds since the epoch as ISO text in UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat()
