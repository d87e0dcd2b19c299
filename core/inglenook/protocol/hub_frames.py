"""What the hub sends: one struct a type, encoded to bytes; and back, for the device's side."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from inglenook.errors import ProtocolError


class HubFrame(Struct, tag_field="type", gc=False):
    """Any frame of the hub; which one, says ``type``."""


class Challenge(HubFrame, tag="challenge", gc=False):
    """Prove that you have the token: say hello again with a proof made from ``nonce``."""

    nonce: str


class Paired(HubFrame, tag="paired", gc=False):
    """The token, told once."""

    token: str


class CommandBody(Struct, gc=False):
    """A command as it rides in a welcome; ``ttl_s`` is the time that it has left."""

    command: str
    entity: str
    service: str
    data: Mapping[str, Any]
    ttl_s: float


class Welcome(HubFrame, tag="welcome", gc=False):
    """The session is up. ``received``: the last seq that is safe; ``time``: the hub's, in seconds since the epoch."""

    session: str
    resumed: bool
    received: int
    time: float
    heartbeat_s: float
    max_frame: int
    rate: float
    commands: list[CommandBody] = []


class Ack(HubFrame, tag="ack", gc=False):
    """Everything up to ``seq`` is on the bus and safe."""

    seq: int


class CommandFrame(HubFrame, tag="command", gc=False):
    """Do ``service`` to ``entity``, unless ``command`` was done before."""

    command: str
    entity: str
    service: str
    data: Mapping[str, Any]
    ttl_s: float


class Pong(HubFrame, tag="pong", gc=False):
    """The answer to a ping."""

    time: float


class ErrorFrame(HubFrame, tag="error", omit_defaults=True, gc=False):
    """A frame was refused."""

    code: str
    message: str
    field: str = ""


AnyHubFrame = Challenge | Paired | Welcome | Ack | CommandFrame | Pong | ErrorFrame
_decoder: Final[msgspec.json.Decoder[AnyHubFrame]] = msgspec.json.Decoder(AnyHubFrame)


def _plain(value: Any) -> Any:
    """Return what JSON has for a value that a service's schema made."""
    return dict(value) if isinstance(value, Mapping) else str(value)


_encoder: Final = msgspec.json.Encoder(enc_hook=_plain)
encode: Final = _encoder.encode  # any frame of either side, as bytes
_TYPES: Final = frozenset(("challenge", "paired", "welcome", "ack", "command", "pong", "error"))


def encode_ack(seq: int) -> bytes:
    """Return an ack frame."""
    return b'{"type":"ack","seq":%d}' % seq


def decode_hub_frame(payload: bytes) -> AnyHubFrame | None:
    """Return the frame in ``payload``; None for a type that this version does not know.

    Raises:
        ProtocolError: it is no frame of the hub.
    """
    try:
        return _decoder.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        if _type_of(payload) not in _TYPES:
            return None
        raise ProtocolError("invalid", f"expected a frame of the hub, got {payload[:60]!r}: {error}") from error


def _type_of(payload: bytes) -> str:
    try:
        found: Any = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return "ack"  # no JSON: an error, not a new type
    return str(found.get("type")) if isinstance(found, dict) else "ack"
