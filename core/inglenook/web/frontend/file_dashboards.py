"""Dashboards that people write in files: read whenever one is shown and its files have changed."""

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from inglenook.bus import EventBus
from inglenook.config.lovelace import FileDashboard, Lovelace
from inglenook.config.trees import Input
from inglenook.config.yaml import load
from inglenook.errors import ConfigError, UnknownEntry

EVENT_UPDATED: Final = "lovelace_updated"
DEFAULT: Final = "lovelace"  # the url path of the dashboard that is always there
_Stamps = dict[Path, tuple[int, int] | None]


class _Read(NamedTuple):
    config: Any
    stamps: _Stamps


class FileDashboards:
    """The dashboards of one home that stand in files.

    Args:
        lovelace: which there are.
        folder: the configuration folder.
        bus: hears of changes.
    """

    def __init__(self, lovelace: Lovelace, folder: Path | None, bus: EventBus) -> None:
        self.resources = lovelace.resources
        self._dashboards = lovelace.dashboards if folder is not None else {}
        self._folder = folder or Path()
        self._bus = bus
        self._known: dict[str, _Read] = {}

    def __iter__(self) -> Iterator[FileDashboard]:
        return iter(self._dashboards.values())

    def get(self, url_path: str | None) -> FileDashboard | None:
        """Return the dashboard of that address, None for the one that every home has; None if it is in no file."""
        return self._dashboards.get(url_path or DEFAULT)

    async def config(self, dashboard: FileDashboard, *, is_forced: bool = False) -> Any:
        """Return what a dashboard shows. Fires ``lovelace_updated`` when its files were read anew.

        Args:
            dashboard: one of these.
            is_forced: whether the files are read even if they seem to be as they were.

        Raises:
            UnknownEntry: its file is not there.
            ConfigErrors: all that is wrong in its files.
            ConfigError: they hold what no dashboard can.
        """
        path = dashboard.url_path
        known = self._known.get(path)
        if known is None or is_forced or await asyncio.to_thread(_stamps, known.stamps) != known.stamps:
            self._known[path] = await asyncio.to_thread(self._read, self._folder / dashboard.filename)
            if known is not None:
                told = {"url_path": None if path == DEFAULT else path, "mode": "yaml"}
                self._bus.fire(EVENT_UPDATED, told)
        return self._known[path].config

    def _read(self, path: Path) -> _Read:
        if not path.is_file():
            raise UnknownEntry(f"{path.relative_to(self._folder)} is not there")
        loaded = load(path, self._folder)
        stamps = _stamps(loaded.files)
        config = _plain(loaded.tree)
        if not isinstance(config, dict):
            raise ConfigError("expected a mapping with views or a strategy", loaded.position)
        return _Read(config, stamps)


def _stamps(files: Iterable[Path]) -> _Stamps:
    """Return time and size of each file, by which one sees that it changed; None for one that is not there."""
    found: _Stamps = {}
    for path in files:
        try:
            seen = path.stat()
        except OSError:
            found[path] = None
        else:
            found[path] = (seen.st_mtime_ns, seen.st_size)
    return found


def _plain(tree: Any) -> Any:
    """Return a tree without places, every key a text."""
    if isinstance(tree, dict):
        return {str(key): _plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_plain(value) for value in tree]
    if isinstance(tree, Input):
        raise ConfigError(f"!input {tree.name}: only blueprints have inputs")
    return tree
