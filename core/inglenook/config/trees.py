"""Trees: mappings and lists read from YAML that know where each key and value stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from inglenook.errors import Position

# A place inside the container's own file is one int, line and column from 0; one in another file is a Position.
Mark = int | Position

_COLUMN_BITS: Final = 26  # a file of one line may be as long as the largest file we read
_COLUMN_MASK: Final = (1 << _COLUMN_BITS) - 1


class ConfigDict(dict[Any, Any]):
    """A mapping from a file. ``marks`` holds the places of key and value in turn, in the order of the keys.

    One that was made by code has no place at all. Trees are read-only: whoever needs another value makes a new one.
    """

    __slots__ = ("marks", "path", "start")

    path: str
    start: int
    marks: list[Mark]

    def positions(self) -> list[Mark]:
        """Return the marks, valid in any file."""
        return [unpack(self.path, mark) for mark in self.marks]


class ConfigList(list[Any]):
    """A list from a file. ``marks`` holds the place of each item. Else as :class:`ConfigDict`."""

    __slots__ = ("marks", "path", "start")

    path: str
    start: int
    marks: list[Mark]

    def positions(self) -> list[Mark]:
        """Return the marks, valid in any file."""
        return [unpack(self.path, mark) for mark in self.marks]


Tree = ConfigDict | ConfigList


@dataclass(frozen=True, slots=True)
class Input:
    """What ``!input name`` stands for until a blueprint is given its inputs."""

    name: str


def make_dict(items: dict[Any, Any], path: str, start: int, marks: list[Mark]) -> ConfigDict:
    """Return ``items`` as a mapping that stands in ``path``."""
    tree = ConfigDict(items)
    tree.path, tree.start, tree.marks = path, start, marks
    return tree


def make_list(items: Sequence[Any], path: str, start: int, marks: list[Mark]) -> ConfigList:
    """Return ``items`` as a list that stands in ``path``."""
    tree = ConfigList(items)
    tree.path, tree.start, tree.marks = path, start, marks
    return tree


def pack(line: int, column: int) -> int:
    """Return a place, line and column from 0, as one int."""
    return line << _COLUMN_BITS | column


def unpack(path: str, mark: Mark) -> Position:
    """Return the position of a mark that belongs to a container of ``path``."""
    if isinstance(mark, Position):
        return mark
    return Position(path, (mark >> _COLUMN_BITS) + 1, (mark & _COLUMN_MASK) + 1)


def start_of(tree: Any) -> Position | None:
    """Return where a mapping or list begins; None for anything without a place."""
    if isinstance(tree, ConfigDict | ConfigList) and hasattr(tree, "marks"):
        return unpack(tree.path, tree.start)
    return None


def key_position(tree: Any, key: Any) -> Position | None:
    """Return where the key of a mapping stands; None without a place."""
    index = _index(tree, key)
    return None if index is None else unpack(tree.path, tree.marks[index])


def value_position(tree: Any, key: Any) -> Position | None:
    """Return where the value of a mapping's key, or the item of a list, begins; None without a place."""
    if (index := _index(tree, key)) is None:
        return None
    return start_of(tree[key]) or unpack(tree.path, tree.marks[index + isinstance(tree, dict)])


def position_of(tree: Any, path: Sequence[Any], *, at_key: bool = False) -> Position | None:
    """Walk an error's ``path`` of keys and indexes into ``tree`` and return the deepest place that is known.

    Args:
        tree: what was validated.
        path: keys and indexes from the root; may go on past what the tree holds (a missing key).
        at_key: True for the place of the last key itself instead of its value's, when the fault is the key.
    """
    found = start_of(tree)
    for depth, step in enumerate(path):
        is_last = depth == len(path) - 1
        place = (at_key and is_last and key_position(tree, step)) or value_position(tree, step)
        found = place or found
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            break
    return found


def places(tree: Tree) -> Iterator[tuple[Any, Position | None, Any]]:
    """Yield key (or index), the key's position and value of each entry of a mapping or list."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in entries:
        yield key, key_position(tree, key), value


def _index(tree: Any, key: Any) -> int | None:
    """Return where the marks of ``key`` start in ``tree.marks``."""
    if start_of(tree) is None:
        return None
    if isinstance(tree, ConfigList):
        return key if isinstance(key, int) and 0 <= key < len(tree.marks) else None
    for index, known in enumerate(tree):
        if known == key:
            return 2 * index
    return None
