"""Values as the recorded files write them: times as offsets, what JSON lacks under a tag."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from inglenook.model import State

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)")


class Tagger:
    """Writes values for a scenario that begins at ``start``, seconds since the epoch."""

    def __init__(self, start: float) -> None:
        self._start = start

    def offset(self, moment: float) -> float:
        """Return seconds since the start, to the millisecond."""
        return round(moment - self._start, 3)

    def timed(self, value: Any) -> Any:
        """Write ``value``; a moment, or a text that is one, becomes its offset."""
        if isinstance(value, datetime) and value.tzinfo is not None:
            return {"$t": self.offset(value.timestamp())}
        if isinstance(value, str):
            moment = _moment(value)
            return value if moment is None else {"$t": self.offset(moment)}
        if isinstance(value, Mapping):
            return {_key(key): self.timed(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.timed(item) for item in value]
        return tagged(value)


def tagged(value: Any) -> Any:
    """Write ``value``; moments stay what they are, under a tag."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return str(value) if value != value or value in (float("inf"), float("-inf")) else round(value, 6)
    if isinstance(value, Mapping):
        return {_key(key): tagged(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [tagged(item) for item in value]
    if isinstance(value, set | frozenset):
        return {"$set": sorted((tagged(item) for item in value), key=str)}
    return _special(value)


def _special(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$timedelta": value.total_seconds()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, time):
        return {"$time": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    return {"$repr": "State" if isinstance(value, State) else type(value).__name__}


def _key(key: Any) -> Any:
    return key if isinstance(key, str | int | float | bool) else str(key)


def _moment(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp() if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None
