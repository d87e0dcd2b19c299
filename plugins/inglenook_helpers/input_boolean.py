"""``input_boolean``: a switch that stands for nothing but itself, for rules to set and to ask."""

from typing import Any, Final

from inglenook import Domain, DomainService
from inglenook.values import boolean, icon, string
from inglenook_helpers.declared import Declared, hooks
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


config_schema, client_items, register_entity_domains, setup = hooks(DOMAIN, named(KEYS), InputBoolean)
