"""What the registries keep: an entry for each device, entity, area, floor, label and category."""

from typing import Any, TypeVar

from msgspec import Struct


class DeviceEntry(Struct, frozen=True):
    """A physical or virtual thing. ``identifiers``: pairs (integration, id there) that recognise it again.

    ``connections``: pairs like (``mac``, address). ``disabled_by`` is ``user``, an integration's word, or None.
    """

    id: str
    identifiers: tuple[tuple[str, str], ...] = ()
    name: str | None = None
    name_by_user: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    sw_version: str | None = None
    hw_version: str | None = None
    serial_number: str | None = None
    area_id: str | None = None
    labels: tuple[str, ...] = ()
    via_device_id: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0
    connections: tuple[tuple[str, str], ...] = ()
    model_id: str | None = None
    configuration_url: str | None = None
    entry_type: str | None = None
    disabled_by: str | None = None


class EntityEntry(Struct, frozen=True):
    """An entity that is known by a ``unique_id`` of its ``platform``, so that a person may rename it.

    ``id`` is 32 hex digits and never changes; ``name`` and ``icon`` are a person's, ``original_*`` the platform's.
    ``options`` and ``categories`` are what clients keep with it: by domain, and a category's id by its scope.
    """

    entity_id: str
    id: str
    unique_id: str
    platform: str
    device_id: str | None = None
    area_id: str | None = None
    labels: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    name: str | None = None
    icon: str | None = None
    original_name: str | None = None
    original_icon: str | None = None
    original_device_class: str | None = None
    device_class: str | None = None
    unit_of_measurement: str | None = None
    entity_category: str | None = None
    hidden_by: str | None = None
    disabled_by: str | None = None
    supported_features: int = 0
    capabilities: dict[str, Any] = {}
    created_at: float = 0.0
    modified_at: float = 0.0
    translation_key: str | None = None
    options: dict[str, Any] = {}
    categories: dict[str, str] = {}

    @property
    def domain(self) -> str:
        """The part of the entity id before the dot."""
        return self.entity_id.partition(".")[0]


class AreaEntry(Struct, frozen=True):
    """A room or place. ``id`` is a slug of its first name; ``…_entity_id`` name the sensors that stand for it."""

    id: str
    name: str
    floor_id: str | None = None
    aliases: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    icon: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0
    picture: str | None = None
    temperature_entity_id: str | None = None
    humidity_entity_id: str | None = None


class FloorEntry(Struct, frozen=True):
    """A floor; ``level`` 0 is the ground floor."""

    id: str
    name: str
    level: int | None = None
    aliases: tuple[str, ...] = ()
    icon: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0


class LabelEntry(Struct, frozen=True):
    """A mark that a person puts on entities, devices and areas."""

    id: str
    name: str
    color: str | None = None
    icon: str | None = None
    description: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0


class CategoryEntry(Struct, frozen=True):
    """A group of one view of clients, its ``scope`` (``automation``, ``helpers`` …), that an entity may be put in."""

    id: str
    scope: str
    name: str
    icon: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0


AnyEntry = DeviceEntry | EntityEntry | AreaEntry | FloorEntry | LabelEntry | CategoryEntry
Entry = TypeVar("Entry", DeviceEntry, EntityEntry, AreaEntry, FloorEntry, LabelEntry, CategoryEntry)
Named = TypeVar("Named", AreaEntry, FloorEntry, LabelEntry)
