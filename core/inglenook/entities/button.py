"""Buttons: something that can be set off, and has no state but the moment of the last press."""

from typing import Final

from inglenook.entities.domain import Domain, DomainService
from inglenook.entities.domain_entity import DomainEntity


class Button(DomainEntity):
    """Something to press. An author writes ``press()``; the state is the ISO time of the last press."""

    domain = "button"


BUTTON: Final = Domain(
    "button",
    Button,
    (DomainService("press", "Press the button.", is_stamped=True),),
)
