"""``person``: where somebody is, from the trackers that person carries and the networks that know them."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import voluptuous as vol

from inglenook import Context, Home, PluginScope, State, distance_m
from inglenook.values import entity_domain, entity_ids, string
from inglenook_helpers.declared import Declared, ListedSection, listed_hooks
from inglenook_helpers.schemas import Config, listed
from inglenook_helpers.zone import Zone

START: Final = "homeassistant_start"
HOME: Final = "home"
NOT_HOME: Final = "not_home"
NOTHING: Final = frozenset({"unknown", "unavailable"})


class Person(Declared):
    """Somebody. A network that sees them at home counts first, then the newest satellite fix, then who is away.

    ``source`` is the tracker that was believed.
    """

    domain = "person"
    SHOWN = ("latitude", "longitude", "gps_accuracy", "source", "user_id", "device_trackers", "in_zones")

    latitude: float | None = None
    longitude: float | None = None
    gps_accuracy: float | None = None
    source: str | None = None
    in_zones: list[str] | None = None

    def __init__(self, home: Home, object_id: str, config: Config) -> None:
        self._home = home
        self._unwatch: list[Callable[[], None]] = []
        super().__init__(object_id, config)
        self.unique_id = config["id"]

    def configure(self, config: Config) -> None:
        """Take the settings."""
        super().configure(config)
        self.user_id = config.get("user_id")
        self.device_trackers: list[str] = config["device_trackers"]
        picture = {"entity_picture": config["picture"]} if "picture" in config else {}
        self.extra_attributes = {"editable": self.is_editable, "id": config["id"], **picture}

    def adapt(self) -> None:
        """Follow the other trackers."""
        if not self._follow():
            self._forget()

    def added(self) -> None:
        """Take up the last state, and begin to follow the trackers."""
        last = self.last_state
        if last is not None and last.state not in NOTHING:
            self._believe(last)
            self.source = last.attributes.get("source")
        self._follow()

    def removed(self) -> None:
        """Follow the trackers no more."""
        for unwatch in self._unwatch:
            unwatch()
        self._unwatch = []

    def _changed(self, _entity_id: str, _old: State | None, _new: State | None, context: Context) -> None:
        if not self._look():
            self._forget()
        self.write(context)

    def _follow(self) -> bool:
        """Watch the trackers from now on, and take the place that they tell; False when none of them tells any."""
        self.removed()
        self._unwatch = [self._home.states.watch(tracker, self._changed) for tracker in self.device_trackers]
        return self._look()

    def _look(self) -> bool:
        """Take the place that the trackers tell; False when none of them tells any."""
        found = [state for one in self.device_trackers if (state := self._home.states.get(one)) is not None]
        known = [state for state in found if state.state not in NOTHING]
        fixes = [state for state in known if state.attributes.get("source_type") == "gps"]
        others = [state for state in known if state.attributes.get("source_type") != "gps"]
        best = (
            _newest(state for state in others if state.state == HOME)
            or _newest(fixes)
            or _newest(state for state in others if state.state == NOT_HOME)
        )
        if best is not None:
            self._believe(best)
        return best is not None

    def _believe(self, state: State) -> None:
        self.state, self.source = state.state, state.entity_id
        self.gps_accuracy = state.attributes.get("gps_accuracy")
        self.latitude, self.longitude = state.attributes.get("latitude"), state.attributes.get("longitude")
        if self.latitude is None and self.state == HOME:
            settings = self._home.settings
            self.latitude, self.longitude, self.gps_accuracy = settings.latitude, settings.longitude, 0
        given = state.attributes.get("in_zones")
        self.in_zones = list(given) if isinstance(given, list | tuple | set | frozenset) else self._zones_here()

    def _forget(self) -> None:
        self.state = self.source = self.latitude = self.longitude = self.gps_accuracy = self.in_zones = None

    def _zones_here(self) -> list[str]:
        """Return the zones that hold the place, the smallest first."""
        if self.latitude is None or self.longitude is None:
            return []
        here, blur = (float(self.latitude), float(self.longitude)), float(self.gps_accuracy or 0)
        known = (self._home.entities.get(state.entity_id) for state in self._home.states.domain("zone"))
        zones = [entity for entity in known if isinstance(entity, Zone)]
        found = [
            (zone.radius, zone.entity_id)
            for zone in zones
            if distance_m(here, (zone.latitude, zone.longitude)) - blur < zone.radius
        ]
        return [entity_id for _, entity_id in sorted(found)]


class People(ListedSection):
    """The persons of the configuration, who look where they are once the home has started."""

    def __init__(self, home: Home, scope: PluginScope) -> None:
        super().__init__(home, scope, lambda object_id, config: Person(home, object_id, config))
        scope.listen(START, lambda _: self._look())

    def _look(self) -> None:
        for person in self.entities():
            person.added()
            person.write()


def _newest(states: Iterable[State]) -> State | None:
    return max(states, key=lambda state: state.updated_at, default=None)


def _trackers(value: Any) -> list[str]:
    tracker = entity_domain("device_tracker")
    return [tracker(one) for one in entity_ids(value)] if value else []


KEYS: Final[dict[Any, Any]] = {
    vol.Required("id"): string,
    vol.Required("name"): string,
    "user_id": string,
    vol.Optional("device_trackers", default=list): _trackers,
    "picture": string,
}


config_schema, client_items, setup = listed_hooks(listed(KEYS), People)
