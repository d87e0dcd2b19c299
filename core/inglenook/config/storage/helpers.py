"""Helpers that were made in the interface, each kind in a file of its own, in the words of YAML."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.storage.json_file import JsonFile
from inglenook.config.storage.rewriting import alone, nested, rewritten
from inglenook.config.trees import ConfigDict
from inglenook.config.values import slug
from inglenook.errors import ConfigError

KEY: Final = "items"

Write = Callable[[ConfigDict], Any]


def _named(item: ConfigDict) -> ConfigDict:
    """Return the item under its id, like an entry of ``input_boolean:``."""
    return nested(rewritten(item, without={"id"}), item["id"], item)


def _listed(item: ConfigDict) -> Any:
    """Return the item in a list, like an entry of ``zone:``."""
    return alone(rewritten(item), item)


KINDS: Final[Mapping[str, tuple[int, Write]]] = {
    "counter": (1, _named),
    "input_boolean": (1, _named),
    "input_button": (1, _named),
    "input_datetime": (1, _named),
    "input_number": (1, _named),
    "input_select": (1, _named),
    "input_text": (1, _named),
    "person": (2, _listed),
    "schedule": (1, _named),
    "timer": (1, _named),
    "zone": (1, _listed),
}
"""The kinds that are known: the newest version of the file, and what writes one of them."""


def written(kind: str, file: JsonFile) -> Iterator[tuple[int, str, Any]]:
    """Yield number, name and tree of each helper: what would stand under ``KIND:``."""
    write = KINDS[kind][1]
    for index, raw in file.entries(KEY):
        if not _is_id(raw.get("id"), is_key=write is _named):
            file.leave_out(KEY, index, "expected an id")
            continue
        try:
            tree = file.tree(KEY, index)
            yield index, str(tree.get("name") or tree["id"]), write(tree)
        except ConfigError as error:
            file.leave_out(KEY, index, error.message)


def _is_id(value: Any, *, is_key: bool) -> bool:
    if not isinstance(value, str) or not value:
        return False
    try:
        return not is_key or bool(slug(value))
    except vol.Invalid:
        return False
