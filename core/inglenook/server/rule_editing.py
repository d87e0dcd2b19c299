"""Automations, scripts and scenes that a client changes: in the files where people keep them, live at once."""

import asyncio
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import voluptuous as vol
from slugify import slugify

from inglenook.config.editing import Editor, dump
from inglenook.config.reading import decode, read_bytes, shown_path
from inglenook.config.rule_files import read_rules
from inglenook.config.schema import config_errors
from inglenook.config.trees import ConfigDict, start_of
from inglenook.config.writing import replace_file
from inglenook.config.yaml import absolute
from inglenook.entities.scenes import SCHEMA as SCENE_SCHEMA
from inglenook.entities.scenes import scene_config
from inglenook.errors import ConfigError, ConfigErrors, Position, UnknownEntry
from inglenook.home import Home
from inglenook.registry.naming import first_free
from inglenook.server.rule_sources import AUTOMATION, SCENE, SCRIPT, RuleSources, no_script
from inglenook.server.rule_text import RuleText

_PLATFORMS: Final = {AUTOMATION: AUTOMATION, SCRIPT: SCRIPT, SCENE: "homeassistant"}
_NAME_LENGTH: Final = 60  # of a new file, at most; a file system takes 255 bytes


class RuleEditor:
    """Reads and writes the rules of a home, one at a time.

    Args:
        sources: where the rules come from; reads again what was written.
        home: whose they are.
    """

    def __init__(self, sources: RuleSources, home: Home) -> None:
        self._sources = sources
        self._home = home
        self._lock = asyncio.Lock()

    def config(self, domain: str, key: str) -> Mapping[str, Any] | None:
        """Return what a person wrote for the rule of that id, or name of a script; None if there is none.

        Args:
            domain: ``automation``, ``script`` or ``scene``.
            key: the id.
        """
        if domain == SCENE:
            return next((raw for name, raw, _ in self._listed(SCENE) if name == key), None)
        for entity in self._sources.engine:
            if entity.domain == domain and entity.unique_id == key:
                written = entity.rule.as_written
                return written if isinstance(written, Mapping) else None
        return None

    async def save(self, domain: str, key: str, config: Mapping[str, Any]) -> None:
        """Let the rule of that id be ``config``; it is in the file and runs when this returns.

        Raises:
            ConfigErrors: ``config`` is no such rule.
            ConfigError: the file cannot be changed; it is as it was.
        """
        self._check(domain, key, config)
        async with self._lock:
            await self._sources.reload(domain)
            found = await self._find(domain, key)
            if found is None:
                path = await self._add(domain, key, config)
            else:
                raw, position = found
                path = await self._change(domain, key, position, raw, config)
            await self._take(domain, path)

    async def remove(self, domain: str, key: str) -> None:
        """Take the rule of that id out of its file, and its entity out of the home.

        Raises:
            UnknownEntry: there is none.
            ConfigError: the file cannot be changed; it is as it was.
        """
        async with self._lock:
            await self._sources.reload(domain)
            found = await self._find(domain, key)
            if found is None:
                raise UnknownEntry("Resource not found")
            path = await self._change(domain, key, found[1], found[0], None)
            await self._take(domain, path)
            entry = self._home.registry.entity_of(domain, _PLATFORMS[domain], key)
            if entry is not None:
                self._home.registry.entities.remove(entry.entity_id)
                self._home.states.remove(entry.entity_id)

    # -- where it stands ------------------------------------------------------------------------------------------

    def _listed(self, domain: str) -> Iterator[tuple[str, Any, Position]]:
        """Yield id, tree and place of each rule of a section."""
        sections = self._sources.configuration.sections
        if domain == SCRIPT:
            yield from ((str(name), raw, place) for name, raw, _ in sections.named(domain) if (place := start_of(raw)))
            return
        for raw in sections.raw(domain):
            if isinstance(raw, ConfigDict) and "id" in raw and (place := start_of(raw)) is not None:
                yield str(raw["id"]), raw, place

    async def _find(self, domain: str, key: str) -> tuple[Any, Position] | None:
        """Return the rule of that id as its file says now, and its place."""
        for name, raw, place in self._listed(domain):
            if name == key:
                return raw, place
        return await self._find_in_folders(key) if domain == AUTOMATION else None

    async def _find_in_folders(self, key: str) -> tuple[Any, Position] | None:
        folder = self._sources.configuration.folder
        for entity in self._sources.engine:
            place = entity.rule.position
            if entity.domain == AUTOMATION and entity.unique_id == key and place is not None:
                read = await asyncio.to_thread(read_rules, folder / place.path, folder)
                return next(((raw, at) for raw, at in read.rules if str(raw.get("id")) == key), None)
        return None

    def _path(self, position: Position) -> Path:
        return self._sources.configuration.folder / position.path

    def _is_in_folders(self, path: Path) -> bool:
        return any(path.is_relative_to(folder) for folder in self._sources.configuration.rules)

    # -- what is written ------------------------------------------------------------------------------------------

    def _check(self, domain: str, key: str, config: Mapping[str, Any]) -> None:
        """Raise ConfigErrors if ``config`` is no rule of that domain."""
        if domain == SCRIPT:
            if (problem := no_script(key, config, None)) is not None:
                raise ConfigErrors([problem])
            self._sources.engine.check_script(config)
        elif domain == AUTOMATION:
            self._sources.engine.check({**config, "id": key})
        else:
            try:
                scene_config({**config, "id": key})
            except vol.Invalid as error:
                raise config_errors(error, config, SCENE_SCHEMA) from None

    async def _change(self, domain: str, key: str, position: Position, old: Any, new: Mapping[str, Any] | None) -> Path:
        """Replace the rule at ``position``, or take it out; return the file."""
        path = self._path(position)
        wanted = None if new is None else _ordered(old, new if domain == SCRIPT else _with_id(old, key, new))
        content, text = await asyncio.to_thread(self._changed, domain, key, position, old, wanted)
        await self._write(path, content, text)
        return path

    def _changed(
        self, domain: str, key: str, position: Position, old: Any, new: dict[str, Any] | None
    ) -> tuple[bytes, str | None]:
        """Return what the file of the rule at ``position`` holds, and shall hold; None if nothing is left."""
        path, configuration = self._path(position), self._sources.configuration
        file = RuleText(domain, path, configuration.folder, read_bytes(path, Position(position.path)))
        depth = file.depth_of(position)
        if depth < 0 or (depth > 1 and not self._is_in_folders(path)) or path == configuration.path:
            message = f"this {domain} stands among other things, not in a file of {domain}s; edit it there by hand"
            raise ConfigError(message, position)
        return file.content, file.changed(key, position, old, new)

    async def _add(self, domain: str, key: str, new: Mapping[str, Any]) -> Path:
        """Write a new rule after those that the section's file holds, or into a new file; return the file."""
        wanted = dict(new) if domain == SCRIPT else {"id": key, **{name: new[name] for name in new if name != "id"}}
        path = await asyncio.to_thread(self._included, domain)
        if path is None and domain == AUTOMATION:
            path = self._new_rule_file(str(new.get("alias") or key))
            await self._write(path, b"", dump([wanted]) + "\n")
            return path
        if path is None:
            how = f"{domain}: !include {domain}s.yaml"
            raise ConfigError(f"there is no file for new {domain}s; write into configuration.yaml: {how}")
        content, text = await asyncio.to_thread(self._appended, domain, path, key, wanted)
        await self._write(path, content, text)
        return path

    def _appended(self, domain: str, path: Path, key: str, new: dict[str, Any]) -> tuple[bytes, str]:
        """Return what the file holds, and what it holds with one more rule."""
        content = read_bytes(path, Position(self._shown(path)))
        return content, RuleText(domain, path, self._sources.configuration.folder, content).appended(key, new)

    def _included(self, domain: str) -> Path | None:
        """Return the file that holds a whole section, if there is one. Reads files, so that it needs a thread."""
        configuration = self._sources.configuration
        for tree in configuration.sections.trees.get(domain, ()):
            place = start_of(tree)
            if place is None or self._path(place) == configuration.path:
                continue
            content = read_bytes(self._path(place), Position(place.path))
            editor = Editor(decode(content, place.path), place.path)
            if editor.root is None or editor.depth_of(place) == 0:
                return self._path(place)
        return None

    def _new_rule_file(self, name: str) -> Path:
        folder = self._sources.configuration.rules[0]
        stem = slugify(name, separator="_", max_length=_NAME_LENGTH) or AUTOMATION
        return folder / f"{first_free(stem, lambda one: (folder / f'{one}.yaml').exists())}.yaml"

    async def _write(self, path: Path, before: bytes, text: str | None) -> None:
        """Let ``path``, which holds ``before``, hold ``text``; without one it is removed."""
        content = None
        if text is not None:
            content = text.encode("utf-8-sig" if before.startswith(BOM_UTF8) else "utf-8")
        if content == before:
            return
        folders = self._sources.folders
        if content is not None and not self._is_in_folders(path):
            folders.note(path, content)  # the watch need not tell what is known here
        try:
            await asyncio.to_thread(_replace, path, before, content)
        except OSError as error:
            raise ConfigError(f"cannot be written: {error.strerror}", Position(self._shown(path))) from error
        if content is None:
            folders.note(path)

    async def _take(self, domain: str, path: Path) -> None:
        """Let the home run what was written."""
        if self._is_in_folders(absolute(path)):
            await self._sources.folders.reload(path)
        else:
            await self._sources.reload(domain)

    def _shown(self, path: Path) -> str:
        return shown_path(path, self._sources.configuration.folder)


def _replace(path: Path, before: bytes, after: bytes | None) -> None:
    if (path.read_bytes() if path.exists() else b"") != before:
        raise ConfigError("somebody else changed this file in this very moment; try again", Position(path.name))
    if after is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, after)


def _with_id(old: Mapping[Any, Any], key: str, new: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``new`` with the id first; it stays as a person wrote it, maybe as a number."""
    return {"id": old.get("id", key), **{name: value for name, value in new.items() if name != "id"}}


def _ordered(old: Mapping[Any, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``new`` with the keys of ``old`` first and in their order, which means nothing in a rule."""
    names = [str(name) for name in old]
    return {name: new[name] for name in (*(name for name in names if name in new), *(n for n in new if n not in names))}
