"""hass-cli: every sub-command that speaks to a home."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from tests.peers.conftest import Home, Process, program, until

Cli = Callable[..., str]


@pytest.fixture
def cli(home: Home) -> Cli:
    path = program("homeassistant-cli", "hass-cli")

    def run(*words: str, fails: bool = False) -> str:
        command = [path, "--server", home.url, "--token", home.token, "--output", "json", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=home.folder)
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout

    return run


def read(text: str) -> Any:
    return json.loads(text)


def test_states_are_listed_read_written_and_deleted(cli: Cli) -> None:
    listed = {state["entity_id"] for state in read(cli("state", "list"))}
    assert {"light.hall", "input_number.target", "automation.count", "script.good_night", "scene.evening"} <= listed
    assert read(cli("state", "get", "input_select.mode"))[0]["attributes"]["options"] == ["home", "away", "night"]

    cli("state", "edit", "sensor.by_cli", "7", "--attributes", "unit=W,a=1")
    cli("state", "edit", "sensor.by_cli", "8", "--merge", "--attributes", "b=2")
    written = read(cli("state", "get", "sensor.by_cli"))[0]
    cli("state", "delete", "sensor.by_cli")

    assert written["state"] == "8"
    assert written["attributes"] == {"unit": "W", "a": "1", "b": "2"}
    assert "by_cli" not in cli("state", "list")


def test_lights_are_switched(cli: Cli, home: Home) -> None:
    cli("state", "turn_on", "light.hall")
    assert home.state("light.hall") == "on"
    cli("state", "toggle", "light.hall")
    assert home.state("light.hall") == "off"
    cli("state", "toggle", "light.hall", "input_boolean.holiday")
    assert (home.state("light.hall"), home.state("input_boolean.holiday")) == ("on", "on")
    cli("state", "turn_off", "light.hall", "input_boolean.holiday")
    assert (home.state("light.hall"), home.state("input_boolean.holiday")) == ("off", "off")


def test_services_are_listed_and_called(cli: Cli, home: Home) -> None:
    listed = {(service["domain"], service["service"]) for service in read(cli("service", "list"))}
    assert {("light", "turn_on"), ("automation", "trigger"), ("script", "good_night")} <= listed

    cli("service", "call", "input_number.set_value", "--arguments", "entity_id=input_number.target,value=21.5")

    assert home.state("input_number.target") == "21.5"
    assert "turn_on" in cli("service", "list", "light.*")


def test_events_are_watched(cli: Cli, home: Home) -> None:
    path = program("homeassistant-cli", "hass-cli")
    command = (path, "--server", home.url, "--token", home.token, "event", "watch", "watched_by_cli")

    with Process(*command, folder=home.folder) as process:
        until(lambda: home.ask("POST", "/api/events/watched_by_cli", {"seen": 42}) and "42" in "".join(process.lines))


def test_events_are_fired(cli: Cli, home: Home) -> None:
    before = int(home.state("counter.heard"))

    cli("event", "fire", "from_a_peer", "--json", '{"a": 1}')

    assert int(home.state("counter.heard")) == before + 1


def test_areas_are_made_renamed_given_and_deleted(cli: Cli) -> None:
    cli("area", "create", "Attic by cli")
    cli("area", "rename", "Attic by cli", "Loft by cli")
    areas = {area["name"]: area["area_id"] for area in read(cli("area", "list"))}
    assert "Loft by cli" in areas
    assert "Attic by cli" not in areas

    cli("entity", "assign", "Loft by cli", "light.hall")
    entities = {entity["entity_id"]: entity for entity in read(cli("entity", "list"))}
    assert entities["light.hall"]["area_id"] == areas["Loft by cli"]
    device = read(cli("device", "list"))[0]
    cli("device", "assign", "Loft by cli", device["id"])
    cli("device", "rename", device["id"], "By cli")
    renamed = next(one for one in read(cli("device", "list")) if one["id"] == device["id"])
    assert (renamed["name_by_user"], renamed["area_id"]) == ("By cli", areas["Loft by cli"])
    cli("area", "delete", "Loft by cli")

    assert "Loft by cli" not in cli("area", "list")


def test_entities_are_renamed(cli: Cli, home: Home) -> None:
    cli("entity", "rename", "sensor.twice_the_target", "sensor.double", "--name", "Double")
    assert home.ask("GET", "/api/states/sensor.double")["attributes"]["friendly_name"] == "Double"
    cli("entity", "rename", "sensor.double", "sensor.twice_the_target")

    assert float(home.state("sensor.twice_the_target")) > 0


def test_templates_are_rendered_by_the_home(cli: Cli, home: Home) -> None:
    home.call("input_text", "set_value", "input_text.note", value="hello")
    (home.folder / "by_cli.j2").write_text("{{ states('input_text.note') }} {{ a }}")
    (home.folder / "by_cli.yaml").write_text("a: 5\n")

    assert cli("template", "by_cli.j2", "by_cli.yaml").strip() == "hello 5"


def test_the_configuration_and_the_log_are_told(cli: Cli) -> None:
    full = read(cli("config", "full"))[0]
    assert full["location_name"] == "Peers"
    assert full["version"] in cli("config", "release")
    assert "automation" in cli("config", "components")
    cli("config", "whitelist-dirs")
    cli("service", "call", "system_log.write", "--arguments", "message=seen by cli,level=error")
    assert "seen by cli" in cli("system", "log")
    cli("system", "health")


def test_anything_can_be_asked(cli: Cli) -> None:
    assert "API running" in cli("raw", "get", "/api/")
    assert "location_name" in cli("raw", "ws", "get_config")
    assert "result" in cli("raw", "ws", "config/area_registry/list")
    assert cli("raw", "post", "/api/template", "--json", '{"template": "{{ 1 + 1 }}"}')


def test_history_is_told(cli: Cli, home: Home) -> None:
    home.call("input_text", "set_value", "input_text.note", value="hello")
    history = read(cli("raw", "get", "/api/history/period?filter_entity_id=input_text.note"))

    assert history[0][0]["entity_id"] == "input_text.note"
