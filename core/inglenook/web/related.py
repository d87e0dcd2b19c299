"""What is related to what: the entries, rules and groups that belong to one of them, or speak of it."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from inglenook.home import Home
from inglenook.model import State, Target
from inglenook.registry import EntityEntry
from inglenook.rules import Rule, RuleEngine
from inglenook.rules.references import names

TYPES: Final = (
    "area", "automation", "automation_blueprint", "config_entry", "device", "entity", "floor", "group", "integration",
    "label", "person", "scene", "script", "script_blueprint",
)  # fmt: skip

_KEY: Final = {"area": "area_id", "device": "device_id", "floor": "floor_id", "label": "label_id"}
_KIND: Final = {key: kind for kind, key in _KEY.items()}
_MEMBERS: Final = {"group": "entity_id", "person": "device_trackers", "scene": "entity_id"}
"""The domains whose entities stand for others, and the attribute that names these."""

Found = dict[str, set[str]]


class Related:
    """Answers for one question: what it looks up is as the home is now."""

    def __init__(self, home: Home, engine: RuleEngine) -> None:
        self._home = home
        self._registry = home.registry
        self._engine = engine
        self._found: Found = {}

    def to(self, item_type: str, item_id: str) -> dict[str, list[str]]:
        """Return the ids of what is related to something, by type, without the thing itself."""
        if item_type in _KEY:
            self._place(item_type, item_id)
        elif item_type in ("automation", "script"):
            self._rule(item_id)
        elif item_type.endswith("_blueprint"):
            self._blueprint(item_type, item_id)
        elif item_type in _MEMBERS:
            self._members(item_id)
        elif item_type == "entity":
            self._entity(item_id)
        elif item_type == "integration":
            self._entries(entry for entry in self._registry.entities if entry.platform == item_id)
        self._found.get(item_type, set()).discard(item_id)
        return {kind: sorted(ids) for kind, ids in sorted(self._found.items()) if ids}

    def _add(self, kind: str, ids: Iterable[str | None]) -> None:
        self._found.setdefault(kind, set()).update(one for one in ids if one)

    def _place(self, kind: str, item_id: str) -> None:
        """A device, area, floor or label: what is in it or bears it, and the rules that name it."""
        registry, target = self._registry, Target(**{_KEY[kind]: (item_id,)})
        self._add("area", registry.areas_of(target))
        self._add("device", registry.devices_of(target))
        reached = set(registry.resolve(target, with_diagnostics=True))
        self._entries(entry for entry in registry.entities if entry.entity_id in reached)
        if kind in ("area", "device"):
            entry = registry.areas.get(item_id) if kind == "area" else registry.devices.get(item_id)
            self._add("label", entry.labels if entry is not None else ())
        if (area := registry.areas.get(item_id)) is not None and kind == "area":
            self._add("floor", [area.floor_id])
        if (device := registry.devices.get(item_id)) is not None and kind == "device":
            self._add("area", [device.area_id])
            self._add("integration", [platform for platform, _ in device.identifiers])
        self._rules_that_name((_KEY[kind], item_id))

    def _entity(self, entity_id: str) -> None:
        entry = self._registry.entities.get(entity_id)
        if entry is not None:
            self._whereabouts(entry)
            self._add("label", entry.labels)
        for state in self._home.states:
            if state.domain in _MEMBERS and entity_id in _members_of(state):
                self._add(state.domain, [state.entity_id])
        ids = {entity_id} if entry is None else {entity_id, entry.id}
        self._rules_that_name(*(("entity_id", one) for one in ids))
        if entity_id.partition(".")[0] in ("automation", "script"):
            self._rule(entity_id)

    def _entries(self, entries: Iterable[EntityEntry]) -> None:
        """Take entities in, with the rules, scenes and groups among them by their own types."""
        for entry in entries:
            self._add("entity", [entry.entity_id])
            self._add("integration", [entry.platform])
            self._add("device", [entry.device_id])
            if entry.domain in (*_MEMBERS, "automation", "script"):
                self._add(entry.domain, [entry.entity_id])
            self._rules_that_name(("entity_id", entry.entity_id), ("entity_id", entry.id))

    def _whereabouts(self, entry: EntityEntry) -> None:
        self._add("device", [entry.device_id])
        self._add("integration", [entry.platform])
        area = self._registry.areas.get(self._registry.area_of(entry) or "")
        if area is not None:
            self._add("area", [area.id])
            self._add("floor", [area.floor_id])

    def _members(self, entity_id: str) -> None:
        state = self._home.states.get(entity_id)
        self._add("entity", _members_of(state) if state is not None else ())
        self._entity(entity_id)

    def _rule(self, entity_id: str) -> None:
        """What a rule speaks of."""
        for kind, name in self._named.get(entity_id, ()):
            if kind in _KIND:
                self._add(_KIND[kind], [name])
            elif kind == "entity_id":
                self._add("entity", [self._registry.entity_id(name)])
            elif name.startswith("script.") and name in self._named:
                self._add("script", [name])
        rule = self._engine.rule_of(entity_id)
        if rule is not None and (path := _blueprint_of(rule)) is not None:
            self._add(f"{entity_id.partition('.')[0]}_blueprint", [path])
        self._rules_that_name(("entity_id", entity_id), ("service", entity_id))

    def _blueprint(self, item_type: str, path: str) -> None:
        domain = item_type.removesuffix("_blueprint")
        for entity in self._engine:
            if entity.domain == domain and isinstance(entity.rule, Rule) and _blueprint_of(entity.rule) == path:
                self._add(domain, [entity.entity_id])

    def _rules_that_name(self, *wanted: tuple[str, str]) -> None:
        for one in wanted:
            for entity_id in self._naming.get(one, ()):
                self._add(entity_id.partition(".")[0], [entity_id])

    @cached_property
    def _named(self) -> Mapping[str, set[tuple[str, str]]]:
        """What each rule names, by its entity id."""
        return {rule.entity_id: names(rule.rule.raw) for rule in self._engine if isinstance(rule.rule, Rule)}

    @cached_property
    def _naming(self) -> Mapping[tuple[str, str], list[str]]:
        """The rules that name something, by what they name."""
        found: dict[tuple[str, str], list[str]] = {}
        for entity_id, named in self._named.items():
            for one in named:
                found.setdefault(one, []).append(entity_id)
        return found


def _members_of(state: State) -> list[str]:
    found = state.attributes.get(_MEMBERS.get(state.domain, ""))
    return [str(one) for one in found] if isinstance(found, list | tuple) else []


def _blueprint_of(rule: Rule) -> str | None:
    """Return the path of the blueprint that a rule is made of, or None."""
    written: Any = rule.written
    use = written.get("use_blueprint") if isinstance(written, Mapping) else None
    return str(use.get("path")) if isinstance(use, Mapping) else None
