"""Trees: mappings and lists read from YAML that know where each key and value stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from inglenook.errors import Position

# A place in the container's own source is one int, line and column from 0; one in another file is a Position.
Mark = int | Position

COLUMN_BITS: Final = 26  # a file of one line may be as long as the largest file we read
_COLUMN_MASK: Final = (1 << COLUMN_BITS) - 1


class Source:
    """A file as shown to a person, or a part of it: ``first_line``, from 0, is where the part begins.

    A part that moves inside its file, because lines above it came or went, only needs another ``first_line``.
    """

    __slots__ = ("first_line", "path")

    def __init__(self, path: str, first_line: int = 0) -> None:
        self.path = path
        self.first_line = first_line

    def position(self, mark: Mark) -> Position:
        """Return the place of a mark that belongs to this source."""
        if isinstance(mark, Position):
            return mark
        return Position(self.path, (mark >> COLUMN_BITS) + self.first_line + 1, (mark & _COLUMN_MASK) + 1)


class ConfigDict(dict[Any, Any]):
    """A mapping from a file. ``marks`` holds the places of key and value in turn, in the order of the keys.

    One that was made by code has no place at all. Trees are read-only: whoever needs another value makes a new one.
    """

    __slots__ = ("marks", "source", "start")

    source: Source
    start: int
    marks: list[Mark]

    def positions(self) -> list[Mark]:
        """Return the marks, valid in any file."""
        return [self.source.position(mark) for mark in self.marks]


class ConfigList(list[Any]):
    """A list from a file. ``marks`` holds the place of each item. Else as :class:`ConfigDict`."""

    __slots__ = ("marks", "source", "start")

    source: Source
    start: int
    marks: list[Mark]

    def positions(self) -> list[Mark]:
        """Return the marks, valid in any file."""
        return [self.source.position(mark) for mark in self.marks]


Tree = ConfigDict | ConfigList


@dataclass(frozen=True, slots=True)
class Input:
    """What ``!input name`` stands for until a blueprint is given its inputs."""

    name: str


def make_dict(items: dict[Any, Any], source: Source, start: int, marks: list[Mark]) -> ConfigDict:
    """Return ``items`` as a mapping that stands in ``source``."""
    tree = ConfigDict(items)
    tree.source, tree.start, tree.marks = source, start, marks
    return tree


def make_list(items: Sequence[Any], source: Source, start: int, marks: list[Mark]) -> ConfigList:
    """Return ``items`` as a list that stands in ``source``."""
    tree = ConfigList(items)
    tree.source, tree.start, tree.marks = source, start, marks
    return tree


def pack(line: int, column: int) -> int:
    """Return a place, line and column from 0, as one int."""
    return line << COLUMN_BITS | column


def keys_in(tree: Any) -> set[Any]:
    """Return every key of every mapping in a tree. In few steps, for ten thousand rules are asked for theirs."""
    found: set[Any] = set()
    waiting: list[Any] = [tree]
    for part in waiting:
        if isinstance(part, dict):
            found.update(part)
            waiting += [inner for inner in part.values() if inner.__class__ is not str]
        elif isinstance(part, list):
            waiting += [inner for inner in part if inner.__class__ is not str]
    return found


def relocate(tree: Tree, source: Source) -> None:
    """Give the tree and all within it another source."""
    tree.source = source
    for inner in tree.values() if isinstance(tree, ConfigDict) else tree:
        if isinstance(inner, ConfigDict | ConfigList):
            relocate(inner, source)


def start_of(tree: Any) -> Position | None:
    """Return where a mapping or list begins; None for anything without a place."""
    if isinstance(tree, ConfigDict | ConfigList) and hasattr(tree, "marks"):
        return tree.source.position(tree.start)
    return None


def key_position(tree: Any, key: Any) -> Position | None:
    """Return where the key of a mapping stands; None without a place."""
    index = _index(tree, key)
    return None if index is None else tree.source.position(tree.marks[index])


def value_position(tree: Any, key: Any) -> Position | None:
    """Return where the value of a mapping's key, or the item of a list, begins; None without a place."""
    if (index := _index(tree, key)) is None:
        return None
    return start_of(tree[key]) or tree.source.position(tree.marks[index + isinstance(tree, dict)])


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


def holds(value: Any, part: Tree) -> bool:
    """Whether ``part`` itself, not one that says the same, is ``value`` or stands anywhere in it."""
    if value is part:
        return True
    if not isinstance(value, dict | list):
        return False
    return any(holds(inner, part) for inner in (value.values() if isinstance(value, dict) else value))


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
