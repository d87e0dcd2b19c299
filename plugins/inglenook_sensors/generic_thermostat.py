"""``platform: generic_thermostat``: keeps a room warm or cool with a switch and a thermometer."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import voluptuous as vol

from inglenook import Climate, ClimateFeature, Home, InglenookError, PluginScope, State, Target, hookimpl
from inglenook.values import boolean, entity_id, float_, one_of, positive_duration, positive_float, string
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, one, set_up_items
from inglenook_sensors.numbers import number_of

_log = logging.getLogger(__name__)

NO_PRESET: Final = "none"
PRESETS: Final = ("activity", "away", "comfort", "eco", "home", "sleep")


class Thermostat(Following, Climate):
    """Turns its heater on once it is ``cold_tolerance`` too cold, and off once it is ``hot_tolerance`` too warm.

    With ``ac_mode`` the other way round. Within ``min_cycle_duration`` of the heater's last turn the thermometer has no
    say, a person has. Mode, temperature and preset come back after a restart.
    """

    icon = "mdi:thermostat"

    def __init__(self, home: Home, switch: Callable[[str, str], None], config: Config) -> None:
        super().__init__(home, config)
        self._switch = switch
        self._config = config
        self._heater: str = config["heater"]
        self._cools: bool = config["ac_mode"]
        self._presets = {name: config[key] for name in PRESETS if (key := f"{name}_temp") in config}
        self._before_preset: float | None = None
        self.hvac_modes = ("off", "cool" if self._cools else "heat")
        self.hvac_mode = config.get("initial_hvac_mode", "off")
        self.temperature = config.get("target_temp")
        self.min_temp, self.max_temp = config["min_temp"], config["max_temp"]
        self.target_temp_step = config.get("target_temp_step", config.get("precision"))
        self.supported_features = (
            ClimateFeature.TARGET_TEMPERATURE | ClimateFeature.TURN_ON | ClimateFeature.TURN_OFF
        )  # fmt: skip
        if self._presets:
            self.supported_features |= ClimateFeature.PRESET_MODE
            self.preset_modes = (NO_PRESET, *self._presets)
            self.preset_mode = NO_PRESET

    def added(self) -> None:
        """Take up what it was; begin to follow thermometer and heater."""
        if self.last_state is not None:
            self._take_up(self.last_state)
        if self.temperature is None:
            self.temperature = self.max_temp if self._cools else self.min_temp
        self.follow(self._config["target_sensor"], self._measured)
        self.follow(self._heater, self._turned)
        self.current_temperature = number_of(self._home.states.get(self._config["target_sensor"]))
        if self.hvac_mode == "off" and self._is_running():
            self._turn("off")
        self._control()
        self._wait()

    def turn_on(self) -> None:
        """Keep the temperature."""
        self.set_hvac_mode(self.hvac_modes[1])

    def turn_off(self) -> None:
        """Keep nothing."""
        self.set_hvac_mode("off")

    def set_hvac_mode(self, hvac_mode: str) -> None:
        """Keep the temperature, or with ``off`` nothing."""
        self.hvac_mode = hvac_mode
        if hvac_mode == "off" and self._is_running():
            self._turn("off")
        self._control(is_forced=True)
        self.write()

    def set_temperature(self, temperature: float, hvac_mode: str | None = None) -> None:
        """Keep another temperature from now on."""
        self.temperature = temperature
        if hvac_mode is not None:
            self.hvac_mode = hvac_mode
        self._control(is_forced=True)
        self.write()

    def set_preset_mode(self, preset_mode: str) -> None:
        """Keep the temperature of a preset; ``none`` goes back to the one before."""
        if preset_mode == self.preset_mode:
            return
        if self.preset_mode == NO_PRESET:
            self._before_preset = self.temperature
        self.preset_mode = preset_mode
        self.temperature = self._presets.get(preset_mode, self._before_preset)
        self._control(is_forced=True)
        self.write()

    def shown_attributes(self) -> dict[str, Any]:
        """Return what it does beside the rest."""
        works = "cooling" if self._cools else "heating"
        self.hvac_action = "off" if self.hvac_mode == "off" else works if self._is_running() else "idle"
        return super().shown_attributes()

    def _take_up(self, last: State) -> None:
        if "initial_hvac_mode" not in self._config and last.state in self.hvac_modes:
            self.hvac_mode = last.state
        preset = last.attributes.get("preset_mode")
        if preset in self._presets:
            self.preset_mode, self._before_preset = preset, self.temperature
        if self.temperature is None or preset in self._presets:
            self.temperature = number_of(last, "temperature") or self.temperature

    def _measured(self, _old: State | None, new: State | None) -> None:
        number = number_of(new)
        if number is None:
            return
        self.current_temperature = number
        self._control()
        self.write()

    def _turned(self, _old: State | None, _new: State | None) -> None:
        self._wait()
        self.write()

    def _wait(self) -> None:
        """Come back to keep the heater in its state, or when it may be turned again."""
        delays = [delay for key in ("keep_alive", "min_cycle_duration") if (delay := self._config.get(key))]
        if delays:
            self.wake_in(min(delays), self._again)

    def _again(self) -> None:
        self._control(is_reminder="keep_alive" in self._config)
        if "keep_alive" in self._config:
            self._wait()

    def _is_running(self) -> bool:
        heater = self._home.states.get(self._heater)
        return heater is not None and heater.state == "on"

    def _may_turn(self) -> bool:
        heater = self._home.states.get(self._heater)
        rest_s = self._config.get("min_cycle_duration", 0.0)
        return heater is None or self._home.clock.now() - heater.changed_at >= rest_s

    def _control(self, *, is_forced: bool = False, is_reminder: bool = False) -> None:
        """Turn the heater as the temperature wants it; a reminder tells it also what it is already."""
        if self.current_temperature is None or self.temperature is None or self.hvac_mode == "off":
            return
        if not (is_forced or is_reminder or self._may_turn()):
            return
        is_cold = self.temperature >= self.current_temperature + self._config["cold_tolerance"]
        is_hot = self.current_temperature >= self.temperature + self._config["hot_tolerance"]
        wants_on, wants_off = (is_hot, is_cold) if self._cools else (is_cold, is_hot)
        is_running = self._is_running()
        if wants_off if is_running else wants_on:
            self._turn("off" if is_running else "on")
        elif is_reminder:
            self._turn("on" if is_running else "off")

    def _turn(self, word: str) -> None:
        self._switch(self._heater, f"turn_{word}")


class Switching:
    """Turns heaters, each call in a task of the plugin."""

    def __init__(self, home: Home, scope: PluginScope) -> None:
        self._home = home
        self._scope = scope

    def start(self, entity_id: str, service: str) -> None:
        """Call ``homeassistant.turn_on`` or ``turn_off`` for an entity; what goes wrong is logged."""
        self._scope.create_task(partial(self._call, entity_id, service), service)

    async def _call(self, entity_id: str, service: str) -> None:
        try:
            await self._home.services.call("homeassistant", service, target=Target((entity_id,)))
        except InglenookError as error:
            _log.warning("%s: %s failed: %s", entity_id, service, error)


def _bounded(config: Config) -> Config:
    low, high = config["min_temp"], config["max_temp"]
    if low >= high:
        raise vol.Invalid(f"expected max_temp above min_temp, got {high:g} and {low:g}", ["max_temp"])
    mode = config.get("initial_hvac_mode", "off")
    if mode == ("heat" if config["ac_mode"] else "cool"):
        raise vol.Invalid(f"expected off or what it does, got {mode!r}", ["initial_hvac_mode"])
    return config


KEYS: Final[dict[Any, Any]] = {
    vol.Optional("name", default="Generic Thermostat"): string,
    vol.Required("heater"): entity_id,
    vol.Required("target_sensor"): entity_id,
    vol.Optional("ac_mode", default=False): boolean,
    "target_temp": float_,
    vol.Optional("min_temp", default=7.0): float_,
    vol.Optional("max_temp", default=35.0): float_,
    vol.Optional("cold_tolerance", default=0.3): positive_float,
    vol.Optional("hot_tolerance", default=0.3): positive_float,
    "min_cycle_duration": positive_duration,
    "keep_alive": positive_duration,
    "initial_hvac_mode": one_of("off", "heat", "cool"),
    "precision": one_of(0.1, 0.5, 1.0),
    "target_temp_step": one_of(0.1, 0.5, 1.0),
    **{f"{preset}_temp": float_ for preset in PRESETS},
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    return {"climate": item("generic_thermostat", KEYS, _bounded)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    switch = Switching(home, scope).start

    def thermostat(home: Home, config: Config) -> Following:
        return Thermostat(home, switch, config)

    set_up_items(home, scope, {"climate": one(thermostat)})
