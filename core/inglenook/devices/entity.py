"""The entities of a device: what it reports becomes their state, what is asked of them becomes a command."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from msgspec import UNSET

from inglenook.devices.command import Ticket
from inglenook.entity import Entity, state_text
from inglenook.errors import ProtocolError
from inglenook.model import MAX_STATE_LENGTH, NO_DATA, Context, State
from inglenook.protocol import DeviceValue, EntityDescription, Reading

PLATFORM: Final = "device"
EFFECT_S: Final = 5.0  # what an entity reports within this time of a command counts as the command's effect

# What a domain's services may use when the device does not say: bits and attributes of the domain's own.
_FEATURES: Final[dict[str, int]] = {"cover": 15, "climate": 385, "fan": 49, "siren": 3, "valve": 15}
_CAPABILITIES: Final[dict[str, Mapping[str, Any]]] = {
    "light": {"supported_color_modes": ["brightness"]},
    "climate": {"hvac_modes": ["off", "heat"], "min_temp": 7, "max_temp": 35},
}

SetState = Callable[[str, str, Mapping[str, Any], Context, float], State]
SendCommand = Callable[["DeviceEntity", str, Mapping[str, Any], Context], Ticket]


class DeviceEntity(Entity):
    """An entity that a device described.

    Attributes:
        key: the device's word for it.
        description: as the device gave it.
        is_restored: True until the device has said what it is, after a restart of the hub: its last state stands.
        effect_of: the context of the last command, whose effect a report until ``effect_until`` (monotonic) is.
        measured_at: the device's own time of the last value, in seconds since the epoch, when its clock is set.
    """

    key: str
    description: EntityDescription
    is_restored: bool = False
    measured_at: float | None = None
    effect_of: Context | None = None
    effect_until: float = 0.0

    _send: SendCommand
    _set_state: SetState
    _shown: Mapping[str, Any] | None = None
    _shown_of: Mapping[str, Any] = NO_DATA
    _pressed_at: float = 0.0

    def perform(self, service: str, data: Mapping[str, Any], context: Context) -> Ticket:
        """Send the device a command and return its ticket."""
        return self._send(self, service, data, context)

    def write(self, context: Context | None = None) -> None:
        """Publish what the entity is now; a restored state stands until something is known."""
        if self._directory is not None and not self.is_restored:
            self._directory.write(self, context)

    def report(self, value: DeviceValue, context: Context, now: float, at: float | None = None) -> None:
        """Publish what the device says ``now`` the entity is, or was at ``at``; both in seconds since the epoch.

        Raises:
            ProtocolError: the state is too long.
        """
        if type(value) is Reading:
            if value.attributes is not UNSET and value.attributes != self.attributes:
                self.attributes = value.attributes
                self._shown = None
            value = self.state if value.state is UNSET else value.state
        text = value if type(value) is str else state_text(value)  # type: ignore[arg-type]  # a Reading is unpacked
        if len(text) > MAX_STATE_LENGTH:
            raise ProtocolError("too_long", f"got {len(text)} characters, expected at most {MAX_STATE_LENGTH}")
        self.state = text
        self.measured_at = at
        self.is_available = True
        self.is_restored = False
        if self._directory is not None:
            shown = self._shown
            if shown is None or self._shown_of is not self._fixed:
                shown = self._show()
            self._set_state(self.entity_id, text, shown, context, now)

    def press(self, event: str, data: Mapping[str, Any], context: Context, now: float) -> None:
        """Publish that ``event`` happened at ``now``: the state of an event entity is when it last did."""
        self._pressed_at = max(now, self._pressed_at + 0.001)  # two of one millisecond are two
        self.attributes = {"event_type": event, **data}
        self._shown = None
        self.state = datetime.fromtimestamp(self._pressed_at, UTC).isoformat(timespec="milliseconds")
        self.is_restored = False
        self.write(context)

    def cause(self, monotonic: float) -> Context | None:
        """Return the context of the command whose effect a report at this moment is, or None."""
        if self.effect_of is not None and monotonic > self.effect_until:
            self.effect_of = None
        return self.effect_of

    def restore(self, state: State | None, value: Reading | None) -> None:
        """Take up what was last known: from the state that was restored or, if that is none, from ``value``."""
        self.is_restored = state is not None
        if state is not None and state.state not in ("unavailable", "unknown"):
            self.state = state.state
            self.attributes = {name: v for name, v in state.attributes.items() if name not in self._own_attributes()}
        elif value is not None and value.state is not UNSET:
            self.state = value.state
            self.attributes = value.attributes if value.attributes is not UNSET else NO_DATA

    def _show(self) -> Mapping[str, Any]:
        """Put together the attributes that the state shows; kept until one of them changes."""
        self._shown_of = self._fixed
        self._shown = self.all_attributes()
        return self._shown

    def _own_attributes(self) -> Mapping[str, Any]:
        return self.fixed_attributes(None)


def make_entity(
    device_id: str,
    device_name: str,
    registry_id: str,
    key: str,
    description: EntityDescription,
    send: SendCommand,
    set_state: SetState,
) -> DeviceEntity:
    """Return the entity that ``description`` describes, not added yet."""
    domain = description.domain
    entity = _class_of(domain)()
    entity.key = key
    entity.description = description
    entity._send = send  # noqa: SLF001 - made here
    entity._set_state = set_state  # noqa: SLF001
    entity.unique_id = f"{device_id}/{key}"
    entity.device_id = registry_id
    entity.name = description.name or f"{device_name} {key}".replace("_", " ")
    entity.icon = description.icon
    entity.device_class = description.device_class
    entity.unit_of_measurement = description.unit_of_measurement
    entity.entity_category = description.entity_category
    features = description.supported_features
    entity.supported_features = _FEATURES.get(domain, 0) if features is None else features
    usual, said = _CAPABILITIES.get(domain, NO_DATA), description.capabilities
    entity.capabilities = {**usual, **said} if said else usual  # most say nothing, and share one
    return entity


@cache
def _class_of(domain: str) -> type[DeviceEntity]:
    """Return the class of a device's entities of one domain: a domain is a class attribute."""
    return type(f"Device_{domain}", (DeviceEntity,), {"domain": domain})


class GapSensor(Entity):
    """A diagnostic sensor: how many messages a device numbered and then dropped before they reached the hub."""

    domain = "sensor"
    entity_category = "diagnostic"
    icon = "mdi:playlist-remove"
    capabilities: Mapping[str, Any] = {"state_class": "total_increasing"}

    def __init__(self, device_id: str, device_name: str, registry_id: str, lost: int) -> None:
        self.unique_id = f"{device_id}/"  # no key is empty
        self.device_id = registry_id
        self.name = f"{device_name} gaps"
        self.state = lost
