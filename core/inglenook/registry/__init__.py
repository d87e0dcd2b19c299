"""The registries: names, places and ids that outlive a restart, of devices, entities, areas, floors and so on.

A state says what an entity is now; an entry says that it exists, what it is called and where it is. Entries are
immutable; ``update`` replaces one. Every change is stored and announced (``entity_registry_updated`` …).
"""

from inglenook.registry.entries import AreaEntry, CategoryEntry, DeviceEntry, EntityEntry, Entry, FloorEntry, LabelEntry
from inglenook.registry.naming import slugify
from inglenook.registry.registry import Registry
from inglenook.registry.tables import Table

__all__ = [
    "AreaEntry",
    "CategoryEntry",
    "DeviceEntry",
    "EntityEntry",
    "Entry",
    "FloorEntry",
    "LabelEntry",
    "Registry",
    "Table",
    "slugify",
]
