"""Items of sections that clients make: kept in the database, and put beside those that stand in files."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, Literal

import msgspec

from inglenook.config.sections import Sections
from inglenook.config.trees import ConfigDict, ConfigList, Mark, Source, make_dict, make_list
from inglenook.errors import ConfigErrors, Position
from inglenook.store import Store

Settings = Mapping[str, Any]
Undo = Callable[[], object]
Form = Literal["named", "listed"]

NAMED: Final = "named"
FORMS: Final = (NAMED, "listed")
_TABLE: Final = "settings"
_OURS: Final = "items."


class Items:
    """What clients made, by the key of the section and the id of the item.

    None in place of settings hides an item of Home Assistant's interface that a client has removed.

    Args:
        store: where they are kept; read once.
    """

    def __init__(self, store: Store) -> None:
        self.position = Position(str(store.path or "the database"))
        self._store = store
        self._kept: dict[str, dict[str, Settings | None]] = {}
        for key, text in store.load(_TABLE):
            if key.startswith(_OURS):
                kind, _, item_id = key.removeprefix(_OURS).partition(".")
                self._kept.setdefault(kind, {})[item_id] = msgspec.json.decode(text)

    def kinds(self) -> Iterator[str]:
        """Yield the sections that have an item of clients."""
        for kind, items in self._kept.items():
            if any(settings is not None for settings in items.values()):
                yield kind

    def put(self, kind: str, item_id: str, settings: Settings | None) -> Undo:
        """Keep an item, or hide one that Home Assistant keeps; return what undoes that."""
        undo = self._undoing(kind, item_id)
        self._kept.setdefault(kind, {})[item_id] = settings
        self._store.put(_TABLE, (f"{_OURS}{kind}.{item_id}", msgspec.json.encode(settings).decode()))
        return undo

    def forget(self, kind: str, item_id: str) -> Undo:
        """Keep nothing under that id; return what undoes that."""
        undo = self._undoing(kind, item_id)
        self._kept.get(kind, {}).pop(item_id, None)
        self._store.delete(_TABLE, f"{_OURS}{kind}.{item_id}")
        return undo

    def _undoing(self, kind: str, item_id: str) -> Undo:
        kept = self._kept.get(kind, {})
        if item_id in kept:
            return partial(self.put, kind, item_id, kept[item_id])
        return partial(self.forget, kind, item_id)

    def made(self, kind: str) -> dict[str, Settings]:
        """Return the items of a section that clients made or changed."""
        return {item_id: item for item_id, item in self._kept.get(kind, {}).items() if item is not None}

    def editable(self, kind: str, form: Form, sections: Sections) -> dict[str, Settings]:
        """Return what clients may change, by id: theirs, and those of Home Assistant's interface.

        What a person wrote under the same id counts before both.
        """
        written = written_ids(kind, form, sections)
        kept = self._kept.get(kind, {})
        found = {item_id: item for item_id, item in stored(kind, form, sections) if item_id not in kept}
        return {key: item for key, item in (found | self.made(kind)).items() if key not in written}

    def beside(
        self, kind: str, form: Form, sections: Sections, check: Callable[[Any], object], problems: list[Any]
    ) -> Any:
        """Return what stands under the key of a section as one tree, with the items of clients in it.

        Args:
            kind: the key.
            form: how its items stand there.
            sections: what the files say.
            check: raises ConfigErrors for a section that is not in order; it is shown each item of a client alone.
            problems: takes what is wrong with items of clients, which are left out.
        """
        kept, written = self._kept.get(kind, {}), written_ids(kind, form, sections)
        hidden = [tree for tree in sections.stored.get(kind, ()) if _id_of(tree, form) in kept]
        tree = sections.joined(kind, without=hidden)
        ours: dict[str, Settings] = {}
        for item_id, settings in self.made(kind).items():
            if item_id in written:
                continue
            try:
                check(alone(form, item_id, settings))
                ours[item_id] = settings
            except ConfigErrors as error:
                problems += error.errors
        return self._with(tree, form, ours) if ours else tree

    def _with(self, tree: Any, form: Form, ours: Mapping[str, Settings]) -> Any:
        source, places = Source(self.position.path), self._places
        if form == NAMED:
            if tree is None:
                return make_dict(dict(ours), source, 0, places(2 * len(ours)))
            if isinstance(tree, ConfigDict):
                return make_dict({**tree, **ours}, tree.source, tree.start, [*tree.positions(), *places(2 * len(ours))])
            return tree  # no mapping: what is wrong with it is told when it is checked
        items = [{"id": item_id, **settings} for item_id, settings in ours.items()]
        if isinstance(tree, ConfigList):
            return make_list([*tree, *items], tree.source, tree.start, [*tree.positions(), *places(len(items))])
        return make_list([*([tree] if tree else []), *items], source, 0, places(len(items) + bool(tree)))

    def _places(self, number: int) -> list[Mark]:
        return [self.position] * number


def alone(form: Form, item_id: str, settings: Settings) -> Any:
    """Return a section that consists of one item."""
    return {item_id: dict(settings)} if form == NAMED else [{"id": item_id, **settings}]


def without_wrong(tree: Any, check: Callable[[Any], object]) -> Any:
    """Return a section without the items that are wrong by themselves; None when these are none, or all.

    ``check``: raises ConfigErrors for a section that is not in order.
    """

    def is_right(section: Any) -> bool:
        try:
            check(section)
        except ConfigErrors:
            return False
        return True

    if isinstance(tree, ConfigList):
        right = [index for index, item in enumerate(tree) if is_right([item])]
        marks = tree.positions()
        rest: Any = make_list([tree[index] for index in right], tree.source, tree.start, [marks[at] for at in right])
    elif isinstance(tree, ConfigDict):
        keys = list(tree)
        right = [index for index, key in enumerate(keys) if is_right({key: tree[key]})]
        marks = [mark for at in right for mark in tree.positions()[2 * at : 2 * at + 2]]
        rest = make_dict({keys[at]: tree[keys[at]] for at in right}, tree.source, tree.start, marks)
    else:
        return None
    return rest if 0 < len(rest) < len(tree) else None


def stored(kind: str, form: Form, sections: Sections) -> Iterator[tuple[str, Settings]]:
    """Yield id and settings of each item that was made in Home Assistant's interface."""
    for tree in sections.stored.get(kind, ()):
        item_id = _id_of(tree, form)
        if item_id is not None:
            yield item_id, (tree[item_id] if isinstance(tree, ConfigDict) else _without_id(tree[0]))


def written_ids(kind: str, form: Form, sections: Sections) -> set[str]:
    """Return the ids of the items that a person wrote."""
    trees = sections.stored.get(kind, ())
    own = [tree for tree in sections.trees.get(kind, ()) if not any(tree is one for one in trees)]
    if form == NAMED:
        return {str(name) for tree in own if isinstance(tree, ConfigDict) for name in tree}
    items = [item for tree in own for item in (tree if isinstance(tree, ConfigList) else [tree])]
    return {str(item["id"]) for item in items if isinstance(item, ConfigDict) and "id" in item}


def _id_of(tree: Any, form: Form) -> str | None:
    if form == NAMED:
        return next(iter(tree), None) if isinstance(tree, ConfigDict) else None
    return str(tree[0]["id"]) if isinstance(tree, ConfigList) and tree and "id" in tree[0] else None


def _without_id(item: Settings) -> Settings:
    return {key: value for key, value in item.items() if key != "id"}
