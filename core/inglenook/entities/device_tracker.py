"""Device trackers: where a phone, car or other thing is."""

from typing import Final

from inglenook.entities.domain import Domain
from inglenook.entities.domain_entity import DomainEntity, StateValue


class DeviceTracker(DomainEntity):
    """Where something is. It has no services for entities.

    Attributes:
        location_name: the state: ``home``, ``not_home`` or the name of a zone.
        latitude: degrees, as ``longitude``; ``gps_accuracy`` is in metres.
        source_type: how it is known: ``gps``, ``router``, ``bluetooth`` or ``bluetooth_le``.
        in_zones: entity ids of the zones that it is in.
        battery_level: 0 to 100.
    """

    domain = "device_tracker"
    SHOWN = (
        "source_type", "latitude", "longitude", "gps_accuracy", "in_zones", "battery_level", "ip", "mac", "host_name",
    )  # fmt: skip

    location_name: str | None = None
    source_type: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    gps_accuracy: float | None = None
    in_zones: tuple[str, ...] | None = None
    battery_level: int | None = None
    ip: str | None = None
    mac: str | None = None
    host_name: str | None = None

    def shown_state(self) -> StateValue:
        """Return ``location_name``."""
        return self.location_name


DEVICE_TRACKER: Final = Domain("device_tracker", DeviceTracker)
