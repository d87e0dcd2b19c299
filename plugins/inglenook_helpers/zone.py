"""``zone``: places on the map, and how many people are in each; the home is always one."""

from collections.abc import Mapping
from itertools import count
from typing import Any, Final

import voluptuous as vol

from inglenook import Context, Event, Home, PluginScope, State
from inglenook.values import between, boolean, float_, icon, positive_float, string
from inglenook_helpers.declared import Declared, ListedSection, listed_hooks
from inglenook_helpers.schemas import Config, listed

HOME: Final = "home"
ABSENT: Final = frozenset({"not_home", "unknown", "unavailable"})
DEFAULT_RADIUS_M: Final = 100.0


class Zone(Declared):
    """A circle on the map; ``passive`` ones are for rules alone, nobody is said to be there.

    Its state is how many persons are in it, ``persons`` who.
    """

    domain = "zone"
    is_registered = False
    SHOWN = ("latitude", "longitude", "radius", "passive", "persons")

    def __init__(self, object_id: str, config: Config) -> None:
        self._is_home = object_id == HOME
        self.persons: list[str] = []
        super().__init__(object_id, config)
        self.unique_id = config.get("id")

    def configure(self, config: Config) -> None:
        """Take the settings."""
        super().configure(config)
        self.latitude, self.longitude, self.radius = config["latitude"], config["longitude"], config["radius"]
        self.passive = config["passive"]

    def shown_state(self) -> int:
        """Return how many are here."""
        return len(self.persons)

    def see(self, person: str, state: State | None) -> bool:
        """Note where ``person`` is now; True when that changes who is here."""
        is_here = state is not None and self._holds(state)
        if is_here == (person in self.persons):
            return False
        rest = [other for other in self.persons if other != person]
        self.persons = sorted([*rest, person]) if is_here else rest
        return True

    def _holds(self, state: State) -> bool:
        if state.state in ABSENT:
            return False
        zones = state.attributes.get("in_zones")
        if isinstance(zones, list | tuple | set | frozenset):
            return self.entity_id in zones
        return state.state.casefold() == (self.name or "").casefold() or (self._is_home and state.state == HOME)


class Zones(ListedSection):
    """The zones of the configuration and the home's own, which follows the settings of the home.

    Each person is watched by itself, so that nothing else that happens costs anything here.
    """

    def __init__(self, home: Home, scope: PluginScope) -> None:
        super().__init__(home, scope, Zone)
        self._given: Mapping[str, Config] = {}
        self._watched: set[str] = set()
        scope.listen("core_config_updated", lambda _: self.bring(self._given))
        scope.listen("entity_registry_updated", self._registered)
        scope.listen("homeassistant_start", lambda _: self._look())

    def bring(self, config: Mapping[str, Config]) -> None:
        """Bring the zones in line with ``config``; one written as home takes the place of the home's own."""
        self._given = config
        super().bring({HOME: _own(self._home), **self._beside_home(config)})
        self._look()

    def _beside_home(self, config: Mapping[str, Config]) -> Mapping[str, Config]:
        """Return ``config`` with a zone called home that a client made under another object id."""
        made = config.get(HOME)
        if made is None or made.get("id") not in self._scope.editable:
            return config
        free = next(name for number in count(2) if (name := f"{HOME}_{number}") not in config)
        return {**{name: settings for name, settings in config.items() if name != HOME}, free: made}

    def _look(self) -> None:
        """Take in everybody there is."""
        for state in self._home.states.domain("person"):
            self._watch(state.entity_id)
            self._see(state.entity_id, None, state, None)

    def _registered(self, event: Event) -> None:
        if event.data["entity_id"].startswith("person."):
            self._watch(event.data["entity_id"])

    def _watch(self, person: str) -> None:
        if person not in self._watched:
            self._watched.add(person)
            self._scope.on_teardown(self._home.states.watch(person, self._see))

    def _see(self, person: str, _old: State | None, state: State | None, context: Context | None) -> None:
        for zone in self.entities():
            if isinstance(zone, Zone) and zone.see(person, state):
                zone.write(context)


def _own(home: Home) -> Config:
    """Return the settings of the home's own zone."""
    settings = home.settings
    return {
        "name": settings.name,
        "latitude": settings.latitude,
        "longitude": settings.longitude,
        "radius": settings.radius,
        "passive": False,
        "icon": "mdi:home",
    }


KEYS: Final[dict[Any, Any]] = {
    "id": string,
    vol.Required("name"): string,
    vol.Required("latitude"): between(float_, -90, 90),
    vol.Required("longitude"): between(float_, -180, 180),
    vol.Optional("radius", default=DEFAULT_RADIUS_M): positive_float,
    vol.Optional("passive", default=False): boolean,
    "icon": icon,
}


config_schema, client_items, setup = listed_hooks(listed(KEYS), Zones)
