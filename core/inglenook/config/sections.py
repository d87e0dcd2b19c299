"""The domains of a configuration: labelled keys, packages, and what each domain was given in all of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import voluptuous as vol

from inglenook.config.settings import OWN_KEYS
from inglenook.config.trees import (
    ConfigDict,
    ConfigList,
    Mark,
    Tree,
    key_position,
    make_dict,
    make_list,
    start_of,
    value_position,
)
from inglenook.config.values import near_miss, nearest, shown, slug
from inglenook.errors import ConfigError, Position

# Keys of Home Assistant that need no answer: its interface, its discovery, and what is always or never on here.
# All others that nothing handles get a warning.
WITHOUT_EFFECT: Final = frozenset({
    "analytics", "api", "application_credentials", "assist_pipeline", "backup", "bluetooth", "cloud", "config",
    "default_config", "dhcp", "diagnostics", "energy", "frontend", "go2rtc", "hardware", "homeassistant_alerts",
    "image_upload", "labs", "logger", "lovelace", "map", "media_source", "mobile_app", "my", "network", "onboarding",
    "repairs", "search", "ssdp", "stream", "system_health", "system_log", "trace", "usb", "webhook", "websocket_api",
    "zeroconf",
})  # fmt: skip

# Domains that are here at any rate, but take no settings.
ALWAYS_HERE: Final = frozenset({"logbook", "recorder"})

# Domains whose entries bear names, so that one name can be given once only.
NAMED: Final = frozenset({
    "alert", "counter", "group", "input_boolean", "input_button", "input_datetime", "input_number",
    "input_select", "input_text", "intent_script", "plant", "rest_command", "schedule", "script", "shell_command",
    "timer", "utility_meter",
})  # fmt: skip

# What rules are written under: a home begins without what cannot be read of it, and follows files of nothing else.
RULE_SECTIONS: Final = frozenset({"automation", "scene", "script"})

# Domains of entities: every item under one of these keys names its platform.
ENTITY_DOMAINS: Final = frozenset({
    "air_quality", "alarm_control_panel", "binary_sensor", "button", "calendar", "camera", "climate", "cover", "date",
    "datetime", "device_tracker", "event", "fan", "geo_location", "humidifier", "image", "image_processing",
    "lawn_mower", "light", "lock", "media_player", "notify", "number", "remote", "select", "sensor", "siren", "stt",
    "switch", "text", "time", "todo", "tts", "update", "vacuum", "valve", "wake_word", "water_heater", "weather",
})  # fmt: skip

# Platforms whose items have a key of their own now, and no effect where they stood once.
MOVED: Final = frozenset({"command_line"})


@dataclass(slots=True)
class Sections:
    """Every key of the configuration that is not the engine's own, by domain, in the order of the file.

    Attributes:
        trees: what each domain was given: one tree for each of its keys, labelled or not, and for each package.
        positions: where the domain's first key stands.
        warnings: keys that are no domain, packages that were skipped.
        stored: trees that no person wrote; each stands among the others of its domain, too.
    """

    trees: dict[str, list[Any]] = field(default_factory=dict)
    positions: dict[str, Position | None] = field(default_factory=dict)
    warnings: list[ConfigError] = field(default_factory=list)
    stored: dict[str, list[Tree]] = field(default_factory=dict)
    _by_platform: dict[str, list[tuple[str, ConfigDict, Position]]] = field(default_factory=dict, init=False)

    def listed(self, domain: str) -> Iterator[tuple[Any, Position | None]]:
        """Yield each item of a domain that is a list (``automation``, ``scene``, ``sensor``), and its place."""
        yield from self._listed(domain, self.trees.get(domain, ()))

    def raw(self, domain: str) -> Iterator[Any]:
        """Yield each item of a domain that is a list, as :meth:`listed` does, for who needs no places."""
        for tree in self.trees.get(domain, ()):
            if isinstance(tree, ConfigList):
                yield from tree
            elif tree:
                yield tree

    def _listed(self, domain: str, trees: Sequence[Any]) -> Iterator[tuple[Any, Position | None]]:
        for tree in trees:
            if isinstance(tree, ConfigList):
                yield from ((item, start_of(item) or value_position(tree, index)) for index, item in enumerate(tree))
            elif tree:
                yield tree, start_of(tree) or self.positions[domain]

    def named(self, domain: str) -> Iterator[tuple[Any, Any, Position | None]]:
        """Yield name, settings and place of each entry of a domain that is a mapping (``script``, ``input_boolean``).

        A name that comes twice counts the first time.
        """
        for name, (settings, place) in self._named(domain).items():
            yield name, settings, place

    def joined(self, domain: str, *, without: Sequence[Tree] = ()) -> Any:
        """Return what a domain was given in all its places as one tree that still knows where each part stands.

        Mappings are merged by name, where a name that comes twice counts the first time; lists, and mappings beside
        them, are put one after the other. None if it was given nothing. Trees of ``without`` are left out.
        """
        hidden = {id(tree) for tree in without}
        trees = [tree for tree in self.trees.get(domain, ()) if tree is not None and id(tree) not in hidden]
        if len(trees) < 2:
            return trees[0] if trees else None
        if all(isinstance(tree, ConfigDict) for tree in trees):
            return _merged(trees)
        items = list(self._listed(domain, trees))
        place = next(tree for tree in trees if isinstance(tree, ConfigDict | ConfigList))
        marks: list[Mark] = [position or place.source.position(place.start) for _, position in items]
        return make_list([item for item, _ in items], place.source, place.start, marks)

    def platforms(self) -> list[str]:
        """Return the names that stand after ``platform:`` in items of any domain, in the order they come."""
        return list(dict.fromkeys(name for domain in self.trees for name, _, _ in self._platform_items(domain)))

    def items_of(self, platform: str) -> dict[str, ConfigList]:
        """Return the items that bear ``platform: NAME``, by the domain under whose key they stand."""
        found: dict[str, ConfigList] = {}
        for domain in self.trees:
            items = [(item, place) for name, item, place in self._platform_items(domain) if name == platform]
            if items:
                first: ConfigDict = items[0][0]
                found[domain] = make_list(
                    [item for item, _ in items], first.source, first.start, [place for _, place in items]
                )
        return found

    def unhandled(self, handled: Collection[str]) -> list[ConfigError]:
        """Return a warning for each domain that is neither in ``handled`` nor known to need no answer.

        A domain whose items name platforms is handled item by item: ``light.group`` stands in ``handled`` for those of
        ``light`` with ``platform: group``.
        """
        return [
            warning
            for domain in self.trees
            if domain not in WITHOUT_EFFECT and domain not in handled and not self._says_nothing(domain)
            for warning in self._unhandled(domain, handled)
        ]

    def without_platform(self, handled: Collection[str]) -> list[ConfigError]:
        """Return an error for each item that ought to say ``platform: NAME`` and does not; it has no effect.

        Domains in ``handled`` are left to those who handle them as a whole.
        """
        return [
            _missing_platform(domain, item, place)
            for domain in self.trees
            if domain in ENTITY_DOMAINS and domain not in handled
            for item, place in self._items(domain)
            if not (isinstance(item, ConfigDict) and isinstance(item.get("platform"), str))
        ]

    def _says_nothing(self, domain: str) -> bool:
        """True for a domain that is here without being asked for, as long as no settings are given to it."""
        return domain in ALWAYS_HERE and not any(self.trees[domain])

    def add(self, tree: ConfigDict) -> None:
        """Take the domains of a configuration or a package; ``light kitchen:`` is more of ``light:``."""
        for key, value in tree.items():
            domain = str(key).partition(" ")[0]
            place = key_position(tree, key)
            if not isinstance(key, str) or not _is_slug(domain):
                self._warn(f"expected the name of a domain, got {shown(key)}; it has no effect", place)
            elif domain not in OWN_KEYS:
                self._add(domain, value, place)
            elif domain != key:
                self._warn(f"{domain} may stand there once, without a label; {key!r} has no effect", place)

    def add_stored(self, domain: str, tree: Tree, position: Position) -> None:
        """Take a tree that no person wrote, but that says what one would have written under the key ``domain``."""
        self._add(domain, tree, position)
        self.stored.setdefault(domain, []).append(tree)

    def leave_out(self, domain: str, errors: Sequence[ConfigError]) -> list[ConfigError]:
        """Take out the stored trees of ``domain`` that ``errors`` are about; return those errors."""
        told: list[ConfigError] = []
        for error in errors:
            tree = self._stored_at(domain, error.position)
            if tree is not None:
                told.append(error)
                self.trees[domain] = [one for one in self.trees[domain] if one is not tree]
        return told

    def is_stored(self, error: ConfigError) -> bool:
        """Whether what is wrong stands where no person writes."""
        starts = [start_of(tree) for trees in self.stored.values() for tree in trees]
        return error.position is not None and any(place and place.path == error.position.path for place in starts)

    def _stored_at(self, domain: str, position: Position | None) -> Tree | None:
        if position is None:
            return None
        places = [(start_of(tree), tree) for tree in self.stored.get(domain, ())]
        before = [
            (place, tree) for place, tree in places if place and place.path == position.path and place <= position
        ]
        return max(before, key=lambda one: one[0])[1] if before else None

    def add_packages(self, packages: Any, position: Position | None) -> Iterator[ConfigDict]:
        """Take the domains of each package and yield what each says under ``homeassistant:``.

        A package that is none is skipped with a warning.
        """
        if packages is not None and not isinstance(packages, ConfigDict):
            self._warn(f"packages: expected a mapping, got {shown(packages)}", position)
            return
        for name, package in (packages or {}).items():
            place = key_position(packages, name)
            if not _is_slug(name):
                self._warn(f"expected a package name of a-z, 0-9 and _, got {shown(name)}; it is skipped", place)
            elif isinstance(package, ConfigDict):
                self.add(package)
                self._warn_of_own_keys(name, package)
                if isinstance(inner := package.get("homeassistant"), ConfigDict):
                    yield inner
            elif package is not None:
                self._warn(f"package {name}: expected a mapping, got {shown(package)}; it is skipped", place)

    def _platform_items(self, domain: str) -> list[tuple[str, ConfigDict, Position]]:
        """Return the items of a domain that name a platform: that name, the item, its place."""
        if domain not in self._by_platform:
            self._by_platform[domain] = list(self._find_platforms(domain))
        return self._by_platform[domain]

    def _find_platforms(self, domain: str) -> Iterator[tuple[str, ConfigDict, Position]]:
        for item, place in self._items(domain):
            if isinstance(item, ConfigDict) and isinstance(name := item.get("platform"), str) and place is not None:
                yield name, item, place

    def _items(self, domain: str) -> Iterator[tuple[Any, Position | None]]:
        """Yield what stands under the keys of a domain, item by item, with its place; nothing for null."""
        for tree in self.trees.get(domain, ()):
            items = tree if isinstance(tree, ConfigList) else (tree,)
            for index, item in enumerate(items):
                place = value_position(tree, index) if items is tree else start_of(item) or self.positions[domain]
                if item is not None:
                    yield item, place

    def _unhandled(self, domain: str, handled: Collection[str]) -> Iterator[ConfigError]:
        items = self._platform_items(domain)
        if not items and not (domain in ENTITY_DOMAINS and any(self._items(domain))):
            meant = near_miss(domain, {key for key in handled if "." not in key})
            yield ConfigError(f"nothing handles the key {domain}; it has no effect{meant}", self.positions[domain])
        for name, _, place in items:
            if f"{domain}.{name}" not in handled:
                yield ConfigError(_unknown_platform(domain, name), place)

    def _add(self, domain: str, tree: Any, position: Position | None) -> None:
        if domain in NAMED and isinstance(tree, ConfigDict):
            self._warn_of_twins(domain, tree)
        self.trees.setdefault(domain, []).append(tree)
        self._by_platform.pop(domain, None)
        self.positions.setdefault(domain, position)

    def _warn_of_twins(self, domain: str, tree: ConfigDict) -> None:
        known = self._named(domain)
        for name in tree:
            if name in known:
                first = known[name][1]
                self._warn(
                    f"{domain} {name} stands here again (first at {first}); the first counts", key_position(tree, name)
                )

    def _named(self, domain: str) -> dict[Any, tuple[Any, Position | None]]:
        entries: dict[Any, tuple[Any, Position | None]] = {}
        for tree in self.trees.get(domain, ()):
            if isinstance(tree, ConfigDict):
                for name, settings in tree.items():
                    entries.setdefault(name, (settings, key_position(tree, name)))
        return entries

    def _warn_of_own_keys(self, name: str, package: ConfigDict) -> None:
        for key in package:
            if key in OWN_KEYS and key != "homeassistant":
                self._warn(f"package {name}: {key} has no effect in a package", key_position(package, key))

    def _warn(self, message: str, position: Position | None) -> None:
        self.warnings.append(ConfigError(message, position))


def _unknown_platform(domain: str, name: str) -> str:
    if name in MOVED:
        return f"{domain} items of platform {name} have no effect any more; write this one under {name}:"
    return f"nothing handles {domain} items of platform {name}; this one has no effect"


def _missing_platform(domain: str, item: Any, place: Position | None) -> ConfigError:
    """Return what is wrong with an item that names no platform, at the key that was to name it if there is one."""
    if not isinstance(item, ConfigDict):
        return ConfigError(f"expected items with a platform, got {shown(item)}", place, domain)
    if "platform" in item:
        message = f"expected the name of a platform, got {shown(item['platform'])}"
        return ConfigError(message, value_position(item, "platform"), f"{domain}.platform")
    misspelt = nearest("platform", item)
    if misspelt is None:
        return ConfigError("this key is required", place, f"{domain}.platform")
    return ConfigError("unknown key; did you mean 'platform'?", key_position(item, misspelt), f"{domain}.{misspelt}")


def _merged(trees: list[ConfigDict]) -> ConfigDict:
    items: dict[Any, Any] = {}
    marks: list[Mark] = []
    for tree in trees:
        places = tree.positions()
        for index, (name, settings) in enumerate(tree.items()):
            if name not in items:
                items[name] = settings
                marks += places[2 * index : 2 * index + 2]
    return make_dict(items, trees[0].source, trees[0].start, marks)


def _is_slug(value: Any) -> bool:
    try:
        return bool(slug(value))
    except vol.Invalid:
        return False
