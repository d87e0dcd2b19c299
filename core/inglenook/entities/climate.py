"""Climate: thermostats, heat pumps and air conditioners."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar, Final

import voluptuous as vol

from inglenook.entities.domain import Domain, DomainService, Prepared, known
from inglenook.entities.domain_entity import DomainEntity
from inglenook.entities.fields import choice, real, whole, word
from inglenook.entities.limits import require_within
from inglenook.entities.listed import listed, require_listed
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError

HVAC_MODES: Final = ("off", "heat", "cool", "heat_cool", "auto", "dry", "fan_only")
_MODES_TO_TURN_ON: Final = ("heat_cool", "heat", "cool")


class ClimateFeature(IntFlag):
    """What a climate entity can do; bits as everywhere in the field."""

    TARGET_TEMPERATURE = 1
    TARGET_TEMPERATURE_RANGE = 2
    TARGET_HUMIDITY = 4
    FAN_MODE = 8
    PRESET_MODE = 16
    SWING_MODE = 32
    TURN_OFF = 128
    TURN_ON = 256
    SWING_HORIZONTAL_MODE = 512


class Climate(DomainEntity):
    """A thermostat or the like; its state is its mode.

    An author writes ``set_hvac_mode(hvac_mode)`` and what else it can do, as ``set_temperature(**wanted)``. One that
    keeps a range sets ``supported_features`` with TARGET_TEMPERATURE_RANGE itself. ``turn_on()`` and ``turn_off()``
    need not be written where a change of mode does the same. Temperatures are in the home's unit.

    Attributes:
        hvac_mode: one of ``hvac_modes``.
        hvac_action: what it does right now: ``heating``, ``cooling``, ``drying``, ``fan``, ``idle``, ``off``, …
    """

    domain = "climate"
    SHOWN = (
        "hvac_action", "current_temperature", "temperature", "target_temp_high", "target_temp_low",
        "current_humidity", "humidity", "fan_mode", "preset_mode", "swing_mode", "swing_horizontal_mode",
    )  # fmt: skip
    DESCRIBED = (
        "hvac_modes", "min_temp", "max_temp", "target_temp_step", "min_humidity", "max_humidity",
        "fan_modes", "preset_modes", "swing_modes", "swing_horizontal_modes",
    )  # fmt: skip
    FEATURES: ClassVar[Mapping[str, int]] = {
        "set_temperature": ClimateFeature.TARGET_TEMPERATURE,
        "set_humidity": ClimateFeature.TARGET_HUMIDITY,
        "set_fan_mode": ClimateFeature.FAN_MODE,
        "set_preset_mode": ClimateFeature.PRESET_MODE,
        "set_swing_mode": ClimateFeature.SWING_MODE,
        "set_swing_horizontal_mode": ClimateFeature.SWING_HORIZONTAL_MODE,
        "turn_off": ClimateFeature.TURN_OFF,
        "turn_on": ClimateFeature.TURN_ON,
    }

    hvac_mode: str | None = None
    hvac_action: str | None = None
    current_temperature: float | None = None
    temperature: float | None = None
    target_temp_high: float | None = None
    target_temp_low: float | None = None
    current_humidity: float | None = None
    humidity: float | None = None
    fan_mode: str | None = None
    preset_mode: str | None = None
    swing_mode: str | None = None
    swing_horizontal_mode: str | None = None

    hvac_modes: tuple[str, ...] = ("off", "heat")
    min_temp: float = 7.0
    max_temp: float = 35.0
    target_temp_step: float | None = None
    min_humidity: int | None = None
    max_humidity: int | None = None
    fan_modes: tuple[str, ...] | None = None
    preset_modes: tuple[str, ...] | None = None
    swing_modes: tuple[str, ...] | None = None
    swing_horizontal_modes: tuple[str, ...] | None = None

    def shown_state(self) -> str | None:
        """Return the mode."""
        return self.hvac_mode


# -- services ---------------------------------------------------------------------------------------------------------


def _some_temperature(data: dict[str, Any]) -> dict[str, Any]:
    """Require one set point or a whole range, and nothing mixed."""
    has_low, has_high = "target_temp_low" in data, "target_temp_high" in data
    if has_low != has_high:
        raise vol.Invalid("target_temp_low and target_temp_high belong together; give both")
    if has_low == ("temperature" in data):
        raise vol.Invalid("give either temperature, or target_temp_low and target_temp_high")
    if has_low and data["target_temp_low"] > data["target_temp_high"]:
        raise vol.Invalid("target_temp_low is above target_temp_high")
    return data


def _set_temperature(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    features = entity.supported_features
    needed = ClimateFeature.TARGET_TEMPERATURE if "temperature" in data else ClimateFeature.TARGET_TEMPERATURE_RANGE
    if features and not features & needed:
        what = "a single temperature" if "temperature" in data else "a range of temperatures"
        raise ServiceValidationError(f"{entity.entity_id} cannot be set to {what}")
    for name in ("temperature", "target_temp_low", "target_temp_high"):
        if name in data:
            require_within(entity, name, data[name], "temp")
    if "hvac_mode" in data:
        require_listed(entity, "hvac_mode", data["hvac_mode"], "hvac_modes")
    return "set_temperature", data


def _set_humidity(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    require_within(entity, "humidity", data["humidity"], "humidity")
    return "set_humidity", data


def _turn_on(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    """Turn it on, or choose the first mode that heats or cools for one that knows modes alone."""
    modes = known(entity, "hvac_modes")
    if entity.supported_features & ClimateFeature.TURN_ON or not modes:
        return "turn_on", {}
    others = [mode for mode in modes if mode != "off"]
    mode = others[0] if len(others) == 1 else next((mode for mode in _MODES_TO_TURN_ON if mode in others), None)
    if mode is None:
        raise ServiceValidationError(f"{entity.entity_id} cannot be turned on; set one of {', '.join(others)}")
    return "set_hvac_mode", {"hvac_mode": mode}


def _turn_off(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    modes = known(entity, "hvac_modes")
    if entity.supported_features & ClimateFeature.TURN_OFF or not modes:
        return "turn_off", {}
    if "off" not in modes:
        raise ServiceValidationError(f"{entity.entity_id} cannot be turned off")
    return "set_hvac_mode", {"hvac_mode": "off"}


def _toggle(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    return _turn_on(entity, data) if entity.state == "off" else _turn_off(entity, data)


_MODE: Final = "One of the modes that the entity knows."


def _choosing(mode: str, explanation: str, feature: ClimateFeature) -> DomainService:
    """Return the service that chooses one of the entity's own modes of a kind, like ``fan_mode`` of ``fan_modes``."""
    return DomainService(
        f"set_{mode}",
        explanation,
        (word(mode, _MODE, required=True),),
        features=(feature,),
        prepare=listed(f"set_{mode}", mode, f"{mode}s"),
    )


CLIMATE: Final = Domain(
    "climate",
    Climate,
    (
        DomainService("turn_on", "Turn it on.", prepare=_turn_on),
        DomainService("turn_off", "Turn it off.", prepare=_turn_off),
        DomainService("toggle", "Turn it off if it is on, else on.", prepare=_toggle),
        DomainService(
            "set_temperature",
            "Set the temperature to keep, or a range to stay in.",
            (
                real("temperature", 0, 250, "The temperature to keep, in the home's unit."),
                real("target_temp_low", 0, 250, "The lower end of the range."),
                real("target_temp_high", 0, 250, "The upper end of the range."),
                choice("hvac_mode", HVAC_MODES, "A mode to set as well."),
            ),
            features=(ClimateFeature.TARGET_TEMPERATURE, ClimateFeature.TARGET_TEMPERATURE_RANGE),
            check=_some_temperature,
            prepare=_set_temperature,
        ),
        DomainService(
            "set_humidity",
            "Set the humidity to keep.",
            (whole("humidity", 0, 100, "Relative humidity.", unit="%", required=True),),
            features=(ClimateFeature.TARGET_HUMIDITY,),
            prepare=_set_humidity,
        ),
        DomainService(
            "set_hvac_mode",
            "Choose what it does: heat, cool, …",
            (choice("hvac_mode", HVAC_MODES, _MODE, required=True),),
            prepare=listed("set_hvac_mode", "hvac_mode", "hvac_modes"),
        ),
        _choosing("fan_mode", "Choose how its fan runs.", ClimateFeature.FAN_MODE),
        _choosing("preset_mode", "Choose a preset, like away.", ClimateFeature.PRESET_MODE),
        _choosing("swing_mode", "Choose how the air swings.", ClimateFeature.SWING_MODE),
        _choosing("swing_horizontal_mode", "Choose how the air swings sideways.", ClimateFeature.SWING_HORIZONTAL_MODE),
    ),
)
