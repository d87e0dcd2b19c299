"""Devices: sessions, outboxes, availability and the way of a command, independent of any socket."""

from inglenook.devices.hub import Devices

__all__ = ["Devices"]
