"""The services about the home itself, called in a running one."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from tests.core.server.homes import running_home

from inglenook.config.configuration import read_configuration
from inglenook.errors import ServiceError
from inglenook.server.running import RESTART_STATUS, HomeServer

CONFIGURATION = """
homeassistant: {name: Test, latitude: 52.0, longitude: 5.0}
http: {port: 0}
input_boolean: {guests: }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION)
    return tmp_path


async def call(server: HomeServer, service: str, **data: Any) -> None:
    domain, _, name = service.partition(".")
    await server.home.services.call(domain, name, data)


async def test_a_helper_is_what_it_was_before_the_home_stopped(folder: Path) -> None:
    async with running_home(folder) as server:
        await call(server, "input_boolean.turn_on", entity_id="input_boolean.guests")

    async with running_home(folder) as server:
        state = server.home.states.get("input_boolean.guests")

        assert state is not None
        assert (state.state, state.is_restored) == ("on", False)


async def test_what_is_declared_no_more_is_forgotten(folder: Path) -> None:
    async with running_home(folder):
        pass
    (folder / "configuration.yaml").write_text("http: {port: 0}\ninput_boolean: {other: }\n")

    async with running_home(folder) as server:
        assert [state.entity_id for state in server.home.states.domain("input_boolean")] == ["input_boolean.other"]


async def test_keys_that_a_plugin_handles_need_no_warning(folder: Path) -> None:
    async with running_home(folder) as server:
        assert [str(problem) for problem in server.problems] == []


async def test_a_home_that_moves_tells_of_it(folder: Path) -> None:
    async with running_home(folder) as server:
        heard: list[Any] = []
        server.home.bus.listen("core_config_updated", lambda event: heard.append(dict(event.data)))

        for _ in range(2):
            await call(server, "homeassistant.set_location", latitude=10, longitude=5)

        zone = server.home.states.get("zone.home")
        assert zone is not None
        assert zone.attributes["latitude"] == 10
        assert heard == [{"latitude": 10.0}]


async def test_what_the_home_may_do_beyond_itself_is_as_it_was_at_the_start(folder: Path) -> None:
    async with running_home(folder) as server:
        (folder / "configuration.yaml").write_text(CONFIGURATION + "allow: {programs: true}\n")

        await call(server, "homeassistant.reload_core_config")

        assert not server.home.settings.allow_programs


async def test_reload_all_reads_everything_again(folder: Path) -> None:
    async with running_home(folder) as server:
        (folder / "configuration.yaml").write_text(
            CONFIGURATION.replace("guests: ", "guests: {name: Visitors}").replace("Test", "Cottage")
        )

        await call(server, "homeassistant.reload_all")

        guests = server.home.states.get("input_boolean.guests")
        assert guests is not None
        assert guests.attributes["friendly_name"] == "Visitors"
        assert server.home.settings.name == "Cottage"


async def test_a_configuration_that_is_not_in_order_is_told_and_not_used(folder: Path) -> None:
    async with running_home(folder) as server:
        (folder / "configuration.yaml").write_text(CONFIGURATION.replace("guests: ", "guests: {inital: on}"))

        for service in ("check_config", "reload_all", "restart"):
            with pytest.raises(ServiceError, match=r"configuration\.yaml:4:26: .*inital: unknown key"):
                await call(server, f"homeassistant.{service}")

        assert server.exit_status == 0


async def test_a_rule_that_is_wrong_keeps_nothing_from_being_read_again(folder: Path) -> None:
    (folder / "configuration.yaml").write_text(CONFIGURATION + "automation: {alias: Wrong, triggers: 5}\n")
    async with running_home(folder) as server:
        (folder / "configuration.yaml").write_text(
            CONFIGURATION.replace("Test", "Cottage") + "automation: {alias: Wrong, triggers: 5}\n"
        )

        await call(server, "homeassistant.check_config")
        await call(server, "homeassistant.reload_all")

        assert server.home.settings.name == "Cottage"


async def test_a_restart_is_asked_for_by_the_exit_status(folder: Path) -> None:
    server = HomeServer(read_configuration(folder))
    asked: list[asyncio.Task[None]] = []

    await server.run(lambda _: asked.append(asyncio.create_task(call(server, "homeassistant.restart"))))

    await asked[0]
    assert server.exit_status == RESTART_STATUS


async def test_every_service_has_its_row_in_the_docs(folder: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "helpers.md").read_text()
    told = set(re.findall(r"^\| `homeassistant\.(\w+)`", text, re.MULTILINE))

    async with running_home(folder) as server:
        offered = {service.name for service in server.home.services.all() if service.domain == "homeassistant"}

    assert told == offered - {"turn_on", "turn_off", "toggle", "update_entity"}
