"""Switches: on or off, nothing else."""

from typing import Final

from inglenook.entities.domain import Domain, DomainService
from inglenook.entities.domain_entity import ToggleEntity
from inglenook.entities.toggle import toggled


class Switch(ToggleEntity):
    """A socket, relay or other switch. An author writes ``turn_on()`` and ``turn_off()``."""

    domain = "switch"


SWITCH: Final = Domain(
    "switch",
    Switch,
    (
        DomainService("turn_on", "Turn the switch on."),
        DomainService("turn_off", "Turn the switch off."),
        DomainService("toggle", "Turn it off if it is on, else on.", prepare=toggled),
    ),
)
