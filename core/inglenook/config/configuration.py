"""The configuration of a home: one folder, whose file speaks Home Assistant's dialect and ours."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from inglenook.config.cache import FILE_NAME as CACHE_NAME
from inglenook.config.cache import ParseCache
from inglenook.config.device_classes import class_fault
from inglenook.config.last_good import LastGood, LastGoodDisk, data_folder_in
from inglenook.config.memory import ReadMemory
from inglenook.config.reading import FaultyTag, Reading
from inglenook.config.schema import path_text, validate
from inglenook.config.sections import RULE_SECTIONS, Sections
from inglenook.config.settings import (
    CUSTOMIZE,
    DEFAULT_DATA,
    DEFAULT_RULES,
    HISTORY_WITHOUT_EFFECT,
    HTTP_WITHOUT_EFFECT,
    OWN_KEYS,
    SCHEMA,
    SERVER_HOST,
    Customize,
    Data,
    HistoryLimits,
    Http,
    PluginConfig,
    make_data,
    make_history,
    make_http,
    make_plugins,
    make_settings,
)
from inglenook.config.storage import StoredHelper, read_core_config, read_helpers
from inglenook.config.trees import ConfigDict, Source, holds, key_position, make_dict, position_of
from inglenook.config.values import shown
from inglenook.config.yaml import absolute
from inglenook.devices.limits import DeviceLimits
from inglenook.errors import ConfigError, ConfigErrors, Position
from inglenook.extras import DISCOVERY, install_command
from inglenook.home import Settings

FILE_NAME: Final = "configuration.yaml"


@dataclass(frozen=True, slots=True)
class Configuration:
    """All that a person wrote for a home, checked as far as the engine itself knows it.

    Attributes:
        path: the file.
        folder: its folder; what the file names is relative to it, and no include leaves it.
        own: what the engine's own keys say, checked.
        settings: name, place, units and folders, from ``homeassistant:``.
        http: where the home listens.
        devices: the bounds of the device gateway.
        rules: the folders with rule files, absolute.
        plugins: what to load, in order.
        data: where the home keeps what it must remember.
        history: how much of the past the home keeps.
        customize: attributes to add to states.
        sections: the domains that others handle: ``automation``, ``script``, ``input_boolean`` …
        files: every file that was read.
        helpers: those that were made in Home Assistant's interface; ``sections`` hold them, too.
        warnings: what is legal and seldom meant.
        unread: what is wrong with files that hold rules and scenes; what cannot be read of them is left out.
        faulty_tags: those of ``unread`` that leave nothing in their place.
        digest: what stands in all the files; another one when anything in them changes.
        cache: parsed files; whoever has read all it needs calls its ``close``.
        memory: of what the files were, for :meth:`read_again`.
        last_good: what a later start falls back upon.
        texts: what stands in all the files, until :meth:`keep`.
        stale: what is wrong with files that count as what they were when they last could be read; empty when all are
            as they stand.
    """

    path: Path
    folder: Path
    own: dict[str, Any]
    settings: Settings
    http: Http
    devices: DeviceLimits
    rules: tuple[Path, ...]
    plugins: dict[str, PluginConfig]
    data: Data
    history: HistoryLimits
    customize: Customize
    sections: Sections
    files: frozenset[Path]
    helpers: tuple[StoredHelper, ...]
    warnings: tuple[ConfigError, ...]
    unread: tuple[ConfigError, ...]
    faulty_tags: tuple[FaultyTag, ...]
    digest: bytes
    cache: ParseCache
    memory: ReadMemory
    last_good: LastGood
    texts: dict[Path, bytes]
    stale: tuple[ConfigError, ...] = ()

    def unhandled(self, handled: Iterable[str]) -> list[ConfigError]:
        """Return a warning for each top-level key that nothing in ``handled`` nor the engine itself takes."""
        return self.sections.unhandled(frozenset(handled))

    def unread_in(self, part: Any) -> list[ConfigError]:
        """Return those of ``unread`` for which ``part`` of the configuration lacks something."""
        return [tag.error for tag in self.faulty_tags if holds(part, tag.holder)]

    def read_again(self) -> "Configuration":
        """Return the configuration as it stands in the files now, with the same data folder.

        What did not change in them is the same tree as before.

        Raises:
            ConfigErrors: all that is wrong, but for what is ``unread``.
        """
        read = read_configuration(self.path, data=self.data.folder, memory=self.memory)
        read.keep()
        self.texts.clear()  # so that these do not take the place of what is newer
        return read

    def keep(self) -> None:
        """Have a later start fall back upon this, should it find less; what could not be read stays as it is kept."""
        if not self.stale and self.texts.get(self.path):  # not empty, as it is while an editor writes it
            self.last_good.keep({**self.last_good.texts, **self.texts} if self.unread else self.texts)
        self.texts.clear()


def read_configuration(
    path: Path,
    *,
    data: Path | None = None,
    faults: list[ConfigError] | None = None,
    memory: ReadMemory | None = None,
    or_last_good: bool = False,
) -> Configuration:
    """Read the configuration at ``path``: a folder with a ``configuration.yaml``, or a file of any name.

    Args:
        path: the folder or file.
        data: the data folder, in place of the one that the configuration names.
        faults: takes what is wrong in our own keys, which then count as empty, and with tags that cannot be filled in;
            for who wants to look further than the first ones.
        memory: of the last reading; with it the file of parsed ones is not looked into.
        or_last_good: a file that cannot be read is what it was when it last could be, if that was kept; and so are all
            of them, when they are not in order together.

    Raises:
        ConfigErrors: all that is wrong, each with its place; with ``faults`` only what leaves nothing to look at.
            What is wrong with files of rules and scenes alone is ``unread`` of what is returned.
    """
    path = configuration_file(path)
    folder, data = path.parent, absolute(data) if data else None
    cache = ParseCache((data or folder / DEFAULT_DATA) / CACHE_NAME, is_empty=memory is not None)
    memory = memory or ReadMemory()
    if not or_last_good:
        return _made(Reading(folder, cache, memory=memory), path, data, cache, memory, faults)
    last_good = LastGood(lambda: data or folder / data_folder_in(path.read_text(errors="replace")), folder)
    try:
        reading = Reading(folder, cache, memory=memory, last_good=lambda: last_good.texts)
        return _made(reading, path, data, cache, memory)
    except ConfigErrors as errors:
        if path not in last_good.texts:
            raise
        memory = ReadMemory()
        reading = Reading(folder, cache, memory=memory, disk=LastGoodDisk(last_good.texts))
        try:
            good = _made(reading, path, data, cache, memory)
        except ConfigErrors:  # what is around it is not as it was
            raise errors from None
        return replace(good, stale=errors.errors)


def _made(
    reading: Reading,
    path: Path,
    data: Path | None,
    cache: ParseCache,
    memory: ReadMemory,
    faults: list[ConfigError] | None = None,
) -> Configuration:
    """Return what ``reading`` finds in the file ``path``; all else as of :func:`read_configuration`."""
    folder = reading.root
    tree, unread = _read(reading, path, faults)
    own = _own_keys(tree, folder) if faults is None else _sound_own_keys(tree, folder, faults)
    http = make_http(own, folder)
    sections = Sections()
    sections.add(tree)
    customize = _add_packages(own, tree, sections)
    of_storage: list[ConfigError] = []
    helpers = read_helpers(folder, of_storage)
    for helper in helpers:
        sections.add_stored(helper.section, helper.tree, helper.position)
    if (kept := make_data(own, folder, data)).folder != (data or folder / DEFAULT_DATA):
        cache = ParseCache(kept.folder / CACHE_NAME)
    return Configuration(
        path=path,
        folder=folder,
        own={key: own[key] for key in OWN_KEYS & own.keys()},
        settings=make_settings(own, folder, kept.folder, read_core_config(folder, of_storage)),
        http=http,
        devices=DeviceLimits(**own.get("devices", {})),
        rules=tuple(absolute(folder / name) for name in own.get("rules", [DEFAULT_RULES])),
        plugins=make_plugins(own, tree.get("plugins")),
        data=kept,
        history=make_history(own),
        customize=customize,
        sections=sections,
        files=frozenset(reading.files),
        helpers=tuple(helpers),
        warnings=(
            *reading.warnings,
            *of_storage,
            *sections.warnings,
            *_without_effect(tree, http),
            *_named_twice(own, tree),
            *_missing_folders(own, tree, folder),
            *_odd_classes(own, tree),
        ),
        unread=tuple(unread),
        faulty_tags=tuple(tag for tag in reading.faulty_tags if tag.error in unread and tag.is_empty),
        digest=reading.digest,
        cache=cache,
        memory=memory,
        last_good=LastGood(lambda: kept.folder, folder),
        texts=reading.texts,
        stale=tuple(reading.stale),
    )


def configuration_file(path: Path) -> Path:
    """Return the configuration file that ``path``, a folder or a file, names, as an absolute path.

    Raises:
        ConfigErrors: there is none.
    """
    path = absolute(path)
    if path.is_dir():
        if not (path / FILE_NAME).is_file():
            message = f"there is no {FILE_NAME} in this folder; `inglenook init {path}` writes one"
            raise ConfigErrors([ConfigError(message, Position(str(path)))])
        return path / FILE_NAME
    if not path.is_file():
        raise ConfigErrors([ConfigError("there is no such file or folder", Position(str(path)))])
    return path


def _read(reading: Reading, path: Path, faults: list[ConfigError] | None) -> tuple[ConfigDict, list[ConfigError]]:
    """Return the file, and what is wrong with what it includes under keys that a home can begin without."""
    document = reading.read(path)
    if document is None:
        raise ConfigErrors(reading.errors)
    if document.tree is not None and not isinstance(document.tree, ConfigDict):
        wrong = ConfigError(f"expected a mapping, got {shown(document.tree)}", document.start)
        raise ConfigErrors([*reading.errors, wrong])
    tree = document.tree if document.tree is not None else make_dict({}, Source(document.start.path), 0, [])
    outermost = [tag for tag in reading.faulty_tags if tag.is_outermost]
    included = [tag for tag in outermost if tag.name.startswith("!include")]
    unread = [tag.error for tag in included if _top_key(tree, tag) in RULE_SECTIONS]
    grave = [error for error in reading.errors if error not in unread]
    if grave and (faults is None or any(all(error is not tag.error for tag in outermost) for error in grave)):
        raise ConfigErrors(reading.errors)
    if faults is not None:
        faults += grave
    return tree, unread


def _top_key(tree: ConfigDict, tag: FaultyTag) -> str:
    """Return the domain under whose key the tag stood."""
    if tag.holder is tree:
        return str(tag.key).partition(" ")[0]
    return str(next((name for name, value in tree.items() if holds(value, tag.holder)), "")).partition(" ")[0]


def _own_keys(tree: ConfigDict, folder: Path) -> dict[str, Any]:
    own: dict[str, Any] = validate(SCHEMA, tree)
    _check_files(make_http(own, folder), tree)
    return own


def _sound_own_keys(tree: ConfigDict, folder: Path, faults: list[ConfigError]) -> dict[str, Any]:
    """Empty the keys with faults until ``tree`` is in order; taken out, the places of the others would be lost."""
    told = {fault.position for fault in faults}  # of what cannot be filled in, and counts as null
    while True:
        try:
            return _own_keys(tree, folder)
        except ConfigErrors as errors:
            wrong = {re.split(r"[.\[]", error.where)[0] for error in errors.errors}
            if all(tree.get(key) is None for key in wrong):
                raise
            faults += [error for error in errors.errors if error.position not in told]
            tree.update((key, None) for key in wrong & tree.keys())


def _add_packages(own: dict[str, Any], tree: ConfigDict, sections: Sections) -> Customize:
    """Merge the packages into ``sections``; return what the configuration and they say of customizing."""
    home = own.get("homeassistant", {})
    parts = {key: dict(home.get(key, {})) for key in CUSTOMIZE}
    packages = home.get("packages")
    for inner in sections.add_packages(packages, key_position(tree.get("homeassistant"), "packages")):
        for key in CUSTOMIZE:
            if isinstance(inner.get(key), dict):
                parts[key] = {**inner[key], **parts[key]}
    return Customize(parts["customize"], parts["customize_domain"], parts["customize_glob"])


def _check_files(http: Http, tree: ConfigDict) -> None:
    """Raise ConfigErrors if a file that the home cannot listen without is not there."""
    files = {"certificate": http.tls.certificate, "key": http.tls.key} if http.tls else {}
    errors = [
        ConfigError(f"there is no file {path}", position_of(tree, ["http", "tls", name]), f"http.tls.{name}")
        for name, path in files.items()
        if not path.is_file()
    ]
    if errors:
        raise ConfigErrors(errors)


def _missing_folders(own: dict[str, Any], tree: ConfigDict, folder: Path) -> list[ConfigError]:
    return [
        ConfigError(f"there is no folder {name} yet", position_of(tree, ["rules", index]), f"rules[{index}]")
        for index, name in enumerate(own.get("rules", ()))
        if not (folder / name).is_dir()
    ]


def _odd_classes(own: dict[str, Any], tree: ConfigDict) -> Iterator[ConfigError]:
    """Yield a warning for each device class in ``customize`` that entities of that domain do not have."""
    for entity_id, attributes in own.get("homeassistant", {}).get("customize", {}).items():
        domain, name = entity_id.partition(".")[0], attributes.get("device_class")
        if isinstance(name, str) and (fault := class_fault(domain, name)):
            path = ("homeassistant", "customize", entity_id, "device_class")
            yield ConfigError(fault, position_of(tree, path), path_text(path))


def _named_twice(own: dict[str, Any], tree: ConfigDict) -> list[ConfigError]:
    plugins = own.get("plugins")
    names: list[str] = plugins if isinstance(plugins, list) else []
    return [
        ConfigError(
            f"plugin {name} is named twice; once is enough",
            position_of(tree, ["plugins", index]),
            f"plugins[{index}]",
        )
        for index, name in enumerate(names)
        if name in names[:index]
    ]


def _without_effect(tree: ConfigDict, settings: Http) -> list[ConfigError]:
    http = tree.get("http") or {}
    found = [
        ConfigError(f"{section}.{key} has no effect here; see docs/configuration.md", key_position(tree[section], key))
        for section, without in (("http", HTTP_WITHOUT_EFFECT), ("history", HISTORY_WITHOUT_EFFECT))
        for key in tree.get(section) or {}
        if key in without
    ]
    if isinstance(hosts := http.get(SERVER_HOST), list) and len(hosts) > 1:
        message = f"the home listens on one address, {settings.host}; 0.0.0.0 is every network"
        found.append(ConfigError(message, key_position(http, SERVER_HOST), f"http.{SERVER_HOST}"))
    if settings.use_x_forwarded_for and not settings.trusted_proxies:
        message = "this believes nobody as long as trusted_proxies names no proxy"
        found.append(ConfigError(message, key_position(http, "use_x_forwarded_for"), "http.use_x_forwarded_for"))
    if settings.announce and find_spec("zeroconf") is None:
        message = f"this needs zeroconf; mend it with: {install_command(DISCOVERY)}"
        found.append(ConfigError(message, key_position(http, "announce"), "http.announce"))
    return found
