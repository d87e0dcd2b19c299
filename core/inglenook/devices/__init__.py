"""Devices: sessions, outboxes, availability and the way of a command, independent of any socket."""

from inglenook.devices.hub import Devices
from inglenook.devices.limits import DeviceLimits

__all__ = ["DeviceLimits", "Devices"]
