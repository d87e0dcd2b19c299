"""The services of lights: what a call wishes, turned into what one particular light can do."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import between, float_, integer, string
from inglenook.entities import color
from inglenook.entities.color_names import rgb_of_name
from inglenook.entities.domain import Domain, DomainService, Field, Prepared, known
from inglenook.entities.fields import choice, clamped, numbers, real, word
from inglenook.entities.light import Light, LightFeature
from inglenook.entities.toggle import is_on
from inglenook.entity import Entity

_byte: Final = between(integer, 0, 255)
_part: Final = between(float_, 0, 1)

# The profiles that Home Assistant ships: point of the plane and brightness.
_PROFILES: Final = {
    "relax": ((0.5119, 0.4147), 144),
    "concentrate": ((0.5119, 0.4147), 219),
    "energize": ((0.368, 0.3686), 203),
    "reading": ((0.4448, 0.4066), 240),
}
_COLOR_FORMS: Final = {  # the key of a colour and the mode that shows it, best first
    "hs_color": "hs",
    "rgb_color": "rgb",
    "rgbw_color": "rgbw",
    "rgbww_color": "rgbww",
    "xy_color": "xy",
    "color_temp_kelvin": "color_temp",
}
_FEATURE_OF: Final = {
    "transition": LightFeature.TRANSITION,
    "effect": LightFeature.EFFECT,
    "flash": LightFeature.FLASH,
}
_STEPS: Final = frozenset({"brightness_step", "brightness_step_pct"})
_EVERY_DIMMER_TAKES: Final = frozenset({"brightness"})
_WHEN_TURNED_OFF: Final = ("transition", "flash")


# -- fields -----------------------------------------------------------------------------------------------------------


def _color_name(value: Any) -> str:
    name = string(value)
    if rgb_of_name(name) is None:
        raise vol.Invalid(f"expected the CSS name of a colour, got {name!r}")
    return name


def _white(value: Any) -> Any:
    """Return True (as bright as it is) or the brightness of the white."""
    return True if value is True else _byte(value)


def _color(name: str, validate: Any, description: str, selector: str = "object") -> Field:
    return Field(name, validate, {selector: {}}, description, group="color")


_TRANSITION: Final = clamped("transition", float_, 0, 6553, "How long the change takes.", unit="s")
_FLASH: Final = choice("flash", ("short", "long"), "Flash, shortly or for long.")
_PLAIN_FIELDS: Final = (
    _TRANSITION,
    _FLASH,
    word("effect", "One of the light's effects."),
    clamped("brightness", integer, 0, 255, "How bright; 0 turns it off.", group="brightness"),
    real("brightness_pct", 0, 100, "How bright, in per cent.", unit="%", group="brightness"),
    _color("rgb_color", numbers(*[_byte] * 3), "Red, green and blue, each 0 to 255.", "color_rgb"),
    _color("rgbw_color", numbers(*[_byte] * 4), "Red, green, blue and white, each 0 to 255."),
    _color("rgbww_color", numbers(*[_byte] * 5), "Red, green, blue, cold and warm white, each 0 to 255."),
    _color(
        "hs_color", numbers(between(float_, 0, 360), between(float_, 0, 100)), "Hue (0 to 360), saturation (0 to 100)."
    ),
    _color("xy_color", numbers(_part, _part), "Point of the CIE 1931 plane, x and y each 0 to 1."),
    _color("color_name", _color_name, "Name of a colour, as in CSS.", "text"),
    _color("color_temp_kelvin", between(integer, 1), "Temperature of a white, in kelvin.", "color_temp"),
    _color("color_temp", between(float_, 1), "Temperature of a white in mireds; Home Assistant's former way."),
    _color("kelvin", between(integer, 1), "Former name of color_temp_kelvin."),
    _color("white", _white, "White, as bright as it is (true) or as bright as 0 to 255."),
    _color("profile", vol.In(_PROFILES, f"expected one of {', '.join(_PROFILES)}"), "A ready-made white.", "text"),
)
_STEP_FIELDS: Final = (
    clamped("brightness_step", integer, -255, 255, "By how much to brighten.", group="brightness"),
    clamped("brightness_step_pct", float_, -100, 100, "By how much, in per cent.", unit="%", group="brightness"),
)


def _in_plain_terms(data: dict[str, Any]) -> dict[str, Any]:
    """Say each thing in one way: ``brightness`` 0 to 255, colours as numbers, white in kelvin."""
    if "profile" in data:
        data["xy_color"], level = _PROFILES[data.pop("profile")]
        if _STEPS.isdisjoint(data) and "brightness_pct" not in data:
            data.setdefault("brightness", level)
    if "brightness_pct" in data:
        data["brightness"] = round(255 * data.pop("brightness_pct") / 100)
    if "color_name" in data:
        data["rgb_color"] = rgb_of_name(data.pop("color_name"))
    if "color_temp" in data:
        data["color_temp_kelvin"] = color.mireds_to_kelvin(data.pop("color_temp"))
    if "kelvin" in data:
        data["color_temp_kelvin"] = data.pop("kelvin")
    return data


# -- what a light gets ------------------------------------------------------------------------------------------------


def _turn_on(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    if not data:
        return "turn_on", data
    modes = entity.capabilities.get("supported_color_modes") or known(entity, "supported_color_modes")
    wanted = data if _STEPS.isdisjoint(data) else _stepped(entity, data)
    if modes is not None and ("onoff" in modes or not wanted.keys() <= _EVERY_DIMMER_TAKES):
        wanted = _possible(entity, dict(wanted), modes)
    if wanted.get("brightness") == 0 or ("white" in wanted and wanted["white"] == 0):
        return _turn_off(entity, wanted)
    return "turn_on", wanted


def _turn_off(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    if not data:
        return "turn_off", data
    kept = {name: data[name] for name in _WHEN_TURNED_OFF if name in data}
    return "turn_off", kept if known(entity, "supported_color_modes") is None else _with_features(entity, kept)


def _toggle(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    return _turn_off(entity, data) if is_on(entity) else _turn_on(entity, data)


def _stepped(entity: Entity, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``data`` with the brightness that the step leads to, from where the light is now; 0 when it is off."""
    rest = {name: value for name, value in data.items() if name not in _STEPS}
    now: int = (entity.attributes.get("brightness") or 0) if is_on(entity) else 0
    if "brightness_step" in data:
        level = now + data["brightness_step"]
    else:
        level = round((round(now / 255 * 100) + data["brightness_step_pct"]) / 100 * 255)
    return {**rest, "brightness": max(0, min(255, level))}


def _possible(entity: Entity, wanted: dict[str, Any], modes: Sequence[str]) -> dict[str, Any]:
    """Return what a light of these colour ``modes`` can do of it: the colour in a form it has, the rest left out."""
    wanted = _with_features(entity, wanted)
    if set(modes) <= {"onoff"} and wanted.get("brightness"):
        del wanted["brightness"]
    if "white" in wanted:
        white = wanted.pop("white")
        if "white" in modes:
            wanted["white"] = (entity.attributes.get("brightness") or 255) if white is True else white
    for form, mode in _COLOR_FORMS.items():
        if form in wanted and mode not in modes:
            wanted.update(_converted(form, wanted.pop(form), entity, modes))
            break
    return wanted


def _with_features(entity: Entity, wanted: dict[str, Any]) -> dict[str, Any]:
    features = entity.supported_features
    return {k: v for k, v in wanted.items() if k not in _FEATURE_OF or features & _FEATURE_OF[k]}


def _converted(form: str, value: Any, entity: Entity, modes: Sequence[str]) -> dict[str, Any]:
    """Return the colour ``value``, given as ``form``, in the best form that a light of ``modes`` has, if any."""
    rgb = _as_rgb(form, value)
    for other, mode in _COLOR_FORMS.items():
        if mode in modes:
            return {other: _from_rgb(other, rgb, entity)}
    return {}


def _as_rgb(form: str, value: Any) -> color.Rgb:
    match form:
        case "hs_color":
            return color.hs_to_rgb(*value)
        case "xy_color":
            return color.xy_to_rgb(*value)
        case "rgbw_color":
            return color.rgbw_to_rgb(*value)
        case "rgbww_color":
            return color.rgbww_to_rgb(*value)
        case "color_temp_kelvin":
            return color.kelvin_to_rgb(value)
    red, green, blue = value
    return red, green, blue


def _from_rgb(form: str, rgb: color.Rgb, entity: Entity) -> Any:
    match form:
        case "hs_color":
            return color.rgb_to_hs(*rgb)
        case "xy_color":
            return color.rgb_to_xy(*rgb)
        case "rgbw_color":
            return color.rgb_to_rgbw(*rgb)
        case "rgbww_color":
            return color.rgb_to_rgbww(*rgb)
        case "color_temp_kelvin":
            kelvin = color.xy_to_kelvin(*color.rgb_to_xy(*rgb))
            low, high = known(entity, "min_color_temp_kelvin") or 2000, known(entity, "max_color_temp_kelvin") or 6535
            return max(low, min(high, kelvin))
    return rgb


LIGHT: Final = Domain(
    "light",
    Light,
    (
        DomainService(
            "turn_on",
            "Turn the light on, or change how it shines.",
            (*_PLAIN_FIELDS, *_STEP_FIELDS),
            check=_in_plain_terms,
            prepare=_turn_on,
        ),
        DomainService("turn_off", "Turn the light off.", (_TRANSITION, _FLASH), prepare=_turn_off),
        DomainService(
            "toggle", "Turn it off if it is on, else on.", _PLAIN_FIELDS, check=_in_plain_terms, prepare=_toggle
        ),
    ),
)
