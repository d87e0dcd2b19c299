"""Entity domains: what lights, switches, sensors and the like are, and the services that move them.

A plugin author subclasses a domain's class; a rule or client calls its services; a device describes its entities in
the same words. A third party adds a domain through the hook ``register_entity_domains``.
"""

from collections.abc import Iterable
from typing import Final

from inglenook.entities.binary_sensor import BINARY_SENSOR, BinarySensor
from inglenook.entities.button import BUTTON, Button
from inglenook.entities.climate import CLIMATE, Climate, ClimateFeature
from inglenook.entities.cover import COVER, Cover, CoverFeature
from inglenook.entities.delivery import Delivery
from inglenook.entities.domain import Domain, DomainService, Field
from inglenook.entities.domain_entity import DomainEntity, ToggleEntity
from inglenook.entities.event import EVENT, EventEntity
from inglenook.entities.fan import FAN, Fan, FanFeature
from inglenook.entities.generic import register_generic_services
from inglenook.entities.light import Light, LightFeature
from inglenook.entities.light_services import LIGHT
from inglenook.entities.lock import LOCK, Lock, LockFeature
from inglenook.entities.number import NUMBER, Number
from inglenook.entities.scene import SCENE, Scene
from inglenook.entities.select import SELECT, Select
from inglenook.entities.sensor import SENSOR, Sensor
from inglenook.entities.siren import SIREN, Siren, SirenFeature
from inglenook.entities.switch import SWITCH, Switch
from inglenook.entities.text import TEXT, Text
from inglenook.entities.valve import VALVE, Valve, ValveFeature
from inglenook.home import Home

__all__ = [
    "ALL",
    "BinarySensor",
    "Button",
    "Climate",
    "ClimateFeature",
    "Cover",
    "CoverFeature",
    "Domain",
    "DomainEntity",
    "DomainService",
    "EventEntity",
    "Fan",
    "FanFeature",
    "Field",
    "Light",
    "LightFeature",
    "Lock",
    "LockFeature",
    "Number",
    "Scene",
    "Select",
    "Sensor",
    "Siren",
    "SirenFeature",
    "Switch",
    "Text",
    "ToggleEntity",
    "Valve",
    "ValveFeature",
    "register_domains",
    "register_generic_services",
]

ALL: Final = (
    BINARY_SENSOR, BUTTON, CLIMATE, COVER, EVENT, FAN, LIGHT, LOCK, NUMBER, SCENE, SELECT, SENSOR, SIREN, SWITCH, TEXT,
    VALVE,
)  # fmt: skip


def register_domains(home: Home, domains: Iterable[Domain] = ALL) -> None:
    """Offer the services of ``domains``. A domain given again replaces the services it names."""
    for domain in domains:
        for service in domain.services:
            home.services.register(
                domain.name,
                service.name,
                Delivery(home, domain, service).handle,
                service.schema(),
                supports_response=service.supports_response,
                fields=service.fields_as_dict(),
            )
