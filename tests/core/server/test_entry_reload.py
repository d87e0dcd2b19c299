"""A rule reloads what an entity comes from."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.core.server.homes import running_home

from inglenook.errors import InvalidServiceData, ServiceValidationError
from inglenook.server.running import HomeServer

PLUGIN = """
from inglenook.entity import Entity
from inglenook.plugins import hookimpl

class Line(Entity):
    domain = "sensor"
    unique_id = "line"
    name = "Line"

@hookimpl
def setup(home, scope):
    home.bus.fire("line_is_up")
    scope.add_entity(Line())
"""


async def reload(server: HomeServer, **data: Any) -> None:
    await server.home.services.call("homeassistant", "reload_config_entry", data)


def counted(server: HomeServer, event_type: str) -> list[str]:
    heard: list[str] = []
    server.home.bus.listen(event_type, lambda event: heard.append(event.event_type))
    return heard


async def test_the_plugin_of_an_entity_is_set_up_anew(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("http: {port: 0}\nplugins: [line]\n")
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins/line.py").write_text(PLUGIN)
    async with running_home(tmp_path) as server:
        heard = counted(server, "line_is_up")

        await reload(server, entity_id="sensor.line")

        assert heard == ["line_is_up"]
        assert server.home.states.get("sensor.line")


async def test_a_helper_made_in_the_interface_is_read_again_by_its_entry(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("http: {port: 0}\n")
    (tmp_path / ".storage").mkdir()
    entry = {
        "entry_id": "a1",
        "domain": "threshold",
        "title": "Warm",
        "options": {"name": "Warm", "entity_id": "sensor.a", "upper": 20.0},
    }
    hue = {"entry_id": "b2", "domain": "hue", "title": "Hue", "options": {}}
    storage = {"version": 1, "data": {"entries": [entry, hue]}}
    (tmp_path / ".storage/core.config_entries").write_text(json.dumps(storage))
    async with running_home(tmp_path) as server:
        server.home.states.set("sensor.a", "25")
        await reload(server, entry_id="a1")

        assert server.home.states.get("binary_sensor.warm")
        with pytest.raises(ServiceValidationError, match="expected a plugin of hue"):
            await reload(server, entry_id="b2")


async def test_what_nothing_comes_from_is_refused(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("http: {port: 0}\n")
    async with running_home(tmp_path) as server:
        with pytest.raises(InvalidServiceData, match="expected an entry_id or a target"):
            await reload(server)
        with pytest.raises(ServiceValidationError, match="there is no config entry 'none'"):
            await reload(server, entry_id="none")
        with pytest.raises(ServiceValidationError, match="expected an entity of a plugin"):
            await reload(server, entity_id="light.nobody")
