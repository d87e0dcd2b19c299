"""JSON that comes from outside: read, and refused when it is nested deeper than what walks it could follow."""

from typing import Any, Final

import msgspec

MAX_DEPTH: Final = 100  # what a person or an editor writes has a dozen


def decode(payload: bytes) -> Any:
    """Return what ``payload`` says.

    Raises:
        ValueError: it is no JSON, or arrays and objects stand more than ``MAX_DEPTH`` deep in each other.
    """
    try:
        value = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError("expected JSON") from error
    except RecursionError as error:
        raise ValueError(f"nested deeper than {MAX_DEPTH}") from error
    if len(payload) > 2 * MAX_DEPTH and _may_be_deep(payload) and _is_deep(value):
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    return value


def _may_be_deep(payload: bytes) -> bool:
    return payload.count(b"[") + payload.count(b"{") > MAX_DEPTH


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for one in level for child in _children(one) if isinstance(child, (dict, list))]
        if not level:
            return False
    return True


def _children(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
