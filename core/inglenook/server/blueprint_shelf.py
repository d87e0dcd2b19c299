"""The blueprints of a home, for clients: listed, tried, brought from the web, saved, deleted."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from inglenook.config.blueprints import FOLDER, KEY, Blueprint, blueprint_of
from inglenook.config.editing import Editor
from inglenook.config.reading import Reading, yaml_files
from inglenook.config.trees import start_of
from inglenook.config.writing import replace_file
from inglenook.errors import ConfigError, ConfigErrors, InvalidEntry, UnknownEntry
from inglenook.server.rule_sources import RuleSources

TEMPLATE: Final = "template"


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

    def listed(self, domain: str) -> dict[str, dict[str, Any]]:
        """Return the metadata of each blueprint of a domain, or its ``error``, by its path."""
        folder = self._root / FOLDER / domain
        return {str(path.relative_to(folder)): self._told(path) for path in yaml_files(folder) if path.is_file()}

    async def brought(self, url: str) -> dict[str, Any]:
        """Fetch a blueprint, and return what it is; nothing is kept.

        Raises:
            ConfigError: it cannot be fetched, or is none.
        """
        found = await self.fetch(url)
        blueprint = self._read(self._root / FOLDER / "imported.yaml", found.text)
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
        blueprint = self._read(path, text)
        if blueprint.domain != domain:
            raise ConfigError(f"expected a blueprint of the domain {domain}, got one of {blueprint.domain}")
        is_there = path.exists()
        if is_there and not may_replace:
            raise InvalidEntry("File already exists")
        try:
            await asyncio.to_thread(_write, path, _with_source(text, blueprint, source))
        except OSError as error:
            raise ConfigError(f"{path.name} cannot be written: {error.strerror}") from error
        return is_there

    async def delete(self, domain: str, name: str) -> None:
        """Remove a blueprint's file.

        Raises:
            UnknownEntry: there is none.
            InvalidEntry: something is made of it.
        """
        path = self._path(domain, name)
        if not path.is_file():
            raise UnknownEntry(f"there is no blueprint {name} in {FOLDER}/{domain}")
        if users := sorted(self._users(domain, path)):
            raise InvalidEntry(f"blueprint {name} is in use: {', '.join(users)}")
        await asyncio.to_thread(path.unlink)

    def substitute(self, domain: str, name: str, inputs: Mapping[str, Any]) -> Any:
        """Return what a blueprint makes of its inputs.

        Raises:
            ConfigErrors: it is not there or not in order, or lacks an input.
        """
        return self._sources.blueprints.expand(domain, {KEY: {"path": name, "input": dict(inputs)}})

    # -- private --------------------------------------------------------------------------------------------------

    def _told(self, path: Path) -> dict[str, Any]:
        try:
            return {"metadata": _metadata(self._sources.blueprints.read(path))}
        except ConfigErrors as errors:
            return {"error": str(errors)}

    def _read(self, path: Path, text: str) -> Blueprint:
        reading = Reading(self._root)
        document = reading.read(path, text.encode())
        if document is None or reading.errors:
            raise ConfigErrors(reading.errors)
        return blueprint_of(document.tree, document.start)

    def _path(self, domain: str, name: str) -> Path:
        """Return the file; it lies in the folder of its domain, links followed."""
        folder = self._root / FOLDER / domain
        path = Path(os.path.normpath(folder / (name if name.endswith(".yaml") else f"{name}.yaml")))
        is_inside = path.is_relative_to(folder) and Path(os.path.realpath(path)).is_relative_to(folder.resolve())
        if not is_inside or any(part.startswith(".") for part in path.relative_to(folder).parts):
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


def _with_source(text: str, blueprint: Blueprint, source: str | None) -> str:
    """Return the text with where it comes from, unless it says so."""
    about = blueprint.tree["blueprint"]
    place = start_of(about)
    if source is None or "source_url" in about or place is None:
        return text
    return Editor(text, place.path).replaced(place, about, {**about, "source_url": source})


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, text.encode())
