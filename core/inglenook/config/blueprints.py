"""Blueprints: rules with blanks. A rule says ``use_blueprint`` and fills them in, and is a rule like any other then.

A blueprint is a file below ``blueprints/automation/``, ``blueprints/script/`` or ``blueprints/template/`` in the
configuration folder. Wherever a value stands in it, ``!input NAME`` may stand instead.
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import voluptuous as vol

from inglenook.config.reading import Reading, yaml_files
from inglenook.config.schema import config_errors
from inglenook.config.selectors import selector
from inglenook.config.stamps import Stamp, stamp_of
from inglenook.config.trees import (
    ConfigDict,
    ConfigList,
    Input,
    Mark,
    make_dict,
    make_list,
    position_of,
    start_of,
    value_position,
)
from inglenook.config.values import boolean, error_text, near_miss, nearest, shown, string, text
from inglenook.config.visibility import fields_of, hidden_inputs, visible
from inglenook.config.yaml import absolute
from inglenook.errors import ConfigError, ConfigErrors, Position

FOLDER: Final = "blueprints"
KEY: Final = "use_blueprint"
DOMAINS: Final = ("automation", "script", "template")

_NO_DEFAULT: Final = object()
_BODY: Final = frozenset({"action", "actions", "sequence", "trigger", "triggers"})
_OWN_KEYS: Final = (KEY, "blueprint")  # of neither a rule nor a script


def _version(value: Any) -> str:
    parts = string(value).split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        raise vol.Invalid(f'expected a version like "2024.6.0", got {shown(value)}')
    return ".".join(parts)


def _words(value: Any) -> Any:
    return value if value is None else string(value)


def _inputs(value: Any) -> Any:
    return _INPUTS({} if value is None else value)


def _input(value: Any) -> Any:
    """Return one input, or a section, which holds others."""
    return _SECTION(value) if isinstance(value, Mapping) and "input" in value else _INPUT(value)


_ABOUT: Final[dict[Any, Any]] = {"name": _words, "description": _words, "visible": visible}
_INPUT: Final = vol.Any(None, vol.Schema({**_ABOUT, "default": object, "selector": selector}))
_SECTION: Final = vol.Schema(
    {**_ABOUT, "icon": _words, "collapsed": boolean, vol.Required("input"): vol.Any(None, {text: _INPUT})}
)
_INPUTS: Final = vol.Schema({text: _input})
_METADATA: Final = vol.Schema(
    {
        vol.Required("name"): string,
        "description": _words,
        vol.Required("domain"): text,
        "source_url": _words,
        "author": _words,
        "homeassistant": {"min_version": _version},
        "discovery": [selector],
        vol.Optional("input", default=dict): _inputs,
    }
)
_USE: Final = vol.Schema({vol.Required("path"): text, vol.Optional("input", default=dict): {text: object}})


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One blueprint.

    Attributes:
        domain: what it makes: ``automation``, ``script`` or ``template``.
        name: for people.
        tree: the whole file.
        defaults: each input with its default, or a mark that it has none.
        visible: when the inputs that say so are to be filled in; all that stands there must hold.
    """

    domain: str
    name: str
    tree: ConfigDict
    defaults: Mapping[str, Any]
    visible: Mapping[str, list[Any]]

    def hidden(self, given: Mapping[str, Any]) -> frozenset[str]:
        """Return the inputs that are not to be filled in, after what was ``given``."""
        if not self.visible:
            return frozenset()
        values = {name: given.get(name, default) for name, default in self.defaults.items()}
        return hidden_inputs(self.visible, {name: value for name, value in values.items() if value is not _NO_DEFAULT})

    def missing(self, given: Mapping[str, Any], hidden: frozenset[str]) -> list[str]:
        """Return the inputs that need a value and have none."""
        needed = [name for name, default in self.defaults.items() if default is _NO_DEFAULT]
        return [name for name in needed if name not in given and name not in hidden]


class Blueprints:
    """The blueprints of one configuration folder; each file is read when it is first used, and when it changed."""

    def __init__(self, root: Path) -> None:
        self._root = absolute(root)
        self._read: dict[Path, _Known] = {}

    def expand(self, domain: str, raw: Any) -> Any:
        """Return the rule that ``raw`` makes of its blueprint; one that uses none comes back as it is.

        What stands beside ``use_blueprint`` replaces what the blueprint says under the same key. Every value keeps its
        place, in the blueprint or in the file that uses it.

        Raises:
            ConfigErrors: the blueprint is not there or not in order, or its inputs are not given.
        """
        if not isinstance(raw, Mapping):
            return raw
        if KEY not in raw:
            self._refuse_misspelt(domain, raw)
            return raw
        use = self._use(raw)
        blueprint = self._blueprint(domain, raw, use["path"])
        given: Mapping[str, Any] = raw[KEY].get("input", {})
        hidden = blueprint.hidden(given)
        if missing := blueprint.missing(given, hidden):
            place = position_of(raw, [KEY, "input"])
            message = f"blueprint {use['path']} needs a value for {', '.join(missing)}"
            hint = "".join(near_miss(name, missing) for name in given if name not in blueprint.defaults)
            raise ConfigErrors([ConfigError(message + hint, place, f"{KEY}.input")])
        return _merged(_Filling(given, blueprint.defaults, hidden).mapping(blueprint.tree), raw)

    def unused(self, domain: str, raw: Any) -> list[ConfigError]:
        """Return a warning for each input that ``raw`` gives and its blueprint does not have; ``raw`` is in order."""
        if not _is_use(raw):
            return []
        use = self._use(raw)
        blueprint, given = self._blueprint(domain, raw, use["path"]), raw[KEY].get("input", {})
        return [
            ConfigError(
                f"blueprint {use['path']} has no input {name}{near_miss(name, blueprint.defaults)}",
                position_of(raw, [KEY, "input", name], at_key=True),
                f"{KEY}.input.{name}",
            )
            for name in given
            if name not in blueprint.defaults
        ]

    def files(self, domain: str, raw: Any) -> frozenset[Path]:
        """Return the files that ``raw`` comes from beside its own: its blueprint, and what that includes."""
        if not _is_use(raw):
            return frozenset()
        try:
            path = self._path(domain, raw, self._use(raw)["path"])
        except ConfigErrors:
            return frozenset()
        return self._known_of(path).files

    def faults(self) -> list[ConfigError]:
        """Return what is wrong with the blueprints that are there, used or not."""
        return [
            error for path in yaml_files(self._root / FOLDER) if path.is_file() for error in self._known_of(path).errors
        ]

    def read(self, path: Path) -> Blueprint:
        """Return the blueprint of one file.

        Raises:
            ConfigErrors: it cannot be read, or is no blueprint.
        """
        known = self._known_of(path)
        if known.blueprint is None:
            raise ConfigErrors(known.errors)
        return known.blueprint

    def _known_of(self, path: Path) -> "_Known":
        known = self._read.get(path)
        if known is None or known.is_stale():
            known = self._read[path] = _known(path, self._root)
        return known

    def _use(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        if not isinstance(raw[KEY], Mapping):
            message = f"expected a mapping with the path of a blueprint, got {shown(raw[KEY])}"
            raise ConfigErrors([ConfigError(message, position_of(raw, [KEY]), KEY)])
        try:
            use: dict[str, Any] = _USE(raw[KEY])
        except vol.Invalid as error:
            raise config_errors(error, raw[KEY], _USE, where=KEY, position=position_of(raw, [KEY])) from None
        return use

    def _refuse_misspelt(self, domain: str, raw: Mapping[str, Any]) -> None:
        """Raise ConfigErrors if a key of what has no body of its own looks like ``use_blueprint``.

        What is wrong with the use itself is told too.
        """
        if not _BODY.isdisjoint(raw) or (key := nearest(KEY, _like_a_use(raw))) is None:
            return
        errors = [ConfigError(f"unknown key; did you mean {KEY!r}?", position_of(raw, [key], at_key=True), key)]
        try:
            self.expand(domain, _renamed(raw, key))
        except ConfigErrors as more:
            errors += more.errors
        raise ConfigErrors(errors)

    def _blueprint(self, domain: str, raw: Mapping[str, Any], name: str) -> Blueprint:
        path = self._path(domain, raw, name)
        if not path.is_file():
            folder = self._root / FOLDER / domain
            there = [str(one.relative_to(folder)) for one in yaml_files(folder)]
            message = f"there is no blueprint {name} in {FOLDER}/{domain}{near_miss(name, there)}"
            raise ConfigErrors([_at_path(raw, message)])
        blueprint = self.read(path)
        if blueprint.domain != domain:
            raise ConfigErrors(
                [_at_path(raw, f"blueprint {name} is one for the domain {blueprint.domain}, not {domain}")]
            )
        return blueprint

    def _path(self, domain: str, raw: Mapping[str, Any], name: str) -> Path:
        """Return the blueprint's file; it lies in the folder of its domain, links followed."""
        folder = self._root / FOLDER / domain
        path = Path(os.path.normpath(folder / name))
        is_inside = path.is_relative_to(folder) and path.resolve().is_relative_to(self._root.resolve())
        if not is_inside or not name.endswith(".yaml"):
            raise ConfigErrors([_at_path(raw, f"expected a file like author/name.yaml in {folder.name}, got {name!r}")])
        return path


class _Known(NamedTuple):
    """A blueprint file that was read: of which files, and what came of it."""

    stamps: Mapping[Path, Stamp | None]
    blueprint: Blueprint | None
    errors: list[ConfigError]

    @property
    def files(self) -> frozenset[Path]:
        return frozenset(self.stamps)

    def is_stale(self) -> bool:
        return any(stamp_of(path) != stamp for path, stamp in self.stamps.items())


def _known(path: Path, root: Path) -> _Known:
    reading = Reading(root)
    document = reading.read(path)
    stamps = {one: stamp_of(one) for one in reading.files | {path}}
    if document is None or reading.errors:
        return _Known(stamps, None, reading.errors)
    try:
        return _Known(stamps, blueprint_of(document.tree, document.start), [])
    except ConfigErrors as errors:
        return _Known(stamps, None, list(errors.errors))


class _Filling:
    """Puts values in the place of ``!input``; what holds none stays the same object.

    Args:
        given: what the rule gives to the inputs.
        defaults: the inputs' own values.
        hidden: inputs to which nothing can be given; without a default they are null.
    """

    def __init__(self, given: Mapping[str, Any], defaults: Mapping[str, Any], hidden: frozenset[str]) -> None:
        self._given = given
        self._defaults = defaults
        self._hidden = hidden

    def mapping(self, tree: ConfigDict) -> ConfigDict:
        items = {key: self._value(value) for key, value in tree.items()}
        if all(items[key] is value for key, value in tree.items()):
            return tree
        marks = list(tree.marks)
        for index, value in enumerate(tree.values()):
            marks[2 * index + 1] = self._mark(value, marks[2 * index + 1])
        return make_dict(items, tree.source, tree.start, marks)

    def _list(self, tree: ConfigList) -> ConfigList:
        items = [self._value(value) for value in tree]
        if all(new is old for new, old in zip(items, tree, strict=True)):
            return tree
        marks = [self._mark(value, mark) for value, mark in zip(tree, tree.marks, strict=True)]
        return make_list(items, tree.source, tree.start, marks)

    def _value(self, value: Any) -> Any:
        if isinstance(value, Input):
            if self._is_given(value.name):
                return self._given[value.name]
            default = self._defaults[value.name]
            return None if default is _NO_DEFAULT else default
        if isinstance(value, ConfigDict):
            return self.mapping(value)
        return self._list(value) if isinstance(value, ConfigList) else value

    def _mark(self, value: Any, mark: Mark) -> Mark:
        """Return where what was filled in stands, if it was given; a default's place is that of its ``!input``."""
        if isinstance(value, Input) and self._is_given(value.name):
            return value_position(self._given, value.name) or mark
        return mark

    def _is_given(self, name: str) -> bool:
        return name in self._given and name not in self._hidden


def _merged(body: ConfigDict, instance: Mapping[str, Any]) -> Any:
    """Return the rule: the blueprint's keys, those of the instance over them."""
    parts = [part for part in (body, instance) if isinstance(part, ConfigDict)]
    items: dict[Any, Any] = {**body, **instance}
    for key in _OWN_KEYS:
        items.pop(key, None)
    if start_of(instance) is None or not isinstance(instance, ConfigDict):
        return items
    places: dict[Any, tuple[Mark, Mark]] = {}
    for part in parts:
        marks = part.positions()
        places |= zip(part, zip(marks[::2], marks[1::2], strict=True), strict=True)
    return make_dict(items, instance.source, instance.start, [mark for key in items for mark in places[key]])


def blueprint_of(tree: Any, start: Position) -> Blueprint:
    """Return the blueprint that a file holds.

    Raises:
        ConfigErrors: it is none.
    """
    if not isinstance(tree, ConfigDict) or "blueprint" not in tree:
        raise ConfigErrors([ConfigError("this is no blueprint: expected a key 'blueprint'", start)])
    try:
        about = _METADATA(tree["blueprint"])
    except vol.Invalid as error:
        raise ConfigErrors(list(_placed(error, tree, ("blueprint",)))) from None
    inputs = dict(_flat(tree["blueprint"], about["input"]))
    defaults = {name: _default(settings) for name, (settings, _) in inputs.items()}
    visible = {name: list(found) for name, parts in inputs.items() if (found := tuple(_visible(parts)))}
    unknown = [
        ConfigError(f"there is no input {name}{near_miss(name, defaults)}", place, _where(path))
        for path, name, place in _used(tree, ())
        if name not in defaults
    ]
    unknown += _unknown_fields(tree, visible, defaults)
    if unknown:
        raise ConfigErrors(unknown)
    return Blueprint(about["domain"], about["name"], tree, defaults, visible)


def _flat(raw: Mapping[str, Any], inputs: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Yield each input, those in sections too, with its settings and those of its section.

    Raises:
        ConfigErrors: one name is there twice.
    """
    seen: set[str] = set()
    given = raw.get("input") or {}
    for name, about in inputs.items():
        is_section = isinstance(about, Mapping) and "input" in about
        inner = (given[name].get("input") or {}) if is_section else {name: given[name]}
        for key, settings in inner.items():
            if key in seen:
                raise ConfigErrors([ConfigError(f"there are two inputs {key}", value_position(given, name))])
            seen.add(key)
            yield key, (settings, given[name] if is_section else None)


def _default(settings: Any) -> Any:
    return settings.get("default", _NO_DEFAULT) if isinstance(settings, Mapping) else _NO_DEFAULT


def _visible(parts: Iterable[Any]) -> Iterator[Any]:
    """Yield what an input and its section say of being visible."""
    for part in parts:
        if isinstance(part, Mapping) and "visible" in part:
            yield part["visible"]


def _unknown_fields(
    tree: Mapping[str, Any], visible: Mapping[str, list[Any]], known: Collection[str]
) -> list[ConfigError]:
    """Return an error for each input that ``visible`` of another asks about, and that is not there."""
    place = position_of(tree, ["blueprint", "input"])
    return [
        ConfigError(f"visible of {name}: there is no input {field}{near_miss(field, known)}", place, "blueprint.input")
        for name, conditions in visible.items()
        for field in fields_of(conditions)
        if field not in known
    ]


def _used(tree: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str, Position | None]]:
    """Yield path, name and place of each ``!input``."""
    entries = tree.items() if isinstance(tree, ConfigDict) else enumerate(tree) if isinstance(tree, ConfigList) else ()
    for key, value in entries:
        if isinstance(value, Input):
            yield (*path, key), value.name, value_position(tree, key)
        else:
            yield from _used(value, (*path, key))


def _like_a_use(raw: Mapping[str, Any]) -> list[str]:
    """Return the keys that may be meant to use a blueprint: few rules have any, and looking closer takes time."""
    return [key for key in raw if isinstance(key, str) and (key.startswith("use") or "print" in key)]


def _renamed(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return ``raw`` with ``use_blueprint`` in the place of ``key``."""
    items = {KEY if name == key else name: value for name, value in raw.items()}
    return make_dict(items, raw.source, raw.start, raw.marks) if isinstance(raw, ConfigDict) else items


def _is_use(raw: Any) -> bool:
    return isinstance(raw, Mapping) and KEY in raw


def _at_path(raw: Mapping[str, Any], message: str) -> ConfigError:
    return ConfigError(message, position_of(raw, [KEY, "path"]), f"{KEY}.path")


def _placed(error: vol.Invalid, tree: Any, above: tuple[str, ...]) -> Iterator[ConfigError]:
    for one in error.errors if isinstance(error, vol.MultipleInvalid) else [error]:
        path = (*above, *one.path)
        yield ConfigError(error_text(one), position_of(tree, path), _where(path))


def _where(path: tuple[Any, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
