"""A home whose configuration cannot be read starts with the one that it last had, and says so."""

import logging
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession
from tests.core.server.homes import until
from tests.core.web.clients import signed_in_at

from inglenook.auth import Role
from inglenook.config.configuration import read_configuration
from inglenook.config.last_good import FILE_NAME
from inglenook.errors import ConfigErrors
from inglenook.server.running import HomeServer

CONFIGURATION = """
homeassistant: {name: !secret name, packages: !include_dir_named packages}
http: {port: 0}
automation: !include automations.yaml
input_boolean: !include helpers.yaml
"""
FILES = {
    "configuration.yaml": CONFIGURATION,
    "automations.yaml": "- {alias: A, triggers: [], actions: []}\n",
    "helpers.yaml": "guests:\n",
    "secrets.yaml": "name: Our house\n",
    "packages/more.yaml": "input_number: {level: {min: 0, max: 9}}\n",
}
HERE = {"automation.a", "input_boolean.guests", "input_number.level"}
SLIP = "guests: [\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "packages").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@asynccontextmanager
async def home_of(folder: Path) -> AsyncIterator[HomeServer]:
    """Run the home as the command does, and keep what it could read."""
    server = HomeServer(read_configuration(folder, or_last_good=True))
    await server.start()
    try:
        yield server
    finally:
        server.configuration.keep()
        await server.stop()


async def notice_of(server: HomeServer) -> str:
    """Return the text of the one notification."""
    user = await server.auth.create_user("Owner", role=Role.OWNER)
    async with signed_in_at(server.gateway.port, server.auth.create_long_lived(user, "test")) as client:
        (notice,) = await client.result("persistent_notification/get")
        return str(notice["message"])


async def readiness(server: HomeServer) -> tuple[int, dict[str, str]]:
    address = f"http://127.0.0.1:{server.gateway.port}/api/ready"
    async with ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.json()


def there(server: HomeServer) -> set[str]:
    return {state.entity_id for state in server.home.states} & HERE


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("configuration.yaml", CONFIGURATION + "foo: [\n", "configuration.yaml:6:7: expected YAML"),
        ("configuration.yaml", CONFIGURATION.replace("port: 0", "port: nine"), "configuration.yaml:3:14: http.port: "),
        ("configuration.yaml", "", "configuration.yaml: the file is empty, which it was not"),
        ("helpers.yaml", SLIP, "helpers.yaml:1:10: expected YAML"),
        ("helpers.yaml", None, "helpers.yaml: there is no such file"),
        ("automations.yaml", "- {alias: B\n", "automations.yaml:1:12: expected"),
        ("packages/more.yaml", "input_number: {\n", "packages/more.yaml:1:16: expected"),
        ("secrets.yaml", "other: 1\n", "configuration.yaml:2:23: !secret name: "),
        ("secrets.yaml", "name: [\n", "secrets.yaml:1:8: expected"),
    ],
)
async def test_a_slip_in_any_file_leaves_the_home_as_it_was(
    folder: Path, name: str, text: str | None, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with home_of(folder) as server:
        assert there(server) == HERE
    (folder / name).unlink() if text is None else (folder / name).write_text(text)
    caplog.clear()

    async with home_of(folder) as server:
        assert there(server) == HERE
        assert server.home.settings.name == "Our house"
        assert [problem for problem in map(str, server.problems) if problem.startswith(told)]
        assert told in await notice_of(server)
        assert any(told in record.getMessage() for record in caplog.records if record.levelno == logging.ERROR)


def test_without_a_former_configuration_the_slip_ends_the_start(folder: Path) -> None:
    (folder / "configuration.yaml").write_text("foo: [\n")

    with pytest.raises(ConfigErrors, match=r"configuration\.yaml:1:7"):
        read_configuration(folder, or_last_good=True)


async def test_what_is_kept_is_for_its_owner_alone_and_the_last_that_was_read(folder: Path) -> None:
    async with home_of(folder) as server:
        kept = server.home.settings.data_dir / FILE_NAME
        (folder / "helpers.yaml").write_text("guests:\npets:\n")
        await server.home.services.call("input_boolean", "reload")
        (folder / "helpers.yaml").write_text(SLIP)
        with pytest.raises(ConfigErrors):
            await server.home.services.call("input_boolean", "reload")

    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    async with home_of(folder) as server:
        assert server.home.states.get("input_boolean.pets")


async def test_an_included_file_may_become_empty(folder: Path) -> None:
    async with home_of(folder):
        pass
    (folder / "automations.yaml").write_text("")

    async with home_of(folder) as server:
        assert there(server) == HERE - {"automation.a"}
        assert not server.configuration.stale


async def test_a_damaged_copy_is_none(folder: Path) -> None:
    async with home_of(folder) as server:
        kept = server.home.settings.data_dir / FILE_NAME
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    (folder / "configuration.yaml").write_text("foo: [\n")

    with pytest.raises(ConfigErrors, match=r"configuration\.yaml:1:7"):
        read_configuration(folder, or_last_good=True)


async def test_the_copy_is_found_in_the_data_folder_that_a_broken_file_names(folder: Path) -> None:
    text = f"{CONFIGURATION}data:\n  # elsewhere\n  folder: 'state'\n"
    (folder / "configuration.yaml").write_text(text)
    async with home_of(folder):
        pass
    (folder / "configuration.yaml").write_text(f"{text}foo: [\n")

    async with home_of(folder) as server:
        assert there(server) == HERE


async def test_what_is_mended_is_taken(folder: Path) -> None:
    async with home_of(folder):
        pass
    (folder / "configuration.yaml").write_text(CONFIGURATION + "foo: [\n")
    async with home_of(folder) as server:
        assert await readiness(server) == (200, {"status": "ready", "configuration": "stale"})
        (folder / "configuration.yaml").write_text(f"{CONFIGURATION}script: {{go: {{sequence: []}}}}\n")

        await until(lambda: "script.go" in {state.entity_id for state in server.home.states})

        assert await readiness(server) == (200, {"status": "ready"})
