"""Devices: sessions, outboxes, availability and the way of a command, independent of any socket."""

from inglenook.devices.command import Outcome, Ticket
from inglenook.devices.connection import Connection, Wire
from inglenook.devices.entity import DeviceEntity
from inglenook.devices.hub import Devices
from inglenook.devices.limits import DeviceLimits
from inglenook.devices.pairing import PairingRequest
from inglenook.devices.session import DeviceSession, DeviceStatistics

__all__ = [
    "Connection",
    "DeviceEntity",
    "DeviceLimits",
    "DeviceSession",
    "DeviceStatistics",
    "Devices",
    "Outcome",
    "PairingRequest",
    "Ticket",
    "Wire",
]
