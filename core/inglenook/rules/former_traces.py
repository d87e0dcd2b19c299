"""Traces that outlive the process: of each rule, packed, until somebody looks at them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, Final

import msgspec

Trace = dict[str, Any]

MAX_TRACES: Final = 1_000  # of all rules together, of those first that ran last
MAX_BYTES: Final = 8 * 1024 * 1024
MAX_TRACE_BYTES: Final = 128 * 1024


class FormerTraces(msgspec.Struct, array_like=True, frozen=True):
    """Of one rule, the oldest first.

    Attributes:
        shorts: each in short.
        bodies: what each has beside that, packed; what it lacks of ``written`` is as there.
        written: the rule as it was at the end, packed: ``config`` and ``blueprint_inputs``.
        last: the last run as ``inglenook rule trace`` shows it, packed; null if there was none.
    """

    shorts: list[Trace]
    bodies: list[msgspec.Raw]
    written: msgspec.Raw
    last: msgspec.Raw

    def relative_to(self, written: msgspec.Raw) -> "FormerTraces":
        """Return the same for a rule that says something else now."""
        if bytes(written) == bytes(self.written):
            return self
        own = _decode(self.written)
        bodies = [packed_trace({**own, **_decode(body)}) or msgspec.Raw(b"\x80") for body in self.bodies]
        return FormerTraces(self.shorts, bodies, written, self.last)

    def newest(self, count: int) -> "FormerTraces":
        """Return the same with ``count`` traces at most."""
        first = max(0, len(self.shorts) - count)
        return FormerTraces(self.shorts[first:], self.bodies[first:], self.written, self.last)

    def trace(self, run_id: str) -> Trace | None:
        """Return a trace with all that is known of it; None if there is none of that id."""
        for short, body in zip(self.shorts, self.bodies, strict=True):
            if short["run_id"] == run_id:
                whole: Trace = {**_decode(self.written), **short, **_decode(body)}
                return whole
        return None

    def last_run(self) -> Trace | None:
        """Return the last run as ``inglenook rule trace`` shows it; None if there was none."""
        found: Trace | None = _decode(self.last)
        return found


NONE: Final = FormerTraces([], [], msgspec.Raw(b"\x80"), msgspec.Raw(b"\xc0"))  # an empty mapping, null

PackedTraces = MutableMapping[str, bytes]
"""The traces of rules by :func:`traces_key`, each as :func:`packed`."""


def traces_key(entity_id: str, unique_id: str | None) -> str:
    """Return the key under which the traces of a rule are kept: it outlives a change of the entity id, if it can."""
    return entity_id if unique_id is None else f"{entity_id.partition('.')[0]} {unique_id}"


def unpacked(content: bytes | None) -> FormerTraces:
    """Return what was packed; of another version, or damaged, nothing."""
    if content is None:
        return NONE
    try:
        return _decode_former(content)
    except msgspec.MsgspecError:
        return NONE


def packed(former: FormerTraces) -> bytes:
    """Return them as bytes, for :func:`unpacked`."""
    return _encode(former)


def packed_trace(whole: Trace) -> msgspec.Raw | None:
    """Return a part of a trace, packed; None for one that is too large, or holds what cannot be kept."""
    try:
        content = _encode(whole)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None
    return msgspec.Raw(content) if len(content) <= MAX_TRACE_BYTES else None


def fill(
    kept: PackedTraces, found: Iterable[tuple[str, Callable[[], FormerTraces]]], rest: Mapping[str, bytes]
) -> Iterator[None]:
    """Put what there is room for into ``kept``, and yield after each rule of ``found``.

    Args:
        kept: empty.
        found: the key of each rule, and what returns its traces; those first that matter most.
        rest: of rules that are not there now, for as far as there is room then.
    """
    room, left, seen = MAX_BYTES, MAX_TRACES, set()
    for key, look in found:
        seen.add(key)
        if left > 0 and room > 0 and (former := look()).shorts:
            content = packed(former.newest(left))
            if len(content) <= room:
                kept[key] = content
                room, left = room - len(content), left - len(former.shorts)
        yield
    for key, content in rest.items():
        if key not in seen and len(content) <= room:
            kept[key] = content
            room -= len(content)


_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder().decode
_decode_former: Final = msgspec.msgpack.Decoder(FormerTraces).decode
