"""``platform: bayesian``: on when what is observed makes it likely enough."""

import logging
from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook import BinarySensor, Home, InglenookError, PluginScope, Templates, hookimpl
from inglenook.values import between, device_class, float_, string
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import config_schema as config_schema
from inglenook_sensors.items import item, one, set_up_items
from inglenook_sensors.observations import Observation, make_observation, observation_settings

_log = logging.getLogger(__name__)

AGAIN_S: Final = 60.0  # templates may ask for the time


class Bayesian(Following, BinarySensor):
    """On while the probability, ``prior`` at first and changed by each observation, is at least the threshold."""

    def __init__(self, home: Home, templates: Templates, config: Config) -> None:
        super().__init__(home, config)
        self._templates = templates
        self._config = config
        self._observations: list[Observation] = []

    def added(self) -> None:
        """Begin to observe. What cannot be observed is told and left out."""
        self._observations = []
        for settings in self._config["observations"]:
            if "prob_given_false" not in settings:
                _log.error("%s: an observation without prob_given_false is left out: %s", self.name, settings)
                continue
            try:
                self._observations.append(make_observation(self._home, self._templates, self, self._changed, settings))
            except InglenookError as error:
                _log.error("%s: an observation is left out: %s", self.name, error)
        self._look()

    def _changed(self) -> None:
        self._look()
        self.write()

    def _look(self) -> None:
        probability: float = self._config["prior"]
        found = [(one, one.is_observed()) for one in self._observations]
        for observation, observed in found:
            probability = observation.updated(probability, observed)
        self.is_on = probability >= self._config["probability_threshold"]
        seen = [one.entity_id for one, observed in found if observed and one.entity_id]
        self.extra_attributes = {
            "observations": [{**one.config, "observed": observed} for one, observed in found],
            "occurred_observation_entities": list(dict.fromkeys(seen)),
            "probability": round(probability, 2),
            "probability_threshold": self._config["probability_threshold"],
        }
        if any(one.config["platform"] == "template" for one in self._observations):
            self.wake_in(AGAIN_S, self._changed)


_likely: Final = between(float_, 0, 1)
KEYS: Final[dict[Any, Any]] = {
    vol.Optional("name", default="Bayesian Binary Sensor"): string,
    "device_class": device_class("binary_sensor"),
    vol.Required("prior"): _likely,
    vol.Optional("probability_threshold", default=0.5): _likely,
    vol.Required("observations"): [observation_settings],
}


@hookimpl
def platform_schemas() -> Mapping[str, Any]:
    """Return the settings of an item."""
    return {"binary_sensor": item("bayesian", KEYS)}


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Add what is declared."""
    templates = Templates(home)

    def bayesian(home: Home, config: Config) -> Following:
        return Bayesian(home, templates, config)

    set_up_items(home, scope, {"binary_sensor": one(bayesian)})
