"""The forms of services: their own fields, or those of their schema; what they can be aimed at."""

from typing import Any

import voluptuous as vol

from inglenook.clock import VirtualClock
from inglenook.config.values import between, boolean, float_, positive_duration, string
from inglenook.entities import register_domains
from inglenook.home import Home
from inglenook.model import ServiceCall
from inglenook.services import Service
from inglenook.web.descriptions import services_of
from inglenook.web.service_fields import form_of


def nothing(call: ServiceCall) -> None:
    del call


def fields(schema: Any) -> dict[str, Any]:
    found: dict[str, Any] = form_of(Service("test", "do", nothing, schema), frozenset())["fields"]
    return found


def test_a_service_without_fields_has_those_of_its_schema() -> None:
    schema = vol.Schema(
        {
            vol.Required("message"): string,
            vol.Optional("mode", default="light"): vol.In(("light", "dark")),
            vol.Optional("all", default=False): boolean,
            "duration": positive_duration,
            "value": vol.All(float_, vol.Range(min=0)),
            "place": between(float_, -90, 90),
            "data": {str: object},
            str: object,
        }
    )

    assert fields(schema) == {
        "message": {"required": True, "selector": {"text": {}}},
        "mode": {"required": False, "selector": {"select": {"options": ["light", "dark"]}}, "default": "light"},
        "all": {"required": False, "selector": {"boolean": {}}, "default": False},
        "duration": {"required": False, "selector": {"duration": {}}},
        "value": {"required": False, "selector": {"number": {"mode": "box", "step": "any"}}},
        "place": {"required": False, "selector": {"object": {}}},
        "data": {"required": False, "selector": {"object": {}}},
    }


def test_a_schema_that_is_a_function_names_no_fields() -> None:
    assert fields(None) == {}
    assert fields(vol.Schema(string)) == {}
    assert fields(vol.All(vol.Schema({"x": str}), dict)) == {"x": {"required": False, "selector": {"text": {}}}}


async def test_services_of_entities_can_be_aimed_before_the_first_entity_comes(home: Home) -> None:
    assert isinstance(home.clock, VirtualClock)
    register_domains(home)
    home.services.register("homeassistant", "toggle", nothing)
    home.services.register("homeassistant", "restart", nothing)
    home.services.register("notify", "phone", nothing, has_target=False)

    found = services_of(home)

    assert found["light"]["turn_on"]["target"] == {"entity": [{"domain": ["light"]}]}
    assert found["homeassistant"]["toggle"]["target"] == {"entity": [{}]}
    assert "target" not in found["homeassistant"]["restart"]
    assert "target" not in found["notify"]["phone"]
