"""Areas, floors, labels, categories, devices and entities of Home Assistant, made entries of our registries."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from inglenook.config.storage.json_file import JsonFile, read_json
from inglenook.errors import ConfigError, Position
from inglenook.registry.entries import (
    AnyEntry,
    AreaEntry,
    CategoryEntry,
    DeviceEntry,
    EntityEntry,
    FloorEntry,
    LabelEntry,
)

Raw = Mapping[str, Any]


class Kind(NamedTuple):
    """One registry: its file, the key of the list in it, and what an entry becomes."""

    file: str
    key: str
    entry: type[Any]
    fields: Callable[[Raw], Raw]


class RegistryFile(NamedTuple):
    """What one file holds. ``entries`` by the id that never changes; ``place`` tells where an entry stands."""

    entries: dict[str, AnyEntry]
    raw: dict[str, Raw]
    place: Callable[[str], Position]


class Registries(NamedTuple):
    """What could be read, by the table of our registry; a file that is not there, or unreadable, is absent."""

    files: dict[str, RegistryFile]
    warnings: list[ConfigError]

    def entries(self, table: str) -> dict[str, AnyEntry]:
        """Return the entries for one of our tables; none if there is no file."""
        found = self.files.get(table)
        return found.entries if found is not None else {}


def read_registries(folder: Path) -> Registries:
    """Return the registries of a configuration folder. Blocking; read once, at the start."""
    found = Registries({}, [])
    for table, kind in KINDS.items():
        file = read_json(folder, kind.file, found.warnings)
        if file is not None:
            found.files[table] = _entries(file, kind)
    file = read_json(folder, "core.category_registry", found.warnings)
    if file is not None:
        found.files["categories"] = _categories(file, found.warnings)
    return found


def _categories(file: JsonFile, warnings: list[ConfigError]) -> RegistryFile:
    """Return the categories, which stand in one list a scope."""
    place = Position(file.shown)
    entries: dict[str, AnyEntry] = {}
    raw: dict[str, Raw] = {}
    scopes = file.data.get("categories")
    for scope, listed in scopes.items() if isinstance(scopes, dict) else ():
        for given in listed if isinstance(listed, list) else ():
            try:
                fields = {**_same(given, "name", "icon"), "id": given["category_id"], "scope": scope}
                entry = msgspec.convert(_without_none(fields), CategoryEntry)
            except (msgspec.ValidationError, AttributeError, KeyError, TypeError) as error:
                warnings.append(ConfigError(f"a category of {scope}: {error}; it is left out", place))
                continue
            entries[entry.id], raw[entry.id] = entry, given
    return RegistryFile(entries, raw, lambda _: place)


def _entries(file: JsonFile, kind: Kind) -> RegistryFile:
    entries: dict[str, AnyEntry] = {}
    raw: dict[str, Raw] = {}
    numbers: dict[str, int] = {}
    for index, given in file.entries(kind.key):
        try:
            entry: AnyEntry = msgspec.convert(_without_none(kind.fields(given)), kind.entry)
            msgspec.json.encode(entry)  # what cannot be stored is none
        except (msgspec.ValidationError, ArithmeticError, KeyError, RecursionError, TypeError, ValueError) as error:
            why = f"there is no {error.args[0]}" if isinstance(error, KeyError) else str(error)
            file.leave_out(kind.key, index, why)
            continue
        entries[entry.id], raw[entry.id], numbers[entry.id] = entry, given, index
    return RegistryFile(entries, raw, lambda entry_id: file.position(kind.key, numbers[entry_id]))


def _without_none(fields: Raw) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _same(raw: Raw, *names: str) -> dict[str, Any]:
    """Return the fields that both have, and the times."""
    times = {name: seconds(raw.get(name)) for name in ("created_at", "modified_at")}
    return {**{name: raw.get(name) for name in names}, **times}


def _area(raw: Raw) -> Raw:
    same = _same(
        raw, "id", "name", "floor_id", "icon", "picture", "temperature_entity_id", "humidity_entity_id",
    )  # fmt: skip
    return {**same, "aliases": _texts(raw, "aliases"), "labels": _texts(raw, "labels")}


def _floor(raw: Raw) -> Raw:
    return {**_same(raw, "name", "icon", "level"), "id": raw["floor_id"], "aliases": _texts(raw, "aliases")}


def _label(raw: Raw) -> Raw:
    return {**_same(raw, "name", "color", "icon", "description"), "id": raw["label_id"]}


def _device(raw: Raw) -> Raw:
    same = _same(
        raw, "id", "name_by_user", "area_id", "via_device_id", "entry_type", "disabled_by", "configuration_url",
    )  # fmt: skip
    said = {name: _text(raw.get(name)) for name in _SAID_BY_DEVICES}
    pairs = {name: _pairs(raw.get(name)) for name in ("identifiers", "connections")}
    return {**same, **said, **pairs, "labels": _texts(raw, "labels")}


def _entity(raw: Raw) -> Raw:
    same = _same(
        raw, "entity_id", "id", "platform", "device_id", "area_id", "name", "icon", "original_name", "original_icon",
        "original_device_class", "device_class", "unit_of_measurement", "entity_category", "hidden_by", "disabled_by",
        "supported_features", "capabilities", "translation_key", "options", "categories",
    )  # fmt: skip
    texts = {name: _texts(raw, name) for name in ("labels", "aliases")}
    return {**same, **texts, "unique_id": str(raw["unique_id"])}


def _texts(raw: Raw, name: str) -> tuple[str, ...]:
    """Return a list of texts, in an order of its own, for a set has none; what is no text is left out."""
    given = raw.get(name)
    return tuple(sorted(one for one in given if isinstance(one, str))) if isinstance(given, list) else ()


def _text(value: Any) -> str | None:
    """Return text as it is, and a number, which integrations once gave, as text."""
    return None if value is None else str(value)


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    """Return pairs of texts; some integrations once gave three, which recognise nothing here."""
    pairs: Iterable[Any] = value if isinstance(value, list) else ()
    return tuple((str(one[0]), str(one[1])) for one in pairs if isinstance(one, list) and len(one) == 2)


def seconds(value: Any) -> float:
    """Return a time as seconds since the epoch; 0 when there is none."""
    try:
        return float(value) if isinstance(value, int | float) else datetime.fromisoformat(str(value)).timestamp()
    except ValueError:
        return 0.0


_SAID_BY_DEVICES: Final = ("name", "manufacturer", "model", "model_id", "sw_version", "hw_version", "serial_number")

KINDS: Final[Mapping[str, Kind]] = {
    "floors": Kind("core.floor_registry", "floors", FloorEntry, _floor),
    "labels": Kind("core.label_registry", "labels", LabelEntry, _label),
    "areas": Kind("core.area_registry", "areas", AreaEntry, _area),
    "devices": Kind("core.device_registry", "devices", DeviceEntry, _device),
    "entities": Kind("core.entity_registry", "entities", EntityEntry, _entity),
}
"""By the table of our registry, in the order in which entries refer to one another."""
