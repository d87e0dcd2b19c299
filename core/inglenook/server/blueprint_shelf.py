"""The blueprints of a home, for clients: listed, tried, brought from the web, saved, deleted."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from inglenook.config.blueprints import DOMAINS, FOLDER, KEY, Blueprint, blueprint_of
from inglenook.config.builder import build
from inglenook.config.editing import Editor
from inglenook.config.reading import shown_path, yaml_files
from inglenook.config.trees import start_of
from inglenook.config.writing import replace_file
from inglenook.errors import ConfigError, ConfigErrors, InvalidEntry, UnknownEntry
from inglenook.server.rule_sources import RuleSources

TEMPLATE: Final = "template"
_PART: Final = re.compile(r"[^\\/:\x00-\x1f\x7f]{1,100}")  # of a path: what every file system takes


@dataclass(frozen=True, slots=True)
class Found:
    """A blueprint somewhere else: where it would be kept, relative to its domain's folder, and its text."""

    name: str
    text: str


Fetch = Callable[[str], Awaitable[Found]]


class BlueprintShelf:
    """The files below ``blueprints/``.

    Args:
        sources: the rules, which are made of them.
        fetch: brings the blueprint that an address names.
    """

    def __init__(self, sources: RuleSources, fetch: Fetch) -> None:
        self.fetch = fetch
        self._sources = sources
        self._root = sources.configuration.folder

    async def listed(self, domain: str) -> dict[str, dict[str, Any]]:
        """Return the metadata of each blueprint of a domain, or its ``error``, by its path."""
        return await asyncio.to_thread(self._listed, self._root / FOLDER / domain)

    async def imported(self, url: str) -> dict[str, Any]:
        """Fetch a blueprint, and return what it is; nothing is kept.

        That is ``suggested_filename`` (relative to the folder of its domain), ``raw_data`` (its text), ``blueprint``
        (its ``metadata``), ``validation_errors`` (None: it is in order) and ``exists`` (a file of that name is there).

        Raises:
            ConfigError: it cannot be fetched, or is none.
        """
        found = await self.fetch(url)
        blueprint = await asyncio.to_thread(self._read, self._root / FOLDER / "imported.yaml", found.text)
        path = self._path(blueprint.domain, found.name)
        return {
            "suggested_filename": found.name,
            "raw_data": found.text,
            "blueprint": {"metadata": _metadata(blueprint, url)},
            "validation_errors": None,
            "exists": path.exists(),
        }

    async def save(self, domain: str, name: str, text: str, source: str | None, *, may_replace: bool) -> bool:
        """Keep a blueprint; return whether it replaced one. What is made of it follows.

        Raises:
            ConfigError: it is no blueprint of ``domain``, or cannot be written.
            InvalidEntry: there is one, and it may not be replaced.
        """
        path = self._path(domain, name)
        content = await asyncio.to_thread(self._content, path, domain, text, source)
        is_there = path.exists()
        if is_there and not may_replace:
            raise InvalidEntry("File already exists")
        try:
            await asyncio.to_thread(_write, path, content)
        except OSError as error:
            raise ConfigError(f"{path.name} cannot be written: {error.strerror}") from error
        return is_there

    async def delete(self, domain: str, name: str) -> None:
        """Remove a blueprint's file.

        Raises:
            UnknownEntry: there is none.
            InvalidEntry: something is made of it.
            ConfigError: the file cannot be removed.
        """
        path = self._path(domain, name)
        if not path.is_file():
            raise UnknownEntry(f"there is no blueprint {name} in {FOLDER}/{domain}")
        if users := sorted(self._users(domain, path)):
            raise InvalidEntry(f"blueprint {name} is in use: {', '.join(users)}")
        try:
            await asyncio.to_thread(path.unlink)
        except OSError as error:
            raise ConfigError(f"{path.name} cannot be removed: {error.strerror}") from error

    def substitute(self, domain: str, name: str, inputs: Mapping[str, Any]) -> Any:
        """Return what a blueprint makes of its inputs.

        Raises:
            ConfigErrors: it is not there or not in order, or lacks an input.
        """
        return self._sources.blueprints.expand(domain, {KEY: {"path": name, "input": dict(inputs)}})

    # -- private --------------------------------------------------------------------------------------------------

    def _listed(self, folder: Path) -> dict[str, dict[str, Any]]:
        return {str(path.relative_to(folder)): self._told(path) for path in yaml_files(folder) if path.is_file()}

    def _told(self, path: Path) -> dict[str, Any]:
        try:
            return {"metadata": _metadata(self._sources.blueprints.read(path))}
        except ConfigErrors as errors:
            return {"error": str(errors)}

    def _read(self, path: Path, text: str) -> Blueprint:
        """Return the blueprint that ``text`` is. Whoever wrote it does not get to read files of this home."""
        document = build(text, shown_path(path, self._root))
        for tree, key in document.tags:
            tag = tree[key]
            raise ConfigError(f"{tag.name} reads from this home, which a blueprint of others may not", tag.position)
        return blueprint_of(document.tree, document.start)

    def _content(self, path: Path, domain: str, text: str, source: str | None) -> str:
        """Return what the file of a blueprint shall hold: its text, with where it comes from."""
        blueprint = self._read(path, text)
        if blueprint.domain != domain:
            raise ConfigError(f"expected a blueprint of the domain {domain}, got one of {blueprint.domain}")
        about = blueprint.tree["blueprint"]
        place = start_of(about)
        if source is None or "source_url" in about or place is None:
            return text
        content = Editor(text, place.path).replaced(place, about, {**about, "source_url": source})
        if self._read(path, content).tree["blueprint"] != {**about, "source_url": source}:
            raise ConfigError("source_url cannot be added to this blueprint as it is written; add it by hand", place)
        return content

    def _path(self, domain: str, name: str) -> Path:
        """Return the file; it lies in the folder of its domain, links followed.

        Raises:
            ConfigError: nothing is made of blueprints of that domain, or the path leads elsewhere.
        """
        if domain not in DOMAINS:
            raise ConfigError(f"expected a blueprint of the domain {', '.join(DOMAINS)}, got one of {domain!r:.80}")
        parts = name.removesuffix(".yaml").split("/")
        folder = self._root / FOLDER / domain
        path = folder.joinpath(*parts[:-1], f"{parts[-1]}.yaml")
        is_plain = all(_PART.fullmatch(part) and not part.startswith(".") for part in parts)
        if not is_plain or not Path(os.path.realpath(path)).is_relative_to(folder.resolve()):
            raise ConfigError(f"expected a file like author/name.yaml, got {name!r:.100}")
        return path

    def _users(self, domain: str, path: Path) -> Iterator[str]:
        blueprints = self._sources.blueprints
        for entity in self._sources.engine:
            if entity.domain == domain and path in blueprints.files(domain, entity.rule.as_written):
                yield entity.entity_id
        if domain == TEMPLATE:
            for raw, place in self._sources.configuration.sections.listed(TEMPLATE):
                if path in blueprints.files(TEMPLATE, raw):
                    yield f"{TEMPLATE} at {place}"


def _metadata(blueprint: Blueprint, source: str | None = None) -> dict[str, Any]:
    about = dict(blueprint.tree["blueprint"])
    about["input"] = about.get("input") or {}
    return about if source is None else {"source_url": source, **about}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, text.encode())
