"""Slips: what is legal in a rule, and can never do what it seems to be written for."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from inglenook.config.values import either, is_template, shown
from inglenook.rules.purpose.conditions import CONDITIONS
from inglenook.rules.purpose.offers import Row
from inglenook.rules.purpose.threshold import Threshold
from inglenook.rules.purpose.triggers import TRIGGERS
from inglenook.rules.waiting import mappings

_KINDS: Final = (("trigger", TRIGGERS), ("platform", TRIGGERS), ("condition", CONDITIONS))
_TEMPLATES: Final = ("value_template", "wait_template")
_CONSTANT: Final = ("true", "false")  # which people write to switch a condition on and off

Path = tuple[Any, ...]
UnitOf = Callable[[str], str | None]
"""The unit that an entity's state is in, empty for none; None when nothing is known of the entity."""


def slips(raw: Any, unit_of: UnitOf) -> Iterator[tuple[Path, str]]:
    """Yield the path and a sentence for each part of the rule ``raw`` that never does what it says."""
    for path, part in mappings(raw, ()):
        for key in _TEMPLATES:
            if isinstance(text := part.get(key), str) and _is_no_template(text):
                yield (*path, key), f'this is a text, not a template: {shown(text)} stays as it is; write "{{{{ … }}}}"'
        for mark, rows in _KINDS:
            kind = part.get(mark)
            row = rows.get(kind) if isinstance(kind, str) else None
            if row is not None:
                yield from ((path + place, message) for place, message in _of_purpose(str(kind), row, part, unit_of))


def _is_no_template(text: str) -> bool:
    if is_template(text) or text.strip().lower() in _CONSTANT:
        return False
    try:
        float(text)
    except ValueError:
        return True
    return False


def _of_purpose(kind: str, row: Row, part: Mapping[Any, Any], unit_of: UnitOf) -> Iterator[tuple[Path, str]]:
    target, options = part.get("target"), part.get("options")
    if isinstance(target, Mapping):
        yield from _strangers(kind, row, target.get("entity_id"))
    limit = row.options.get("threshold")
    if isinstance(options, Mapping) and isinstance(limit, Threshold) and isinstance(options.get("threshold"), Mapping):
        given = options["threshold"]
        here = ("options", "threshold")
        if message := _turned_round(given):
            yield (*here, "value_min"), message
        for name in ("value", "value_min", "value_max"):
            if isinstance(given.get(name), Mapping) and (message := _without_unit(limit, given[name], unit_of)):
                yield (*here, name, "entity"), message


def _strangers(kind: str, row: Row, entity_ids: Any) -> Iterator[tuple[Path, str]]:
    """Yield what tells of entities whose domain the kind never looks at."""
    texts = entity_ids if isinstance(entity_ids, list) else [entity_ids]
    for entity_id in (one.strip() for text in texts if isinstance(text, str) for one in text.split(",")):
        domain, dot, _ = entity_id.lower().partition(".")
        if dot and domain not in row.sources and not is_template(entity_id):
            yield ("target", "entity_id"), f"{kind} looks at {either(row.sources)} alone, never at {entity_id}"


def _turned_round(given: Mapping[Any, Any]) -> str:
    """Return what tells of a range whose ends are the wrong way round; nothing of others, and where units differ."""
    kind, low, high = given.get("type"), given.get("value_min"), given.get("value_max")
    if kind not in ("between", "outside") or not isinstance(low, Mapping) or not isinstance(high, Mapping):
        return ""
    first, last = low.get("number"), high.get("number")
    if not isinstance(first, int | float) or not isinstance(last, int | float) or first <= last:
        return ""
    if low.get("unit_of_measurement") != high.get("unit_of_measurement"):
        return ""
    return f"{first} is above value_max, {last}: {'nothing is between' if kind == 'between' else 'all is outside'}"


def _without_unit(limit: Threshold, bound: Mapping[Any, Any], unit_of: UnitOf) -> str:
    """Return what tells of an entity as a bound that is in no unit of the quantity."""
    entity_id = bound.get("entity")
    if not isinstance(entity_id, str) or ("number" in bound and bound.get("active_choice") != "entity"):
        return ""
    unit, units = unit_of(entity_id), limit.units
    if unit is None or not units or unit in units:
        return ""
    shown_unit = f"is in {unit}" if unit else "has no unit_of_measurement"
    return f"{entity_id} {shown_unit}; expected {either(units)}, so nothing is ever compared with it"
