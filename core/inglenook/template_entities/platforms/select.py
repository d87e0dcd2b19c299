"""Template selects."""

from collections.abc import Awaitable
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import boolean
from inglenook.entities import Select
from inglenook.model import State
from inglenook.rules.shape import template
from inglenook.template_entities.entity import TemplateEntity
from inglenook.template_entities.grammar import STATE, Platform
from inglenook.template_entities.results import Results


class TemplateSelect(TemplateEntity, Select):
    """One of the options that a template lists; without a template for its state it is what was last chosen."""

    TEMPLATES = ("state", "options")

    def apply(self, found: Results) -> None:
        """Take the options and what is chosen."""
        options = found.get("options")
        if isinstance(options, list | tuple):
            self.options = tuple(str(option) for option in options)
        if "state" in found:
            result = found.get("state")
            self.state = None if result is None else str(result)

    def recall(self, last: State) -> None:
        """Be what it last was; its options are those of then, until the template lists some."""
        self.options = tuple(last.attributes.get("options") or (last.state,))
        self.state = last.state

    def select_option(self, option: str) -> Awaitable[Any] | None:
        """Run the actions under ``select_option`` with ``option``."""
        return self.act("select_option", {"option": option}, lambda: self._told(option))

    def _told(self, option: str) -> None:
        if self.is_optimistic:
            self.state = option


SELECT: Final = Platform(
    TemplateSelect, {**STATE, vol.Required("options"): template, "optimistic": boolean}, ("select_option",)
)
