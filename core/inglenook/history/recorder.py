"""``recorder.…``: what rules do to the past that the home keeps."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import between, boolean, ensure_list, integer, slug, string
from inglenook.errors import InvalidServiceData
from inglenook.history.memory import MemoryHistory
from inglenook.home import Home
from inglenook.model import NO_TARGET, ServiceCall

DOMAIN: Final = "recorder"
_DAY_S: Final = 86_400.0

_DAYS: Final = between(integer, 0)
_PURGE: Final = vol.Schema({"keep_days": _DAYS, "repack": boolean, "apply_filter": boolean})
_ENTITIES: Final = vol.Schema(
    {
        "domains": vol.All(ensure_list, [slug]),
        "entity_globs": vol.All(ensure_list, [string]),
        vol.Optional("keep_days", default=0): _DAYS,
    }
)
_NOTHING: Final = vol.Schema({})


def register_recorder(home: Home, history: MemoryHistory) -> None:
    """Offer the services that act on ``history``."""

    def offer(
        name: str, handler: Callable[[ServiceCall], None], schema: vol.Schema, *, has_target: bool = False
    ) -> None:
        fields = {str(key): _field(str(key)) for key in schema.schema}
        home.services.register(DOMAIN, name, handler, schema, fields=fields, has_target=has_target)

    offer("enable", lambda _: history.start(), _NOTHING)
    offer("disable", lambda _: history.stop(), _NOTHING)
    offer("purge", partial(_purge, home, history), _PURGE)
    offer("purge_entities", partial(_purge_entities, home, history), _ENTITIES, has_target=True)


def _purge(home: Home, history: MemoryHistory, call: ServiceCall) -> None:
    """Forget what is older than so many days; without their number, than what the home is told to keep."""
    days = call.data.get("keep_days")
    history.forget(home.clock.now() - (history.keep_s if days is None else days * _DAY_S))


def _purge_entities(home: Home, history: MemoryHistory, call: ServiceCall) -> None:
    """Forget the states of some entities.

    Raises:
        InvalidServiceData: none are named.
    """
    ids = set(home.registry.resolve(call.target))
    domains, globs = call.data.get("domains", ()), call.data.get("entity_globs", ())
    if call.target == NO_TARGET and not (domains or globs):
        raise InvalidServiceData(f"{DOMAIN}.purge_entities: expected entity_id, domains or entity_globs")

    def is_meant(entity_id: str) -> bool:
        is_named = entity_id in ids or entity_id.partition(".")[0] in domains
        return is_named or any(fnmatchcase(entity_id, glob) for glob in globs)

    history.forget(home.clock.now() - call.data["keep_days"] * _DAY_S, is_meant)


def _field(name: str) -> dict[str, Any]:
    selectors: dict[str, dict[str, Any]] = {
        "keep_days": {"number": {"min": 0, "max": 365, "unit_of_measurement": "days"}},
        "repack": {"boolean": {}},
        "apply_filter": {"boolean": {}},
    }
    return {"required": False, "selector": selectors.get(name, {"object": {}})}
