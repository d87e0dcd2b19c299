"""Template buttons."""

from collections.abc import Awaitable
from typing import Any, Final

import voluptuous as vol

from inglenook.config.device_classes import device_class
from inglenook.entities import Button
from inglenook.template_entities.entity import TemplateEntity
from inglenook.template_entities.grammar import Platform
from inglenook.template_entities.results import Results


class TemplateButton(TemplateEntity, Button):
    """A button that runs actions when it is pressed."""

    TEMPLATES = ()

    def apply(self, found: Results) -> None:
        """It has no state but the last press."""

    def press(self) -> Awaitable[Any] | None:
        """Run the actions under ``press``."""
        return self.act("press")


BUTTON: Final = Platform(
    TemplateButton, {"device_class": device_class("button")}, (vol.Required("press"),), may_be_triggered=False
)
