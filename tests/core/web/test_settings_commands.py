"""Commands behind the settings pages of the web frontend: network, backups, energy, areas in order, devices gone."""

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from inglenook.config.settings import Http, Tls

from .clients import client_of_a_home

EMPTY: dict[str, list[Any]] = {"energy_sources": [], "device_consumption": [], "device_consumption_water": []}


async def test_how_the_home_listens_is_shown_and_changed_in_its_configuration_alone() -> None:
    http = Http(
        port=8443, tls=Tls(Path("/c.pem"), Path("/k.pem")), trusted_proxies=(ip_network("10.0.0.0/8"),),
        login_attempts_threshold=3,
    )  # fmt: skip
    async with client_of_a_home(http=http) as (gateway, client):
        gateway.home.settings.internal_url = "http://hub.local:8123"

        told = await client.result("http/config")
        refused = await client.ask("http/config/configure", config={"server_port": 80})

        assert (told["active_config_type"], told["pending"]) == ("stable", None)
        assert told["stable"]["server_port"] == 8443
        assert told["stable"]["ssl_certificate"] == "/c.pem"
        assert told["stable"]["trusted_proxies"] == ["10.0.0.0/8"]
        assert told["stable"]["login_attempts_threshold"] == 3
        assert "configuration under http:" in refused["error"]["message"]
        assert await client.result("network/url") == {
            "internal": "http://hub.local:8123", "external": None, "cloud": None,
        }  # fmt: skip


async def test_no_stranger_is_asked_where_the_home_is() -> None:
    async with client_of_a_home() as (_, client):
        assert await client.result("config/core/detect") == {}


async def test_there_are_no_backups_and_who_wants_one_is_told_what_to_do() -> None:
    async with client_of_a_home() as (_, client):
        assert (await client.result("backup/info"))["backups"] == []
        assert await client.result("backup/agents/info") == {"agents": []}
        assert (await client.result("backup/config/info"))["config"]["schedule"]["recurrence"] == "never"
        await client.result("backup/subscribe_events")
        assert await client.event() == {"manager_state": "idle"}
        refused = await client.ask("backup/generate", agent_ids=["x"], include_database=True)
        assert refused["error"]["code"] == "not_supported"
        assert "keep copies of its configuration" in refused["error"]["message"]


@pytest.mark.parametrize(
    ("source", "issue", "affected"),
    [
        ({"type": "grid", "stat_energy_from": "sensor.gone"}, "entity_not_defined", [["sensor.gone", None]]),
        (
            {"type": "grid", "flow_from": [{"stat_energy_from": "sensor.off"}]},
            "entity_unavailable",
            [["sensor.off", "unavailable"]],
        ),
        ({"type": "gas", "stat_energy_from": "sensor.text"}, "entity_state_non_numeric", [["sensor.text", "blue"]]),
        ({"type": "solar", "stat_energy_from": "sensor.below"}, "entity_negative_state", [["sensor.below", "-1"]]),
    ],
)
async def test_what_is_wrong_with_a_source_of_energy_is_told(
    source: dict[str, Any], issue: str, affected: list[list[str | None]]
) -> None:
    async with client_of_a_home() as (gateway, client):
        for name, state in (("off", "unavailable"), ("text", "blue"), ("below", "-1"), ("good", "3.5")):
            gateway.home.states.set(f"sensor.{name}", state)
        good = {"type": "grid", "stat_energy_from": "sensor.good", "stat_cost": "other:statistic"}
        await client.result("energy/save_prefs", energy_sources=[good, source])

        told = await client.result("energy/validate")

        assert told == {
            **EMPTY,
            "energy_sources": [
                [], [{"type": issue, "affected_entities": affected, "translation_placeholders": None}],
            ],
        }  # fmt: skip
        words = await client.result("frontend/get_translations", language="en", category="issues", integration="energy")
        assert f"component.energy.issues.{issue}.title" in words["resources"]


async def test_without_choices_nothing_is_wrong_with_the_energy() -> None:
    async with client_of_a_home() as (_, client):
        assert await client.result("energy/validate") == EMPTY
        assert await client.result("energy/solar_forecast") == {}


async def test_areas_and_floors_stand_in_the_order_that_a_person_chose() -> None:
    async with client_of_a_home() as (gateway, client):
        for name in ("A", "B", "C"):
            gateway.home.registry.areas.create(name)
            gateway.home.registry.floors.create(name)
        heard: list[Any] = []
        gateway.home.bus.listen("area_registry_updated", lambda event: heard.append(dict(event.data)))

        await client.result("config/area_registry/reorder", area_ids=["c", "a", "b"])
        await client.result("config/floor_registry/reorder", floor_ids=["b", "c", "a"])
        gateway.home.registry.areas.create("D")

        areas = [area["area_id"] for area in await client.result("config/area_registry/list")]
        floors = [floor["floor_id"] for floor in await client.result("config/floor_registry/list")]
        assert (areas, floors) == (["c", "a", "b", "d"], ["b", "c", "a"])
        assert heard[0] == {"action": "reorder", "area_id": None}
        assert await client.code("config/area_registry/reorder", area_ids=["a", "b"]) == "invalid_format"
        assert await client.code("config/area_registry/reorder", area_ids=["a", "a", "b", "c"]) == "invalid_format"


async def test_a_device_that_is_gone_is_forgotten_one_that_may_come_back_is_not() -> None:
    async with client_of_a_home() as (gateway, client):
        device = gateway.device("hall", {"lamp": {"domain": "light"}})
        async with device:
            device.set(lamp="on")
            await device.delivered()
        (entry,) = gateway.home.registry.devices

        refused = await client.ask("config/device_registry/remove", device_id=entry.id)
        by_entry = await client.code(
            "config/device_registry/remove_config_entry", device_id=entry.id, config_entry_id="0"
        )
        gateway.home.devices.revoke("hall")
        await client.result("config/device_registry/remove", device_id=entry.id)

        assert "inglenook device revoke hall" in refused["error"]["message"]
        assert by_entry == "home_assistant_error"
        assert await client.result("config/device_registry/list") == []
        assert await client.result("config/entity_registry/list") == []
        assert gateway.home.states.get("light.hall_lamp") is None
        assert await client.code("config/device_registry/remove", device_id=entry.id) == "not_found"


async def test_ids_of_new_entities_are_explained_and_tried() -> None:
    async with client_of_a_home() as (_, client):
        parts = await client.result("config/entity_registry/settings/get")

        assert parts == {"entity_id_parts": ["device", "entity"]}
        assert await client.code("config/entity_registry/settings/update", entity_id_parts=["area"]) == "not_supported"
        assert await client.result("slugify", text="Front Door É") == {"slug": "front_door_e"}


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("labs/list", {"features": []}),
        ("conversation/agent/list", {"agents": []}),
        ("integration/setup_info", []),
        ("application_credentials/list", []),
        ("config/device_registry/list_composite_splits", {}),
    ],
)
async def test_what_a_home_has_not_is_an_empty_answer(command: str, answer: Any) -> None:
    async with client_of_a_home() as (_, client):
        assert await client.result(command) == answer


async def test_whether_an_integration_is_there_is_told() -> None:
    async with client_of_a_home() as (_, client):
        assert await client.result("integration/wait", domain="automation") == {"integration_loaded": True}
        assert await client.result("integration/wait", domain="hue") == {"integration_loaded": False}
        assert await client.code("config_entries/get_single", entry_id="0") == "not_found"
