"""Binary sensors: something that is so or is not."""

from typing import Final

from inglenook.entities.domain import Domain
from inglenook.entities.domain_entity import ToggleEntity


class BinarySensor(ToggleEntity):
    """Something detected or not, in ``is_on``; ``device_class`` says what (motion, door, …). It has no services."""

    domain = "binary_sensor"


BINARY_SENSOR: Final = Domain("binary_sensor", BinarySensor)
