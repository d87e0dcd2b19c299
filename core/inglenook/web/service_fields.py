"""How clients draw the form of a service: its fields, each with a selector, and what it can be aimed at."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import boolean, entity_id, entity_ids, float_, integer, positive_duration, string, text
from inglenook.entities import ALL
from inglenook.home import Home
from inglenook.services import Service

_DOMAINS: Final = frozenset(domain.name for domain in ALL)
_FOR_ANY: Final = frozenset({"turn_on", "turn_off", "toggle", "update_entity"})
_HOME: Final = "homeassistant"
_NUMBER: Final = {"number": {"mode": "box", "step": "any"}}
_SELECTORS: Final[dict[Any, dict[str, Any]]] = {
    bool: {"boolean": {}}, boolean: {"boolean": {}},
    entity_id: {"entity": {}}, entity_ids: {"entity": {"multiple": True}},
    float: _NUMBER, float_: _NUMBER, int: _NUMBER, integer: _NUMBER, positive_duration: {"duration": {}},
    str: {"text": {}}, string: {"text": {}}, text: {"text": {}},
}  # fmt: skip
_ANYTHING: Final[dict[str, Any]] = {"object": {}}


def entity_domains(home: Home) -> frozenset[str]:
    """Return the domains that entities of ``home`` have or may have."""
    return _DOMAINS.union(home.states.domains())


def form_of(service: Service, domains: Set[str]) -> dict[str, Any]:
    """Return the ``fields`` of a service, its ``target`` if it has one, and its ``response`` if it gives any.

    A service that names no fields has those of its schema. ``domains`` are those of entities.
    """
    described: dict[str, Any] = {"fields": dict(service.fields or _fields_of(service.schema))}
    if service.has_target and service.name != "reload":
        if service.domain in domains:
            described["target"] = {"entity": [{"domain": [service.domain]}]}
        elif service.domain == _HOME and service.name in _FOR_ANY:
            described["target"] = {"entity": [{}]}
    if service.supports_response != "none":
        described["response"] = {"optional": service.supports_response == "optional"}
    return described


def _fields_of(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, validator in _keys(schema).items():
        name = str(key.schema if isinstance(key, vol.Marker) else key)
        field: dict[str, Any] = {"required": isinstance(key, vol.Required), "selector": _selector(validator)}
        if isinstance(key, vol.Optional) and not isinstance(key.default, vol.Undefined):
            default = key.default()
            if isinstance(default, str | int | float) and default != "":
                field["default"] = default
        yield name, field


def _keys(schema: Any) -> Mapping[Any, Any]:
    """Return the keys that a schema names itself; none where it is a function."""
    while isinstance(schema, vol.Schema):
        schema = schema.schema
    if isinstance(schema, vol.All):
        return next((keys for part in schema.validators if (keys := _keys(part))), {})
    if not isinstance(schema, dict):
        return {}
    return {key: value for key, value in schema.items() if isinstance(key, str | vol.Marker) and _is_name(key)}


def _is_name(key: str | vol.Marker) -> bool:
    return isinstance(key, str) or isinstance(key.schema, str)


def _selector(validator: Any) -> dict[str, Any]:
    if isinstance(validator, vol.In):
        options = validator.container if isinstance(validator.container, Iterable) else ()
        return {"select": {"options": [str(one) for one in options]}}
    if isinstance(validator, vol.All):
        found = (_selector(part) for part in validator.validators)
        return next((selector for selector in found if selector is not _ANYTHING), _ANYTHING)
    try:
        return _SELECTORS.get(validator, _ANYTHING)
    except TypeError:  # a list or a mapping
        return _ANYTHING
