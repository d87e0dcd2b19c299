"""``counter``: a whole number that goes up and down by steps."""

from typing import Any, Final

import voluptuous as vol

from inglenook import Domain, DomainService, Field
from inglenook.values import boolean, icon, integer, positive_int, string
from inglenook_helpers.declared import Declared, hooks
from inglenook_helpers.schemas import Config, named


class Counter(Declared):
    """A whole number; what it last was comes back, unless ``restore`` is off.

    ``initial`` may be out of bounds; every other number is moved to the nearer bound.
    """

    domain = "counter"
    SHOWN = ("initial", "step", "minimum", "maximum")

    initial: int
    step: int
    minimum: int | None
    maximum: int | None
    state: int

    def __init__(self, object_id: str, config: Config) -> None:
        super().__init__(object_id, config)
        self.state = self.initial

    def configure(self, config: Config) -> None:
        """Take the settings."""
        super().configure(config)
        self.initial, self.step, self._restores = config["initial"], config["step"], config["restore"]
        self.minimum, self.maximum = config["minimum"], config["maximum"]

    def adapt(self) -> None:
        """Move to the nearer bound if the count is outside of them now."""
        self.state = self._within(self.state)

    def added(self) -> None:
        """Take up the last state."""
        if self._restores and self.last_state is not None and self.last_state.state.lstrip("-").isdecimal():
            self.state = self._within(int(self.last_state.state))

    def increment(self) -> None:
        """Count up."""
        self._become(self.state + self.step)

    def decrement(self) -> None:
        """Count down."""
        self._become(self.state - self.step)

    def reset(self) -> None:
        """Begin again."""
        self._become(self.initial)

    def set_value(self, value: int) -> None:
        """Be ``value``.

        Raises:
            ValueError: it is out of bounds, or no multiple of the step.
        """
        if (nearest := self._within(value)) != value:
            raise ValueError(f"{self.entity_id}: value {value} is out of bounds (nearest: {nearest})")
        if self.step and value % self.step:
            raise ValueError(f"{self.entity_id}: value {value} is no multiple of the step {self.step}")
        self._become(value)

    def _become(self, value: int) -> None:
        self.state = self._within(value)
        self.write()

    def _within(self, value: int) -> int:
        if self.minimum is not None:
            value = max(self.minimum, value)
        return value if self.maximum is None else min(self.maximum, value)


DOMAIN: Final = Domain(
    "counter",
    Counter,
    (
        DomainService("increment", "Count up by the step."),
        DomainService("decrement", "Count down by the step."),
        DomainService("reset", "Begin again at the initial number."),
        DomainService(
            "set_value",
            "Set the count.",
            (Field("value", positive_int, {"number": {"min": 0}}, "A multiple of the step.", required=True),),
        ),
    ),
)


KEYS: Final[dict[Any, Any]] = {
    "name": string,
    vol.Optional("initial", default=0): positive_int,
    vol.Optional("step", default=1): positive_int,
    vol.Optional("minimum", default=None): vol.Any(None, integer),
    vol.Optional("maximum", default=None): vol.Any(None, integer),
    vol.Optional("restore", default=True): boolean,
    "icon": icon,
}


config_schema, client_items, register_entity_domains, setup = hooks(DOMAIN, named(KEYS), Counter)
