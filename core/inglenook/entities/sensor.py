"""Sensors: something measured, as a number or text."""

from typing import Final

from inglenook.entities.domain import Domain
from inglenook.entities.domain_entity import DomainEntity


class Sensor(DomainEntity):
    """A measured value in ``state``. It has no services.

    Attributes:
        state_class: ``measurement``, ``total`` or ``total_increasing`` for what statistics make sense of.
        options: every text that ``state`` may be, for the device class ``enum``.
        last_reset: when a total last began again, as ISO time.
    """

    domain = "sensor"
    SHOWN = ("last_reset",)
    DESCRIBED = ("state_class", "options")

    state_class: str | None = None
    options: list[str] | None = None
    last_reset: str | None = None


SENSOR: Final = Domain("sensor", Sensor)
