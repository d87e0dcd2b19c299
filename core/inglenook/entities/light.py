"""Lights: what they show, and the class that authors subclass."""

from enum import IntFlag
from typing import Any

from inglenook.entities.color import hs_to_rgb, kelvin_to_rgb, rgb_to_hs, rgb_to_xy, xy_to_rgb
from inglenook.entities.domain_entity import ToggleEntity


class LightFeature(IntFlag):
    """What a light can do beside its colour modes; bits as everywhere in the field."""

    EFFECT = 4
    FLASH = 8
    TRANSITION = 32


class Light(ToggleEntity):
    """A light. An author writes ``turn_on(**wanted)`` and ``turn_off(**wanted)`` and says which modes it has.

    ``turn_on`` gets ``brightness`` and one colour in a form of ``supported_color_modes``, whatever form the call had;
    ``transition`` (s), ``effect`` and ``flash`` only with the feature of that name.

    Attributes:
        brightness: 1 to 255.
        supported_color_modes: ``onoff``, ``brightness``, ``color_temp``, ``hs``, ``xy``, ``rgb``, ``rgbw``, ``rgbww``,
            ``white``.
        color_mode: which of them it shows now; by default what its colour fields say.
        hs_color: hue (0 to 360) and saturation (0 to 100).
        rgb_color: red, green, blue, each 0 to 255; ``rgbw_color`` and ``rgbww_color`` with white or both whites.
        xy_color: point of the CIE 1931 plane.
        color_temp_kelvin: temperature of its white.
    """

    domain = "light"
    DESCRIBED = ("supported_color_modes", "min_color_temp_kelvin", "max_color_temp_kelvin", "effect_list")

    brightness: int | None = None
    color_mode: str | None = None
    hs_color: tuple[float, float] | None = None
    rgb_color: tuple[int, int, int] | None = None
    rgbw_color: tuple[int, int, int, int] | None = None
    rgbww_color: tuple[int, int, int, int, int] | None = None
    xy_color: tuple[float, float] | None = None
    color_temp_kelvin: int | None = None
    effect: str | None = None

    supported_color_modes: tuple[str, ...] = ("onoff",)
    min_color_temp_kelvin: int | None = None
    max_color_temp_kelvin: int | None = None
    effect_list: tuple[str, ...] | None = None

    def shown_attributes(self) -> dict[str, Any]:
        """Return brightness, colour in its forms and effect; nothing while it is off."""
        if not self.is_on:
            return {}
        mode = self.color_mode or self._mode_in_use()
        return {"color_mode": mode, **self._given(("brightness", "effect")), **self._color(mode)}

    def _mode_in_use(self) -> str:
        for mode in ("rgbww", "rgbw", "rgb", "hs", "xy"):
            if getattr(self, f"{mode}_color") is not None:
                return mode
        if self.color_temp_kelvin is not None:
            return "color_temp"
        colors = [mode for mode in self.supported_color_modes or () if mode not in ("onoff", "brightness")]
        if colors:  # it has some, and has said none
            return colors[0] if len(colors) == 1 else "unknown"
        return "onoff" if self.brightness is None else "brightness"

    def _color(self, mode: str) -> dict[str, Any]:
        """Return the colour of ``mode`` in the forms that clients and rules ask for."""
        if mode == "color_temp" and self.color_temp_kelvin is not None:
            return {"color_temp_kelvin": self.color_temp_kelvin, **_forms(kelvin_to_rgb(self.color_temp_kelvin))}
        if mode == "hs" and self.hs_color is not None:
            return {**_forms(hs_to_rgb(*self.hs_color)), "hs_color": self.hs_color}
        if mode == "xy" and self.xy_color is not None:
            return {**_forms(xy_to_rgb(*self.xy_color)), "xy_color": self.xy_color}
        if mode == "rgb" and self.rgb_color is not None:
            return _forms(self.rgb_color)
        return self._given(("rgbw_color",) if mode == "rgbw" else ("rgbww_color",) if mode == "rgbww" else ())


def _forms(rgb: tuple[int, int, int]) -> dict[str, Any]:
    return {"rgb_color": rgb, "hs_color": rgb_to_hs(*rgb), "xy_color": rgb_to_xy(*rgb)}
