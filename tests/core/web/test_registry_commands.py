"""Commands about the registries: what is changed takes effect on the entity, and others hear of it."""

from typing import Any

import pytest

from inglenook.entity import Entity
from inglenook.testing.gateway import Gateway

from .clients import client_of_a_home


class Lamp(Entity):
    """A light that is on."""

    domain = "light"
    state = True
    unique_id = "1"
    name = "Lamp"


def lamp(gateway: Gateway, **fields: Any) -> Lamp:
    made = Lamp()
    for name, value in fields.items():
        setattr(made, name, value)
    gateway.home.entities.add(made, "test")
    return made


async def test_an_entity_is_listed_in_the_shape_that_clients_know() -> None:
    async with client_of_a_home() as (gateway, client):
        lamp(gateway, icon="mdi:lamp", device_class="spot")

        (entry,) = await client.result("config/entity_registry/list")
        whole = await client.result("config/entity_registry/get", entity_id="light.lamp")
        by_id = await client.result("config/entity_registry/get", entity_id=entry["id"])
        several = await client.result("config/entity_registry/get_entries", entity_ids=["light.lamp", "light.no"])

        assert len(entry.pop("id")) == 32
        assert entry.pop("created_at") == entry.pop("modified_at") == pytest.approx(gateway.home.clock.now(), abs=60)
        assert entry == {
            "area_id": None, "categories": {}, "config_entry_id": None, "config_subentry_id": None, "device_id": None,
            "disabled_by": None, "entity_category": None, "entity_id": "light.lamp", "has_entity_name": False,
            "hidden_by": None, "icon": None, "labels": [], "name": None, "next_name_part": None, "options": {},
            "original_name": "Lamp", "platform": "test", "translation_key": None, "unique_id": "1",
        }  # fmt: skip
        assert (whole["aliases"], whole["capabilities"], whole["device_class"]) == ([], None, None)
        assert (whole["original_icon"], whole["original_device_class"]) == ("mdi:lamp", "spot")
        assert by_id == whole
        assert several == {"light.lamp": whole, "light.no": None}
        assert await client.code("config/entity_registry/get", entity_id="light.no") == "not_found"


async def test_what_a_person_changes_is_shown_by_the_entity_at_once() -> None:
    async with client_of_a_home() as (gateway, client):
        lamp(gateway)
        area = await client.result("config/area_registry/create", name="Hall")
        await client.result("subscribe_events", event_type="entity_registry_updated")

        answer = await client.result(
            "config/entity_registry/update",
            entity_id="light.lamp",
            new_entity_id="light.hall",
            name="Hall lamp",
            area_id=area["area_id"],
            aliases=[None, "lantern"],
            labels=["b", "a", "b"],
            categories={"helpers": "c", "gone": None},
            options_domain="sensor",
            options={"display_precision": 1},
        )
        event = await client.event()

        entry = await client.result("config/entity_registry/get", entity_id="light.hall")
        assert answer == {"entity_entry": entry}
        assert event["data"]["old_entity_id"] == "light.lamp"
        assert (entry["aliases"], entry["labels"], entry["categories"]) == (["lantern"], ["a", "b"], {"helpers": "c"})
        assert entry["options"] == {"sensor": {"display_precision": 1}}
        states = {state["entity_id"]: state for state in await client.result("get_states")}
        assert "light.lamp" not in states
        assert states["light.hall"]["attributes"]["friendly_name"] == "Hall lamp"
        shown = await client.result("config/entity_registry/list_for_display")
        assert shown == {
            "entity_categories": {"0": "config", "1": "diagnostic"},
            "entities": [
                {"ei": "light.hall", "pl": "test", "lb": ["a", "b"], "ai": "hall", "en": "Hall lamp", "dp": 1},
            ],
        }  # fmt: skip


async def test_an_entity_that_is_disabled_goes_and_comes_back() -> None:
    async with client_of_a_home() as (gateway, client):
        lamp(gateway)

        await client.result("config/entity_registry/update", entity_id="light.lamp", disabled_by="user")
        gone = gateway.home.states.get("light.lamp")
        shown = await client.result("config/entity_registry/list_for_display")
        await client.result("config/entity_registry/update", entity_id="light.lamp", disabled_by=None)
        back = gateway.home.states.get("light.lamp")
        await client.result("config/entity_registry/remove", entity_id="light.lamp")

        assert gone is None
        assert shown["entities"] == []
        assert back is not None
        assert back.state == "on"
        assert gateway.home.states.get("light.lamp") is None
        assert await client.result("config/entity_registry/list") == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"new_entity_id": "light.other"}, "invalid_info"),
        ({"new_entity_id": "switch.lamp"}, "invalid_info"),
        ({"new_entity_id": "light.Lamp!"}, "invalid_info"),
        ({"area_id": "no"}, "invalid_info"),
        ({"disabled_by": "me"}, "invalid_format"),
        ({"options": {}}, "invalid_format"),
        ({"entity_id": "light.no"}, "not_found"),
    ],
)
async def test_an_entity_does_not_become_what_it_cannot_be(changes: dict[str, Any], code: str) -> None:
    async with client_of_a_home() as (gateway, client):
        lamp(gateway)
        gateway.home.states.set("light.other", "on")

        given = {"entity_id": "light.lamp", "name": "new", **changes}
        assert await client.code("config/entity_registry/update", **given) == code

        entry = gateway.home.registry.entities.get("light.lamp")
        assert entry is not None
        assert entry.name is None


async def test_the_ids_that_names_would_give_leave_out_what_is_taken() -> None:
    async with client_of_a_home() as (gateway, client):
        lamp(gateway)
        lamp(gateway, unique_id="2", name="Other")
        for entity_id in ("light.lamp", "light.other"):
            await client.result("config/entity_registry/update", entity_id=entity_id, name="Hall")
        gateway.home.states.set("light.hall", "on")

        asked = ["light.lamp", "light.no"]
        found = await client.result("config/entity_registry/get_automatic_entity_ids", entity_ids=asked)

        assert found == {"light.lamp": "light.hall_2", "light.no": None}


async def test_a_device_is_named_moved_and_disabled_with_its_entities() -> None:
    async with client_of_a_home() as (gateway, client):
        device = gateway.home.registry.ensure_device("test", "d", name="Box", model="B1")
        lamp(gateway, device_id=device.id)
        await client.result("config/area_registry/create", name="Hall")

        changes = {"device_id": device.id, "name_by_user": "My box", "area_id": "hall", "labels": ["x"]}
        answer = await client.result("config/device_registry/update", **changes, disabled_by="user")
        (listed,) = await client.result("config/device_registry/list")
        wrong = await client.code("config/entity_registry/update", entity_id="light.lamp", disabled_by=None)

        assert answer == listed
        assert listed["identifiers"] == [["test", "d"]]
        assert [listed[key] for key in ("name", "name_by_user", "area_id", "labels", "model", "disabled_by")] == [
            "Box", "My box", "hall", ["x"], "B1", "user",
        ]  # fmt: skip
        assert wrong == "invalid_info"
        assert gateway.home.states.get("light.lamp") is None
        assert await client.code("config/device_registry/update", device_id="no") == "not_found"
        assert await client.code("config/device_registry/update", device_id=device.id, area_id="no") == "invalid_info"


@pytest.mark.parametrize(
    ("kind", "key", "fields"),
    [
        ("area", "area_id", {"aliases": ["a"], "icon": "mdi:a", "labels": ["l"], "temperature_entity_id": "sensor.t"}),
        ("floor", "floor_id", {"aliases": ["a"], "icon": "mdi:a", "level": -1}),
        ("label", "label_id", {"color": "red", "description": "d", "icon": "mdi:a"}),
        ("category", "category_id", {"icon": "mdi:a"}),
    ],
)
async def test_what_people_name_is_made_changed_listed_and_removed(kind: str, key: str, fields: dict[str, Any]) -> None:
    scope = {"scope": "automation"} if kind == "category" else {}
    async with client_of_a_home() as (_, client):
        path = f"config/{kind}_registry"
        await client.result("subscribe_events", event_type=f"{kind}_registry_updated")
        made = await client.result(f"{path}/create", **scope, name="One", **fields)
        ident = made[key]

        taken = await client.code(f"{path}/create", **scope, name="one")
        changed = await client.result(f"{path}/update", **scope, **{key: ident}, name="Two")
        listed = await client.result(f"{path}/list", **scope)
        gone = await client.result(f"{path}/delete", **scope, **{key: ident})

        assert made["name"] == "One"
        assert {name: made[name] for name in fields} == fields
        assert taken == "invalid_info"
        assert listed == [changed]
        assert {**changed, "modified_at": 0} == {**made, "name": "Two", "modified_at": 0}
        assert gone == ("success" if kind == "area" else None)
        assert await client.result(f"{path}/list", **scope) == []
        assert await client.code(f"{path}/update", **scope, **{key: ident}, name="Three") == "invalid_info"
        assert await client.code(f"{path}/delete", **scope, **{key: ident}) == "invalid_info"
        told = [(await client.event())["data"] for _ in range(3)]
        assert told == [{"action": action, key: ident, **scope} for action in ("create", "update", "remove")]


async def test_categories_of_two_scopes_do_not_know_of_each_other() -> None:
    async with client_of_a_home() as (gateway, client):
        lamp(gateway)
        path = "config/category_registry"
        made = [await client.result(f"{path}/create", scope=scope, name="One") for scope in ("scene", "script")]
        ids = {"scene": made[0]["category_id"], "script": made[1]["category_id"]}
        await client.result("config/entity_registry/update", entity_id="light.lamp", categories=ids)

        mixed = await client.code(f"{path}/delete", scope="script", category_id=ids["scene"])
        await client.result(f"{path}/delete", scope="scene", category_id=ids["scene"])

        assert mixed == "invalid_info"
        (entry,) = await client.result("config/entity_registry/list")
        assert entry["categories"] == {"script": ids["script"]}


async def test_areas_go_to_floors_that_there_are() -> None:
    async with client_of_a_home() as (_, client):
        await client.result("config/floor_registry/create", name="Ground")

        area = await client.result("config/area_registry/create", name="Hall", floor_id="ground")
        wrong = await client.code("config/area_registry/update", area_id="hall", floor_id="no")
        await client.result("config/floor_registry/delete", floor_id="ground")

        assert area["floor_id"] == "ground"
        assert wrong == "invalid_info"
        assert (await client.result("config/area_registry/list"))[0]["floor_id"] is None


async def test_colors_and_device_classes_are_those_that_there_are() -> None:
    async with client_of_a_home() as (gateway, client):
        lamp(gateway, domain="binary_sensor")
        update = "config/entity_registry/update"
        create = "config/label_registry/create"

        assert await client.code(create, name="One", color="reddish") == "invalid_format"
        assert (await client.result(create, name="One", color="#ff8800"))["color"] == "#ff8800"
        assert await client.code(update, entity_id="binary_sensor.lamp", device_class="nope") == "invalid_info"
        await client.result(update, entity_id="binary_sensor.lamp", device_class="motion")
        state = gateway.home.states.get("binary_sensor.lamp")
        assert state is not None
        assert state.attributes["device_class"] == "motion"
