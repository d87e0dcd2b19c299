"""Where in the text of a YAML file each key and value stands, so that one of them can be replaced and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A value in a text, from index ``start`` up to ``end``.

    Attributes:
        kind: ``mapping``, ``list``, ``scalar`` or ``alias``.
        start: with its anchor and tag.
        end: after its last character; blank lines and comments that follow do not count.
        line: where it starts, from 0.
        column: likewise.
        is_flow: it is written in brackets.
        tag: like ``!secret``; None without one.
        children: of a list its items; of a mapping key and value in turn.
    """

    kind: str
    start: int
    end: int
    line: int
    column: int
    is_flow: bool = False
    tag: str | None = None
    children: list["Node"] = field(default_factory=list)

    @property
    def pairs(self) -> list[tuple["Node", "Node"]]:
        """Key and value of each entry of a mapping."""
        return list(zip(self.children[::2], self.children[1::2], strict=True))

    def within(self) -> Iterator["Node"]:
        """Yield the node and all in it."""
        yield self
        for child in self.children:
            yield from child.within()


def read_nodes(text: str) -> Node | None:
    """Return the value that a text holds, or None.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    holder = Node("list", 0, 0, 0, 0)
    open_nodes = [holder]
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            node = open_nodes.pop()
            if not node.is_flow:
                node.end = node.children[-1].end if node.children else node.start
            elif event.end_mark is not None:
                node.end = event.end_mark.index
            continue
        node_of = _node(event, text)
        if node_of is not None:
            open_nodes[-1].children.append(node_of)
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                open_nodes.append(node_of)
    return holder.children[0] if holder.children else None


def _node(event: Any, text: str) -> Node | None:
    start, end = event.start_mark, event.end_mark
    if isinstance(event, ScalarEvent):
        length = len(text[start.index : end.index].rstrip())
        return Node("scalar", start.index, start.index + length, start.line, start.column, tag=event.tag)
    if isinstance(event, AliasEvent):
        return Node("alias", start.index, end.index, start.line, start.column)
    if isinstance(event, MappingStartEvent | SequenceStartEvent):
        kind = "mapping" if isinstance(event, MappingStartEvent) else "list"
        return Node(kind, start.index, end.index, start.line, start.column, bool(event.flow_style), event.tag)
    return None
