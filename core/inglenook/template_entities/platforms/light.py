"""Template lights."""

from collections.abc import Awaitable, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import boolean
from inglenook.entities import Light, LightFeature
from inglenook.entities.color import mireds_to_kelvin
from inglenook.model import State
from inglenook.rules.shape import template
from inglenook.template_entities.entity import TemplateEntity
from inglenook.template_entities.grammar import STATE, Platform
from inglenook.template_entities.platforms.number import as_number
from inglenook.template_entities.results import Results
from inglenook.templates import truthy

# Colours by their template: field of the light, mode, the actions that set them, and the names of the parts.
_COLORS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "hs": ("hs_color", "hs", "set_hs", "hs"),
    "rgb": ("rgb_color", "rgb", "set_rgb", "rgb"),
    "rgbw": ("rgbw_color", "rgbw", "set_rgbw", "rgbw"),
    "rgbww": ("rgbww_color", "rgbww", "set_rgbww", "rgbcw"),
    "xy": ("xy_color", "xy", "set_xy", "xy"),
}
_FIELDS: Final = ("brightness", "color_temp_kelvin", "effect", *(color[0] for color in _COLORS.values()))


class TemplateLight(TemplateEntity, Light):
    """A light; what no template gives is what it was last told to be."""

    TEMPLATES = (
        "state", "level", "temperature", "min_mireds", "max_mireds", "effect", "effect_list", "supports_transition",
        *_COLORS,
    )  # fmt: skip
    ACTIONS = {"set_effect": LightFeature.EFFECT}  # noqa: RUF012 - the base says that it is of the class

    def describe(self) -> None:
        """Say which colours it has: those that it was given actions for."""
        config = self.config
        modes = [mode for _, mode, actions, _ in _COLORS.values() if actions in config]
        modes += ["color_temp"] if "set_temperature" in config else []
        self.supported_color_modes = tuple(modes) or (("brightness",) if "set_level" in config else ("onoff",))
        if "set_temperature" in config and self.min_color_temp_kelvin is None:
            self.min_color_temp_kelvin, self.max_color_temp_kelvin = mireds_to_kelvin(500), mireds_to_kelvin(153)
        super().describe()
        if truthy(config.get("supports_transition", False)):
            self.supported_features |= LightFeature.TRANSITION

    def apply(self, found: Results) -> None:
        """Take the state, the brightness and the colour."""
        if "state" in found:
            result = found.get("state")
            self.is_on = None if result is None else truthy(result)
        if "level" in found:
            level = as_number(found.get("level"))
            self.brightness = round(level) if level is not None and 0 <= level <= 255 else None
        if "temperature" in found:
            mireds = as_number(found.get("temperature"))
            self.color_temp_kelvin = mireds_to_kelvin(mireds) if mireds else None
        for name, (field, _, _, parts) in _COLORS.items():
            if name in found:
                setattr(self, field, _numbers(found.get(name), len(parts)))
        self._apply_effects(found)

    def recall(self, last: State) -> None:
        """Be what it last was."""
        self.is_on = last.state == "on"
        for name in _FIELDS:
            value = last.attributes.get(name)
            setattr(self, name, tuple(value) if isinstance(value, list) else value)

    def turn_on(self, **wanted: Any) -> Awaitable[Any] | None:
        """Run the actions for what is wanted: a colour, an effect, a brightness, or just ``turn_on``."""
        key = self._actions_for(wanted)
        return self.act(key, _told_to_actions(wanted), lambda: self._told(True, wanted))

    def turn_off(self, **wanted: Any) -> Awaitable[Any] | None:
        """Run the actions under ``turn_off``."""
        return self.act("turn_off", _told_to_actions(wanted), lambda: self._told(False, {}))

    def _apply_effects(self, found: Results) -> None:
        effects = found.get("effect_list")
        if isinstance(effects, list | tuple):
            self.effect_list = tuple(str(effect) for effect in effects)
        if "effect" in found:
            effect = found.get("effect")
            self.effect = None if effect is None else str(effect)

    def _actions_for(self, wanted: Mapping[str, Any]) -> str:
        asked = {
            "color_temp_kelvin": "set_temperature",
            "effect": "set_effect",
            **{field: actions for field, _, actions, _ in _COLORS.values()},
            "brightness": "set_level",
        }
        return next((key for name, key in asked.items() if name in wanted and key in self.config), "turn_on")

    def _told(self, is_on: bool, wanted: Mapping[str, Any]) -> None:
        """Take what was wanted for what it is, where no template says."""
        if self.is_optimistic:
            self.is_on = is_on
        if "brightness" in wanted:
            self.told("level", brightness=wanted["brightness"])
        if "effect" in wanted:
            self.told("effect", effect=wanted["effect"])
        colors = {"color_temp_kelvin": "temperature", **{color[0]: name for name, color in _COLORS.items()}}
        for field, name in colors.items():
            if any(other in wanted for other in colors):
                self.told(name, **{field: wanted.get(field)})


def _told_to_actions(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables that actions see: colours whole and in their parts, white in mireds, too."""
    told = {name: wanted[name] for name in ("brightness", "effect", "transition", "flash") if name in wanted}
    if "color_temp_kelvin" in wanted:
        kelvin = wanted["color_temp_kelvin"]
        told |= {"color_temp_kelvin": kelvin, "color_temp": round(1_000_000 / kelvin)}
    for name, (field, _, _, parts) in _COLORS.items():
        if field in wanted:
            told[name] = wanted[field]
            told |= dict(zip(_part_names(name, parts), wanted[field], strict=True))
    return told


def _part_names(name: str, parts: str) -> list[str]:
    return ["r", "g", "b", "cw", "ww"] if name == "rgbww" else list(parts)


def _numbers(result: Any, count: int) -> tuple[float, ...] | None:
    """Return a colour of ``count`` numbers; None when the result is none."""
    if not isinstance(result, list | tuple) or len(result) != count:
        return None
    numbers = tuple(number for part in result if (number := as_number(part)) is not None)
    if len(numbers) != count:
        return None
    return tuple(int(number) if number.is_integer() else number for number in numbers)


LIGHT: Final = Platform(
    TemplateLight,
    {
        **STATE, "optimistic": boolean,
        **{name: template for name in TemplateLight.TEMPLATES if name != "state"},
    },
    (
        vol.Required("turn_on"), vol.Required("turn_off"), "set_level", "set_temperature", "set_effect",
        *(actions for _, _, actions, _ in _COLORS.values()),
    ),
)  # fmt: skip
