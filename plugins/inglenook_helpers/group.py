"""``group``: several entities under one name, on when any or all of them are."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import voluptuous as vol

from inglenook import Context, Home, PluginScope, ServiceCall, State, hookimpl, slugify
from inglenook.values import boolean, entity_ids, icon, slug, string
from inglenook_helpers.declared import Declared, Section
from inglenook_helpers.notify_service_groups import NOTIFY, offered_services
from inglenook_helpers.platform_groups import CLASSES, PlatformGroups, schema_of
from inglenook_helpers.schemas import Config, entry, mapping

_log = logging.getLogger(__name__)

START: Final = "homeassistant_start"


class Words(NamedTuple):
    """What a domain calls on and off, and which of its states count as on."""

    on: str
    off: str
    counting: frozenset[str]


def _on_off(*counting: str) -> Words:
    return Words("on", "off", frozenset({"on", *counting}))


ON_OFF: Final = _on_off()
HOME: Final = Words("home", "not_home", frozenset({"home"}))
OPEN: Final = Words("open", "closed", frozenset({"open"}))

# Domains whose states are not simply on and off.
WORDS: Final[Mapping[str, Words]] = {
    "alarm_control_panel": _on_off(
        "armed_away", "armed_custom_bypass", "armed_home", "armed_night", "armed_vacation", "triggered"
    ),
    "climate": _on_off("auto", "cool", "dry", "fan_only", "heat", "heat_cool"),
    "cover": OPEN,
    "device_tracker": HOME,
    "lock": Words("unlocked", "locked", frozenset({"locking", "open", "opening", "unlocked", "unlocking"})),
    "media_player": _on_off("idle", "paused", "playing"),
    "person": HOME,
    "plant": Words("problem", "ok", frozenset({"problem"})),
    "vacuum": _on_off("cleaning", "error", "returning"),
    "valve": OPEN,
    "water_heater": _on_off("eco", "electric", "gas", "heat_pump", "high_demand", "performance"),
}
STATELESS: Final = frozenset({"air_quality", "sensor", "weather"})  # domains with neither
_ON_WORDS: Final = frozenset(words.on for words in (ON_OFF, *WORDS.values()))
_OFF_WORDS: Final = frozenset(words.off for words in (ON_OFF, *WORDS.values()))


class Group(Declared):
    """A group of entities. Where all its members use the same words for on and off, so does the group.

    Its state is unknown until the home has started, and while none of its members is on or off.
    """

    domain = "group"
    is_registered = False

    def __init__(self, home: Home, is_started: Callable[[], bool], object_id: str, config: Config) -> None:
        self._home = home
        self._is_started = is_started
        self._unwatch: list[Callable[[], None]] = []
        super().__init__(object_id, config)

    def configure(self, config: Config) -> None:
        """Take the settings."""
        super().configure(config)
        self.members: list[str] = config["entities"]
        self._needs_all: bool = config["all"]
        self.extra_attributes = {"entity_id": self.members}

    def adapt(self) -> None:
        """Follow the other members."""
        self.added()

    def added(self) -> None:
        """Begin to follow the members."""
        self.removed()
        self._unwatch = [self._home.states.watch(member, self._changed) for member in self._followed()]
        self.look()

    def removed(self) -> None:
        """Follow the members no more."""
        for unwatch in self._unwatch:
            unwatch()
        self._unwatch = []

    def look(self) -> None:
        """Take the state that the members make; nothing before the home has started."""
        if self._is_started():
            known = map(self._home.states.get, self._followed())
            self.state = self._joint([state for state in known if state is not None])

    def kinds(self, seen: frozenset[str] = frozenset()) -> set[Words]:
        """Return what words the members use, those of groups among them too."""
        found: set[Words] = set()
        for member in self.members:
            group = self._home.entities.get(member)
            if not isinstance(group, Group):
                found.add(WORDS.get(_domain_of(member), ON_OFF))
            elif member not in seen:
                found |= group.kinds(seen | {member})
        return found

    def _joint(self, states: Sequence[State]) -> str | None:
        if not any(map(_has_words, states)):
            return None
        kinds = self.kinds()
        words = kinds.pop() if len(kinds) == 1 else ON_OFF
        is_on = (all if self._needs_all else any)(map(_is_on, states))
        return words.on if is_on else words.off

    def _followed(self) -> list[str]:
        return [member for member in self.members if _domain_of(member) not in STATELESS]

    def _changed(self, _entity_id: str, _old: State | None, _new: State | None, context: Context) -> None:
        self.look()
        self.write(context)


class Groups(Section):
    """The groups of the configuration, and those that services make."""

    def __init__(self, home: Home, scope: PluginScope) -> None:
        super().__init__(home, scope, lambda object_id, config: Group(home, self._is_started, object_id, config))
        self._has_started = False
        self._made: set[str] = set()  # by a service; a reload leaves these alone
        self._platform_groups = PlatformGroups(home, scope)
        scope.listen(START, self._start)
        scope.register_service("group", "set", self._set, _SET)
        scope.register_service("group", "remove", self._remove, _REMOVE)

    def bring(self, config: Mapping[str, Config]) -> None:
        """Bring the groups in line with ``config``, and those that are entities of another domain with their items."""
        made = {
            name: settings for name in self._made - config.keys() if (settings := self.settings_of(name)) is not None
        }
        self._made = set(made)
        super().bring({**config, **made})
        self._platform_groups.bring()

    def _is_started(self) -> bool:
        return self._has_started

    def _start(self, _event: Any) -> None:
        self._has_started = True
        for group in self.entities():
            group.added()
            group.write()

    def _set(self, call: ServiceCall) -> None:
        """Make a group, or change one."""
        data = call.data
        new = {"name": data["object_id"], "entities": [], "all": False}
        config = self.settings_of(data["object_id"])
        if config is None:
            self._made.add(data["object_id"])
            config = new
        given: Config = {key: data[key] for key in ("name", "icon", "all") if key in data}
        members = [*data.get("entities", config["entities"]), *data.get("add_entities", [])]
        gone = data.get("remove_entities", [])
        given["entities"] = [member for member in dict.fromkeys(members) if member not in gone]
        self.take(data["object_id"], {**config, **given})

    def _remove(self, call: ServiceCall) -> None:
        object_id = call.data["object_id"]
        if self.settings_of(object_id) is None:
            _log.warning("group.remove: there is no group.%s", object_id)
        self._made.discard(object_id)
        self.drop(object_id)


def _domain_of(entity_id: str) -> str:
    return entity_id.partition(".")[0]


def _has_words(state: State) -> bool:
    return state.domain in WORDS or state.state in _ON_WORDS or state.state in _OFF_WORDS


def _is_on(state: State) -> bool:
    words = WORDS.get(state.domain)
    return state.state in (_ON_WORDS if words is None else words.counting)


def _settings(value: Any) -> Any:
    """Return the settings of a group; its members alone may stand in their place."""
    return value if value is None or isinstance(value, dict) else {"entities": value}


def _by_object_id(value: dict[str, Any]) -> dict[str, Any]:
    """Give each group its object id; what stands as its key is also its name, unless it has one."""
    return {slugify(key): {"name": key, **settings} for key, settings in value.items()}


def _members(value: Any) -> list[str]:
    return entity_ids(value) if value else []


_ONE_LIST: Final = "give only one of entities, add_entities and remove_entities"
_SET: Final = vol.Schema(
    {
        vol.Required("object_id"): slug,
        "name": string,
        "icon": icon,
        "all": boolean,
        vol.Exclusive("entities", "entities", _ONE_LIST): entity_ids,
        vol.Exclusive("add_entities", "entities", _ONE_LIST): entity_ids,
        vol.Exclusive("remove_entities", "entities", _ONE_LIST): entity_ids,
    }
)
_REMOVE: Final = vol.Schema({vol.Required("object_id"): slug})


KEYS: Final[dict[Any, Any]] = {
    "name": string,
    vol.Optional("entities", default=list): _members,
    "icon": icon,
    vol.Optional("all", default=False): boolean,
}


@hookimpl
def config_schema() -> vol.Schema:
    """Return the settings of each."""
    return vol.Schema(vol.All(mapping, {string: vol.All(_settings, entry(KEYS))}, _by_object_id))


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of each ``platform: group``."""
    return {domain: schema_of(domain) for domain in CLASSES}


@hookimpl
def service_names(items: Mapping[str, list[Config]]) -> list[str]:
    """Return what is offered beside the reload, and the groups of services."""
    return ["group.remove", "group.set", *offered_services(items.get(NOTIFY, ()))]


@hookimpl
def setup(home: Home, config: Mapping[str, Config], scope: PluginScope) -> None:
    """Add what is declared."""
    Groups(home, scope).bring(config)
