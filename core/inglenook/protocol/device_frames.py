"""What a device sends: one struct a type, decoded and checked in one pass.

A type or field that is not known is ignored, so that newer devices work with older hubs.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from inglenook.errors import ProtocolError

MAX_SEQ: Final = 2**53  # what every JSON library on a device can count to

_DEVICE_ID: Final = r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$"
DeviceId = Annotated[str, Meta(pattern=_DEVICE_ID)]
Key = Annotated[str, Meta(min_length=1, max_length=64)]
Text = Annotated[str, Meta(max_length=255)]
Seconds = Annotated[float, Meta(gt=0)]
Scalar = str | bool | int | float | None


def is_device_id(text: str) -> bool:
    """True when a device may call itself ``text``: 1 to 64 of ``A-Za-z0-9_.:-``, a letter or digit first."""
    return re.fullmatch(_DEVICE_ID, text) is not None


class DeviceFrame(Struct, tag_field="type", omit_defaults=True, gc=False):
    """Any frame of a device; which one, says ``type``."""


class Reading(Struct, omit_defaults=True, gc=False):
    """A value with attributes, which replace the former ones; what is left out stays as it was."""

    state: Scalar | UnsetType = UNSET
    attributes: dict[str, Any] | UnsetType = UNSET


DeviceValue = Scalar | Reading


class Hello(DeviceFrame, tag="hello", gc=False, kw_only=True):
    """The first frame. ``session``: the one to go on with, or None. One of ``token`` and ``proof``, or neither yet."""

    version: int
    device: DeviceId
    token: Annotated[str, Meta(max_length=255)] | None = None
    proof: Annotated[str, Meta(max_length=255)] | None = None
    session: Annotated[str, Meta(max_length=64)] | None = None
    heartbeat_s: Seconds | None = None
    firmware: Text | None = None
    model: Text | None = None
    manufacturer: Text | None = None
    name: Text | None = None


class Pair(DeviceFrame, tag="pair", gc=False, kw_only=True):
    """Instead of a hello, from a device without a token; ``code`` is what the hub shows to the person who pairs it."""

    device: DeviceId
    code: Annotated[str, Meta(max_length=64)]
    model: Text | None = None
    name: Text | None = None


class DeviceInfo(Struct, omit_defaults=True, kw_only=True):
    """What a device says of itself. ``area`` is a suggestion; ``queue``: commands may wait for it while it sleeps."""

    name: Text | None = None
    manufacturer: Text | None = None
    model: Text | None = None
    firmware: Text | None = None
    area: Text | None = None
    queue: bool = False


class Describe(DeviceFrame, tag="describe", gc=True, kw_only=True):
    """All entities of the device by key, as mappings that :meth:`EntityDescription.parse` reads."""

    entities: dict[Key, dict[str, Any]]
    device: DeviceInfo | None = None
    revision: str | int | None = None


class StateFrame(DeviceFrame, tag="state", gc=False):
    """Numbered: the current values of some entities. ``at`` is the device's own time, in seconds since the epoch."""

    seq: int
    states: dict[str, DeviceValue]
    at: float | None = None


class EventFrame(DeviceFrame, tag="event", gc=False):
    """Numbered: something that happened at ``entity``, like the press of a button."""

    seq: int
    entity: str
    event: Annotated[str, Meta(min_length=1, max_length=64)]
    data: dict[str, Any] = {}
    at: float | None = None


class Result(DeviceFrame, tag="result", gc=False):
    """How a command went. ``states`` are the values that it led to."""

    command: str
    ok: bool
    error: Text | None = None
    states: dict[str, DeviceValue] = {}


class Ping(DeviceFrame, tag="ping", gc=False):
    """A sign of life."""


class Bye(DeviceFrame, tag="bye", gc=False):
    """The device goes to sleep and means to be back in ``wake_in_s`` seconds."""

    wake_in_s: Seconds


# fmt: off
_DOMAINS: Final = frozenset((
    "alarm_control_panel", "binary_sensor", "button", "climate", "cover", "date", "datetime", "event", "fan",
    "humidifier", "lawn_mower", "light", "lock", "media_player", "number", "remote", "select", "sensor", "siren",
    "switch", "text", "time", "update", "vacuum", "valve", "water_heater",
))
# fmt: on
_KNOWN_FIELDS: Final = frozenset(
    ("domain", "name", "device_class", "unit_of_measurement", "icon", "entity_category", "supported_features")
)


class EntityDescription(Struct, omit_defaults=True, frozen=True, kw_only=True):
    """One described entity. ``capabilities`` holds what its domain knows beyond the named fields, as it came."""

    domain: str
    name: Text | None = None
    device_class: Text | None = None
    unit_of_measurement: Text | None = None
    icon: Text | None = None
    entity_category: Text | None = None
    supported_features: int | None = None
    capabilities: dict[str, Any] = {}

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> "EntityDescription":
        """Return the description under ``key`` of a describe frame.

        Raises:
            ProtocolError: a field is missing or not what it has to be; names the field.
        """
        named = {name: value for name, value in raw.items() if name in _KNOWN_FIELDS}
        others = {name: value for name, value in raw.items() if name not in _KNOWN_FIELDS}
        try:
            found = msgspec.convert({**named, "capabilities": others}, cls)
        except msgspec.ValidationError as error:
            message, field = _message_and_field(error)
            raise ProtocolError("invalid", message, _joined(f"entities.{key}", field)) from error
        if found.domain not in _DOMAINS:
            message = f"got domain {found.domain!r}; a device may describe {', '.join(sorted(_DOMAINS))}"
            raise ProtocolError("invalid", message, f"entities.{key}.domain")
        return found


AnyDeviceFrame = Hello | Pair | Describe | StateFrame | EventFrame | Result | Ping | Bye
_decoder: Final[msgspec.json.Decoder[AnyDeviceFrame]] = msgspec.json.Decoder(AnyDeviceFrame)
decode_valid: Final = _decoder.decode  # a frame that is right, without a call of Python's; raises NOT_A_FRAME
_TYPES: Final = frozenset(("hello", "pair", "describe", "state", "event", "result", "ping", "bye"))


def decode_device_frame(payload: bytes | bytearray) -> AnyDeviceFrame | None:
    """Return the frame in ``payload``; None for a type that this version does not know.

    Raises:
        ProtocolError: it is no JSON object with a ``type``, or a field is not what the type asks for; names the field.
    """
    try:
        return decode_valid(payload)
    except NOT_A_FRAME as error:
        refuse_invalid(payload, error)
        return None


def refuse_invalid(payload: bytes | bytearray, error: Exception) -> None:
    """Say what is wrong with a ``payload`` that :func:`decode_valid` did not take; a type nobody knows is not wrong.

    Raises:
        ProtocolError: as :func:`decode_device_frame`.
    """
    if not isinstance(error, msgspec.ValidationError):
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise ProtocolError("not_json", f"expected a frame of JSON, got {bytes(payload[:40])!r}: {reason}") from error
    if not _is_unknown_type(payload):
        message, field = _message_and_field(error)
        raise ProtocolError("invalid", message, _with_key(payload, field)) from error


NOT_A_FRAME: Final = (msgspec.MsgspecError, ValueError, RecursionError)  # or no UTF-8, or nested beyond reason


class _Kind(Struct):
    type: str


def _is_unknown_type(payload: bytes | bytearray) -> bool:
    try:
        return msgspec.json.decode(payload, type=_Kind).type not in _TYPES
    except NOT_A_FRAME:
        return False


_PLACE: Final = re.compile(r"^(?P<message>.*?)(?: - at `\$\.?(?P<field>.*)`)?$", re.DOTALL)
_MISSING: Final = re.compile(r"Object missing required field `(.+)`")


def _message_and_field(error: msgspec.ValidationError) -> tuple[str, str]:
    """Take apart what the decoder says: the complaint, and the path of the field without its ``$``."""
    found = _PLACE.match(str(error))
    assert found is not None
    message, field = found["message"], found["field"] or ""
    missing = _MISSING.fullmatch(message)
    if missing:
        return "missing", _joined(field, missing[1])
    return message[0].lower() + message[1:], field


def _with_key(payload: bytes | bytearray, field: str) -> str:
    """Put the key of the entity at fault in the place of the decoder's ``[...]``."""
    name, dots, rest = field.partition("[...]")
    if not dots:
        return field
    try:
        entries: dict[str, Any] = msgspec.json.decode(payload)[name]
    except NOT_A_FRAME:
        return name  # the decoder had not seen yet that it is no JSON either
    kind: Any = DeviceValue if name == "states" else dict
    for key, value in entries.items():
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError:
            return f"{name}.{key}{rest}"
    return name


def _joined(path: str, field: str) -> str:
    return f"{path}.{field}" if path and field else path or field
