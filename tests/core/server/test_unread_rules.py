"""A home whose files of rules cannot be read starts without them, and has them once they can."""

from pathlib import Path

import pytest
from tests.core.server.homes import running_home, until

from inglenook.config.configuration import read_configuration
from inglenook.errors import ConfigErrors, ServiceValidationError
from inglenook.server.running import HomeServer

CONFIGURATION = """
http: {port: 0}
automation: !include automations.yaml
script: !include scripts.yaml
scene:
  - !include scene.yaml
  - {name: Good, entities: {light.a: "on"}}
input_boolean: {guests: }
"""
AUTOMATION = "- {alias: A, triggers: [], actions: []}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION)
    (tmp_path / "automations.yaml").write_text(f"{AUTOMATION}\t- b\n")
    (tmp_path / "scripts.yaml").write_text("one: {sequence: [{event: !secret word}]}\ntwo: {sequence: []}\n")
    return tmp_path


def rules_of(server: HomeServer) -> dict[str, str]:
    states = [state for domain in ("automation", "scene", "script") for state in server.home.states.domain(domain)]
    return {state.entity_id: "unavailable" if state.state == "unavailable" else "there" for state in states}


async def test_a_home_starts_without_what_cannot_be_read_and_says_what(folder: Path) -> None:
    async with running_home(folder) as server:
        assert rules_of(server) == {"scene.good": "there", "script.one": "unavailable", "script.two": "there"}
        assert server.home.states.get("input_boolean.guests") is not None
        assert sorted(map(str, server.problems)) == [
            "automations.yaml:2:1: a tab is used for indentation; expected spaces",
            "configuration.yaml:6:5: !include: there is no file scene.yaml",
            "scripts.yaml:1:26: !secret word: there is no secrets.yaml",
        ]


async def test_what_is_mended_is_live(folder: Path) -> None:
    async with running_home(folder) as server:
        (folder / "automations.yaml").write_text(AUTOMATION)
        await until(lambda: "automation.a" in rules_of(server))
        (folder / "secrets.yaml").write_text("word: hello\n")
        (folder / "scene.yaml").write_text("{name: Late, entities: {light.a: 'off'}}\n")
        await until(lambda: len(rules_of(server)) == 5 and set(rules_of(server).values()) == {"there"})

        assert "scene.late" in rules_of(server)


async def test_what_could_be_read_is_not_given_up(folder: Path) -> None:
    (folder / "automations.yaml").write_text(AUTOMATION)
    async with running_home(folder) as server:
        (folder / "automations.yaml").write_text("- alias: [\n")

        with pytest.raises(ServiceValidationError, match=r"automations\.yaml:1:11"):
            await server.home.services.call("automation", "reload")
        assert rules_of(server)["automation.a"] == "there"


async def test_a_section_is_read_again_though_rules_cannot_be(folder: Path) -> None:
    async with running_home(folder) as server:
        text = CONFIGURATION.replace("guests: ", "guests: , pets: ")
        (folder / "configuration.yaml").write_text(text)

        await server.home.services.call("input_boolean", "reload")

        assert server.home.states.get("input_boolean.pets") is not None


def test_what_the_configuration_itself_says_has_to_be_whole(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("automation: [{triggers: [], actions: !secret none}]\n")

    with pytest.raises(ConfigErrors, match=r"configuration\.yaml:1:38: !secret none: there is no secrets\.yaml"):
        read_configuration(tmp_path)


@pytest.mark.parametrize("key", ["http", "homeassistant", "input_boolean"])
def test_other_parts_have_to_be_readable(tmp_path: Path, key: str) -> None:
    (tmp_path / "configuration.yaml").write_text(f"{key}: !include none.yaml\nautomation: !include none.yaml\n")

    with pytest.raises(ConfigErrors, match=r"configuration\.yaml:1:\d+: !include: there is no file none\.yaml"):
        read_configuration(tmp_path)
