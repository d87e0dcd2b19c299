"""``input_button``: something for people to press and rules to hear."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook import Domain, DomainService, Home, PluginScope, hookimpl
from inglenook.values import icon, string
from inglenook_helpers.declared import Declared, Section
from inglenook_helpers.schemas import Config, named


class InputButton(Declared):
    """A button whose state is the moment it was last pressed."""

    domain = "input_button"

    def added(self) -> None:
        """Take up the last state."""
        if self.last_state is not None:
            self.state = self.last_state.state

    def press(self) -> None:
        """Be pressed: the service writes the moment down."""


DOMAIN: Final = Domain("input_button", InputButton, (DomainService("press", "Press the button.", is_stamped=True),))


KEYS: Final[dict[Any, Any]] = {"name": string, "icon": icon}


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
    Section(home, scope, InputButton).bring(config)
