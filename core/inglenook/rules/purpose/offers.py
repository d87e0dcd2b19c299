"""Offers: the purpose-specific kinds as visual editors show them, with the entities they are for and their options."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.model import State
from inglenook.rules.purpose.condition import PurposeCondition
from inglenook.rules.purpose.conditions import CONDITIONS
from inglenook.rules.purpose.sources import Source, has
from inglenook.rules.purpose.trigger import ALL, EACH, FIRST, PurposeTrigger
from inglenook.rules.purpose.triggers import TRIGGERS

Row = PurposeTrigger | PurposeCondition

_SELECTORS: Final[Mapping[str, Mapping[str, Any]]] = {
    "for": {"duration": {}},
    "threshold": {"object": {}},
    "zone": {"entity": {"domain": "zone"}},
}
_LISTED: Final = {"text": {"multiple": True}}


def triggers() -> dict[str, dict[str, Any]]:
    """Return what is told of each trigger by its name: ``target`` and ``fields``."""
    return {name: _described(row, (EACH, FIRST, ALL)) for name, row in TRIGGERS.items()}


def conditions() -> dict[str, dict[str, Any]]:
    """Return the same of conditions."""
    return {name: _described(row, ("any", "all")) for name, row in CONDITIONS.items()}


def triggers_for(states: Collection[State]) -> list[str]:
    """Return the names of the triggers that are for one of the entities of these states."""
    return _fitting(TRIGGERS, states)


def conditions_for(states: Collection[State]) -> list[str]:
    """Return the names of the conditions that are for one of the entities of these states."""
    return _fitting(CONDITIONS, states)


def _fitting(rows: Mapping[str, Row], states: Collection[State]) -> list[str]:
    return [name for name, row in rows.items() if row.entities is None and any(has(row.sources, one) for one in states)]


def _described(row: Row, behaviors: tuple[str, ...]) -> dict[str, Any]:
    fields = {str(key): _field(key, behaviors) for key in row.options}
    if row.entities is not None:
        return {"fields": fields}
    entities = [_filter(domain, source) for domain, source in row.sources.items()]
    return {"target": {"entity": entities}, "fields": fields}


def _filter(domain: str, source: Source) -> dict[str, Any]:
    """Return which entities of a domain, in the words of a selector."""
    found: dict[str, Any] = {"domain": [domain]}
    if source.device_class is not None:
        found["device_class"] = [source.device_class]
    if source.feature:
        found["supported_features"] = [source.feature]
    return found


def _field(key: Any, behaviors: tuple[str, ...]) -> dict[str, Any]:
    if key == "behavior":
        return {"required": True, "default": behaviors[0], "selector": {"select": {"options": list(behaviors)}}}
    return {"required": isinstance(key, vol.Required), "selector": _SELECTORS.get(str(key), _LISTED)}
