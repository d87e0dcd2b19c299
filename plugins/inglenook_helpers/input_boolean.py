"""``input_boolean``: a switch that stands for nothing but itself, for rules to set and to ask."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook import Domain, DomainService, Home, PluginScope, hookimpl
from inglenook.values import boolean, icon, string
from inglenook_helpers.declared import Declared, Section
from inglenook_helpers.schemas import Config, named


class InputBoolean(Declared):
    """On or off; what it last was comes back, unless the settings say how it begins."""

    domain = "input_boolean"

    def __init__(self, object_id: str, config: Config) -> None:
        super().__init__(object_id, config)
        self.state = config.get("initial")

    def added(self) -> None:
        """Take up the last state."""
        if self.state is None:
            self.state = self.last_state is not None and self.last_state.state == "on"

    def turn_on(self) -> None:
        """Be on."""
        self.state = True
        self.write()

    def turn_off(self) -> None:
        """Be off."""
        self.state = False
        self.write()

    def toggle(self) -> None:
        """Be what it is not."""
        self.state = not self.state
        self.write()


DOMAIN: Final = Domain(
    "input_boolean",
    InputBoolean,
    (
        DomainService("turn_on", "Turn on."),
        DomainService("turn_off", "Turn off."),
        DomainService("toggle", "Turn on what is off, and off what is on."),
    ),
)


KEYS: Final[dict[Any, Any]] = {"name": string, "initial": boolean, "icon": icon}


@hookimpl
def config_schema() -> vol.Schema:
    """Return the settings of each."""
    return named(KEYS)


@hookimpl
def register_entity_domains() -> Mapping[str, Any]:
    """Offer the services."""
    return {DOMAIN.name: DOMAIN}


@hookimpl
def setup(home: Home, config: Mapping[str, Config], scope: PluginScope) -> None:
    """Add what is declared."""
    Section(home, scope, InputBoolean).bring(config)
