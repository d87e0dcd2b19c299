"""``platform: group``: an entity that stands for several of its kind - one light for four, one door for all windows."""

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final

from inglenook import (
    Context,
    CoverFeature,
    Entity,
    FanFeature,
    Home,
    LightFeature,
    LockFeature,
    NotifyFeature,
    State,
    Target,
    ValveFeature,
)
from inglenook_helpers.schemas import Config

SENSOR_ATTRIBUTES: Final = ("unit_of_measurement", "device_class", "state_class")
SENSOR_TYPES: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {
    "max": max,
    "mean": statistics.fmean,
    "median": statistics.median,
    "min": min,
    "product": math.prod,
    "range": lambda numbers: max(numbers) - min(numbers),
    "stdev": lambda numbers: statistics.stdev(numbers) if len(numbers) > 1 else 0.0,
    "sum": math.fsum,
}
MEMBER_TYPES: Final = ("first_available", "last")  # the number of one member, by its order or by when it was reported
_NOT_OF_THE_EVENT: Final = frozenset(
    {"assumed_state", "attribution", "device_class", "entity_picture", "event_types", "friendly_name", "icon"}
    | {"entity_id", "restored", "supported_features"}
)
NOTHING: Final = frozenset({"unknown", "unavailable"})
_COLORS: Final = (
    "color_temp_kelvin", "hs_color", "rgb_color", "rgbw_color", "rgbww_color", "xy_color", "effect",
)  # fmt: skip


class GroupEntity(Entity):
    """Several entities of one domain as one. What it is told it tells its members; what they are it becomes.

    A subclass says in :meth:`combine` what that is. It is unavailable while all of its members are.
    """

    FEATURES: ClassVar[int] = 0  # the feature bits that go on from members to the one

    def __init__(self, home: Home, config: Config) -> None:
        self._home = home
        self._unwatch: list[Callable[[], None]] = []
        self._needs_all: bool = config.get("all", False)
        self.members: tuple[str, ...] = tuple(config["entities"])
        self.name = config.get("name", f"{self.domain} group".capitalize())
        self.unique_id = config.get("unique_id")
        self.device_class = config.get("device_class")

    def added(self) -> None:
        """Begin to follow the members; it is none of them itself."""
        self.members = tuple(member for member in self.members if member != self.entity_id)
        self._unwatch = [self._home.states.watch(member, self._changed) for member in self.members]
        self._look()

    def removed(self) -> None:
        """Follow the members no more."""
        for unwatch in self._unwatch:
            unwatch()

    def perform(self, service: str, data: Mapping[str, Any], context: Context) -> Any:
        """Pass a service on to the members."""
        return self._home.services.start(self.domain, service, data, target=Target(self.members), context=context)

    def combine(self, states: Sequence[State]) -> str | float | None:
        """Return the state that the members make, of which one at least is available; set what else they make."""
        raise NotImplementedError

    def show(self, **attributes: Any) -> None:
        """Show attributes beside the members; None is left out."""
        shown = {**attributes, "supported_features": self.supported_features or None}
        given = {name: value for name, value in shown.items() if value is not None}
        self.attributes = {"entity_id": list(self.members), **given}

    def joint(self, holds: Iterable[bool]) -> bool:
        """Return whether something holds of any member, or of all where the settings say so."""
        return all(holds) if self._needs_all else any(holds)

    def _look(self) -> None:
        states = [state for member in self.members if (state := self._home.states.get(member)) is not None]
        self.is_available = any(state.state != "unavailable" for state in states)
        self.supported_features = _features(states) & self.FEATURES
        self.show()
        if self.is_available:
            self.state = self.combine(states)

    def _changed(self, _entity_id: str, _old: State | None, _new: State | None, context: Context) -> None:
        self._look()
        self.write(context)


class ToggleGroup(GroupEntity):
    """Of what is on or off: unknown while none of them can tell, or with ``all`` while one of them cannot."""

    def combine(self, states: Sequence[State]) -> str | None:
        """Return ``on`` or ``off``."""
        if not self.joint(state.state not in NOTHING for state in states):
            return None
        return "on" if self.joint(state.state == "on" for state in states) else "off"


class BinarySensorGroup(ToggleGroup):
    """Binary sensors as one."""

    domain = "binary_sensor"


class SwitchGroup(ToggleGroup):
    """Switches as one."""

    domain = "switch"


class FanGroup(ToggleGroup):
    """Fans as one, as fast as those that are on in the mean."""

    domain = "fan"
    FEATURES = sum(FanFeature)

    def combine(self, states: Sequence[State]) -> str | None:
        """Return ``on`` or ``off``; show the speed."""
        turning = [state for state in states if state.state == "on"]
        self.show(percentage=_mean(turning, "percentage"))
        return super().combine(states)


class LightGroup(ToggleGroup):
    """Lights as one: as bright as those that are on in the mean, in the colour of the first of the commonest mode."""

    domain = "light"
    FEATURES = LightFeature.EFFECT | LightFeature.FLASH | LightFeature.TRANSITION

    def combine(self, states: Sequence[State]) -> str | None:
        """Return ``on`` or ``off``; show what the lights can and do."""
        lit = [state for state in states if state.state == "on"]
        mode = _commonest(state.attributes.get("color_mode") for state in lit)
        like = next((state.attributes for state in lit if state.attributes.get("color_mode") == mode), {})
        kelvin = [state.attributes.get("min_color_temp_kelvin") for state in states]
        kelvin_high = [state.attributes.get("max_color_temp_kelvin") for state in states]
        self.show(
            supported_color_modes=_union(states, "supported_color_modes") or ["onoff"],
            min_color_temp_kelvin=min(filter(None, kelvin), default=None),
            max_color_temp_kelvin=max(filter(None, kelvin_high), default=None),
            effect_list=_union(states, "effect_list") or None,
            brightness=_mean(lit, "brightness"),
            color_mode=mode,
            **{name: like.get(name) for name in _COLORS},
        )
        return super().combine(states)


class CoverGroup(GroupEntity):
    """Covers as one: open when any is; where it stands is the mean."""

    domain = "cover"
    FEATURES = sum(CoverFeature)

    def combine(self, states: Sequence[State]) -> str | None:
        """Return ``opening``, ``closing``, ``open`` or ``closed``; show the positions."""
        self.show(
            current_position=_mean(states, "current_position"),
            current_tilt_position=_mean(states, "current_tilt_position"),
        )
        return _first_of(("opening", "closing", "open", "closed"), states)


class ValveGroup(GroupEntity):
    """Valves as one, like covers."""

    domain = "valve"
    FEATURES = sum(ValveFeature)

    def combine(self, states: Sequence[State]) -> str | None:
        """Return ``opening``, ``closing``, ``open`` or ``closed``; show the position."""
        self.show(current_position=_mean(states, "current_position"))
        return _first_of(("opening", "closing", "open", "closed"), states)


class LockGroup(GroupEntity):
    """Locks as one: locked when all are."""

    domain = "lock"
    FEATURES = LockFeature.OPEN

    def combine(self, states: Sequence[State]) -> str | None:
        """Return the state that most wants to be known."""
        order = ("jammed", "opening", "locking", "open", "unlocking", "unlocked", "locked")
        return _first_of(order, states) if all(state.state not in NOTHING for state in states) else None


class ButtonGroup(GroupEntity):
    """Buttons as one: the service writes the moment of a press down."""

    domain = "button"

    def combine(self, states: Sequence[State]) -> str | None:
        """Return the newest press."""
        newest = _newest(states)
        return newest.state if newest is not None else None


class NotifyGroup(GroupEntity):
    """Notify entities as one, which was last told something when one of them was. Titles go to those that show them."""

    domain = "notify"
    FEATURES = NotifyFeature.TITLE

    def combine(self, states: Sequence[State]) -> str | None:
        """Return when a member was last told something."""
        newest = _newest(states)
        return newest.state if newest is not None else None


class EventGroup(GroupEntity):
    """Event entities as one, which reports whatever any of them reports; what it reported it keeps."""

    domain = "event"

    def __init__(self, home: Home, config: Config) -> None:
        super().__init__(home, config)
        self._last: State | None = None

    def combine(self, states: Sequence[State]) -> str | None:
        """Return the moment of the newest event; show its type and data, and every type that may come."""
        newest = _newest(states)
        if newest is not None and (self._last is None or newest.state > self._last.state):
            self._last = newest
        reported = self._last.attributes if self._last is not None else {}
        data = {name: value for name, value in reported.items() if name not in _NOT_OF_THE_EVENT}
        self.show(**{**data, "event_types": _union(states, "event_types")})
        return self._last.state if self._last is not None else None


class SensorGroup(GroupEntity):
    """Sensors as one number, made as ``type`` says; unknown while a member has none, unless those are to be ignored.

    Unit, device class and state class are those of the settings, or else what all members agree on.
    """

    domain = "sensor"

    def __init__(self, home: Home, config: Config) -> None:
        super().__init__(home, config)
        self._type: str = config["type"]
        self._ignores: bool = config["ignore_non_numeric"]
        self._given = {name: config.get(name) for name in SENSOR_ATTRIBUTES}

    def combine(self, states: Sequence[State]) -> float | None:
        """Return the number; show which member it is where it is one's."""
        self.show(**{name: value or _agreed(states, name) for name, value in self._given.items()})
        numbers = [(number, state) for state in states if (number := _number(state)) is not None]
        if not numbers or (not self._ignores and len(numbers) < len(self.members)):
            return None
        if self._type == "first_available":
            return numbers[0][0]
        if self._type == "last":
            return max(numbers, key=lambda one: one[1].updated_at)[0]
        return SENSOR_TYPES[self._type]([number for number, _ in numbers])


# -- what members have in common --------------------------------------------------------------------------------------


def _first_of(order: Sequence[str], states: Sequence[State]) -> str | None:
    found = {state.state for state in states}
    return next((word for word in order if word in found), None)


def _newest(states: Iterable[State]) -> State | None:
    told = (state for state in states if state.state not in NOTHING)
    return max(told, key=lambda state: state.state, default=None)


def _features(states: Iterable[State]) -> int:
    features = 0
    for state in states:
        features |= state.attributes.get("supported_features") or 0
    return features


def _mean(states: Iterable[State], name: str) -> int | None:
    values = [value for state in states if (value := state.attributes.get(name)) is not None]
    return round(sum(values) / len(values)) if values else None


def _union(states: Iterable[State], name: str) -> list[str]:
    return list(dict.fromkeys(item for state in states for item in state.attributes.get(name) or ()))


def _commonest(values: Iterable[Any]) -> Any:
    counted = Counter(value for value in values if value is not None)
    return max(counted, key=lambda value: counted[value], default=None)


def _number(state: State) -> float | None:
    try:
        number = float(state.state)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _agreed(states: Iterable[State], name: str) -> Any:
    values = {state.attributes.get(name) for state in states}
    return values.pop() if len(values) == 1 else None
