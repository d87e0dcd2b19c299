"""Change one rule in the text of a YAML file and keep every other character as it is.

Nothing is written anew that says the same as before: comments, order, quotes, anchors and tags of what did not change
stay, inside the rule too. Only text is made here; files are written by ``config/writing``.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import Any, Final

import yaml

from inglenook.config.text_nodes import Node, read_nodes
from inglenook.errors import ConfigError, Position

_WIDTH: Final = 100  # of a line with something in brackets, at most
_OTHER_BREAKS: Final = frozenset("\x85\u2028\u2029")  # which end a line in YAML
_EMPTY: Final = {"list": "[]", "mapping": "{}"}


class _TooHardError(Exception):
    """What stands there is written in a way that cannot be changed in part: the whole is written anew."""


def same(old: Any, new: Any) -> bool:
    """True when ``new``, which came as JSON, says what ``old``, which was read from YAML, says."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        mine = {str(key): value for key, value in old.items()}
        return list(mine) == list(new) and all(same(value, new[key]) for key, value in mine.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(old, date) and isinstance(new, str):  # a datetime is one
        return old.isoformat() == new
    return bool(old == new)


def dump(value: Any, *, in_brackets: bool = False) -> str:
    """Return ``value`` as YAML that our reader reads as the same; no line feed at its end."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=sys.maxsize, default_flow_style=in_brackets
    )
    return text.removesuffix("\n...\n").removesuffix("\n")


class Editor:
    """The text of one file that holds rules.

    Args:
        text: of the file.
        path: of the file, as shown to a person.

    Raises:
        ConfigError: it is no YAML.
    """

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._newline = "\r\n" if "\r\n" in text else "\n"
        try:
            self.root = read_nodes(text)
        except yaml.YAMLError as error:
            raise ConfigError(f"the file is no YAML now: {error}", Position(path)) from error

    def depth_of(self, position: Position) -> int:
        """Return how deep the value at ``position`` stands: 0 for the whole file; -1 if none begins there."""
        return len(self._way(position)) - 1

    def replaced(self, position: Position, old: Any, new: Any) -> str:
        """Return the text with the value at ``position``, which is ``old``, as ``new``.

        Raises:
            ConfigError: a tag like ``!secret`` would be lost.
        """
        node = self._way(position)[-1]
        try:
            return self._applied(self._edits(node, old, new))
        except _TooHardError:
            return self.rewritten(position, new)

    def rewritten(self, position: Position, new: Any) -> str:
        """Return the text with the whole value at ``position`` written anew as ``new``; errors as above."""
        *holders, node = self._way(position)
        if holders and holders[-1].kind == "mapping" and (node.is_flow or not node.children):
            key = next(key for key, value in holders[-1].pairs if value is node)
            return self._applied([self._rewrite_value(key, node, new)])
        return self._applied([self._rewrite(node, new)])

    def removed(self, position: Position) -> str:
        """Return the text without the item or entry whose value stands at ``position``, which is not the whole file.

        Raises:
            ConfigError: it is written in brackets, or among others on one line.
        """
        *_, holder, node = self._way(position)
        step = 1 if holder.kind == "list" else 2
        try:
            edit = self._without(holder, holder.children.index(node) // step)
        except _TooHardError:
            message = "this cannot be taken out by itself here; edit the file by hand"
            raise ConfigError(message, self._position(node)) from None
        return self._applied([edit])

    def appended(self, new: Any) -> str:
        """Return the text with ``new``, a list of items or a mapping of entries, after what it holds.

        Raises:
            ConfigError: it holds something else, or is written in brackets.
        """
        root, kind = self.root, "list" if isinstance(new, list) else "mapping"
        if root is None or (root.kind == "scalar" and root.start == root.end):
            before = self._text if not self._text or self._text.endswith("\n") else self._text + self._newline
            return before + self._lines(dump(new), 0) + self._newline
        if root.kind in _EMPTY and not root.children:
            return self._applied([(root.start, root.end, self._lines(dump(new), 0))])
        if root.kind != kind or root.is_flow:
            raise ConfigError(f"expected a {kind}, a line an entry; edit the file by hand", self._position(root))
        end = self._line_end(root.end)
        added = self._newline + " " * root.column + self._lines(dump(new), root.column)
        return self._applied([(end, end, added if end < len(self._text) else added + self._newline)])

    # -- changes --------------------------------------------------------------------------------------------------

    def _edits(self, node: Node, old: Any, new: Any) -> "list[_Edit]":
        """Return what makes ``node``, which is ``old``, say ``new``."""
        if same(old, new):
            return []
        is_block = not node.is_flow and node.tag is None
        if is_block and node.kind == "mapping" and isinstance(new, Mapping) and new:
            return self._mapping_edits(node, old, new)
        if is_block and node.kind == "list" and isinstance(new, list) and new:
            return self._list_edits(node, old, new)
        is_line = not isinstance(new, Mapping | list) and "\n" not in str(new)
        if node.kind == "scalar" and node.start < node.end and is_line:
            return [self._rewrite(node, new)]
        raise _TooHardError

    def _mapping_edits(self, node: Node, old: Mapping[Any, Any], new: Mapping[str, Any]) -> "list[_Edit]":
        names = [str(key) for key in old]
        if len(node.children) != 2 * len(old) or not _keeps_order(names, list(new)):
            raise _TooHardError
        edits: list[_Edit] = []
        places = dict(zip(names, node.pairs, strict=True))
        values = {str(key): value for key, value in old.items()}
        last: Node | None = None
        for name, value in new.items():
            if name in places:
                key, last = places[name]
                edits += self._value_edits(key, last, values[name], value)
            elif last is None:
                raise _TooHardError
            else:
                end = self._line_end(last.end)
                edits.append((end, end, self._newline + " " * node.column + self._entry(name, value, node.column)))
        edits += [self._without(node, index) for index, name in enumerate(names) if name not in new]
        return edits

    def _value_edits(self, key: Node, value: Node, old: Any, new: Any) -> "list[_Edit]":
        try:
            return self._edits(value, old, new)
        except _TooHardError:
            return [self._rewrite_value(key, value, new)]

    def _list_edits(self, node: Node, old: Sequence[Any], new: Sequence[Any]) -> "list[_Edit]":
        if len(old) != len(node.children):
            raise _TooHardError
        head = sum(1 for _ in takewhile(lambda pair: same(*pair), zip(old, new, strict=False)))
        left, most = (old[head:], new[head:]), min(len(old), len(new)) - head
        tail = sum(1 for _ in takewhile(lambda pair: same(*pair), zip(*map(reversed, left), strict=False)))
        both = most - min(tail, most)
        tail = min(tail, most)
        edits: list[_Edit] = []
        for index in range(head, head + both):
            item = node.children[index]
            try:
                edits += self._edits(item, old[index], new[index])
            except _TooHardError:
                edits.append(self._rewrite(item, new[index]))
        gone = [self._without(node, index) for index in range(head + both, len(old) - tail)]
        more = new[head + both : len(new) - tail]
        if more:
            edits.append(self._items(node, head + both, more))
        return edits + gone

    def _items(self, node: Node, index: int, items: Sequence[Any]) -> "_Edit":
        """Return what puts ``items`` before the one at ``index``."""
        column = self._dash(node, 0) - self._line_start(self._dash(node, 0))
        text = self._lines(dump(list(items)), column)
        if index == 0:
            at = self._dash(node, 0)
            return at, at, text + self._newline + " " * column
        end = self._line_end(node.children[index - 1].end)
        return end, end, self._newline + " " * column + text

    def _without(self, node: Node, index: int) -> "_Edit":
        """Return what takes out the item or entry at ``index``, whole lines of it."""
        step = 1 if node.kind == "list" else 2
        if node.is_flow:
            raise _TooHardError
        last = node.children[step * index + step - 1]
        if len(node.children) == step:
            start = self._dash(node, 0) if step == 1 else node.start
            return start, self._line_end(last.end), _EMPTY[node.kind]
        start = self._dash(node, index) if step == 1 else node.children[2 * index].start
        line = self._line_start(start)
        if self._text[line:start].strip():
            raise _TooHardError
        end = self._line_end(last.end)
        return line, min(self._text.find("\n", end) + 1 or end, len(self._text)), ""

    def _rewrite(self, node: Node, new: Any) -> "_Edit":
        self._check_lost(node)
        brackets = self._in_brackets(node, new)
        text = brackets or self._lines(dump(new), node.column)
        end = node.end
        if brackets is None and _ends_with_lines(new):  # a comment behind it would be read as a part of the text
            end = self._line_end(end)
        return node.start, end, text if node.start < node.end else f" {text}"

    def _rewrite_value(self, key: Node, value: Node, new: Any) -> "_Edit":
        """Return what writes the value of ``key`` anew, on the lines after it if one does not do."""
        self._check_lost(value)
        if self._in_brackets(value, new):
            return self._rewrite(value, new)
        text = self._entry("", new, key.column)
        return key.end, self._line_end(value.end) if "\n" in text else value.end, text

    def _in_brackets(self, node: Node, new: Any) -> str | None:
        """Return ``new`` in brackets, if ``node`` stands in some and there is room, or no other way."""
        is_all = self.root is not None and self.root.is_flow
        if not (node.is_flow and node.children and isinstance(new, Mapping | list) and (new or is_all)):
            return None
        text = dump(new, in_brackets=True)
        return text if is_all or ("\n" not in text and node.column + len(text) <= _WIDTH) else None

    def _check_lost(self, node: Node) -> None:
        for inner in node.within():
            if inner.tag is not None and inner.tag.startswith("!"):
                message = f"{inner.tag} stands in what would be written anew, and would be lost; edit the file by hand"
                raise ConfigError(message, self._position(inner))

    # -- text -----------------------------------------------------------------------------------------------------

    def _entry(self, name: str, value: Any, column: int) -> str:
        """Return ``name: value`` for a mapping at ``column``; without a name what follows the key."""
        text = dump({name or "x": value})
        return self._lines(text if name else text[1:], column)

    def _lines(self, text: str, column: int) -> str:
        first, *rest = text.split("\n")
        return self._newline.join([first, *(" " * column + line if line else "" for line in rest)])

    def _applied(self, edits: "list[_Edit]") -> str:
        text = self._text
        for start, end, new in reversed(sorted(edits, key=lambda edit: edit[:2])):  # noqa: C413 - equal ones turn too
            text = text[:start] + new + text[end:]
        is_open = any(end == len(self._text) and "\n" in new and not new.endswith("\n") for _, end, new in edits)
        return text + self._newline if is_open else text  # else the last line feed of a text would be missing

    def _dash(self, node: Node, index: int) -> int:
        """Return where the dash of an item stands."""
        start = node.start if index == 0 else node.children[index - 1].end
        if index == 0 and self._text[start] == "-":
            return start
        found = re.compile(r"^[ ]*-(?=\s)", re.MULTILINE).search(self._text, start)
        if found is None or found.end() > node.children[index].start:
            raise _TooHardError
        return found.end() - 1

    def _line_start(self, index: int) -> int:
        return self._text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        """Return where the line ends, before what ends it."""
        end = self._text.find("\n", index)
        end = len(self._text) if end < 0 else end
        return end - 1 if self._text[:end].endswith("\r") and end > index else end

    def _way(self, position: Position) -> list[Node]:
        """Return the nodes from the whole file to the value that begins at ``position``."""
        return _way(self.root, (position.line - 1, position.column - 1)) if self.root else []

    def _position(self, node: Node) -> Position:
        return Position(self._path, node.line + 1, node.column + 1)


_Edit = tuple[int, int, str]  # from, up to, and what stands there then


class _Dumper(yaml.SafeDumper):
    """Text of several lines as a block, nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out where it stands."""
        del data
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = None
    if "\n" in value:  # a block would take blank lines that follow it in, or say with them what it is
        style = "|" if value.strip("\n") and not value.endswith("\n\n") else '"'
    if not _OTHER_BREAKS.isdisjoint(value):
        style = '"'  # where they are written as escapes
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def _keeps_order(old: list[str], new: list[str]) -> bool:
    return [name for name in old if name in new] == [name for name in new if name in old]


def _ends_with_lines(value: Any) -> bool:
    """True when text of several lines comes last in ``value``."""
    while isinstance(value, Mapping | list) and value:
        value = value[-1] if isinstance(value, list) else list(value.values())[-1]
    return isinstance(value, str) and "\n" in value


def _way(node: Node, wanted: tuple[int, int]) -> list[Node]:
    """Return the way to the deepest node that begins there."""
    children = node.children if node.kind != "mapping" else node.children[1::2]
    child = next((one for one in reversed(children) if (one.line, one.column) <= wanted), None)
    if child is not None and (found := _way(child, wanted)):
        return [node, *found]
    return [node] if (node.line, node.column) == wanted else []
