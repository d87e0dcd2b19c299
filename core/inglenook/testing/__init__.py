"""What authors of plugins, rules and devices test with: a home under a virtual clock, a real gateway, a fake device."""

from inglenook.testing.cable import Cable
from inglenook.testing.devices import FakeDevice
from inglenook.testing.gateway import Gateway, running_gateway
from inglenook.testing.homes import START, make_virtual_home
from inglenook.testing.plugins import set_up_plugin, set_up_sections

__all__ = [
    "START",
    "Cable",
    "FakeDevice",
    "Gateway",
    "make_virtual_home",
    "running_gateway",
    "set_up_plugin",
    "set_up_sections",
]
