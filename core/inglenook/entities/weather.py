"""Weather: what it is like outside, and what is to come."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, Final

from inglenook.entities.domain import Domain, DomainService, Prepared
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import choice
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError


class WeatherFeature(IntFlag):
    """Which forecasts there are; bits as everywhere in the field."""

    FORECAST_DAILY = 1
    FORECAST_HOURLY = 2
    FORECAST_TWICE_DAILY = 4


class Weather(DomainEntity):
    """The weather of a place. One with forecasts sets ``supported_features`` and writes ``get_forecasts(type)``.

    That returns ``{"forecast": [...]}``, each with ``datetime``, ``condition``, ``temperature`` and more.

    Attributes:
        condition: the state, like ``sunny``, ``cloudy`` or ``rainy``.
        temperature_unit: of its temperatures, as ``pressure_unit`` and the like are of the other values.
    """

    domain = "weather"
    SHOWN = (
        "temperature", "apparent_temperature", "dew_point", "humidity", "ozone", "cloud_coverage", "uv_index",
        "pressure", "visibility", "wind_bearing", "wind_gust_speed", "wind_speed", "attribution",
    )  # fmt: skip
    DESCRIBED = ("temperature_unit", "pressure_unit", "wind_speed_unit", "visibility_unit", "precipitation_unit")

    condition: str | None = None
    temperature: float | None = None
    apparent_temperature: float | None = None
    dew_point: float | None = None
    humidity: float | None = None
    ozone: float | None = None
    cloud_coverage: float | None = None
    uv_index: float | None = None
    pressure: float | None = None
    visibility: float | None = None
    wind_bearing: float | str | None = None
    wind_gust_speed: float | None = None
    wind_speed: float | None = None
    attribution: str | None = None
    temperature_unit: str = "°C"
    pressure_unit: str = "hPa"
    wind_speed_unit: str = "km/h"
    visibility_unit: str = "km"
    precipitation_unit: str = "mm"

    def shown_state(self) -> StateValue:
        """Return ``condition``."""
        return self.condition


_FORECASTS: Final = {
    "daily": WeatherFeature.FORECAST_DAILY,
    "hourly": WeatherFeature.FORECAST_HOURLY,
    "twice_daily": WeatherFeature.FORECAST_TWICE_DAILY,
}


def _get_forecasts(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    features = entity.supported_features
    if features and not features & _FORECASTS[data["type"]]:
        raise ServiceValidationError(f"{entity.entity_id} has no {data['type']} forecast")
    return "get_forecasts", data


WEATHER: Final = Domain(
    "weather",
    Weather,
    (
        DomainService(
            "get_forecasts",
            "Answer with a forecast.",
            (choice("type", tuple(_FORECASTS), "Of each day, hour or half day.", required=True),),
            features=tuple(_FORECASTS.values()),
            prepare=_get_forecasts,
            supports_response="only",
        ),
    ),
)
