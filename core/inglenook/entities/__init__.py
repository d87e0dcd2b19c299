"""Entity domains: what lights, switches, sensors and the like are, and the services that move them.

A plugin author subclasses a domain's class; a rule or client calls its services; a device describes its entities in
the same words. A third party adds a domain through the hook ``register_entity_domains``.
"""

from collections.abc import Iterable
from typing import Final

from inglenook.entities.alarm_control_panel import ALARM_CONTROL_PANEL, AlarmControlPanel, AlarmControlPanelFeature
from inglenook.entities.binary_sensor import BINARY_SENSOR, BinarySensor
from inglenook.entities.button import BUTTON, Button
from inglenook.entities.calendar import CALENDAR, Calendar, CalendarFeature
from inglenook.entities.camera import CAMERA, Camera, CameraFeature
from inglenook.entities.climate import CLIMATE, Climate, ClimateFeature
from inglenook.entities.cover import COVER, Cover, CoverFeature
from inglenook.entities.delivery import Delivery
from inglenook.entities.device_tracker import DEVICE_TRACKER, DeviceTracker
from inglenook.entities.domain import Domain, DomainService, Field
from inglenook.entities.domain_entity import DomainEntity, ToggleEntity
from inglenook.entities.event import EVENT, EventEntity
from inglenook.entities.fan import FAN, Fan, FanFeature
from inglenook.entities.generic import register_generic_services
from inglenook.entities.humidifier import HUMIDIFIER, Humidifier, HumidifierFeature
from inglenook.entities.image import IMAGE, Image
from inglenook.entities.lawn_mower import LAWN_MOWER, LawnMower, LawnMowerFeature
from inglenook.entities.light import Light, LightFeature
from inglenook.entities.light_services import LIGHT
from inglenook.entities.lock import LOCK, Lock, LockFeature
from inglenook.entities.media_player import MediaPlayer, MediaPlayerFeature
from inglenook.entities.media_player_services import MEDIA_PLAYER
from inglenook.entities.moments import DATE, DATETIME, TIME, DateEntity, DateTimeEntity, TimeEntity
from inglenook.entities.notify import NOTIFY, Notify, NotifyFeature
from inglenook.entities.number import NUMBER, Number
from inglenook.entities.remote import REMOTE, Remote, RemoteFeature
from inglenook.entities.scene import SCENE, Scene
from inglenook.entities.select import SELECT, Select
from inglenook.entities.sensor import SENSOR, Sensor
from inglenook.entities.siren import SIREN, Siren, SirenFeature
from inglenook.entities.switch import SWITCH, Switch
from inglenook.entities.text import TEXT, Text
from inglenook.entities.todo import TODO, TodoFeature, TodoItem, TodoList
from inglenook.entities.tts import TTS, TextToSpeech
from inglenook.entities.update import UPDATE, Update, UpdateFeature
from inglenook.entities.vacuum import VACUUM, Vacuum, VacuumFeature
from inglenook.entities.valve import VALVE, Valve, ValveFeature
from inglenook.entities.water_heater import WATER_HEATER, WaterHeater, WaterHeaterFeature
from inglenook.entities.weather import WEATHER, Weather, WeatherFeature
from inglenook.home import Home

__all__ = [
    "ALL",
    "AlarmControlPanel",
    "AlarmControlPanelFeature",
    "BinarySensor",
    "Button",
    "Calendar",
    "CalendarFeature",
    "Camera",
    "CameraFeature",
    "Climate",
    "ClimateFeature",
    "Cover",
    "CoverFeature",
    "DateEntity",
    "DateTimeEntity",
    "DeviceTracker",
    "Domain",
    "DomainEntity",
    "DomainService",
    "EventEntity",
    "Fan",
    "FanFeature",
    "Field",
    "Humidifier",
    "HumidifierFeature",
    "Image",
    "LawnMower",
    "LawnMowerFeature",
    "Light",
    "LightFeature",
    "Lock",
    "LockFeature",
    "MediaPlayer",
    "MediaPlayerFeature",
    "Notify",
    "NotifyFeature",
    "Number",
    "Remote",
    "RemoteFeature",
    "Scene",
    "Select",
    "Sensor",
    "Siren",
    "SirenFeature",
    "Switch",
    "Text",
    "TextToSpeech",
    "TimeEntity",
    "TodoFeature",
    "TodoItem",
    "TodoList",
    "ToggleEntity",
    "Update",
    "UpdateFeature",
    "Vacuum",
    "VacuumFeature",
    "Valve",
    "ValveFeature",
    "WaterHeater",
    "WaterHeaterFeature",
    "Weather",
    "WeatherFeature",
    "register_domains",
    "register_generic_services",
]

ALL: Final = (
    ALARM_CONTROL_PANEL, BINARY_SENSOR, BUTTON, CALENDAR, CAMERA, CLIMATE, COVER, DATE, DATETIME, DEVICE_TRACKER,
    EVENT, FAN, HUMIDIFIER, IMAGE, LAWN_MOWER, LIGHT, LOCK, MEDIA_PLAYER, NOTIFY, NUMBER, REMOTE, SCENE, SELECT,
    SENSOR, SIREN, SWITCH, TEXT, TIME, TODO, TTS, UPDATE, VACUUM, VALVE, WATER_HEATER, WEATHER,
)  # fmt: skip


def register_domains(home: Home, domains: Iterable[Domain] = ALL) -> None:
    """Offer the services of ``domains``. A domain given again replaces the services it names."""
    for domain in domains:
        for service in domain.services:
            delivery = Delivery(home, domain, service)
            home.services.register(
                domain.name,
                service.name,
                delivery.handle,
                service.schema(),
                supports_response=service.supports_response,
                fields=service.fields_as_dict(),
                bind=delivery.bind,
            )
