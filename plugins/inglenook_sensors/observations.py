"""Observations: what speaks for or against something, each with how likely it is if that is so, and if not."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, State, Templates
from inglenook.values import between, entity_id, float_, one_of, string
from inglenook_sensors.following import Config, Following
from inglenook_sensors.numbers import NOTHING, number_of

Heard = Callable[[], None]


class Observation(ABC):
    """One thing that is observed, or is not, or of which nothing is known.

    Attributes:
        given_true: how likely it is observed if the thing is so, 0 to 1.
        given_false: how likely if it is not.
        entity_id: what is observed, or None.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.given_true: float = config["prob_given_true"]
        self.given_false: float = config["prob_given_false"]
        self.entity_id: str | None = config.get("entity_id")

    @abstractmethod
    def is_observed(self) -> bool | None:
        """Return whether it is observed now; None where nobody knows."""

    def updated(self, probability: float, observed: bool | None) -> float:
        """Return the probability after this was ``observed`` or not; unknown changes nothing."""
        if observed is None:
            return probability
        if_true = self.given_true if observed else 1 - self.given_true
        if_false = self.given_false if observed else 1 - self.given_false
        evidence = if_true * probability + if_false * (1 - probability)
        return if_true * probability / evidence if evidence else probability


class ObservedEntity(Observation):
    """An entity that is followed."""

    def __init__(self, home: Home, entity: Following, heard: Heard, config: Config) -> None:
        super().__init__(config)
        self._home = home
        self._source: str = config["entity_id"]
        entity.follow(self._source, lambda _old, _new: heard())

    def is_observed(self) -> bool | None:
        """Return whether the entity is as it should be."""
        state = self._home.states.get(self._source)
        return None if state is None or state.state in NOTHING else self.fits(state)

    @abstractmethod
    def fits(self, state: State) -> bool | None:
        """Return whether a state is as it should be."""


class ObservedState(ObservedEntity):
    """An entity has a certain state."""

    def fits(self, state: State) -> bool:
        """Return whether it is that state."""
        return bool(state.state == self.config["to_state"])


class ObservedNumber(ObservedEntity):
    """An entity's number, or what a template makes of its state, is between bounds."""

    def __init__(self, home: Home, templates: Templates, entity: Following, heard: Heard, config: Config) -> None:
        super().__init__(home, entity, heard, config)
        text = config.get("value_template")
        self._template = templates.compile(text) if text is not None else None

    def fits(self, state: State) -> bool | None:
        """Return whether it is, None where it is no number."""
        number = number_of(state)
        if self._template is not None:
            number = _as_number(self._template.track({"state": state}).result)
        if number is None:
            return None
        low, high = self.config.get("above"), self.config.get("below")
        return (low is None or number > low) and (high is None or number < high)


class ObservedTemplate(Observation):
    """A template is true."""

    def __init__(self, templates: Templates, entity: Following, heard: Heard, config: Config) -> None:
        super().__init__(config)
        self._template = templates.compile(config["value_template"])
        self._entity = entity
        self._heard = heard
        self._followed: set[str] = set()

    def is_observed(self) -> bool | None:
        """Return whether it is true, None where it fails; and follow what it looks at."""
        tracked = self._template.track()
        for source in sorted(tracked.entities - self._followed):
            self._followed.add(source)
            self._entity.follow(source, lambda _old, _new: self._heard())
        return None if tracked.error is not None else str(tracked.result).lower() in ("true", "on", "yes", "1")


def _as_number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


# -- settings ---------------------------------------------------------------------------------------------------------

_likely: Final = between(float_, 0, 1)
_OF_ALL: Final[dict[Any, Any]] = {vol.Required("prob_given_true"): _likely, "prob_given_false": _likely}
KEYS: Final[Mapping[str, dict[Any, Any]]] = {
    "state": {vol.Required("entity_id"): entity_id, vol.Required("to_state"): string},
    "numeric_state": {
        vol.Required("entity_id"): entity_id,
        "above": float_,
        "below": float_,
        "value_template": string,
    },
    "template": {vol.Required("value_template"): string},
}
_SCHEMAS: Final = {name: vol.Schema({vol.Required("platform"): name, **_OF_ALL, **keys}) for name, keys in KEYS.items()}


def observation_settings(value: Any) -> Config:
    """Return the settings of one observation, or raise ``vol.Invalid``."""
    if not isinstance(value, dict):
        raise vol.Invalid("expected a mapping with the key platform")
    known = one_of(*KEYS)
    try:
        name = known(value.get("platform"))
    except vol.Invalid as error:
        error.prepend(["platform"])
        raise
    settings: Config = _SCHEMAS[name](value)
    if name == "numeric_state" and "above" not in settings and "below" not in settings:
        raise vol.Invalid("expected above, below or both")
    return settings


def make_observation(home: Home, templates: Templates, entity: Following, heard: Heard, config: Config) -> Observation:
    """Return the observation of some settings, which follows what it looks at as long as ``entity`` is there.

    Raises:
        TemplateError: a template in it is not well formed.
    """
    if config["platform"] == "template":
        return ObservedTemplate(templates, entity, heard, config)
    if config["platform"] == "state":
        return ObservedState(home, entity, heard, config)
    return ObservedNumber(home, templates, entity, heard, config)
