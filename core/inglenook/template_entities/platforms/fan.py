"""Template fans."""

from collections.abc import Awaitable
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import between, boolean, integer, text
from inglenook.entities import Fan, FanFeature
from inglenook.model import State
from inglenook.rules.shape import each, template
from inglenook.template_entities.entity import TemplateEntity
from inglenook.template_entities.grammar import STATE, Platform
from inglenook.template_entities.platforms.number import as_number
from inglenook.template_entities.results import Results
from inglenook.templates import truthy


class TemplateFan(TemplateEntity, Fan):
    """A fan; what no template gives is what it was last told to be."""

    TEMPLATES = ("state", "percentage", "preset_mode", "oscillating", "direction")
    ACTIONS = {  # noqa: RUF012 - the base says that it is of the class
        "turn_on": FanFeature.TURN_ON,
        "turn_off": FanFeature.TURN_OFF,
        "set_percentage": FanFeature.SET_SPEED,
        "set_preset_mode": FanFeature.PRESET_MODE,
        "set_oscillating": FanFeature.OSCILLATE,
        "set_direction": FanFeature.DIRECTION,
    }

    def describe(self) -> None:
        """Say what it can do, in how many speeds."""
        self.percentage_step = 100 / self.config["speed_count"]
        modes = self.config.get("preset_modes")
        self.preset_modes = None if modes is None else tuple(modes)
        super().describe()

    def shown_state(self) -> bool | None:
        """Return whether it turns, as its template or the last call says."""
        return self.is_on

    def apply(self, found: Results) -> None:
        """Take the state, the speed and the rest."""
        if "state" in found:
            result = found.get("state")
            self.is_on = None if result is None else truthy(result)
        if "percentage" in found:
            number = as_number(found.get("percentage"))
            self.percentage = round(number) if number is not None and 0 <= number <= 100 else None
        if "preset_mode" in found:
            mode = found.get("preset_mode")
            self.preset_mode = mode if mode in (self.preset_modes or ()) else None
        if "oscillating" in found:
            self.oscillating = truthy(found.get("oscillating"))
        if "direction" in found:
            direction = found.get("direction")
            self.direction = direction if direction in ("forward", "reverse") else None

    def recall(self, last: State) -> None:
        """Be what it last was."""
        self.is_on = last.state == "on"
        for name in ("percentage", "preset_mode", "oscillating", "direction"):
            setattr(self, name, last.attributes.get(name))

    def turn_on(self, percentage: int | None = None, preset_mode: str | None = None) -> Awaitable[Any] | None:
        """Run the actions under ``turn_on``, then those for the speed or the preset that was asked for."""
        given = {"percentage": percentage, "preset_mode": preset_mode}
        pending = self.act("turn_on", given, lambda: self.told("state", is_on=True))
        if preset_mode is not None:
            return _both(pending, self.set_preset_mode(preset_mode))
        if percentage is not None:
            return _both(pending, self.set_percentage(percentage))
        return pending

    def turn_off(self) -> Awaitable[Any] | None:
        """Run the actions under ``turn_off``."""
        return self.act("turn_off", then=lambda: self.told("state", is_on=False))

    def set_percentage(self, percentage: int) -> Awaitable[Any] | None:
        """Run the actions under ``set_percentage``."""
        return self.act("set_percentage", {"percentage": percentage}, lambda: self._set_speed(percentage=percentage))

    def set_preset_mode(self, preset_mode: str) -> Awaitable[Any] | None:
        """Run the actions under ``set_preset_mode``."""
        return self.act(
            "set_preset_mode", {"preset_mode": preset_mode}, lambda: self._set_speed(preset_mode=preset_mode)
        )

    def oscillate(self, oscillating: bool) -> Awaitable[Any] | None:
        """Run the actions under ``set_oscillating``."""
        return self.act(
            "set_oscillating", {"oscillating": oscillating}, lambda: self.told("oscillating", oscillating=oscillating)
        )

    def set_direction(self, direction: str) -> Awaitable[Any] | None:
        """Run the actions under ``set_direction``."""
        return self.act("set_direction", {"direction": direction}, lambda: self.told("direction", direction=direction))

    def _set_speed(self, **told: Any) -> None:
        """Take the speed or the preset, which end one another, and turn."""
        for name in ("percentage", "preset_mode"):
            self.told(name, **{name: told.get(name)})
        self.told("state", is_on=told.get("percentage") != 0)


async def _in_turn(*pending: Awaitable[Any] | None) -> None:
    for one in pending:
        if one is not None:
            await one


def _both(first: Awaitable[Any] | None, second: Awaitable[Any] | None) -> Awaitable[Any] | None:
    return None if first is None and second is None else _in_turn(first, second)


FAN: Final = Platform(
    TemplateFan,
    {
        **STATE,
        "percentage": template, "preset_mode": template, "oscillating": template, "direction": template,
        "preset_modes": each(text), "optimistic": boolean,
        vol.Optional("speed_count", default=100): between(integer, 1, 100),
    },
    (
        vol.Required("turn_on"), vol.Required("turn_off"), "set_percentage", "set_preset_mode", "set_oscillating",
        "set_direction",
    ),
)  # fmt: skip
