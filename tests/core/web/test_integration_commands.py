"""Commands about helpers, integrations, devices in editors, and what is related to what."""

from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest

from inglenook.auth import Role
from inglenook.config.storage import StoredHelper
from inglenook.entity import Entity
from inglenook.errors import Position
from inglenook.testing.gateway import Gateway
from inglenook.version import HA_VERSION

from .clients import client_of_a_home

HERE = Position("")
HELPERS = (
    StoredHelper("input_number", "Level", "input_number", {"level": {"name": "Level", "min": 0, "max": 9}}, HERE),
    StoredHelper("zone", "Work", "zone", [{"id": "1a", "name": "Work", "latitude": 1.5, "longitude": 2}], HERE),
    StoredHelper("person", "Ann", "person", [{"id": "ann", "name": "Ann", "device_trackers": []}], HERE),
    StoredHelper("min_max", "Mean", "sensor", {"platform": "min_max"}, HERE, "0123"),
)


class Thing(Entity):
    """Some entity of a device."""

    def __init__(self, domain: str, name: str, device_id: str, state: Any = None, **attributes: Any) -> None:
        self.domain = domain  # type: ignore[misc]
        self.name = self.unique_id = name
        self.device_id = device_id
        self.state = state
        self.attributes = attributes


def device_with(gateway: Gateway, *things: tuple[Any, ...], **attributes: Any) -> str:
    registry = gateway.home.registry
    registry.floors.create("Ground")
    registry.areas.create("Hall", floor_id="ground")
    device_id = registry.ensure_device("test", "d", name="Box", area_id="hall").id
    for domain, name, state in things:
        gateway.home.entities.add(Thing(domain, name, device_id, state, **attributes), "test")
    return device_id


async def test_what_a_client_wants_of_an_entry_beyond_its_description() -> None:
    async with client_of_a_home(helpers=HELPERS) as (_, client):
        assert await client.result("config_entries/subentries/list", entry_id="0123") == []
        assert await client.code("config_entries/subentries/list", entry_id="no") == "not_found"
        assert await client.code("config_entries/disable", entry_id="0123", disabled_by="user") == "not_supported"
        assert await client.code("config_entries/disable", entry_id="no", disabled_by=None) == "not_found"
        assert await client.code("config_entries/ignore_flow", flow_id="no", title="X") == "not_found"


async def test_helpers_made_in_the_interface_are_listed() -> None:
    async with client_of_a_home(Role.READ_ONLY, helpers=HELPERS) as (gateway, client):
        gateway.home.states.set("person.ann", "home", {"id": "ann"})
        gateway.home.states.set("person.bob", "home", {"id": "b", "friendly_name": "Bob", "device_trackers": ["x.y"]})

        gateway.home.states.set("person.odd", "home", {"id": ["b"]})

        persons = await client.result("person/list")

        assert await client.result("input_number/list") == [{"id": "level", "name": "Level", "min": 0, "max": 9}]
        assert await client.result("zone/list") == [{"id": "1a", "name": "Work", "latitude": 1.5, "longitude": 2}]
        assert await client.result("timer/list") == []
        assert await client.result("tag/list") == []
        assert persons["storage"] == [{"id": "ann", "name": "Ann", "device_trackers": []}]
        assert persons["config"] == [
            {"id": "b", "name": "Bob", "user_id": None, "device_trackers": ["x.y"], "picture": None},
            {"id": ["b"], "name": None, "user_id": None, "device_trackers": [], "picture": None},
        ]  # fmt: skip


async def test_helpers_set_up_as_integrations_are_entries() -> None:
    async with client_of_a_home(helpers=HELPERS) as (_, client):
        (entry,) = await client.result("config_entries/get", type_filter=["helper"])
        others = await client.result("config_entries/get", type_filter="device")
        none = await client.result("config_entries/get", domain="hue")
        await client.result("config_entries/subscribe", type_filter=None)
        event = await client.event()
        flows = await client.result("config_entries/flow/progress")
        await client.result("config_entries/flow/subscribe")

        assert (entry["entry_id"], entry["domain"], entry["title"]) == ("0123", "min_max", "Mean")
        assert others == none == flows == []
        assert event == [{"type": None, "entry": entry}]
        assert await client.event() == []


async def test_integrations_and_the_system_tell_of_themselves() -> None:
    async with client_of_a_home() as (gateway, client):
        device_with(gateway, ("light", "Lamp", True), ("switch", "Plug", True))

        sources = await client.result("entity/source")
        one = await client.result("entity/source", entity_id="light.lamp")
        manifests = await client.result("manifest/list", integrations=["test", "no"])
        levels = await client.result("logger/log_info")
        await client.result("system_health/info")
        initial, finish = await client.event(), await client.event()

        assert sources == {"light.lamp": {"domain": "test"}, "switch.plug": {"domain": "test"}}
        assert list(one) == ["light.lamp"]
        assert [manifest["domain"] for manifest in manifests] == ["test"]
        assert await client.result("manifest/get", integration="test") == manifests[0]
        assert await client.code("manifest/get", integration="no") == "not_found"
        assert set(await client.result("integration/descriptions")) == {"core", "custom"}
        assert {"test", "homeassistant"} <= {level["domain"] for level in levels}
        info = initial["data"]["homeassistant"]["info"]
        assert (info["version"], info["entities"], info["rules"]) == (HA_VERSION, 2, 0)
        assert finish == {"type": "finish"}
        past = initial["data"]["recorder"]["info"]
        assert datetime.fromisoformat(past["oldest_recorder_run"]["value"]) <= datetime.now(UTC)
        assert past["database_engine"] == "memory"


async def test_entities_are_shown_to_assistants() -> None:
    async with client_of_a_home() as (gateway, client):
        device_with(gateway, ("light", "Lamp", True), ("light", "Other", True))
        kind = "homeassistant/expose_entity"

        given = {"assistants": ["conversation"], "entity_ids": ["light.lamp", "light.other"]}
        await client.result(kind, **given, should_expose=True)
        await client.result(kind, assistants=["conversation"], entity_ids=["light.other"], should_expose=False)

        assert await client.result(f"{kind}/list") == {"exposed_entities": {"light.lamp": {"conversation": True}}}
        assert await client.code(kind, **{**given, "assistants": ["no"]}, should_expose=True) == "invalid_format"


async def test_what_a_device_offers_is_a_rule_that_is_right() -> None:
    async with client_of_a_home() as (gateway, client):
        things = [("light", "A", True), ("cover", "B", "open"), ("binary_sensor", "C", True), ("sensor", "D", 5)]
        more = {"device_class": "door", "unit_of_measurement": "x", "current_position": 5}
        device_id = device_with(gateway, *things, **more)
        kind = "device_automation"

        found = {
            part: await client.result(f"{kind}/{part}/list", device_id=device_id)
            for part in ("trigger", "condition", "action")
        }
        valid = await client.result(
            "validate_config",
            triggers=[{**one, **({"above": 1} if _has_bounds(one) else {})} for one in found["trigger"]],
            conditions=[{**one, **({"above": 1} if _has_bounds(one) else {})} for one in found["condition"]],
            actions=[{**one, **({"position": 1} if "position" in one["type"] else {})} for one in found["action"]],
        )

        assert {part: answer["error"] for part, answer in valid.items()} == {
            "triggers": None, "conditions": None, "actions": None,
        }  # fmt: skip
        types = {(one["domain"], one["type"]) for one in found["trigger"]}
        assert {("light", "turned_on"), ("cover", "position"), ("binary_sensor", "not_opened")} <= types
        assert ("cover", "tilt_position") not in types
        assert await client.code(f"{kind}/trigger/list", device_id="no") == "not_found"


def _has_bounds(part: dict[str, Any]) -> bool:
    return part["domain"] == "sensor" or part["type"] in ("position", "is_position")


@pytest.mark.parametrize(
    ("part", "config", "names"),
    [
        ("trigger", {"domain": "light", "type": "turned_on"}, ["for"]),
        ("trigger", {"domain": "sensor", "type": "temperature"}, ["above", "below", "for"]),
        ("condition", {"domain": "sensor", "type": "is_temperature"}, ["above", "below"]),
        ("condition", {"domain": "light", "type": "is_on"}, ["for"]),
        ("action", {"domain": "cover", "type": "set_position"}, ["position"]),
        ("action", {"domain": "zha", "type": "squawk"}, []),
        ("trigger", {"domain": "zha", "type": "remote_button_short_press"}, []),
    ],
)
async def test_what_else_a_device_automation_may_say_is_told(part: str, config: Any, names: list[str]) -> None:
    async with client_of_a_home() as (_, client):
        found = await client.result(f"device_automation/{part}/capabilities", **{part: {"device_id": "d", **config}})

        assert [field["name"] for field in found["extra_fields"]] == names


async def test_what_is_related_is_found_from_every_side() -> None:
    async with client_of_a_home() as (gateway, client):
        device_id = device_with(gateway, ("light", "Lamp", True))
        gateway.home.registry.labels.create("Bright")
        gateway.home.registry.entities.update("light.lamp", labels=["bright"])
        gateway.home.states.set("group.all", "on", {"entity_id": ["light.lamp"]})
        targets = {"One": {"entity_id": "light.lamp"}, "Two": {"area_id": "hall"}}
        rules = [
            {"id": name, "alias": name, "triggers": [], "actions": {"action": "light.turn_on", "target": target}}
            for name, target in targets.items()
        ]
        gateway.engine.swap("test", [gateway.engine.check(rule) for rule in rules])

        async def related(item_type: str, item_id: str) -> dict[str, list[str]]:
            found: dict[str, list[str]] = await client.result("search/related", item_type=item_type, item_id=item_id)
            return found

        assert await related("entity", "light.lamp") == {
            "area": ["hall"], "automation": ["automation.one"], "device": [device_id], "floor": ["ground"],
            "group": ["group.all"], "integration": ["test"], "label": ["bright"],
        }  # fmt: skip
        assert await related("area", "hall") == {
            "automation": ["automation.one", "automation.two"], "device": [device_id], "entity": ["light.lamp"],
            "floor": ["ground"], "integration": ["test"],
        }  # fmt: skip
        assert (await related("device", device_id))["area"] == ["hall"]
        assert (await related("floor", "ground"))["area"] == ["hall"]
        assert (await related("label", "bright"))["entity"] == ["light.lamp"]
        assert (await related("integration", "test"))["device"] == [device_id]
        assert (await related("group", "group.all"))["entity"] == ["light.lamp"]
        assert (await related("automation", "automation.one"))["entity"] == ["light.lamp"]
        assert (await related("automation", "automation.two"))["area"] == ["hall"]
        assert await related("entity", "light.no") == {}
        assert (await related("person", "light.lamp"))["area"] == ["hall"]  # whatever a client takes it for
        assert await client.code("search/related", item_type="thing", item_id="x") == "invalid_format"


async def test_a_user_sets_up_a_second_step_and_takes_it_away() -> None:
    async with client_of_a_home() as (gateway, client):
        user = gateway.auth.users()[0]
        await gateway.auth.set_login(user, "ann", "correct horse battery")

        form = await client.result("auth/setup_mfa", mfa_module_id="totp")
        again = await client.result("auth/setup_mfa", flow_id=form["flow_id"], user_input={"code": "000000x"})

        secret = form["description_placeholders"]["code"]
        code = pyotp.TOTP(secret).at(int(gateway.home.clock.now()))
        done = await client.result("auth/setup_mfa", flow_id=form["flow_id"], user_input={"code": code})

        assert done["type"] == "create_entry"
        assert user.totp_secret == secret
        assert (form["type"], form["step_id"]) == ("form", "init")
        assert again["errors"] == {"base": "invalid_code"}
        assert await client.code("auth/setup_mfa", flow_id="no", user_input={}) == "not_found"
        assert await client.code("auth/setup_mfa") == "invalid_format"
        assert await client.result("auth/depose_mfa", mfa_module_id="totp") == "done"
        assert user.totp_secret is None
        assert await client.code("auth/depose_mfa", mfa_module_id="no") == "not_found"
