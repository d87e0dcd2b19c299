"""The quick schemas of commands say the same as voluptuous."""

from typing import Any

import pytest
import voluptuous as vol

from inglenook.web.commands.fields import event_type, mapping, target, texts
from inglenook.web.commands.shapes import Shape

SCHEMA = {
    vol.Required("name"): str,
    vol.Required("kind", default="any"): vol.In(("any", "none")),
    vol.Optional("count", default=1): vol.All(int, vol.Range(min=1)),
    vol.Optional("ids"): texts,
    "on": bool,
    "options": {"deep": int},
}


@pytest.mark.parametrize(
    "given",
    [
        {"name": "a"},
        {"name": "a", "kind": "none", "count": 3, "ids": "x", "on": True, "options": {"deep": 1}},
        {},
        {"name": 1},
        {"name": "a", "kind": "other"},
        {"name": "a", "count": 0},
        {"name": "a", "count": "1"},
        {"name": "a", "ids": 7},
        {"name": "a", "on": 1},
        {"name": "a", "options": {"deep": "1"}},
        {"name": "a", "options": {"more": 1}},
        {"name": "a", "more": 1},
        [],
        None,
    ],
)
def test_what_fits_and_what_is_wrong_are_as_voluptuous_says(given: Any) -> None:
    def outcome(schema: Any) -> Any:
        try:
            return schema(given)
        except vol.Invalid as error:
            return str(error)

    assert outcome(Shape(SCHEMA)) == outcome(vol.Schema(SCHEMA))


def test_defaults_are_made_anew_each_time() -> None:
    shape = Shape({vol.Optional("data", default=dict): dict})

    assert shape({})["data"] is not shape({})["data"]


def test_what_a_service_acts_on_becomes_lists() -> None:
    assert target({"entity_id": "light.a", "area_id": None, "device_id": ["d"]}) == {
        "entity_id": ["light.a"],
        "device_id": ["d"],
    }
    assert target(None) == mapping(None) == {}
    wrong: Any
    for wrong in ({"entity": "light.a"}, {"entity_id": 7}, []):
        with pytest.raises(vol.Invalid):
            target(wrong)
    for name in ("", "x" * 65, None):
        with pytest.raises(vol.Invalid, match="1 to 64"):
            event_type(name)
