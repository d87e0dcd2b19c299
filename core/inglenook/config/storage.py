"""What a Home Assistant folder keeps beside its YAML, in ``.storage``: areas, devices, entities and helpers.

It is only ever read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from inglenook.errors import ConfigError, Position

FOLDER: Final = ".storage"
HELPERS: Final = (
    "counter", "input_boolean", "input_button", "input_datetime", "input_number", "input_select", "input_text",
    "person", "schedule", "timer", "zone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry. ``kind`` is ``area``, ``device``, an entity's integration, or the kind of a helper."""

    kind: str
    id: str
    name: str
    area: str
    position: Position


@dataclass(slots=True)
class Storage:
    """All entries that could be read, and what could not be."""

    areas: list[Stored] = field(default_factory=list)
    devices: list[Stored] = field(default_factory=list)
    entities: list[Stored] = field(default_factory=list)
    helpers: list[Stored] = field(default_factory=list)
    warnings: list[ConfigError] = field(default_factory=list)


def read_storage(folder: Path) -> Storage:
    """Return what the configuration folder keeps in ``.storage``; nothing if it has none.

    A file that is not what it should be is a warning, and counts as absent.
    """
    found = Storage()
    for item, place in _items(folder, "core.area_registry", "areas", "id", found):
        found.areas.append(Stored("area", str(item.get("id")), _name(item), "", place))
    names = {area.id: area.name for area in found.areas}
    for item, place in _items(folder, "core.device_registry", "devices", "id", found):
        found.devices.append(Stored("device", str(item.get("id")), _name(item), _area(item, names), place))
    of_devices = {device.id: device.area for device in found.devices}
    for item, place in _items(folder, "core.entity_registry", "entities", "entity_id", found):
        area = _area(item, names) or of_devices.get(str(item.get("device_id")), "")
        platform, entity_id = str(item.get("platform") or ""), str(item.get("entity_id"))
        found.entities.append(Stored(platform, entity_id, _name(item), area, place))
    for kind in HELPERS:
        for item, place in _items(folder, kind, "items", "id", found):
            found.helpers.append(Stored(kind, f"{kind}.{item.get('id')}", _name(item), "", place))
    return found


def _items(
    folder: Path, file: str, key: str, id_key: str, found: Storage
) -> Iterator[tuple[Mapping[str, Any], Position]]:
    """Yield the entries of one file, each with the line of its id."""
    shown = f"{FOLDER}/{file}"
    try:
        text = (folder / FOLDER / file).read_text("utf-8")
        entries = json.loads(text)["data"][key]
        good = [entry for entry in entries if isinstance(entry, dict)]
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        message = f"expected a list of {key} as Home Assistant writes it, got {type(error).__name__}: {error}"
        found.warnings.append(ConfigError(message, Position(shown)))
        return
    lines = _lines(text, id_key)
    for entry in good:
        yield entry, Position(shown, lines.get(str(entry.get(id_key)), 0))


def _lines(text: str, key: str) -> dict[str, int]:
    """Return on which line each value of ``key`` first stands."""
    pattern = re.compile(rf'"{key}":\s*"([^"]*)"')
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for value in pattern.findall(line):
            lines.setdefault(value, number)
    return lines


def _name(item: Mapping[str, Any]) -> str:
    return str(item.get("name_by_user") or item.get("name") or item.get("original_name") or "")


def _area(item: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return names.get(str(item.get("area_id")), "")
