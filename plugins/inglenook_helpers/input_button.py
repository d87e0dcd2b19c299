"""``input_button``: something for people to press and rules to hear."""

from typing import Any, Final

from inglenook import Domain, DomainService
from inglenook.values import icon, string
from inglenook_helpers.declared import Declared, hooks
from inglenook_helpers.schemas import named


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


config_schema, client_items, register_entity_domains, setup = hooks(DOMAIN, named(KEYS), InputButton)
