"""Moments as clients write them, and as they read them."""

import re
from datetime import UTC, datetime, tzinfo
from typing import Final

# The years that a date can have in every time zone; what lies beyond is before, or after, all that a home knows.
_FIRST: Final = datetime(2, 1, 1, tzinfo=UTC).timestamp()
_LAST: Final = datetime(9998, 12, 31, tzinfo=UTC).timestamp()
_LOST_PLUS: Final = re.compile(r" (?=\d{2}:?\d{2}$)")  # a + in a query that nobody escaped arrives as a blank


def epoch(text: str, zone: tzinfo) -> float | None:
    """Return the seconds since the epoch of ISO text, in ``zone`` if it names none; None if it is no moment.

    A moment of the first or the last of all years becomes one of the year after or before.
    """
    try:
        moment = datetime.fromisoformat(_LOST_PLUS.sub("+", text.strip()) if "T" in text else text.strip())
        at = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
    except (ValueError, OverflowError):
        return None
    return min(max(at, _FIRST), _LAST)


def iso(at: float) -> str:
    """Return seconds since the epoch as ISO text in UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat()
