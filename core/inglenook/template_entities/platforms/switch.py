"""Template switches."""

from collections.abc import Awaitable
from typing import Any, Final

from inglenook.config.device_classes import device_class
from inglenook.config.values import boolean
from inglenook.entities import Switch
from inglenook.model import State
from inglenook.template_entities.entity import TemplateEntity
from inglenook.template_entities.grammar import STATE, Platform
from inglenook.template_entities.results import Results
from inglenook.templates import truthy


class TemplateSwitch(TemplateEntity, Switch):
    """On when its template is true; without one it is what it was last told to be."""

    def apply(self, found: Results) -> None:
        """Take the state."""
        if "state" in found:
            result = found.get("state")
            self.is_on = None if result is None else truthy(result)

    def recall(self, last: State) -> None:
        """Be what it last was."""
        self.is_on = last.state == "on"

    def turn_on(self) -> Awaitable[Any] | None:
        """Run the actions under ``turn_on``."""
        return self.act("turn_on", then=lambda: self._told(True))

    def turn_off(self) -> Awaitable[Any] | None:
        """Run the actions under ``turn_off``."""
        return self.act("turn_off", then=lambda: self._told(False))

    def _told(self, wanted: bool) -> None:
        if self.is_optimistic:
            self.is_on = wanted


SWITCH: Final = Platform(
    TemplateSwitch, {**STATE, "device_class": device_class("switch"), "optimistic": boolean}, ("turn_on", "turn_off")
)
