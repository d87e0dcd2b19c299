"""inglenook: a home automation engine. What can be imported from here is public and stays.

Names are loaded when they are first used, so that ``import inglenook`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from inglenook.version import __version__

if TYPE_CHECKING:
    from inglenook.auth import Permission as Permission
    from inglenook.device import Device as Device
    from inglenook.entities import AlarmControlPanel as AlarmControlPanel
    from inglenook.entities import AlarmControlPanelFeature as AlarmControlPanelFeature
    from inglenook.entities import BinarySensor as BinarySensor
    from inglenook.entities import Button as Button
    from inglenook.entities import Calendar as Calendar
    from inglenook.entities import CalendarFeature as CalendarFeature
    from inglenook.entities import Camera as Camera
    from inglenook.entities import CameraFeature as CameraFeature
    from inglenook.entities import Climate as Climate
    from inglenook.entities import ClimateFeature as ClimateFeature
    from inglenook.entities import Cover as Cover
    from inglenook.entities import CoverFeature as CoverFeature
    from inglenook.entities import DateEntity as DateEntity
    from inglenook.entities import DateTimeEntity as DateTimeEntity
    from inglenook.entities import DeviceTracker as DeviceTracker
    from inglenook.entities import Domain as Domain
    from inglenook.entities import DomainEntity as DomainEntity
    from inglenook.entities import DomainService as DomainService
    from inglenook.entities import EventEntity as EventEntity
    from inglenook.entities import Fan as Fan
    from inglenook.entities import FanFeature as FanFeature
    from inglenook.entities import Field as Field
    from inglenook.entities import Humidifier as Humidifier
    from inglenook.entities import HumidifierFeature as HumidifierFeature
    from inglenook.entities import Image as Image
    from inglenook.entities import LawnMower as LawnMower
    from inglenook.entities import LawnMowerFeature as LawnMowerFeature
    from inglenook.entities import Light as Light
    from inglenook.entities import LightFeature as LightFeature
    from inglenook.entities import Lock as Lock
    from inglenook.entities import LockFeature as LockFeature
    from inglenook.entities import MediaPlayer as MediaPlayer
    from inglenook.entities import MediaPlayerFeature as MediaPlayerFeature
    from inglenook.entities import Notify as Notify
    from inglenook.entities import NotifyFeature as NotifyFeature
    from inglenook.entities import Number as Number
    from inglenook.entities import Remote as Remote
    from inglenook.entities import RemoteFeature as RemoteFeature
    from inglenook.entities import Scene as Scene
    from inglenook.entities import Select as Select
    from inglenook.entities import Sensor as Sensor
    from inglenook.entities import Siren as Siren
    from inglenook.entities import SirenFeature as SirenFeature
    from inglenook.entities import Switch as Switch
    from inglenook.entities import Text as Text
    from inglenook.entities import TextToSpeech as TextToSpeech
    from inglenook.entities import TimeEntity as TimeEntity
    from inglenook.entities import TodoFeature as TodoFeature
    from inglenook.entities import TodoItem as TodoItem
    from inglenook.entities import TodoList as TodoList
    from inglenook.entities import Update as Update
    from inglenook.entities import UpdateFeature as UpdateFeature
    from inglenook.entities import Vacuum as Vacuum
    from inglenook.entities import VacuumFeature as VacuumFeature
    from inglenook.entities import Valve as Valve
    from inglenook.entities import ValveFeature as ValveFeature
    from inglenook.entities import WaterHeater as WaterHeater
    from inglenook.entities import WaterHeaterFeature as WaterHeaterFeature
    from inglenook.entities import Weather as Weather
    from inglenook.entities import WeatherFeature as WeatherFeature
    from inglenook.entity import Entity as Entity
    from inglenook.errors import ConditionError as ConditionError
    from inglenook.errors import ConfigError as ConfigError
    from inglenook.errors import DeviceUnavailable as DeviceUnavailable
    from inglenook.errors import InglenookError as InglenookError
    from inglenook.errors import InvalidEntry as InvalidEntry
    from inglenook.errors import InvalidServiceData as InvalidServiceData
    from inglenook.errors import PluginError as PluginError
    from inglenook.errors import ServiceError as ServiceError
    from inglenook.errors import ServiceValidationError as ServiceValidationError
    from inglenook.errors import UnknownEntry as UnknownEntry
    from inglenook.home import Home as Home
    from inglenook.home import Settings as Settings
    from inglenook.model import Context as Context
    from inglenook.model import Event as Event
    from inglenook.model import ServiceCall as ServiceCall
    from inglenook.model import State as State
    from inglenook.model import Target as Target
    from inglenook.plugins import PluginScope as PluginScope
    from inglenook.plugins import hookimpl as hookimpl
    from inglenook.registry import slugify as slugify
    from inglenook.rules import END as END
    from inglenook.rules import ActionKind as ActionKind
    from inglenook.rules import Arming as Arming
    from inglenook.rules import ConditionKind as ConditionKind
    from inglenook.rules import Run as Run
    from inglenook.rules import TriggerKind as TriggerKind
    from inglenook.rules.sun import next_sun_event as next_sun_event
    from inglenook.rules.sun import sun_event as sun_event
    from inglenook.templates import Templates as Templates
    from inglenook.templates.functions.geodesy import distance_m as distance_m
    from inglenook.web.commands.command import Command as Command
    from inglenook.web.commands.command import CommandError as CommandError

_MODULES: Final = {
    "inglenook.auth": ("Permission",),
    "inglenook.device": ("Device",),
    "inglenook.entities": (
        "AlarmControlPanel", "AlarmControlPanelFeature", "BinarySensor", "Button", "Calendar", "CalendarFeature",
        "Camera", "CameraFeature", "Climate", "ClimateFeature", "Cover", "CoverFeature", "DateEntity",
        "DateTimeEntity", "DeviceTracker", "Domain", "DomainEntity", "DomainService", "EventEntity", "Fan",
        "FanFeature", "Field", "Humidifier", "HumidifierFeature", "Image", "LawnMower", "LawnMowerFeature", "Light",
        "LightFeature", "Lock", "LockFeature", "MediaPlayer", "MediaPlayerFeature", "Notify", "NotifyFeature",
        "Number", "Remote", "RemoteFeature", "Scene", "Select", "Sensor", "Siren", "SirenFeature", "Switch", "Text",
        "TextToSpeech", "TimeEntity", "TodoFeature", "TodoItem", "TodoList", "Update", "UpdateFeature", "Vacuum",
        "VacuumFeature", "Valve", "ValveFeature", "WaterHeater", "WaterHeaterFeature", "Weather", "WeatherFeature",
    ),
    "inglenook.entity": ("Entity",),
    "inglenook.errors": (
        "ConditionError", "ConfigError", "DeviceUnavailable", "InglenookError", "InvalidEntry", "InvalidServiceData",
        "PluginError", "ServiceError", "ServiceValidationError", "UnknownEntry",
    ),
    "inglenook.home": ("Home", "Settings"),
    "inglenook.model": ("Context", "Event", "ServiceCall", "State", "Target"),
    "inglenook.plugins": ("PluginScope", "hookimpl"),
    "inglenook.registry": ("slugify",),
    "inglenook.rules": ("END", "ActionKind", "Arming", "ConditionKind", "Run", "TriggerKind"),
    "inglenook.rules.sun": ("next_sun_event", "sun_event"),
    "inglenook.templates": ("Templates",),
    "inglenook.templates.functions.geodesy": ("distance_m",),
    "inglenook.web.commands.command": ("Command", "CommandError"),
}  # fmt: skip
_MODULE_OF: Final = {name: module for module, names in _MODULES.items() for name in names}

__all__ = ["__version__", *sorted(_MODULE_OF)]


def __getattr__(name: str) -> Any:
    """Load a public name from the module that defines it."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'inglenook' has no public name {name!r}")
    value = getattr(import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value
