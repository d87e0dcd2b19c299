"""What clients of Home Assistant's API read: JSON, and states, events and contexts in the forms of the wire."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from inglenook.model import Context, Event, State

Json = Any  # whatever JSON can say

_LARGEST: Final = 2**63
_DEEPEST: Final = 200


def encode(value: Any) -> bytes:
    """Return ``value`` as JSON. What JSON does not know becomes text, numbers that are none become null."""
    try:
        body = _encoder.encode(value)
        return body if _ENDS_WITH_Z not in body else _encoder.encode(_with_offsets(value))
    except (TypeError, ValueError, OverflowError, RecursionError):
        return _encoder.encode(jsonable(value))


def jsonable(value: Any, depth: int = 0) -> Json:
    """Return ``value`` in lists, dicts, texts and numbers; what is nested deeper than 200 is text."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, str):
        return str(value).encode("utf-8", "replace").decode()
    if isinstance(value, int):
        return int(value) if -_LARGEST <= value < _LARGEST else float(str(value)[:300])
    if isinstance(value, State):
        return jsonable(value.as_dict(), depth)
    if isinstance(value, Context):
        return context_as_dict(value)
    if isinstance(value, Event):
        return event_as_dict(value)
    if depth >= _DEEPEST:
        return str(type(value).__name__)
    if isinstance(value, Mapping):
        return {str(key): jsonable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item, depth + 1) for item in value]
    return _as_known(value)


def _with_offsets(value: Any) -> Any:
    """Return ``value`` with its moments as texts that end with ``+00:00``, as clients know them, and not with ``Z``."""
    if isinstance(value, dict):
        return {key: _with_offsets(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_offsets(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


def context_as_dict(context: Context) -> dict[str, str | None]:
    """Return ``id``, ``parent_id`` and ``user_id``."""
    return {"id": context.id, "parent_id": context.parent_id, "user_id": context.user_id}


def event_as_dict(event: Event) -> dict[str, Json]:
    """Return ``event_type``, ``data``, ``origin``, ``time_fired`` (ISO text) and ``context``."""
    return {
        "event_type": event.event_type,
        "data": jsonable(event.data),
        "origin": event.origin,
        "time_fired": event.time_fired.isoformat(),
        "context": context_as_dict(event.context),
    }


def compressed(state: State) -> dict[str, Json]:
    """Return a state in short: ``s``, ``a``, ``c``, ``lc`` and, where it differs, ``lu`` (seconds since the epoch)."""
    short = {"s": state.state, "a": state.attributes, "c": _short(state.context), "lc": state.changed_at}
    return short if state.updated_at == state.changed_at else {**short, "lu": state.updated_at}


def difference(old: State, new: State) -> dict[str, Json]:
    """Return what leads from the compressed ``old`` to ``new``: ``+`` what is set, ``-`` which attributes went."""
    more: dict[str, Json] = {}
    if old.state != new.state:
        more["s"] = new.state
    if old.changed_at != new.changed_at:
        more["lc"] = new.changed_at
    elif old.updated_at != new.updated_at:
        more["lu"] = new.updated_at
    if old.context != new.context:
        more["c"] = _context_difference(old.context, new.context)
    found: dict[str, Json] = {"+": more} if more else {}
    if old.attributes != new.attributes:
        before, after = old.attributes, new.attributes
        changed = {name: value for name, value in after.items() if name not in before or before[name] != value}
        gone = [name for name in before if name not in after]
        if changed:
            found.setdefault("+", more)["a"] = changed
        if gone:
            found["-"] = {"a": gone}
    return found


def _short(context: Context) -> str | dict[str, str | None]:
    if context.parent_id is None and context.user_id is None:
        return context.id
    return context_as_dict(context)


def _context_difference(old: Context, new: Context) -> str | dict[str, str | None]:
    changed = {name: value for name, value in context_as_dict(new).items() if getattr(old, name) != value}
    return new.id if changed.keys() == {"id"} else changed


def _as_known(value: Any) -> Json:
    """Return a value of which JSON knows nothing as what it does know."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return list(value) if isinstance(value, set | frozenset) else str(value)


_ENDS_WITH_Z: Final = b'Z"'
_encoder: Final = msgspec.json.Encoder(enc_hook=_as_known)
