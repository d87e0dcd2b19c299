"""Commands of the web frontend: what it keeps, its panels and words; dashboards; messages, issues, energy."""

from pathlib import Path
from typing import Any

import pytest
from tests.core.web.clients import Client, client_of_a_home, signed_in

from inglenook.auth import Role
from inglenook.config.frontend import Frontend
from inglenook.errors import ConfigError, Position
from inglenook.testing.gateway import Gateway, running_gateway
from inglenook.web.frontend import words


async def test_what_a_user_keeps_is_told_to_all_windows_of_that_user_and_outlives_a_restart(tmp_path: Path) -> None:
    async with running_gateway(data=tmp_path) as gateway:
        user = await gateway.auth.create_user("Ann", role=Role.READ_ONLY)
        token = gateway.auth.create_long_lived(user, "test")
        async with signed_in(gateway, token=token) as one, signed_in(gateway, token=token) as other:
            await one.result("frontend/subscribe_user_data", key="sidebar")
            assert await one.event() == {"value": None}
            await other.result("frontend/set_user_data", key="theme", value={"dark": True})
            await other.result("frontend/set_user_data", key="sidebar", value=["map"])

            assert await one.event() == {"value": ["map"]}
        async with signed_in(gateway) as stranger:
            assert await stranger.result("frontend/get_user_data", key="sidebar") == {"value": None}
    async with running_gateway(data=tmp_path) as gateway, signed_in(gateway, token=token) as client:
        assert await client.result("frontend/get_user_data") == {"value": {"theme": {"dark": True}, "sidebar": ["map"]}}


async def test_what_all_users_share_is_changed_by_admins() -> None:
    async with client_of_a_home() as (gateway, client), signed_in(gateway, Role.USER) as user:
        await user.result("frontend/subscribe_system_data", key="core")
        assert await user.event() == {"value": {"default_panel": "lovelace"}}
        assert await user.code("frontend/set_system_data", key="core", value={}) == "unauthorized"
        await client.result("frontend/set_system_data", key="home", value=1)
        await client.result("frontend/set_system_data", key="core", value={"default_panel": "home"})

        assert await user.event() == {"value": {"default_panel": "home"}}
        assert await client.result("frontend/get_system_data", key="home") == {"value": 1}


async def test_a_user_cannot_fill_the_disk() -> None:
    async with client_of_a_home(Role.USER) as (_, client):
        assert await client.code("frontend/set_user_data", key="x" * 300, value=1) == "invalid_format"
        for number in range(200):
            await client.result("frontend/set_user_data", key=f"key {number}", value=number)
        assert await client.code("frontend/set_user_data", key="one more", value=1) == "invalid_format"
        assert await client.code("frontend/set_user_data", key="key 1", value="x" * 2**20) == "invalid_format"


async def test_what_a_user_kept_is_forgotten_with_the_user(tmp_path: Path) -> None:
    async with running_gateway(data=tmp_path) as gateway:
        for name, role in (("Ann", Role.OWNER), ("Bob", Role.USER)):
            user = await gateway.auth.create_user(name, role=role)
            async with signed_in(gateway, token=gateway.auth.create_long_lived(user, "test")) as client:
                await client.result("frontend/set_user_data", key="theme", value=name)
        gateway.auth.remove_user(user)
    async with running_gateway(data=tmp_path) as gateway:
        await gateway.home.store.flush()
        keys = [key for key, _ in gateway.home.store.load("settings")]

        assert [key for key in keys if key.startswith("frontend.user.")] == [
            f"frontend.user.{gateway.auth.users()[0].id}"
        ]


async def test_panels_are_those_that_the_home_has_and_the_user_may_open() -> None:
    async with client_of_a_home() as (gateway, client), signed_in(gateway, Role.USER) as user:
        gateway.home.states.set("calendar.family", "off")

        panels = await client.result("get_panels")

        assert panels["lovelace"]["config"] == {"mode": "storage"}
        assert panels["calendar"]["show_in_sidebar"]
        assert panels["history"]["title"] == "history"
        assert panels["energy"]["title"] == "energy"
        assert (panels["map"]["title"], panels["map"]["default_visible"]) == ("map", False)
        assert "map" in (await client.result("get_config"))["components"]
        assert (await client.result("map_tiles/access_token"))["token"]
        assert "todo" not in panels
        assert panels["config"]["require_admin"]
        assert "config" not in await user.result("get_panels")


async def test_themes_are_those_of_the_configuration() -> None:
    async with client_of_a_home() as (gateway, client):
        memory = gateway.surface.memory
        memory.frontend = Frontend({"sea": {"primary-color": "#048"}})
        memory.choose_theme("dark", "sea")
        memory.choose_theme("light", "gone")

        assert await client.result("frontend/get_themes") == {
            "themes": {"sea": {"primary-color": "#048"}},
            "default_theme": "default",
            "default_dark_theme": "sea",
        }


async def test_words_and_icons_of_entities_and_services() -> None:
    async with client_of_a_home() as (_, client):

        async def say(category: str, **more: Any) -> dict[str, str]:
            answer = await client.result("frontend/get_translations", language="nl", category=category, **more)
            found: dict[str, str] = answer["resources"]
            return found

        entities = await say("entity_component")
        assert entities["component.binary_sensor.entity_component.door.state.on"] == "Open"
        assert entities["component.climate.entity_component._.state_attributes.hvac_action.state.heating"] == "Heating"
        second_step = await say("mfa_setup", integration=["auth"])
        assert "{qr_code}" in second_step["component.auth.mfa_setup.totp.step.init.description"]
        only = await say("services", integration=["light"])
        assert only["component.light.services.turn_on.fields.brightness_pct.name"] == "Brightness per cent"
        assert all(key.startswith("component.light.") for key in only)
        assert (await say("title"))["component.input_boolean.title"] == "Toggles"
        assert await say("config") == {}
        icons = await client.result("frontend/get_icons", category="entity_component", integration="light")
        assert icons == {
            "resources": {"light": {"_": {"default": "mdi:lightbulb", "state": {"off": "mdi:lightbulb-off"}}}}
        }
        services = await client.result("frontend/get_icons", category="services")
        assert services["resources"]["lock"]["unlock"] == {"service": "mdi:lock-open-variant"}


async def test_every_domain_with_services_has_its_words() -> None:
    async with running_gateway() as gateway:
        offered = {service.domain: set[str]() for service in gateway.home.services.all()}
        for service in gateway.home.services.all():
            offered[service.domain].add(service.name)

        for domain, names in offered.items():
            assert names - {"reload"} <= words.table()[domain]["services"].keys(), domain
        for domain, about in words.table().items():
            assert about["icon"].startswith("mdi:"), domain


# -- dashboards -----------------------------------------------------------------------------------------------------


async def test_the_first_dashboard_shows_all_entities_until_somebody_makes_another(tmp_path: Path) -> None:
    async with running_gateway(data=tmp_path) as gateway, signed_in(gateway) as client:
        assert await client.result("lovelace/config", url_path=None, force=False) == {
            "strategy": {"type": "original-states"}
        }
        await client.result("subscribe_events", event_type="lovelace_updated")
        await client.result("lovelace/config/save", config={"views": [{"title": "Mine"}]})

        assert (await client.event())["data"] == {"url_path": None, "mode": "storage"}
    async with running_gateway(data=tmp_path) as gateway, signed_in(gateway) as client:
        assert await client.result("lovelace/config") == {"views": [{"title": "Mine"}]}
        await client.result("lovelace/config/delete")
        assert "strategy" in await client.result("lovelace/config")


async def test_dashboards_are_made_changed_and_forgotten(tmp_path: Path) -> None:
    async with running_gateway(data=tmp_path) as gateway, signed_in(gateway) as client:
        await client.result("subscribe_events", event_type="panels_updated")

        made = await client.result("lovelace/dashboards/create", url_path="my-rooms", title="Rooms", mode="storage")

        assert made == {
            "id": "my_rooms", "url_path": "my-rooms", "title": "Rooms", "icon": None, "mode": "storage",
            "show_in_sidebar": True, "require_admin": False,
        }  # fmt: skip
        assert (await client.event())["event_type"] == "panels_updated"
        assert await client.code("lovelace/config", url_path="my-rooms") == "config_not_found"
        await client.result("lovelace/config/save", url_path="my-rooms", config={"views": []})
        changed = await client.result("lovelace/dashboards/update", dashboard_id="my_rooms", require_admin=True)
        assert changed["require_admin"]
    async with running_gateway(data=tmp_path) as gateway, signed_in(gateway) as client:
        assert (await client.result("get_panels"))["my-rooms"]["title"] == "Rooms"
        async with signed_in(gateway, Role.USER) as user:
            assert "my-rooms" not in await user.result("get_panels")
        assert await client.result("lovelace/config", url_path="my-rooms") == {"views": []}
        await client.result("lovelace/dashboards/delete", dashboard_id="my_rooms")
        assert await client.result("lovelace/dashboards/list") == []
        assert await client.code("lovelace/config", url_path="my-rooms") == "config_not_found"
        assert await client.code("lovelace/dashboards/delete", dashboard_id="my_rooms") == "not_found"


@pytest.mark.parametrize("path", ["rooms", "Rooms-x", "../x-y", "-", "a--b", "media-browser", "my-old"])
async def test_an_address_that_is_none_or_taken_is_no_dashboard(path: str) -> None:
    async with client_of_a_home() as (gateway, client):
        gateway.surface.dashboards.create({"url_path": "my-old", "title": "Old"})

        assert await client.code("lovelace/dashboards/create", url_path=path, title="X") == "invalid_format"


async def test_dashboards_of_like_addresses_are_changed_each_by_itself() -> None:
    async with client_of_a_home() as (_, client):
        made = [
            await client.result("lovelace/dashboards/create", url_path=path, title=path)
            for path in ("my-rooms_up", "my_rooms-up")
        ]

        await client.result("lovelace/dashboards/delete", dashboard_id=made[0]["id"])

        assert await client.result("lovelace/dashboards/list") == made[1:]


async def test_resources_are_kept() -> None:
    async with client_of_a_home() as (_, client):
        made = await client.result("lovelace/resources/create", res_type="module", url="/local/card.js")
        await client.result("lovelace/resources/update", resource_id=made["id"], url="/local/card.js?2")

        assert await client.result("lovelace/resources") == [{**made, "url": "/local/card.js?2"}]
        await client.result("lovelace/resources/delete", resource_id=made["id"])
        assert await client.result("lovelace/resources") == []
        assert await client.code("lovelace/resources/create", res_type="virus", url="/x") == "invalid_format"
        assert await client.result("lovelace/info") == {"resource_mode": "storage"}


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("lovelace/config/save", {"config": {}}),
        ("lovelace/config/delete", {}),
        ("lovelace/dashboards/create", {"url_path": "my-x", "title": "X"}),
        ("lovelace/resources/create", {"res_type": "module", "url": "/x"}),
        ("energy/save_prefs", {}),
        ("repairs/ignore_issue", {"domain": "inglenook", "issue_id": "x", "ignore": True}),
    ],
)
async def test_only_admins_change_what_all_see(kind: str, data: dict[str, Any]) -> None:
    async with client_of_a_home(Role.USER) as (_, client):
        assert await client.code(kind, **data) == "unauthorized"


# -- beside entities ------------------------------------------------------------------------------------------------


def notice(gateway: Gateway, kind: str, ident: str) -> None:
    notification = {"notification_id": ident, "message": "x", "title": None, "created_at": gateway.home.clock.utc()}
    gateway.home.bus.fire("persistent_notifications_updated", {"update_type": kind, "notification": notification})


async def test_messages_are_told_as_they_come_and_go() -> None:
    async with client_of_a_home() as (gateway, client):
        notice(gateway, "added", "door")
        await client.result("persistent_notification/subscribe")
        current = await client.event()
        notice(gateway, "added", "wash")
        notice(gateway, "removed", "door")

        assert current["type"] == "current"
        assert list(current["notifications"]) == ["door"]
        assert [(await client.event())["type"] for _ in range(2)] == ["added", "removed"]
        assert [one["notification_id"] for one in await client.result("persistent_notification/get")] == ["wash"]


async def listed(client: Client) -> dict[str, bool]:
    found = (await client.result("repairs/list_issues"))["issues"]
    return {issue["translation_placeholders"]["message"]: issue["ignored"] for issue in found}


async def test_what_is_wrong_with_the_configuration_is_an_issue_until_it_is_ignored() -> None:
    problems = [ConfigError("expected a number", Position("rules/hall.yaml", 3, 5))]
    async with client_of_a_home() as (gateway, client):
        gateway.surface.issues._problems = lambda: problems
        ((message, is_ignored),) = (await listed(client)).items()
        assert (message, is_ignored) == ("rules/hall.yaml:3:5: expected a number", False)
        (issue,) = (await client.result("repairs/list_issues"))["issues"]
        await client.result("subscribe_events", event_type="repairs_issue_registry_updated")

        about = {"domain": issue["domain"], "issue_id": issue["issue_id"]}
        await client.result("repairs/ignore_issue", **about, ignore=True)

        assert (await client.event())["data"]["action"] == "update"
        assert await listed(client) == {message: True}
        await client.result("repairs/ignore_issue", **about, ignore=False)
        assert await listed(client) == {message: False}
        assert await client.code("repairs/ignore_issue", domain="x", issue_id="y", ignore=True) == "not_found"


async def test_issues_quote_the_configuration_and_are_for_admins() -> None:
    async with client_of_a_home(Role.USER) as (gateway, client):
        gateway.surface.issues._problems = lambda: [
            ConfigError("expected a number, got 'hush'", Position("a.yaml", 3, 5))
        ]

        assert await client.result("repairs/list_issues") == {"issues": []}


async def test_energy_is_not_set_up_until_it_is() -> None:
    async with client_of_a_home() as (_, client):
        assert await client.code("energy/get_prefs") == "not_found"
        await client.result("energy/save_prefs", device_consumption=[{"stat_consumption": "sensor.plug"}])

        kept = await client.result("energy/get_prefs")
        assert kept["device_consumption"] == [{"stat_consumption": "sensor.plug"}]
        assert kept["energy_sources"] == []
        assert await client.result("energy/info") == {"cost_sensors": {}, "solar_forecast_domains": []}


async def test_the_state_of_the_system_and_previews() -> None:
    async with client_of_a_home() as (_, client):
        await client.result("subscribe_system_state")
        assert (await client.event())["state"] == "RUNNING"
        await client.result("labs/subscribe", domain="automation", preview_feature="new")
        assert await client.event() == {"domain": "automation", "preview_feature": "new", "enabled": False}
        assert await client.result("unsubscribe_events", subscription=client.last_id) is None
        assert len((await client.result("brands/access_token"))["token"]) > 20


async def test_sensors_that_are_numbers_and_units_to_choose() -> None:
    async with client_of_a_home(Role.READ_ONLY) as (_, client):
        classes = (await client.result("sensor/numeric_device_classes"))["numeric_device_classes"]

        assert "temperature" in classes
        assert "timestamp" not in classes
        assert await client.result("sensor/device_class_convertible_units", device_class="power") == {"units": []}
        assert await client.result("number/device_class_convertible_units", device_class="power") == {"units": []}
        assert (await client.result("weather/convertible_units"))["units"]["pressure_unit"] == []


async def test_a_home_has_no_media_and_says_so() -> None:
    async with client_of_a_home(Role.READ_ONLY) as (gateway, client):
        without = await client.result("get_panels")
        gateway.home.states.set("media_player.hall", "idle")

        root = await client.result("media_source/browse_media")
        panel = (await client.result("get_panels"))["media-browser"]

        assert root["children"] == []
        assert root == await client.result("media_source/browse_media", media_content_id="media-source://")
        assert "media-browser" not in without
        assert (panel["component_name"], panel["title"]) == ("media-browser", "media_browser")
        browse, resolve = "media_source/browse_media", "media_source/resolve_media"
        assert await client.code(browse, media_content_id="media-source://camera") == "browse_media_failed"
        assert await client.code(resolve, media_content_id="media-source://x") == "resolve_media_failed"
        assert await client.code("media_player/browse_media", entity_id="media_player.hall") == "not_supported"
        assert await client.code("media_player/browse_media", entity_id="media_player.no") == "not_found"
