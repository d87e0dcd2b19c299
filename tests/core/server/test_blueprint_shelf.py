"""A client lists, brings, saves, tries and deletes the blueprints of a home."""

import logging
from pathlib import Path

import pytest
from tests.core.server.homes import client_of, until

from inglenook.server.blueprint_shelf import Found

TEXT = """\
blueprint:
  name: Tell   # of an event
  domain: automation
  input:
    heard: {}
triggers:
- {trigger: event, event_type: !input heard}
actions:
- event: told
"""
USER = "automation: [{id: a, alias: A, use_blueprint: {path: me/tell.yaml, input: {heard: bell}}}]\n"
ONE = {"domain": "automation", "path": "me/tell.yaml"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "blueprints" / "automation" / "me").mkdir(parents=True)
    (tmp_path / "blueprints" / "automation" / "me" / "tell.yaml").write_text(TEXT)
    (tmp_path / "configuration.yaml").write_text("http: {port: 0}\n" + USER)
    return tmp_path


async def test_blueprints_are_listed_with_what_is_wrong(folder: Path) -> None:
    (folder / "blueprints" / "automation" / "bad.yaml").write_text("x: 1\n")
    async with client_of(folder) as (_, one):
        found = await one.result("blueprint/list", domain="automation")

        assert found["me/tell.yaml"]["metadata"] == {"name": "Tell", "domain": "automation", "input": {"heard": {}}}
        assert "this is no blueprint" in found["bad.yaml"]["error"]
        assert await one.result("blueprint/list", domain="script") == {}


async def test_a_blueprint_is_brought_and_kept_as_its_author_wrote_it(folder: Path) -> None:
    async def fetch(url: str) -> Found:
        assert url == "https://here"
        return Found("ada/tell", TEXT)

    async with client_of(folder) as (server, one):
        server.blueprints.fetch = fetch

        found = await one.result("blueprint/import", url="https://here")
        kept = {"domain": "automation", "path": found["suggested_filename"], "yaml": found["raw_data"]}

        assert (found["exists"], found["blueprint"]["metadata"]["name"]) == (False, "Tell")
        answer = await one.result("blueprint/save", **kept, source_url="https://here")
        assert answer == {"overrides_existing": False}
        assert await one.code("blueprint/save", **kept) == "already_exists"
        assert await one.result("blueprint/save", **kept, allow_override=True) == {"overrides_existing": True}
        await one.result("blueprint/save", **{**kept, "path": "ada/more"}, source_url="https://here")
    text = (folder / "blueprints" / "automation" / "ada" / "more.yaml").read_text()
    assert text == TEXT.replace("    heard: {}\n", "    heard: {}\n  source_url: https://here\n")


async def test_an_address_that_is_none_is_refused_without_a_request(folder: Path) -> None:
    async with client_of(folder) as (_, one):
        assert await one.code("blueprint/import", url="http://127.0.0.1/a.yaml") == "invalid_format"


async def test_what_a_blueprint_makes_of_its_inputs_is_shown(folder: Path) -> None:
    async with client_of(folder) as (_, one):
        made = await one.result("blueprint/substitute", **ONE, input={"heard": "bell"})

        assert made["substituted_config"]["triggers"] == [{"trigger": "event", "event_type": "bell"}]
        assert await one.code("blueprint/substitute", **ONE, input={}) == "unknown_error"


async def test_a_blueprint_in_use_stays_and_its_users_are_named(folder: Path) -> None:
    async with client_of(folder) as (server, one):
        answer = await one.ask("blueprint/delete", **ONE)

        assert answer["error"]["message"] == "blueprint me/tell.yaml is in use: automation.a"
        (folder / "configuration.yaml").write_text("http: {port: 0}\n")
        await server.home.services.call("automation", "reload")
        await one.result("blueprint/delete", **ONE)
        assert await one.code("blueprint/delete", **ONE) == "not_found"
    assert not (folder / "blueprints" / "automation" / "me" / "tell.yaml").exists()


@pytest.mark.parametrize(
    "path",
    [
        "../../configuration.yaml",
        "/etc/x.yaml",
        ".hidden/x.yaml",
        "a/../../script/x.yaml",
        "a\0b",
        "x" * 300,
        "a//b",
        "",
    ],
)
async def test_a_path_does_not_leave_its_folder(folder: Path, path: str) -> None:
    async with client_of(folder) as (_, one):
        given = {"domain": "automation", "path": path}
        assert await one.code("blueprint/save", **given, yaml=TEXT, allow_override=True) == "invalid_format"
        assert await one.code("blueprint/delete", **given) == "invalid_format"


@pytest.mark.parametrize("tag", ["!secret told", "!include ../../../configuration.yaml", "!env_var HOME"])
async def test_a_blueprint_of_others_reads_nothing_of_this_home(folder: Path, tag: str) -> None:
    text = TEXT.replace("told", tag)

    async def fetch(_: str) -> Found:
        return Found("ada/tell", text)

    async with client_of(folder) as (server, one):
        server.blueprints.fetch = fetch

        assert await one.code("blueprint/import", url="https://here") == "invalid_format"
        assert await one.code("blueprint/save", **ONE, yaml=text, allow_override=True) == "invalid_format"
    assert (folder / "blueprints" / "automation" / "me" / "tell.yaml").read_text() == TEXT


async def test_a_blueprint_that_nothing_can_be_made_of_is_not_brought(folder: Path) -> None:
    async def fetch(_: str) -> Found:
        return Found("ada/tell", TEXT.replace("domain: automation", "domain: ../../www"))

    async with client_of(folder) as (server, one):
        server.blueprints.fetch = fetch

        answer = await one.ask("blueprint/import", url="https://here")

    assert "expected a blueprint of the domain automation, script, template" in answer["error"]["message"]


async def test_a_saved_blueprint_changes_what_is_made_of_it(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    heard: list[str] = []
    async with client_of(folder) as (server, one):
        server.home.bus.listen("said", lambda event: heard.append(event.event_type))
        await one.result("blueprint/save", **ONE, yaml=TEXT.replace("told", "said"), allow_override=True)

        await until(lambda: "tell.yaml: changed A" in caplog.text)
        server.home.bus.fire("bell")
    assert heard == ["said"]
