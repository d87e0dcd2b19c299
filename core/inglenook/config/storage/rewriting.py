"""Trees of ``.storage`` in the words of YAML: other keys, other values, the same places."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from inglenook.config.trees import ConfigDict, ConfigList, Mark, make_dict, make_list

_NONE: Final[Mapping[str, Any]] = {}


def rewritten(
    tree: ConfigDict,
    more: Mapping[str, Any] = _NONE,
    *,
    names: Mapping[str, str] = _NONE,
    without: Collection[str] = (),
) -> ConfigDict:
    """Return a mapping as a person would have written it.

    Args:
        tree: what is stored. What is null there was left empty, and is left out.
        more: keys to add, in place of those that are there.
        names: other names for some of its keys.
        without: keys that mean nothing here.
    """
    items: dict[Any, Any] = {}
    marks: list[Mark] = []
    for index, (key, value) in enumerate(tree.items()):
        name = names.get(key, key)
        if value is not None and key not in without and name not in more and name not in items:
            items[name] = _whole(value)
            marks += tree.marks[2 * index : 2 * index + 2]
    for key, value in more.items():
        items[key] = value
        marks += [tree.start, tree.start]
    return make_dict(items, tree.source, tree.start, marks)


def nested(value: Any, key: str, at: ConfigDict) -> ConfigDict:
    """Return a mapping with one key, which stands where ``at`` stands."""
    return make_dict({key: value}, at.source, at.start, [at.start, at.start])


def alone(value: Any, at: ConfigDict) -> ConfigList:
    """Return a list of one item, which stands where ``at`` stands."""
    return make_list([value], at.source, at.start, [at.start])


def _whole(value: Any) -> Any:
    """Return a number without a fraction as a whole one: forms of the interface store 3 as 3.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
