"""What HomeAssistant-API and hass-client make of the registries, templates and triggers of a running home."""

import asyncio
from typing import Any

from hass_client import HomeAssistantClient
from homeassistant_api import WebsocketClient

from inglenook.auth import Role
from inglenook.config.storage import StoredHelper
from inglenook.entity import Entity
from inglenook.errors import Position
from inglenook.testing.gateway import Gateway, running_gateway

HELPER = StoredHelper("min_max", "Mean", "sensor", {}, Position(""), "0123")


class Lamp(Entity):
    """A light of a device in a room."""

    domain = "light"
    name = "Lamp"
    unique_id = "1"
    state = True


def furnish(gateway: Gateway) -> None:
    registry = gateway.home.registry
    registry.areas.create("Hall")
    lamp = Lamp()
    lamp.device_id = registry.ensure_device("test", "d", name="Box", area_id="hall").id
    gateway.home.entities.add(lamp, "test")


async def token_of(gateway: Gateway) -> str:
    user = await gateway.auth.create_user("somebody", role=Role.OWNER)
    return gateway.auth.create_long_lived(user, "a library")


async def test_homeassistant_api_reads_and_changes_the_entity_registry() -> None:
    def act(client: WebsocketClient) -> Any:
        (listed,) = client.list_entity_registry()
        client.update_entity_registry_entry({"entity_id": "light.lamp", "new_entity_id": "light.hall", "name": "Hall"})
        found = client.get_entity_registry_entry("light.hall")
        rendered = client.get_rendered_template("{{ state_attr('light.hall', 'friendly_name') }}")
        entries, flows = client.get_config_entries(), client.get_nonuser_flows_in_progress()
        with client.listen_config_entries() as changes:
            first = next(changes)
        with client.listen_trigger("event", event_type="go") as firings:
            client.fire_event("go", by="cat")
            firing = next(firings)
        client.remove_entity_registry_entry("light.hall")
        return listed, found, rendered, entries, flows, first, firing, client.list_entity_registry()

    async with running_gateway(helpers=(HELPER,)) as gateway:
        furnish(gateway)
        address, token = f"ws://127.0.0.1:{gateway.server.port}/api/websocket", await token_of(gateway)

        def run() -> Any:
            with WebsocketClient(address, token) as client:
                return act(client)

        listed, found, rendered, entries, flows, first, firing, left = await asyncio.to_thread(run)

    assert (listed.entity_id, listed.platform, listed.unique_id) == ("light.lamp", "test", "1")
    assert (found.id, found.name) == (listed.id, "Hall")
    assert rendered == "Hall"
    assert [entry.title for entry in entries] == [change.entry.title for change in first] == ["Mean"]
    assert flows == left == ()
    assert firing["trigger"]["event"]["data"] == {"by": "cat"}


async def test_hass_client_reads_the_registries() -> None:
    async with running_gateway() as gateway:
        furnish(gateway)
        url = f"ws://127.0.0.1:{gateway.server.port}/api/websocket"
        async with HomeAssistantClient(url, await token_of(gateway)) as client:
            areas = await client.get_area_registry()
            devices = await client.get_device_registry()
            entities = await client.get_entity_registry()
            entry = await client.get_entity_registry_entry("light.lamp")

    assert [area["area_id"] for area in areas] == ["hall"]
    assert [(device["name"], device["area_id"]) for device in devices] == [("Box", "hall")]
    assert [one["entity_id"] for one in entities] == ["light.lamp"]
    assert entry["device_id"] == devices[0]["id"]
