"""Finds what a rule names and the home does not know: entities and services, misspelled or not there yet."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from inglenook.config.values import is_template, near_miss
from inglenook.home import Home

_CALLS: Final = ("action", "service")
_WORDS: Final = ("all", "none")

Path = tuple[Any, ...]


def unknown_references(home: Home, raw: Any) -> list[tuple[Path, str]]:
    """Return the path and a sentence for each name that nothing in the home answers to."""
    known = {state.entity_id for state in home.states} | {entry.entity_id for entry in home.registry.entities}
    services = [f"{service.domain}.{service.name}" for service in home.services.all()]
    found = []
    for path, kind, name in _names(raw, ()):
        if kind == "entity" and name not in known:
            found.append((path, f"there is no entity {name}{near_miss(name, known)}"))
        elif kind == "service" and name not in services:
            found.append((path, f"there is no service {name}{near_miss(name, services)}"))
    return found


def _names(value: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            here = (*path, key)
            if key == "entity_id":
                yield from ((here, "entity", name) for name in _ids(item))
            elif key in _CALLS and isinstance(item, str) and not is_template(item):
                yield here, "service", item.lower()
            else:
                yield from _names(item, here)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _names(item, (*path, index))


def _ids(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else [value]
    names = [name.strip().lower() for part in parts if isinstance(part, str) for name in part.split(",")]
    return [name for name in names if "." in name and name not in _WORDS and not is_template(name)]
