"""What a configuration declares, thing by thing: each with its kind, its name and the lines that it stands on."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from inglenook.config.sections import NAMED, Sections
from inglenook.config.trees import ConfigDict, ConfigList, start_of
from inglenook.errors import ConfigError, Position

BLOCKS: Final = frozenset({"command_line", "template"})  # keys whose items say under a key of theirs what they are


class Declared(NamedTuple):
    """One thing that stands in the configuration, from ``position`` to ``end``. ``kind`` is the key it stands under.

    ``platform``: of an item with ``platform: NAME``, or of what stands in a block what it is; else empty.
    """

    kind: str
    name: str
    platform: str
    position: Position
    end: Position

    @property
    def title(self) -> str:
        """What a person is told that it is: ``script hello``, ``sensor of min_max Warmest``."""
        of = " of" if self.platform and self.kind not in BLOCKS else ""
        platform = f"{of} {self.platform}" if self.platform else ""
        return f"{self.kind}{platform} {self.name}".rstrip()

    def holds(self, error: ConfigError) -> bool:
        """Whether ``error`` stands in its lines."""
        place = error.position
        return (
            place is not None and place.path == self.position.path and self.position.line <= place.line <= self.end.line
        )


def declared(sections: Sections) -> Iterator[Declared]:
    """Yield everything that the sections declare, automations too, in the order of the keys."""
    for domain in sections.trees:
        if domain in NAMED:
            for name, settings, place in sections.named(domain):
                if place is not None:
                    yield Declared(domain, str(name), "", place, _end(settings, place))
            continue
        for item, place in sections.listed(domain):
            if place is not None and domain in BLOCKS:
                yield from _in_block(domain, item, place)
            elif place is not None:
                platform = _text(item, "platform")
                yield Declared(domain, _name(item), platform, place, _end(item, place))


def _in_block(domain: str, block: Any, place: Position) -> Iterator[Declared]:
    """Yield what one block under ``template:`` or ``command_line:`` declares; of a blueprint that is the block."""
    if isinstance(block, ConfigDict) and "use_blueprint" in block:
        yield Declared(domain, _name(block), "", place, _end(block, place))
    for kind, given in block.items() if isinstance(block, ConfigDict) else ():
        if kind in _BLOCK_KEYS:
            continue
        for one in given if isinstance(given, ConfigList) else [given]:
            if isinstance(one, ConfigDict):
                begin = start_of(one) or place
                yield Declared(domain, _name(one), str(kind), begin, _end(one, begin))


_BLOCK_KEYS = frozenset({
    "action", "actions", "condition", "conditions", "trigger", "trigger_variables", "triggers", "unique_id",
    "use_blueprint", "variables",
})  # fmt: skip


def _name(item: Any) -> str:
    return _text(item, "name") or _text(item, "alias") or _text(item, "unique_id") or _text(item, "id")


def _text(item: Any, key: str) -> str:
    value = item.get(key) if isinstance(item, dict) else None
    return value if isinstance(value, str) else ""


def _end(tree: Any, begin: Position) -> Position:
    """Return the last place in ``tree`` that stands in the same file."""
    last = begin
    if isinstance(tree, ConfigDict | ConfigList) and start_of(tree) is not None:
        places = [tree.source.position(mark) for mark in tree.marks]
        last = max([last, *(place for place in places if place.path == begin.path)])
        for inner in tree.values() if isinstance(tree, ConfigDict) else tree:
            last = max(last, _end(inner, last))
    return last
