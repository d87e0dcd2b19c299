"""A home from start to stop: its order, what comes back after a restart, what is refused."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.core.server.homes import running_home

from inglenook.auth import Role
from inglenook.config.configuration import read_configuration
from inglenook.device import Device
from inglenook.errors import ConfigError, StoreError
from inglenook.server.running import HomeServer

LAMP: dict[str, dict[str, Any]] = {"motion": {"domain": "binary_sensor"}, "lamp": {"domain": "light"}}

RULE = """
- alias: Hall light
  triggers: {trigger: state, entity_id: binary_sensor.hall_motion, to: "on"}
  actions: {action: light.turn_on, target: {entity_id: light.hall_lamp}}
"""

CONFIGURATION = "homeassistant: {name: Test}\nhttp: {port: 0}\nrules: [rules]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "hall.yaml").write_text(RULE)
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION)
    return tmp_path


def device(server: HomeServer, device_id: str = "hall", token: str | None = None) -> Device:
    url = f"ws://127.0.0.1:{server.gateway.port}/api/device"
    return Device(url, device_id, token or server.home.devices.add(device_id), LAMP)


async def test_motion_reaches_the_lamp_through_a_rule(folder: Path) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    async with running_home(folder) as server:
        hall = device(server)
        hall.on_command("lamp")(lambda service, _data: told.put_nowait(service))
        hall.set(motion=False, lamp="off")
        async with hall:
            await hall.delivered()
            hall.set(motion=True)

            assert await asyncio.wait_for(told.get(), 5) == "turn_on"


async def test_the_moments_of_a_home_come_in_order(folder: Path) -> None:
    (folder / "plugins").mkdir()
    (folder / "plugins" / "ear.py").write_text(
        "from inglenook import hookimpl\n"
        "heard = []\n"
        "@hookimpl\n"
        "def setup(home):\n"
        "    home.bus.listen('*', lambda event: heard.append(event.event_type))\n"
        "    heard.append('setup')\n"
        "@hookimpl\n"
        "def teardown():\n"
        "    heard.append('teardown')\n"
    )
    with (folder / "configuration.yaml").open("a") as file:
        file.write("plugins: [ear]\n")

    async with running_home(folder) as server:
        heard: list[str] = server.plugins.plugins["ear"].module.heard

    moments = ("setup", "homeassistant_start", "homeassistant_started", "homeassistant_stop", "teardown")
    assert [moment for moment in heard if moment in moments] == list(moments)


async def test_plugins_find_the_macros_of_the_home_when_they_are_set_up(folder: Path) -> None:
    (folder / "custom_templates").mkdir()
    (folder / "custom_templates" / "m.jinja").write_text("{% macro yes() %}true{% endmacro %}")
    with (folder / "configuration.yaml").open("a") as file:
        file.write(
            "binary_sensor:\n"
            "  - platform: bayesian\n"
            "    name: Sure\n"
            "    prior: 0.5\n"
            "    observations:\n"
            "      - platform: template\n"
            "        value_template: \"{% from 'm.jinja' import yes %}{{ yes() }}\"\n"
            "        prob_given_true: 0.9\n"
            "        prob_given_false: 0.1\n"
        )

    async with running_home(folder) as server:
        state = server.home.states.get("binary_sensor.sure")

    assert state is not None
    assert state.attributes["probability"] == 0.9


async def test_last_states_come_back_and_fire_no_rule(folder: Path) -> None:
    async with running_home(folder) as server:
        token = server.home.devices.add("hall")
        hall = device(server, token=token)
        hall.set(motion=True, lamp="off")
        async with hall:
            await hall.delivered()

    async with running_home(folder) as server:
        state = server.home.states.get("binary_sensor.hall_motion")
        last_triggered = server.engine.rules[0].last_triggered
        again = device(server, token=token)
        again.set(motion=True, lamp="off")
        async with again:
            await again.delivered()
        reported = server.home.states.get("binary_sensor.hall_motion")

        assert state is not None
        assert (state.state, state.is_restored) == ("on", True)
        assert reported is not None
        assert not reported.is_restored
        assert server.engine.rules[0].last_triggered == last_triggered


@pytest.mark.parametrize("meanwhile", ["[]\n", "- {id: hall, alias: Hall, triggers: [], actoins: []}\n", "- id: [\n"])
async def test_an_automation_that_was_off_is_off_after_a_start_without_it(folder: Path, meanwhile: str) -> None:
    file = folder / "rules" / "hall.yaml"
    good = "- id: hall\n" + RULE.replace("\n- alias", "\n  alias").lstrip("\n")
    file.write_text(good)
    async with running_home(folder) as server:
        await server.home.services.call("automation", "turn_off", {"entity_id": "automation.hall_light"})
    file.write_text(meanwhile)
    async with running_home(folder) as server:
        without = server.home.states.get("automation.hall_light")
    file.write_text(good)

    async with running_home(folder) as server:
        again = server.home.states.get("automation.hall_light")

    assert without is not None
    assert without.state == "unavailable"
    assert again is not None
    assert again.state == "off"


async def test_an_automation_that_went_and_was_off_comes_back_off_after_a_restart(folder: Path) -> None:
    (folder / "rules" / "hall.yaml").unlink()
    file = folder / "configuration.yaml"
    kept = file.read_text()
    rule = "- id: hall\n" + RULE.replace("\n- alias", "\n  alias").lstrip("\n")
    file.write_text(f"{kept}automation: !include automations.yaml\n")
    (folder / "automations.yaml").write_text(rule)
    async with running_home(folder) as server:
        await server.home.services.call("automation", "turn_off", {"entity_id": "automation.hall_light"})
        (folder / "automations.yaml").write_text("[]\n")
        await server.home.services.call("automation", "reload")
    (folder / "automations.yaml").write_text(rule)

    async with running_home(folder) as server:
        again = server.home.states.get("automation.hall_light")

    assert again is not None
    assert again.state == "off"


async def test_a_second_home_on_the_same_data_is_refused(folder: Path) -> None:
    async with running_home(folder):
        with pytest.raises(StoreError, match="is in use by a running home"):
            await HomeServer(read_configuration(folder)).start()


async def test_a_port_in_use_is_refused_and_everything_is_given_back(folder: Path, tmp_path: Path) -> None:
    async with running_home(folder) as server:
        other = tmp_path / "other"
        other.mkdir()
        (other / "configuration.yaml").write_text(f"http: {{port: {server.gateway.port}}}\n")
        second = HomeServer(read_configuration(other))

        with pytest.raises(OSError, match="in use"):
            await second.start()

    async with running_home(other):
        pass


async def test_a_broken_rule_does_not_keep_the_others_from_running(folder: Path) -> None:
    (folder / "rules" / "broken.yaml").write_text("- alias: Broken\n  triggers: []\n  actoins: []\n")

    async with running_home(folder) as server:
        names = [rule.name for rule in server.engine.rules if rule.state == "on"]
        problems = [str(problem) for problem in server.problems]

    assert names == ["Hall light"]
    assert any("rules/broken.yaml:3:3" in problem and "actoins" in problem for problem in problems), problems


async def test_a_key_that_nothing_handles_is_one_warning_with_its_place(folder: Path) -> None:
    with (folder / "configuration.yaml").open("a") as file:
        file.write("lights_of_mars: {}\n")

    async with running_home(folder) as server:
        problems = [str(problem) for problem in server.problems]

    assert len(problems) == 1
    assert problems[0].startswith("configuration.yaml:4:1: ")
    assert "lights_of_mars" in problems[0]


async def test_template_entities_follow_what_they_look_at_and_what_their_section_says(folder: Path) -> None:
    file = folder / "configuration.yaml"
    before = file.read_text()
    block = "template:\n  - sensor: {name: Sum, state: \"{{ states('sensor.a') | int(0) + %d }}\"}\n"
    file.write_text(before + block % 1)
    async with running_home(folder) as server:
        home = server.home
        home.states.set("sensor.a", "5")
        first = home.states.get("sensor.sum")
        file.write_text(before + block % 10)
        await home.services.call("template", "reload")
        second = home.states.get("sensor.sum")

    assert [state.state for state in (first, second) if state] == ["6", "15"]
    assert server.problems == []


async def test_a_template_block_that_is_wrong_is_told_with_its_place(folder: Path) -> None:
    with (folder / "configuration.yaml").open("a") as file:
        file.write("template:\n  - sensor: {name: Sum}\n  - vacuum: []\n    sensor: {name: Good, state: '1'}\n")
    async with running_home(folder) as server:
        good = server.home.states.get("sensor.good")

    assert good is not None
    assert [str(problem) for problem in server.problems] == [
        "configuration.yaml:5:13: sensor.state: this key is required",
    ]


async def test_a_certificate_that_cannot_be_used_is_named(folder: Path) -> None:
    (folder / "nothing.pem").write_text("nothing")
    (folder / "configuration.yaml").write_text("http: {port: 0, tls: {certificate: nothing.pem, key: nothing.pem}}\n")

    with pytest.raises(ConfigError, match=r"nothing\.pem .*cannot be used"):
        await HomeServer(read_configuration(folder)).start()


async def test_the_control_socket_tells_adds_and_revokes(folder: Path) -> None:
    async with running_home(folder) as server:
        socket = server.home.settings.data_dir / "inglenook.sock"
        async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket))) as session:
            added = await (await session.post("http://home/devices/attic")).json()
            devices = await (await session.get("http://home/devices")).json()
            rules = await (await session.get("http://home/report/rules")).json()
            revoked = await session.delete("http://home/devices/attic")
            again = await session.delete("http://home/devices/attic")
            refusal = await again.json()
        mode = socket.stat().st_mode & 0o777

    assert len(added["token"]) >= 40
    assert [(row["device"], row["status"]) for row in devices] == [("attic", "never seen")]
    assert rules[0]["name"] == "Hall light"
    assert rules[0]["where"] == "rules/hall.yaml:2:3"
    assert (revoked.status, again.status) == (200, 400)
    assert "no device 'attic' has a token" in refusal["error"]
    assert mode == 0o600
    assert not socket.exists()


async def test_watching_shows_what_devices_report_and_are_told(folder: Path) -> None:
    async with running_home(folder) as server:
        socket = server.home.settings.data_dir / "inglenook.sock"
        hall = device(server)
        hall.set(motion=False, lamp="off")
        async with hall, aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket))) as session:
            await hall.delivered()
            answer = await session.get("http://home/watch?device=hall")
            hall.set(motion=True)
            lines = [json.loads(await asyncio.wait_for(answer.content.readline(), 5)) for _ in range(2)]
            answer.close()

    reported = next(line for line in lines if "state" in line)
    told = next(line for line in lines if "told" in line)
    assert (reported["device"], reported["entity_id"], reported["state"]) == ("hall", "binary_sensor.hall_motion", "on")
    assert (told["device"], told["told"]) == ("hall", "light.turn_on")


async def test_pairing_gives_the_device_a_token_once_a_person_accepts(folder: Path) -> None:
    async with running_home(folder) as server:
        socket = server.home.settings.data_dir / "inglenook.sock"
        url = f"http://127.0.0.1:{server.gateway.port}/api/device"
        async with (
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket))) as person,
            aiohttp.ClientSession() as network,
        ):
            window = await person.get("http://home/pair")
            code = json.loads(await window.content.readline())["code"]
            ws = await network.ws_connect(url, protocols=["inglenook.v1"])
            await ws.send_json({"type": "pair", "device": "new", "code": code, "model": "M1"})
            request = json.loads(await asyncio.wait_for(window.content.readline(), 5))
            await person.post("http://home/pair/new")
            paired = await ws.receive_json(timeout=5)
            window.close()

        assert (request["device"], request["model"]) == ("new", "M1")
        assert paired["type"] == "paired"
        assert server.home.devices.allowed() == ["new"]


async def test_saving_a_rule_changes_what_happens(folder: Path) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    swapped = asyncio.Event()
    async with running_home(folder) as server:
        hall = device(server)
        hall.on_command("lamp")(lambda service, _data: told.put_nowait(service))
        hall.set(motion=False, lamp="off")
        server.home.bus.listen("automation_reloaded", lambda _: swapped.set())
        async with hall:
            await hall.delivered()
            (folder / "rules" / "hall.yaml").write_text(RULE.replace("light.turn_on", "light.turn_off"))
            await asyncio.wait_for(swapped.wait(), 10)
            hall.set(motion=True)

            assert await asyncio.wait_for(told.get(), 5) == "turn_off"


async def test_what_is_customized_is_shown_and_read_again(folder: Path) -> None:
    path = folder / "configuration.yaml"
    path.write_text(CONFIGURATION.replace("Test", "Test, customize: {automation.hall_light: {note: old}}"))
    async with running_home(folder) as server:
        before = server.home.states.get("automation.hall_light")
        path.write_text(CONFIGURATION.replace("Test", "Test, customize_domain: {automation: {note: new}}"))
        await server.home.services.call("homeassistant", "reload_core_config")
        after = server.home.states.get("automation.hall_light")

    assert before is not None
    assert after is not None
    assert (before.attributes["note"], after.attributes["note"]) == ("old", "new")


async def test_a_home_tells_over_http_how_it_is(folder: Path) -> None:
    (folder / "rules" / "wrong.yaml").write_text("- alias: Wrong\n  triggers: {trigger: no}\n  actions: []\n")
    async with running_home(folder) as server:
        user = await server.auth.create_user("somebody", role=Role.OWNER)
        headers = {"Authorization": f"Bearer {server.auth.create_long_lived(user, 'test')}"}
        async with aiohttp.ClientSession(f"http://127.0.0.1:{server.gateway.port}", headers=headers) as session:
            ready = await session.get("/api/ready")
            await server.home.services.call("system_log", "write", {"message": "found in the log"})
            log = await (await session.get("/api/error_log")).text()
            checked = await (await session.post("/api/config/core/check_config")).json()
            metrics = await (await session.get("/metrics")).text()

    assert ready.status == 200
    assert "found in the log" in log
    assert checked["result"] == "valid"
    assert checked["warnings"].startswith("rules/wrong.yaml:2:")
    assert "inglenook_rules 2.0" in metrics


async def test_a_home_that_has_stopped_leaves_the_log_alone(folder: Path) -> None:
    before = list(logging.getLogger().handlers)
    async with running_home(folder) as server:
        assert server.log in logging.getLogger().handlers

    assert logging.getLogger().handlers == before


async def test_a_failed_log_in_is_told_once_with_its_address(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with running_home(folder) as server, aiohttp.ClientSession() as session:
        home = f"http://127.0.0.1:{server.gateway.port}"
        begin = {"client_id": f"{home}/", "redirect_uri": f"{home}/", "handler": ["homeassistant", None]}
        async with session.post(f"{home}/auth/login_flow", json=begin) as answer:
            flow = await answer.json()
        wrong = {"username": "ann", "password": "wrong", "client_id": f"{home}/"}
        async with session.post(f"{home}/auth/login_flow/{flow['flow_id']}", json=wrong) as answer:
            assert (await answer.json())["errors"]

        messages = server.surface.notices.all()

        assert [line for line in caplog.messages if "log-in" in line] == ["failed log-in from 127.0.0.1"]
        assert messages["http-login"]["message"] == "Failed log-in from 127.0.0.1."
