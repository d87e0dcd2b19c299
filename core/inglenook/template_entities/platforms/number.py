"""Template numbers."""

from collections.abc import Awaitable
from typing import Any, Final

import voluptuous as vol

from inglenook.config.device_classes import device_class
from inglenook.config.values import boolean, string
from inglenook.entities import Number
from inglenook.model import State
from inglenook.rules.shape import template
from inglenook.template_entities.entity import TemplateEntity
from inglenook.template_entities.grammar import STATE, Platform
from inglenook.template_entities.results import Results


def as_number(value: Any) -> float | None:
    """Return a result as a number; None when it is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


class TemplateNumber(TemplateEntity, Number):
    """A number; without a template for its state it is what it was last set to."""

    TEMPLATES = ("state", "min", "max", "step")

    def describe(self) -> None:
        """Have the limits that its templates have given."""
        super().describe()
        self.supported_features = 0

    def apply(self, found: Results) -> None:
        """Take the number and its limits."""
        for name in ("min", "max", "step"):
            if (limit := as_number(found.get(name))) is not None:
                setattr(self, name, limit)
        if "state" in found:
            self.state = as_number(found.get("state"))

    def recall(self, last: State) -> None:
        """Be what it last was."""
        self.state = as_number(last.state)

    def set_value(self, value: float) -> Awaitable[Any] | None:
        """Run the actions under ``set_value`` with ``value``."""
        return self.act("set_value", {"value": value}, lambda: self._told(value))

    def _told(self, value: float) -> None:
        if self.is_optimistic:
            self.state = value


NUMBER: Final = Platform(
    TemplateNumber,
    {
        **STATE, "min": template, "max": template, "step": template, "optimistic": boolean,
        "unit_of_measurement": string, "device_class": device_class("number"),
    },
    (vol.Required("set_value"),),
)  # fmt: skip
