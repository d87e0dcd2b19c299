"""Steps in a person's words: what a run did, for the line that tells of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

_SPELLINGS: Final = {"action": "actions", "condition": "conditions"}  # the path keeps to the older spelling
_LISTED: Final = (
    "action",
    "sequence",
    "choose",
    "parallel",
    "default",
    "then",
    "else",
)  # one step may stand for a list
_SERVICE: Final = ("action", "service", "service_template")
_KINDS: Final = ("delay", "wait_template", "wait_for_trigger", "event", "scene", "stop", "variables", "condition")
_LISTS: Final = ("choose", "if", "repeat", "parallel", "sequence", "and", "or", "not")


def steps_text(config: Mapping[str, Any], paths: Iterable[str]) -> str:
    """Return what the steps at ``paths`` did, in order, each once: ``light.turn_on light.hall, delay 00:00:05``."""
    return ", ".join(dict.fromkeys(text for text in (step_text(config, path) for path in paths) if text))


def step_text(config: Mapping[str, Any], path: str) -> str:
    """Return what the step at ``path`` of a rule does, like ``light.turn_on light.hall``; empty if it holds others.

    Args:
        config: the rule.
        path: as traces show it, like ``action/0/choose/1/sequence/0``.
    """
    step = step_at(config, path)
    return _text(step) if isinstance(step, Mapping) else ""


def holder_text(config: Mapping[str, Any], path: str) -> str:
    """Return what the step at ``path`` is that holds others, like ``choose``; empty if it holds none."""
    step = step_at(config, path)
    return next((key for key in _LISTS if key in step), "") if isinstance(step, Mapping) else ""


def step_at(config: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a ``path`` of a rule, as it was written; None if nothing does."""
    step: Any = config
    for part in path.split("/"):
        step = _inner(step, part)
    return step


def _inner(step: Any, part: str) -> Any:
    if isinstance(step, Sequence) and not isinstance(step, str):
        if part == "sequence":  # a branch that is a list of steps, without the word
            return step
        return step[int(part)] if part.isdecimal() and int(part) < len(step) else None
    if isinstance(step, Mapping):
        if part == "sequence" and part not in step:  # a branch that is one step, without the word
            return [step]
        found = step.get(part, step.get(_SPELLINGS.get(part, part)))
        return [found] if part in _LISTED and isinstance(found, Mapping) else found
    return None


def _text(step: Mapping[str, Any]) -> str:
    service = next((step[key] for key in _SERVICE if key in step), None)
    if service is not None:
        target = step.get("target")
        reached = target if isinstance(target, Mapping) else step
        found = [_names(reached[key]) for key in ("entity_id", "area_id", "device_id") if key in reached]
        return " ".join([str(service), *found])
    if "device_id" in step:
        return f"{step.get('domain')}.{step.get('type')} {_names(step.get('entity_id'))}".strip()
    if any(key in step for key in _LISTS):
        return ""
    kind = next((key for key in _KINDS if key in step), None)
    return f"{kind} {_names(step[kind])}".strip() if kind else ""


def _names(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) if all(isinstance(one, str) for one in value) else ""
    return "" if isinstance(value, Mapping) or value is None else str(value)
