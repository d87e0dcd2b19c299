"""The device protocol: frames to typed messages and back, without I/O. Both ends of the socket use it."""

from typing import Final

from inglenook.protocol.advertisement import MAX_NAME_BYTES, PATH, SERVICE_TYPE, Advertisement, instance_name
from inglenook.protocol.close_codes import CloseCode
from inglenook.protocol.device_frames import (
    Bye,
    Describe,
    DeviceFrame,
    DeviceInfo,
    DeviceValue,
    EntityDescription,
    EventFrame,
    Hello,
    Pair,
    Ping,
    Reading,
    Result,
    StateFrame,
    decode_device_frame,
    is_device_id,
)
from inglenook.protocol.hub_frames import (
    Ack,
    Challenge,
    CommandBody,
    CommandFrame,
    ErrorFrame,
    HubFrame,
    Paired,
    Pong,
    Welcome,
    decode_hub_frame,
    encode,
    encode_ack,
)
from inglenook.protocol.proof import make_proof, make_token, token_hash, verify_proof

SUBPROTOCOL: Final = "inglenook.v1"
VERSION: Final = 1

__all__ = [
    "MAX_NAME_BYTES",
    "PATH",
    "SERVICE_TYPE",
    "SUBPROTOCOL",
    "VERSION",
    "Ack",
    "Advertisement",
    "Bye",
    "Challenge",
    "CloseCode",
    "CommandBody",
    "CommandFrame",
    "Describe",
    "DeviceFrame",
    "DeviceInfo",
    "DeviceValue",
    "EntityDescription",
    "ErrorFrame",
    "EventFrame",
    "Hello",
    "HubFrame",
    "Pair",
    "Paired",
    "Ping",
    "Pong",
    "Reading",
    "Result",
    "StateFrame",
    "Welcome",
    "decode_device_frame",
    "decode_hub_frame",
    "encode",
    "encode_ack",
    "instance_name",
    "is_device_id",
    "make_proof",
    "make_token",
    "token_hash",
    "verify_proof",
]
