"""``input_text``: a text of some length."""

import logging
from typing import Any, Final

import voluptuous as vol

from inglenook import Domain, DomainService, Field
from inglenook.values import between, icon, integer, one_of, string
from inglenook_helpers.declared import Declared, hooks
from inglenook_helpers.schemas import Config, named

_log = logging.getLogger(__name__)

LONGEST: Final = 255
DEFAULT_LONGEST: Final = 100


class InputText(Declared):
    """A text; what it last was comes back if it still fits, unless the settings say how it begins.

    ``pattern`` is for whoever shows a field to type in; it is not checked here.
    """

    domain = "input_text"
    DESCRIBED = ("min", "max", "pattern", "mode")

    min: int
    max: int
    pattern: str | None
    mode: str
    state: str | None

    def __init__(self, object_id: str, config: Config) -> None:
        self.state = config.get("initial")
        super().__init__(object_id, config)

    def configure(self, config: Config) -> None:
        """Take the settings."""
        super().configure(config)
        self.min, self.max, self.mode = config["min"], config["max"], config["mode"]
        self.pattern = config.get("pattern")
        self.unit_of_measurement = config.get("unit_of_measurement")

    def added(self) -> None:
        """Take up the last state."""
        if self.state is None and self.last_state is not None and self._fits(self.last_state.state):
            self.state = self.last_state.state

    def set_value(self, value: str) -> None:
        """Be ``value``; one of a wrong length is left out with a warning."""
        if not self._fits(value):
            _log.warning(
                "%s: expected %d to %d characters, got %d; it stays as it is",
                self.entity_id, self.min, self.max, len(value),
            )  # fmt: skip
            return
        self.state = value
        self.write()

    def _fits(self, value: str) -> bool:
        return self.min <= len(value) <= self.max


def _bounded(config: Config) -> Config:
    low, high, initial = config["min"], config["max"], config.get("initial")
    if low > high:
        raise vol.Invalid(f"expected max to be min or more, got min {low} and max {high}")
    if initial is not None and not low <= len(initial) <= high:
        raise vol.Invalid(f"expected {low} to {high} characters, got {len(initial)}", ["initial"])
    return config


DOMAIN: Final = Domain(
    "input_text",
    InputText,
    (DomainService("set_value", "Set the text.", (Field("value", string, {"text": {}}, "The text.", required=True),)),),
)


KEYS: Final[dict[Any, Any]] = {
    "name": string,
    vol.Optional("min", default=0): between(integer, 0, LONGEST),
    vol.Optional("max", default=DEFAULT_LONGEST): between(integer, 1, LONGEST),
    "initial": string,
    "icon": icon,
    "unit_of_measurement": string,
    "pattern": string,
    vol.Optional("mode", default="text"): one_of("text", "password"),
}


config_schema, client_items, register_entity_domains, setup = hooks(DOMAIN, named(KEYS, _bounded), InputText)
