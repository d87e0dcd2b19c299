"""What a Home Assistant folder keeps beside its YAML, in ``.storage``. It is only ever read.

Helpers become trees in the words of YAML, as if a person had written them, with places in the file of ``.storage``: so
whatever handles a section handles those too, and its errors name the right line.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from inglenook.config.storage import config_entries, helpers
from inglenook.config.storage.core_config import read_core_config
from inglenook.config.storage.json_file import FOLDER, read_json
from inglenook.config.storage.last_states import read_last_states
from inglenook.config.storage.registries import Registries, read_registries
from inglenook.errors import ConfigError, Position

__all__ = [
    "FOLDER",
    "Integration",
    "Registries",
    "StoredHelper",
    "read_core_config",
    "read_helpers",
    "read_integrations",
    "read_last_states",
    "read_registries",
]


class StoredHelper(NamedTuple):
    """A helper that was made in the interface.

    Attributes:
        kind: like ``timer``, or the integration's domain like ``min_max``.
        name: for people.
        section: the key of the configuration under which it would stand.
        tree: what would stand there.
        position: where its entry begins.
        entry_id: of a helper that is an integration; else empty.
    """

    kind: str
    name: str
    section: str
    tree: Any
    position: Position
    entry_id: str = ""


class Integration(NamedTuple):
    """An integration that was set up in the interface. ``id`` is its entry's."""

    id: str
    domain: str
    title: str
    position: Position


def read_helpers(folder: Path, problems: list[ConfigError]) -> list[StoredHelper]:
    """Return the helpers of a configuration folder; what is wrong with a file is one warning in ``problems``."""
    found: list[StoredHelper] = []
    for kind, (version, _) in helpers.KINDS.items():
        file = read_json(folder, kind, problems, version=version)
        if file is not None:
            found += [
                StoredHelper(kind, name, kind, tree, file.position(helpers.KEY, index))
                for index, name, tree in helpers.written(kind, file)
            ]
    entries = read_json(folder, config_entries.FILE, problems)
    if entries is not None:
        for entry in config_entries.helpers(entries):
            written = config_entries.written(entry)
            if written is not None:
                place = entries.position(config_entries.KEY, entry.number)
                found.append(StoredHelper(entry.domain, entry.title, *written, place, entry.id))
    return found


def read_integrations(folder: Path) -> Iterator[Integration]:
    """Yield the integrations that were set up and that nobody has disabled; none when they cannot be read."""
    file = read_json(folder, config_entries.FILE, [])
    if file is None:
        return
    for index, raw in config_entries.entries(file):
        title = str(raw.get("title") or raw["domain"])
        yield Integration(raw["entry_id"], raw["domain"], title, file.position(config_entries.KEY, index))
