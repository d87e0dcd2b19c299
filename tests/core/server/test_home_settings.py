"""Clients say what the home is called and where it is; what YAML says stays."""

from pathlib import Path
from typing import Any

import pytest

from .homes import client_of
from .test_items import attribute

BARE = "http: {port: 0}\nrules: []\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text(BARE)
    return tmp_path


async def test_what_clients_say_of_the_home_holds_at_once_and_after_a_restart(folder: Path) -> None:
    said = {
        "location_name": "Cottage", "latitude": 10.5, "longitude": 20, "elevation": 7, "radius": 55,
        "unit_system": "us_customary", "time_zone": "America/New_York", "currency": "USD", "country": "US",
        "language": "de", "update_units": True, "external_url": "https://home.example",
    }  # fmt: skip
    async with client_of(folder) as (server, client):
        await client.result("subscribe_events", event_type="core_config_updated")
        await client.result("config/core/update", **said)
        event = await client.event()

        assert event["data"] == {key: value for key, value in said.items() if key != "update_units"}
        assert attribute(server, "zone.home", "latitude") == 10.5
        assert str(server.home.clock.time_zone) == "America/New_York"

    async with client_of(folder) as (server, client):
        config = await client.result("get_config")

        assert (config["location_name"], config["latitude"], config["radius"]) == ("Cottage", 10.5, 55)
        assert (config["unit_system"]["length"], config["country"], config["language"]) == ("mi", "US", "de")
        assert config["config_source"] == "storage"
        assert str(server.home.clock.time_zone) == "America/New_York"

        await server.home.services.call("homeassistant", "reload_core_config")

        assert server.home.settings.name == "Cottage"


async def test_what_stands_in_yaml_is_changed_there(folder: Path) -> None:
    (folder / "configuration.yaml").write_text(BARE + "homeassistant: {name: Written, latitude: 1}\n")
    async with client_of(folder) as (server, client):
        refused = await client.ask("config/core/update", location_name="Mine", language="de")
        assert server.home.settings.language == "en"
        await client.result("config/core/update", location_name="Written", language="de")

        assert refused["error"]["code"] == "invalid_format"
        assert "name stands in the configuration" in refused["error"]["message"]
        assert (server.home.settings.name, server.home.settings.language) == ("Written", "de")
        assert (await client.result("get_config"))["config_source"] == "yaml"

        (folder / "configuration.yaml").write_text(BARE + "homeassistant: {name: Other, language: fr}\n")
        await server.home.services.call("homeassistant", "reload_core_config")

        assert (server.home.settings.name, server.home.settings.language) == ("Other", "fr")


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": 91}, {"time_zone": "Mars/Olympus"}, {"currency": "money"}, {"unit_system": "cubits"},
        {"radius": "wide"}, {"colour": "red"},
    ],
)  # fmt: skip
async def test_what_is_wrong_is_refused_as_a_whole(folder: Path, wrong: dict[str, Any]) -> None:
    async with client_of(folder) as (server, client):
        answer = await client.ask("config/core/update", location_name="Mine", **wrong)

        assert answer["error"]["code"] == "invalid_format"
        assert next(iter(wrong)) in answer["error"]["message"]
        assert server.home.settings.name == "Home"
