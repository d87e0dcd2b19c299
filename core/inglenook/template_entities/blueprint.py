"""Blocks made of blueprints: what the user says of the entity goes to the one entity that the blueprint makes."""

from typing import Any, Final

from inglenook.config.trees import ConfigDict, Mark, make_dict
from inglenook.errors import ConfigError, ConfigErrors, Position
from inglenook.template_entities.platforms import PLATFORMS

_OF_THE_ENTITY: Final = ("name", "unique_id")


def settled(block: Any, position: Position | None) -> Any:
    """Return an expanded block with name and unique id, and the variables of a state-based one, where they belong.

    Raises:
        ConfigErrors: the blueprint makes entities of several platforms.
    """
    platforms = [key for key in PLATFORMS if key in block]
    if len(platforms) > 1:
        message = f"a blueprint makes entities of one platform, this one of {', '.join(platforms)}"
        raise ConfigErrors([ConfigError(message, position)])
    if not platforms or not isinstance(block, ConfigDict) or not isinstance(block[platforms[0]], ConfigDict):
        return block
    is_triggered = "triggers" in block or "trigger" in block
    keys = _OF_THE_ENTITY if is_triggered else (*_OF_THE_ENTITY, "variables")
    return _moved(block, platforms[0], [key for key in keys if key in block])


def _moved(block: ConfigDict, platform: str, keys: list[str]) -> ConfigDict:
    """Return the block with ``keys`` inside the platform's part, over what stands there."""
    marks = _marks(block)
    inner: ConfigDict = block[platform]
    inner_marks = _marks(inner) | {key: marks[key] for key in keys}
    items = {**inner, **{key: block[key] for key in keys}}
    entity = make_dict(items, inner.source, inner.start, [mark for key in items for mark in inner_marks[key]])
    rest = {key: entity if key == platform else value for key, value in block.items() if key not in keys}
    return make_dict(rest, block.source, block.start, [mark for key in rest for mark in marks[key]])


def _marks(tree: ConfigDict) -> dict[Any, tuple[Mark, Mark]]:
    """Return the places of key and value by key, valid in any file."""
    places = tree.positions()
    return dict(zip(tree, zip(places[::2], places[1::2], strict=True), strict=True))
