"""What authors of plugins, rules and devices test with: a home under a virtual clock, a real gateway, a fake device."""

from inglenook.testing.devices import FakeDevice
from inglenook.testing.homes import START, make_virtual_home
from inglenook.testing.plugins import set_up_plugin

__all__ = ["START", "FakeDevice", "make_virtual_home", "set_up_plugin"]
