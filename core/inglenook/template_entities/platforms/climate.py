"""Template climate entities: thermostats and the like."""

from collections.abc import Awaitable, Mapping
from typing import Any, ClassVar, Final

import voluptuous as vol

from inglenook.config.values import boolean, integer
from inglenook.entities import Climate
from inglenook.entities import ClimateFeature as Can
from inglenook.entities.climate import HVAC_MODES
from inglenook.model import State
from inglenook.rules.shape import template
from inglenook.template_entities.fields import Field, choice, choices, number, texts, whole
from inglenook.template_entities.grammar import Platform
from inglenook.template_entities.heating import HEATING_KEYS, SPELLED, HeatingEntity
from inglenook.template_entities.results import Results

_ACTIONS_NOW: Final = ("cooling", "defrosting", "drying", "fan", "heating", "idle", "off", "preheating")
_MODES: Final = ("fan_mode", "preset_mode", "swing_mode", "swing_horizontal_mode")
_RANGE: Final = {
    "temperature": "target_temperature",
    "target_temp_low": "target_temperature_low",
    "target_temp_high": "target_temperature_high",
    "hvac_mode": "hvac_mode",
}  # what a call sets, to the template that says what it is


class TemplateClimate(HeatingEntity, Climate):
    """A thermostat; what no template gives is what it was last told to be."""

    FIELDS: ClassVar[Mapping[str, Field]] = {
        "hvac_modes": Field("hvac_modes", choices(*HVAC_MODES)),
        "hvac_mode": Field("hvac_mode", choice(*HVAC_MODES)),
        "hvac_action": Field("hvac_action", choice(*_ACTIONS_NOW)),
        "current_temperature": Field("current_temperature", number()),
        "target_temperature": Field("temperature", number()),
        "target_temperature_low": Field("target_temp_low", number()),
        "target_temperature_high": Field("target_temp_high", number()),
        "current_humidity": Field("current_humidity", whole(0, 100)),
        "target_humidity": Field("humidity", whole(0, 100)),
        **{mode: Field(mode, str) for mode in _MODES},
        **{f"{mode}s": Field(f"{mode}s", texts) for mode in _MODES},
    }
    TEMPLATES = tuple(FIELDS)
    STATE = "hvac_mode"
    TEMPERATURES = frozenset({
        "current_temperature", "target_temperature", "target_temperature_low", "target_temperature_high",
    })  # fmt: skip
    ACTIONS: ClassVar[Mapping[str, int]] = {
        "set_temperature": Can.TARGET_TEMPERATURE | Can.TARGET_TEMPERATURE_RANGE,
        "set_humidity": Can.TARGET_HUMIDITY,
        "set_fan_mode": Can.FAN_MODE,
        "set_preset_mode": Can.PRESET_MODE,
        "set_swing_mode": Can.SWING_MODE,
        "set_swing_horizontal_mode": Can.SWING_HORIZONTAL_MODE,
    }

    _last_mode: str | None = None

    def describe(self) -> None:
        """Say its limits and what it can do."""
        self.min_humidity, self.max_humidity = self.config["min_humidity"], self.config["max_humidity"]
        super().describe()
        if "off" in (self.hvac_modes or ()):
            self.supported_features |= Can.TURN_ON | Can.TURN_OFF

    def apply(self, found: Results) -> None:
        """Take what its templates say, and remember in which mode it was on."""
        super().apply(found)
        self._note_mode()

    def recall(self, last: State) -> None:
        """Be what it last was."""
        super().recall(last)
        self._note_mode()

    def turn_on(self) -> Awaitable[Any] | None:
        """Set the mode in which it was last on, or the first that there is."""
        mode = self._last_mode or next((mode for mode in self.hvac_modes or () if mode != "off"), None)
        return None if mode is None else self.set_hvac_mode(mode)

    def turn_off(self) -> Awaitable[Any] | None:
        """Set the mode ``off``."""
        return self.set_hvac_mode("off")

    def set_hvac_mode(self, hvac_mode: str) -> Awaitable[Any] | None:
        """Run the actions under ``set_hvac_mode`` with ``hvac_mode``."""
        return self.act("set_hvac_mode", {"hvac_mode": hvac_mode}, lambda: self._set(hvac_mode=hvac_mode))

    def set_temperature(self, **wanted: Any) -> Awaitable[Any] | None:
        """Run the actions under ``set_temperature`` with what is wanted.

        That is ``temperature`` or ``target_temp_low`` and ``target_temp_high``, and perhaps ``hvac_mode``.
        """
        return self.act("set_temperature", self.in_own_unit(wanted), lambda: self._set(**wanted))

    def set_humidity(self, humidity: int) -> Awaitable[Any] | None:
        """Run the actions under ``set_humidity`` with ``humidity``."""
        return self.act("set_humidity", {"humidity": humidity}, lambda: self.told("target_humidity", humidity=humidity))

    def set_fan_mode(self, fan_mode: str) -> Awaitable[Any] | None:
        """Run the actions under ``set_fan_mode`` with ``fan_mode``."""
        return self._choose("fan_mode", fan_mode)

    def set_preset_mode(self, preset_mode: str) -> Awaitable[Any] | None:
        """Run the actions under ``set_preset_mode`` with ``preset_mode``."""
        return self._choose("preset_mode", preset_mode)

    def set_swing_mode(self, swing_mode: str) -> Awaitable[Any] | None:
        """Run the actions under ``set_swing_mode`` with ``swing_mode``."""
        return self._choose("swing_mode", swing_mode)

    def set_swing_horizontal_mode(self, swing_horizontal_mode: str) -> Awaitable[Any] | None:
        """Run the actions under ``set_swing_horizontal_mode`` with ``swing_horizontal_mode``."""
        return self._choose("swing_horizontal_mode", swing_horizontal_mode)

    def _choose(self, kind: str, mode: str) -> Awaitable[Any] | None:
        return self.act(f"set_{kind}", {kind: mode}, lambda: self.told(kind, **{kind: mode}))

    def _set(self, **wanted: Any) -> None:
        for field, value in wanted.items():
            self.told(_RANGE[field], **{field: value})
        self._note_mode()

    def _note_mode(self) -> None:
        if self.hvac_mode not in (None, "off"):
            self._last_mode = self.hvac_mode


CLIMATE: Final = Platform(
    TemplateClimate,
    {
        vol.Required("hvac_modes"): template,
        **{name: template for name in TemplateClimate.FIELDS if name != "hvac_modes"},
        **HEATING_KEYS,
        vol.Optional("min_humidity", default=30): integer,
        vol.Optional("max_humidity", default=99): integer,
        "optimistic": boolean,
    },
    ("set_hvac_mode", *TemplateClimate.ACTIONS),
    spelled=SPELLED,
)
