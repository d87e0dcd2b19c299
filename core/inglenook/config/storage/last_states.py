"""What entities last were in Home Assistant (``core.restore_state``): values, sums, which automations are off."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from inglenook.config.storage.json_file import WHOLE, read_json
from inglenook.config.storage.registries import seconds
from inglenook.errors import ConfigError
from inglenook.model import MAX_STATE_LENGTH, Context, State
from inglenook.states import is_entity_id

FILE: Final = "core.restore_state"


def read_last_states(folder: Path, problems: list[ConfigError]) -> Iterator[State]:
    """Yield the last states of entities; what is none is left out. Blocking."""
    file = read_json(folder, FILE, problems)
    if file is None:
        return
    for index, kept in file.entries(WHOLE):
        raw = kept.get("state")
        if isinstance(raw, dict) and isinstance(raw.get("entity_id"), str) and is_entity_id(raw["entity_id"]):
            state = _state(raw)
            if state is not None:
                yield state
            else:
                file.leave_out(WHOLE, index, "expected a state and its attributes")


def _state(raw: Mapping[str, Any]) -> State | None:
    text, attributes, context = raw.get("state"), raw.get("attributes"), raw.get("context")
    if not isinstance(text, str) or len(text) > MAX_STATE_LENGTH or not isinstance(attributes, dict):
        return None
    try:
        msgspec.json.encode((text, attributes))  # what cannot be stored is none
    except (ValueError, ArithmeticError, RecursionError):
        return None
    context_id = context.get("id") if isinstance(context, dict) else None
    updated_at = seconds(raw.get("last_updated"))
    changed_at = seconds(raw.get("last_changed")) or updated_at
    return State(raw["entity_id"], text, attributes, Context(str(context_id or "")), changed_at, updated_at, updated_at)
