"""The examples of the README and of the plugin guide do what they say."""

import asyncio
import re
import sys
from pathlib import Path
from typing import Final

import pytest
import yaml

from inglenook.home import Home
from inglenook.model import Context, State
from inglenook.rules import RuleEngine
from inglenook.server.vocabulary import register_services
from inglenook.templates import Templates
from inglenook.testing import Gateway, set_up_plugin

ROOT: Final = Path(__file__).parents[1]
README: Final = (ROOT / "README.md").read_text()
PLUGIN_GUIDE: Final = (ROOT / "docs" / "plugins.md").read_text()


def block(text: str, language: str, marker: str) -> str:
    """Return the code block of that language that has ``marker`` in it."""
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return next(block for block in blocks if marker in block)


async def test_the_rule_of_the_readme_is_a_rule(home: Home) -> None:
    rules = yaml.safe_load(block(README, "yaml", "alias: Hall light"))

    checked = RuleEngine(home, Templates(home)).check(rules[0])

    assert checked.alias == "Hall light on motion"


async def test_the_plugin_of_the_readme_hears_and_offers(
    home: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "hello.py").write_text(block(README, "python", "@hookimpl"))
    caplog.set_level("INFO")
    plugins = await set_up_plugin(home, "hello", config_dir=tmp_path)

    await home.services.call("hello", "say", {"name": "Ada"})
    await plugins.teardown()

    assert "hello, Ada" in caplog.text


async def test_the_plugin_of_the_guide_makes_a_lamp(home: Home, tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "hello.py").write_text(block(PLUGIN_GUIDE, "python", "class HelloLamp"))
    plugins = await set_up_plugin(home, "hello", config_dir=tmp_path)
    register_services(home, plugins)

    await home.services.call("light", "turn_on", {"entity_id": "light.hello"})

    state = home.states.get("light.hello")
    assert state is not None
    assert state.state == "on"
    await plugins.teardown()


async def test_the_device_of_the_readme_reports(gateway: Gateway, tmp_path: Path) -> None:
    program = block(README, "python", "hall.on_command").replace("ws://127.0.0.1:8123/api/device", gateway.url)
    (tmp_path / "device.py").write_text(program)
    reported = asyncio.Event()

    def note(_id: str, _old: State | None, new: State | None, _context: Context) -> None:
        if new is not None and new.state == "on":
            reported.set()

    gateway.home.states.watch("binary_sensor.hall_motion", note)
    token = gateway.home.devices.add("hall")
    process = await asyncio.create_subprocess_exec(sys.executable, str(tmp_path / "device.py"), token)
    try:
        await asyncio.wait_for(reported.wait(), 20)
    finally:
        process.kill()
        await process.wait()

    assert gateway.home.devices.allowed() == ["hall"]
