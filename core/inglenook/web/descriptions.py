"""What clients are told of the home itself: its configuration, its services."""

from typing import Any, Final

from inglenook.home import Home
from inglenook.version import HA_VERSION, __version__
from inglenook.web.service_fields import entity_domains, form_of

_METRIC: Final = {
    "length": "km", "accumulated_precipitation": "mm", "area": "m²", "mass": "g", "pressure": "Pa", "temperature": "°C",
    "volume": "L", "wind_speed": "m/s",
}  # fmt: skip
_US: Final = {
    "length": "mi", "accumulated_precipitation": "in", "area": "ft²", "mass": "lb", "pressure": "psi",
    "temperature": "°F", "volume": "gal", "wind_speed": "mph",
}  # fmt: skip
_ALWAYS: Final = frozenset(
    {
        "api", "auth", "automation", "config", "energy", "frontend", "history", "homeassistant", "http", "logbook",
        "lovelace", "map", "recorder", "script", "tag", "websocket_api",
    }
)  # fmt: skip


def config_of(home: Home, run_state: str) -> dict[str, Any]:
    """Return the configuration of ``home`` as clients read it; ``run_state`` like ``RUNNING``."""
    settings = home.settings
    return {
        "allowlist_external_dirs": [],
        "allowlist_external_urls": [],
        "components": components_of(home),
        "config_dir": str(settings.config_dir),
        "config_source": "yaml" if settings.written else "storage",
        "country": settings.country,
        "currency": settings.currency,
        "debug": False,
        "elevation": round(settings.elevation),
        "external_url": settings.external_url,
        "inglenook_version": __version__,
        "internal_url": settings.internal_url,
        "language": settings.language,
        "latitude": settings.latitude,
        "location_name": settings.name,
        "logging": {"log_file_disabled_reason": None},
        "longitude": settings.longitude,
        "radius": round(settings.radius),
        "recovery_mode": False,
        "safe_mode": False,
        "state": run_state,
        "time_zone": settings.time_zone,
        "unit_system": _US if settings.unit_system == "us_customary" else _METRIC,
        "version": HA_VERSION,
        "whitelist_external_dirs": [],
    }


def components_of(home: Home) -> list[str]:
    """Return what the home has, in the words of clients: domains, and ``platform.domain`` of its entities."""
    domains = {service.domain for service in home.services.all()} | set(home.states.domains())
    platforms = {entry.platform for entry in home.registry.entities}
    both = {f"{entry.platform}.{entry.domain}" for entry in home.registry.entities}
    return sorted(_ALWAYS | domains | platforms | both)


def services_of(home: Home) -> dict[str, dict[str, Any]]:
    """Return every service by domain and name, with its fields, its target and whether it answers."""
    found: dict[str, dict[str, Any]] = {}
    domains = entity_domains(home)
    for service in home.services.all():
        found.setdefault(service.domain, {})[service.name] = form_of(service, domains)
    return found
