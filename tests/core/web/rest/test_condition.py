"""How the home is, over HTTP: alive, ready, its configuration in order, what it logged."""

import logging
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.core.web.clients import signed_in

from inglenook.auth import Role
from inglenook.config.configuration import read_configuration
from inglenook.server import self_check
from inglenook.server.self_check import SelfCheck

from .rest_client import rest_client

_log = logging.getLogger(__name__)


async def test_it_is_alive_and_ready_to_whoever_asks() -> None:
    async with rest_client() as (gateway, client):
        client.headers = {}

        assert await client.ask("GET", "/api/health") == (200, {"status": "ok"})
        assert await client.ask("GET", "/api/ready") == (200, {"status": "ready"})
        gateway.home.bus.fire("homeassistant_stop")
        assert await client.ask("GET", "/api/ready") == (503, {"status": "stopping"})
        assert await client.ask("GET", "/api/health") == (200, {"status": "ok"})


async def test_it_is_not_ready_before_it_has_started(tmp_path: Path) -> None:
    from inglenook.web.app import CLIENTS

    async with rest_client() as (gateway, client):
        gateway.app[CLIENTS].house.run_state = "STARTING"

        assert await client.ask("GET", "/api/ready") == (503, {"status": "starting"})


async def test_it_is_not_ready_while_the_disk_is_full(tmp_path: Path) -> None:
    async with rest_client(data=tmp_path) as (gateway, client):
        store = gateway.home.store
        await store.flush()
        assert store._connection is not None
        store._connection.execute("PRAGMA max_page_count=1")
        for number in range(200):
            gateway.home.states.set(f"sensor.s{number}", "x", {"text": "x" * 4000})

        assert not await store.flush()
        full = await client.ask("GET", "/api/ready")
        store._connection.execute("PRAGMA max_page_count=100000")
        assert await store.flush()

        assert full == (503, {"status": "not writing"})
        assert (await client.ask("GET", "/api/ready"))[0] == 200


async def test_the_configuration_is_checked() -> None:
    async def check() -> tuple[Sequence[str], Sequence[str]]:
        return ["a.yaml:1:2: wrong", "b.yaml:3: too"], []

    async with rest_client(check=check) as (_, client):
        status, answer = await client.ask("POST", "/api/config/core/check_config")

        assert status == 200
        assert answer == {"result": "invalid", "errors": "a.yaml:1:2: wrong\nb.yaml:3: too", "warnings": None}
    async with rest_client() as (_, client):
        answer = (await client.ask("POST", "/api/config/core/check_config"))[1]
        assert answer == {"result": "valid", "errors": None, "warnings": None}


async def test_the_check_finds_what_is_wrong_in_the_files_as_they_are_now(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("http: {port: 0}\n")
    check = SelfCheck(read_configuration(tmp_path))
    (tmp_path / "configuration.yaml").write_text("http: {prot: 0}\nno_such_thing: 1\n")

    errors, warnings = await check.run()

    assert errors[0].startswith("configuration.yaml:1:8: http.prot: ")
    (tmp_path / "configuration.yaml").write_text("no_such_thing: 1\n")
    errors, warnings = await check.run()
    assert (errors, len(warnings)) == ([], 1)


async def test_a_check_that_cannot_be_made_is_an_error_not_an_all_clear(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("http: {port: 0}\n")
    check = SelfCheck(read_configuration(tmp_path))
    (tmp_path / "configuration.yaml").unlink()

    assert (await check.run()).errors


async def test_a_check_that_does_not_end_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "configuration.yaml").write_text("http: {port: 0}\n")
    check = SelfCheck(read_configuration(tmp_path))
    monkeypatch.setattr(self_check, "TIMEOUT_S", 0.0)

    assert (await check.run()).errors == ["the check took longer than 0 s and was cut off"]
    monkeypatch.undo()
    assert (await check.run()).errors == []


async def test_the_last_lines_of_the_log_are_there_for_admins() -> None:
    async with rest_client() as (_, client):
        _log.error("the %s is wet \ud800", "cellar")

        answer = await client.answer("GET", "/api/error_log")

        assert answer.content_type == "text/plain"
        assert "ERROR (MainThread) [" in await answer.text()
        assert "the cellar is wet" in await answer.text()
    async with rest_client(Role.USER) as (_, client):
        assert (await client.ask("GET", "/api/error_log"))[0] == 401


async def test_entries_are_listed_written_and_cleared() -> None:
    async with rest_client() as (gateway, _), signed_in(gateway) as client:
        await client.result(
            "call_service", domain="system_log", service="write", service_data={"message": "a\nb", "logger": "page"}
        )

        entry = (await client.result("system_log/list"))[0]
        assert (entry["name"], entry["level"], entry["message"]) == ("page", "ERROR", ["a\n    b"])
        assert entry["count"] == 1
        await client.result("call_service", domain="system_log", service="clear")
        assert await client.result("system_log/list") == []
