"""Colours: between red-green-blue, hue-saturation, the CIE 1931 plane and the temperature of white.

Red, green, blue and white are 0 to 255, hue 0 to 360 degrees, saturation 0 to 100 %, x and y 0 to 1, temperature in
kelvin. What is converted is the hue; how bright a light is stands beside its colour. The plane is that of wide-gamut
bulbs with a D65 white.
"""

import colorsys
import math
from collections.abc import Sequence
from typing import Final

Rgb = tuple[int, int, int]
Pair = tuple[float, float]

_RGB_TO_XYZ: Final = (
    (0.664511, 0.154324, 0.162028),
    (0.283881, 0.668433, 0.047685),
    (0.000088, 0.072310, 0.986039),
)
_XYZ_TO_RGB: Final = (
    (1.656492, -0.354851, -0.255038),
    (-0.707196, 1.655397, 0.036152),
    (0.051713, -0.121364, 1.011530),
)
_LOWEST_KELVIN: Final = 1000.0  # the fit of black-body colours holds between these
_HIGHEST_KELVIN: Final = 40000.0


def hs_to_rgb(hue: float, saturation: float) -> Rgb:
    """Return the colour at full brightness."""
    red, green, blue = colorsys.hsv_to_rgb(hue / 360, saturation / 100, 1.0)
    return round(red * 255), round(green * 255), round(blue * 255)


def rgb_to_hs(red: float, green: float, blue: float) -> Pair:
    """Return hue and saturation, to three digits."""
    hue, saturation, _ = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    return round(hue * 360, 3), round(saturation * 100, 3)


def rgb_to_xy(red: float, green: float, blue: float) -> Pair:
    """Return the point of the plane, to three digits; black is (0, 0)."""
    linear = [_linear(part / 255) for part in (red, green, blue)]
    x, y, z = (_dot(row, linear) for row in _RGB_TO_XYZ)
    total = x + y + z
    return (round(x / total, 3), round(y / total, 3)) if total else (0.0, 0.0)


def xy_to_rgb(x: float, y: float) -> Rgb:
    """Return the colour at full brightness; what no lamp can show is moved to the nearest that one can."""
    y = max(y, 1e-11)
    linear = [max(0.0, _dot(row, (x / y, 1.0, (1 - x - y) / y))) for row in _XYZ_TO_RGB]
    parts = [_companded(part) for part in linear]
    brightest = max(parts) or 1.0
    red, green, blue = (int(part / brightest * 255) for part in parts)
    return red, green, blue


def kelvin_to_rgb(kelvin: float) -> Rgb:
    """Return the colour of a black body, by Tanner Helland's fit; exact to a few steps from 1,000 to 40,000 K."""
    heat = max(_LOWEST_KELVIN, min(_HIGHEST_KELVIN, kelvin)) / 100
    if heat > 66:
        red = 329.698727446 * (heat - 60) ** -0.1332047592
        green = 288.1221695283 * (heat - 60) ** -0.0755148492
        return _byte(red), _byte(green), 255
    green = 99.4708025861 * math.log(heat) - 161.1195681661
    blue = 138.5177312231 * math.log(heat - 10) - 305.0447927307 if heat > 19 else 0.0
    return 255, _byte(green), _byte(blue)


def xy_to_kelvin(x: float, y: float) -> int:
    """Return the temperature of the white nearest to a point of the plane, by McCamy's formula."""
    n = (x - 0.3320) / ((0.1858 - y) or 1e-9)
    return int(437 * n**3 + 3601 * n**2 + 6861 * n + 5517)


def rgb_to_rgbw(red: int, green: int, blue: int) -> tuple[int, int, int, int]:
    """Return the colour with what its three parts have in common moved to a white one."""
    white = min(red, green, blue)
    red, green, blue, white = _scaled((red, green, blue), (red - white, green - white, blue - white, white))
    return red, green, blue, white


def rgbw_to_rgb(red: int, green: int, blue: int, white: int) -> Rgb:
    """Return the colour without a white part."""
    red, green, blue = _scaled((red, green, blue, white), (red + white, green + white, blue + white))
    return red, green, blue


def rgb_to_rgbww(red: int, green: int, blue: int) -> tuple[int, int, int, int, int]:
    """Return the colour with its white shared evenly between the cold and the warm white."""
    red, green, blue, white = rgb_to_rgbw(red, green, blue)
    return red, green, blue, white, white


def rgbww_to_rgb(red: int, green: int, blue: int, cold: int, warm: int) -> Rgb:
    """Return the colour without its white parts."""
    return rgbw_to_rgb(red, green, blue, max(cold, warm))


def mireds_to_kelvin(mireds: float) -> int:
    """Return the temperature of a white given in mireds (a million divided by kelvin)."""
    return math.floor(1_000_000 / mireds)


def _scaled(before: Sequence[float], after: Sequence[float]) -> list[int]:
    """Return ``after`` scaled so that its brightest part is as bright as that of ``before``."""
    factor = max(before) / (max(after) or 1)
    return [round(part * factor) for part in after]


def _linear(part: float) -> float:
    return ((part + 0.055) / 1.055) ** 2.4 if part > 0.04045 else part / 12.92


def _companded(part: float) -> float:
    return 1.055 * part ** (1 / 2.4) - 0.055 if part > 0.0031308 else part * 12.92


def _dot(row: Sequence[float], column: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(row, column, strict=True))


def _byte(value: float) -> int:
    return max(0, min(255, round(value)))
