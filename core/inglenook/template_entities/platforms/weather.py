"""Template weather entities."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Final

import voluptuous as vol

from inglenook.config.values import one_of
from inglenook.entities import Weather, WeatherFeature
from inglenook.rules.shape import template
from inglenook.template_entities.fields import Field, FieldEntity, choice, number
from inglenook.template_entities.grammar import Platform
from inglenook.template_entities.results import Results

CONDITIONS: Final = (
    "clear-night", "cloudy", "exceptional", "fog", "hail", "lightning", "lightning-rainy", "partlycloudy", "pouring",
    "rainy", "snowy", "snowy-rainy", "sunny", "windy", "windy-variant",
)  # fmt: skip
_NUMBERS: Final = (
    "temperature", "apparent_temperature", "dew_point", "ozone", "uv_index", "pressure", "visibility",
    "wind_gust_speed", "wind_speed",
)  # fmt: skip
_REQUIRED: Final = ("condition", "temperature", "humidity")
_LENGTHS: Final = ("km", "mi", "ft", "m", "cm", "mm", "in", "yd")
_UNITS: Final[Mapping[str, tuple[tuple[str, ...], str, str]]] = {  # which there are, the metric and the other default
    "temperature_unit": (("°C", "°F", "K"), "°C", "°F"),
    "pressure_unit": (("Pa", "hPa", "kPa", "bar", "cbar", "mbar", "mmHg", "inHg", "psi"), "hPa", "inHg"),
    "wind_speed_unit": (
        ("m/s", "km/h", "mph", "ft/s", "kn", "Beaufort", "mm/d", "in/d", "in/h", "mm/h"), "km/h", "mph",
    ),
    "visibility_unit": (_LENGTHS, "km", "mi"),
    "precipitation_unit": (_LENGTHS, "mm", "in"),
}  # fmt: skip
_FORECASTS: Final = {
    "forecast_daily": WeatherFeature.FORECAST_DAILY,
    "forecast_hourly": WeatherFeature.FORECAST_HOURLY,
    "forecast_twice_daily": WeatherFeature.FORECAST_TWICE_DAILY,
}


def _bearing(result: Any) -> float | str:
    """Return where the wind comes from, in degrees or as a point of the compass."""
    return str(result) if isinstance(result, str) else number(0, 360)(result)


def _forecast(result: Any) -> list[dict[str, Any]]:
    """Return a forecast: mappings of values, each with the time it is for."""
    if isinstance(result, Mapping) and "forecast" in result:  # as a service answers
        result = result["forecast"]
    if not isinstance(result, list | tuple) or not all(isinstance(one, Mapping) for one in result):
        raise ValueError("expected a list of mappings")
    found = [dict(one) for one in result]
    for one in found:
        if "datetime" not in one:
            raise ValueError("expected a datetime in each part of the forecast")
        if isinstance(one["datetime"], datetime):
            one["datetime"] = one["datetime"].isoformat()
    return found


def _half_days(result: Any) -> list[dict[str, Any]]:
    found = _forecast(result)
    if not all("is_daytime" in one for one in found):
        raise ValueError("expected is_daytime in each part of a forecast of half days")
    return found


class TemplateWeather(FieldEntity, Weather):
    """The weather, as templates give it, in the units that it names."""

    FIELDS: ClassVar[Mapping[str, Field]] = {
        "condition": Field("condition", choice(*CONDITIONS)),
        **{name: Field(name, number()) for name in _NUMBERS},
        "humidity": Field("humidity", number(0, 100)),
        "cloud_coverage": Field("cloud_coverage", number(0, 100)),
        "wind_bearing": Field("wind_bearing", _bearing),
        "attribution": Field("attribution", str),
    }
    TEMPLATES = (*FIELDS, *_FORECASTS)
    STATE = "condition"

    forecasts: Mapping[str, list[dict[str, Any]] | None] = MappingProxyType({})

    def describe(self) -> None:
        """Say the units, and which forecasts there are."""
        is_metric = self.workshop.home.settings.unit_system == "metric"
        for name, (_, metric, other) in _UNITS.items():
            setattr(self, name, self.config.get(name, metric if is_metric else other))
        super().describe()
        for key, bit in _FORECASTS.items():
            self.supported_features |= bit if key in self.config else 0

    def apply(self, found: Results) -> None:
        """Take the weather of now, and keep what is to come."""
        super().apply(found)
        for key in found.values.keys() & _FORECASTS:
            convert = _half_days if key == "forecast_twice_daily" else _forecast
            self.forecasts = {**self.forecasts, key: self.value_of(key, convert, found.get(key))}

    def get_forecasts(self, type: str) -> dict[str, Any]:  # noqa: A002 - the service's word
        """Return the forecast of a type, ``daily``, ``hourly`` or ``twice_daily``, as ``{"forecast": [...]}``."""
        return {"forecast": self.forecasts.get(f"forecast_{type}") or []}


def _spelled() -> dict[str, str]:
    """Return the older spellings: ``temperature_template`` and the like."""
    return {f"{key}_template": key for key in TemplateWeather.TEMPLATES}


WEATHER: Final = Platform(
    TemplateWeather,
    {
        **{vol.Required(name): template for name in _REQUIRED},
        **{name: template for name in TemplateWeather.TEMPLATES if name not in _REQUIRED},
        **{name: one_of(*units) for name, (units, _, _) in _UNITS.items()},
    },
    spelled=_spelled(),
)
