"""Template entities in the form they had before ``template:``: items with ``platform: template`` under their domain."""

from collections.abc import Iterator
from typing import Any, Final

from inglenook.config.sections import Sections
from inglenook.config.trees import ConfigDict, Mark, key_position, make_dict, start_of, value_position
from inglenook.config.values import shown
from inglenook.errors import ConfigError, Position

PLATFORM: Final = "template"

# Where an item of a domain holds its entities by their object ids; None where the item is the entity itself.
_HOLDERS: Final[dict[str, str | None]] = {
    "alarm_control_panel": "panels",
    "binary_sensor": "sensors",
    "cover": "covers",
    "fan": "fans",
    "light": "lights",
    "lock": None,
    "sensor": "sensors",
    "switch": "switches",
    "vacuum": "vacuums",
    "weather": None,
}
HANDLED: Final = frozenset(f"{domain}.{PLATFORM}" for domain in _HOLDERS)
"""What is taken, as ``Sections.unhandled`` wants to know it."""

# The present names of keys; of others that end in ``_template`` it is what stands before.
_NAMES: Final = {
    "attribute_templates": "attributes",
    "color_template": "hs",
    "entity_picture_template": "picture",
    "forecast_template": "forecast_daily",
    "friendly_name": "name",
    "friendly_name_template": "name",
    "set_color": "set_hs",
    "value_template": "state",
}
# What was said of entities and means nothing any more.
_DROPPED: Final = frozenset({
    "entity_id", "entity_namespace", "platform", "scan_interval", "set_speed", "set_white_value", "speed_template",
    "speeds", "white_value_template",
})  # fmt: skip

Item = tuple[ConfigDict, Position]


def legacy_blocks(sections: Sections) -> tuple[list[Item], list[ConfigError]]:
    """Return the blocks that would make the same entities under ``template:``, and what is wrong with other items.

    Each entity gets a block of its own, whose parts know where they stand.
    """
    blocks: list[Item] = []
    problems: list[ConfigError] = []
    for domain, items in sections.items_of(PLATFORM).items():
        if domain not in _HOLDERS:
            continue
        for item in items:
            try:
                blocks += _blocks(domain, item)
            except ConfigError as error:
                problems.append(error)
    return blocks, problems


def _blocks(domain: str, item: ConfigDict) -> Iterator[Item]:
    holder = _HOLDERS[domain]
    if holder is None:
        yield _block(domain, _renamed(item))
        return
    entities = item.get(holder)
    if not isinstance(entities, ConfigDict):
        place = value_position(item, holder) or start_of(item)
        raise ConfigError(f"expected a mapping of entities under {holder}, got {shown(entities)}", place, holder)
    for object_id, entity in entities.items():
        place = key_position(entities, object_id)
        if not isinstance(entity, ConfigDict) or place is None:
            raise ConfigError(f"expected a mapping, got {shown(entity)}", place, f"{holder}.{object_id}")
        named = {} if _has_name(entity) else {"name": str(object_id)}
        yield _block(domain, _renamed(entity, {**named, "default_entity_id": f"{domain}.{object_id}"}, place))


def _has_name(entity: ConfigDict) -> bool:
    return any(key in entity for key in ("name", "friendly_name", "friendly_name_template"))


def _renamed(entity: ConfigDict, added: dict[str, str] | None = None, place: Position | None = None) -> ConfigDict:
    """Return an entity with the present names of its keys, and with what is ``added``, which stands at ``place``."""
    places = entity.positions()
    items: dict[Any, Any] = {}
    marks: dict[Any, tuple[Mark, Mark]] = {}
    for index, (key, value) in enumerate(entity.items()):
        if key in _DROPPED or (key == "friendly_name" and "friendly_name_template" in entity):
            continue
        name = _name(key)
        items[name] = value
        marks[name] = places[2 * index], places[2 * index + 1]
    for name, text in (added or {}).items():
        assert place is not None
        items[name], marks[name] = text, (place, place)
    return make_dict(items, entity.source, entity.start, [mark for name in items for mark in marks[name]])


def _name(key: Any) -> Any:
    return _NAMES.get(key, key.removesuffix("_template")) if isinstance(key, str) else key


def _block(domain: str, entity: ConfigDict) -> Item:
    place = entity.source.position(entity.start)
    return make_dict({domain: entity}, entity.source, entity.start, [place, place]), place
