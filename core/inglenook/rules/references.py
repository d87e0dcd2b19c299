"""Finds what a rule names and the home does not know: entities, services, places and devices, misspelled or gone."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from inglenook.config.trees import keys_in
from inglenook.config.values import is_template, near_miss, nearest, nearly_same
from inglenook.home import Home
from inglenook.model import NO_DATA
from inglenook.rules.syntax import template_texts
from inglenook.templates import Templates

_CALLS: Final = ("action", "service")
_ENTRIES: Final = {"area_id": "area", "device_id": "device", "floor_id": "floor", "label_id": "label"}
_SEVERAL: Final = frozenset({"add_entities", "entities", "entity_ids", "remove_entities"})
_WORDS: Final = ("all", "none")
_OF_A_DEVICE: Final = frozenset({"device_id", "domain", "type"})
FREE: Final = frozenset({"data", "data_template", "event_data", "event_data_template", "target", "variables"})
_NO_CALLS: Final = FREE | {"attributes", "fields"}  # what stands in them is for whoever reads it
_NOTIFIERS: Final = "services"  # of a group of services of notify, which may leave their domain out
_MADE_BY_RULES: Final = ("group.", "scene.")  # by group.set and scene.create

Path = tuple[Any, ...]


class Names:
    """The names that a home answers to.

    Args:
        home: what it knows.
        declared: entities that will be there once it runs.
        domains: of which every entity is known; None when the home has run before and knows those of its devices.
        offered: services that will be there once it runs, beside those that are, each as ``domain.name``.
        units: of entities that will be there, empty for none.
        has_places: whether its areas, floors, labels and devices are known; by default when it has run before.
    """

    def __init__(
        self,
        home: Home,
        declared: Iterable[str] = (),
        domains: frozenset[str] | None = None,
        *,
        offered: Iterable[str] = (),
        units: Mapping[str, str] = NO_DATA,
        has_places: bool = False,
    ) -> None:
        registry = home.registry
        self._has_places = has_places or domains is None
        self._domains = domains
        self._units = units
        self._state_of = home.states.get
        states = {state.entity_id for state in home.states}
        self._entities = states | {entry.entity_id for entry in registry.entities} | set(declared)
        self._services = {f"{service.domain}.{service.name}" for service in home.services.all()} | set(offered)
        self._served = {name.partition(".")[0] for name in self._services}
        self._provider_of = home.services.provider_of
        self._near = cache(self._near_service)  # two ask, of each service that is missing
        self._entries = {
            key: {entry.id for entry in table}
            for key, table in (
                ("area_id", registry.areas),
                ("device_id", registry.devices),
                ("floor_id", registry.floors),
                ("label_id", registry.labels),
            )
        }

    def unknown(self, raw: Any, templates: Templates) -> list[tuple[Path, str]]:
        """Return the path and a sentence for each name that nothing in the home answers to.

        Args:
            raw: a rule, or whatever else is written in its words.
            templates: of the home, for the names that templates in it hold.
        """
        found = [(path, kind, name) for path, kind, name in _names(raw, ())]
        texts = list(template_texts(raw))
        namings = [(path, templates.engine.naming(text)) for path, text in texts]
        found += [(path, "entity_id", name) for path, naming in namings for name in naming.entities]
        told = [(path, message) for path, kind, name in found if (message := self._fault(kind, name))]
        own = keys_in(raw) if texts else set()
        for path, naming in namings:
            told += [(path, _no_function(name, templates)) for name in naming.unknown if name not in own]
            if "trigger_variables" in path or path[-1:] == ("enabled",):
                told += [(path, f"{name} reads the home; what is rendered here may not") for name in naming.of_home]
        return told

    def unknown_entities(self, entity_ids: Any) -> list[str]:
        """Return a sentence for each of ``entity_ids``, one text or a list of them, that nothing answers to."""
        return [message for name in _ids("entity_id", entity_ids) if (message := self._fault("entity_id", name))]

    def unit_of(self, entity_id: str) -> str | None:
        """Return the unit that an entity's state is in, empty for none; None when nothing is known of the entity."""
        if entity_id in self._units:
            return self._units[entity_id]
        state = self._state_of(entity_id)
        return None if state is None else str(state.attributes.get("unit_of_measurement") or "")

    def provider_of(self, service: str) -> str:
        """Return a sentence that says who would offer a service; nothing if it is offered or looks like one that is."""
        domain, dot, name = service.partition(".")
        if service in self._services or not dot or self._near(service):
            return ""
        return self._provider_of(domain, name)

    def _fault(self, kind: str, name: str) -> str:
        """Return what is wrong with a name; empty when the home knows it, or cannot be sure."""
        if kind == "service":
            return self._service_fault(name)
        if kind == "entity_id":
            if name in self._entities or not self._is_sure(name):
                return ""
            hint = near_miss(name, self._entities)
            return f"there is no entity {name}{hint}" if hint or not name.startswith(_MADE_BY_RULES) else ""
        if not self._has_places or name in self._entries[kind]:
            return ""
        return f"there is no {_ENTRIES[kind]} {name}{near_miss(name, self._entries[kind])}"

    def _service_fault(self, name: str) -> str:
        if name in self._services:
            return ""
        hint = self._near(name)
        provider = "" if hint else self.provider_of(name)
        if hint or provider or name.partition(".")[0] in self._served:
            return f"there is no service {name}{hint}{provider and ': '}{provider}"
        return ""

    def _near_service(self, name: str) -> str:
        """Return a hint at a service of the same domain, or at the same service of a domain that is nearly the same."""
        domain, _, service = name.partition(".")
        meant = nearest(
            service, (known.partition(".")[2] for known in self._services if known.startswith(f"{domain}."))
        )
        if meant is not None:
            return f"; did you mean '{domain}.{meant}'?"
        others = sorted(other for other in self._served if f"{other}.{service}" in self._services)
        alike = nearest(domain, (other for other in others if nearly_same(domain, other)))
        return f"; did you mean '{alike}.{service}'?" if alike else ""

    def _is_sure(self, entity_id: str) -> bool:
        return self._domains is None or entity_id.partition(".")[0] in self._domains


def mentions(value: Any, word: str) -> bool:
    """Whether ``word`` stands alone as a value anywhere in a rule, or in a list of ids in one text."""
    if isinstance(value, str):
        return word in value and word in (part.strip() for part in value.split(","))
    if isinstance(value, Mapping):
        return any(mentions(item, word) for item in value.values())
    return isinstance(value, list) and any(mentions(item, word) for item in value)


def devices(raw: Any) -> Iterator[str]:
    """Yield the ids in the device triggers, conditions and actions of a rule, those that are disabled left out."""
    waiting = [raw]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, Mapping) and part.get("enabled", True) is not False:
            device_id = part.get("device_id")
            if isinstance(device_id, str) and part.keys() >= _OF_A_DEVICE:
                yield device_id
            waiting.extend(value for key, value in part.items() if key not in FREE)


def paths_to(raw: Any, name: str) -> Iterator[Path]:
    """Yield each path of a rule under which the id ``name`` stands."""
    return (path for path, _, found in _names(raw, ()) if found == name)


def names(raw: Any) -> set[tuple[str, str]]:
    """Return what a rule names: pairs of ``entity_id``, ``area_id`` … or ``service``, and the id."""
    return {(kind, name) for _, kind, name in _names(raw, ())}


def _no_function(name: str, templates: Templates) -> str:
    return f"there is no function {name}{near_miss(name, templates.engine.functions())}"


def _names(value: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            here = (*path, key)
            if key == "entity_id" or key in _ENTRIES:
                yield from ((here, key, name) for name in _ids(key, item))
            elif key in _SEVERAL and isinstance(item, Mapping):
                yield from (((*here, name), "entity_id", each) for name in item for each in _ids("entity_id", name))
            elif key in _SEVERAL:
                yield from ((here, "entity_id", name) for name in _ids("entity_id", item))
            elif key in _CALLS and isinstance(item, str):
                if (service := _service(item, path)) is not None:
                    yield here, "service", service
            else:
                yield from _names(item, here)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _names(item, (*path, index))


def _service(text: str, path: Path) -> str | None:
    """Return the service that a call at ``path`` names as ``domain.name``; None if it is no call."""
    if is_template(text) or not _NO_CALLS.isdisjoint(path):
        return None
    if "." in text:
        return text.lower()
    return f"notify.{text.lower()}" if path[-2:-1] == (_NOTIFIERS,) else None


def _ids(key: str, value: Any) -> list[str]:
    """Return the ids of one target key, without templates, words that are none, and ids of the entity registry."""
    parts = value if isinstance(value, list) else [value]
    texts = [part for part in parts if isinstance(part, str) and not is_template(part)]
    names = [name.strip() for text in texts for name in text.split(",")]
    if key == "entity_id":
        return [name.lower() for name in names if "." in name]
    return [name for name in names if name and name not in _WORDS]
