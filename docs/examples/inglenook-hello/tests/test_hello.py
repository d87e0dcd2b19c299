"""The plugin as its users have it: installed, named in a configuration, in a home under virtual time."""

from pathlib import Path
from typing import Any

from inglenook_hello import DoorBell

from inglenook import Event, Home
from inglenook.plugins import PluginManager, PluginState


async def start(home: Home, folder: Path, settings: dict[str, Any] | None = None) -> PluginManager:
    """Set the plugin up with ``settings``, as the hub does."""
    plugins = PluginManager(home, folder)
    problems = plugins.load({"hello": (settings, None)}, lambda settings, schema, where: schema(settings))
    assert problems == []
    await plugins.setup()
    assert plugins.plugins["hello"].state is PluginState.RUNNING
    return plugins


async def test_the_bell_rings(home: Home, tmp_path: Path) -> None:
    heard: list[Event] = []
    home.bus.listen("hello_greeting", heard.append)
    await start(home, tmp_path)
    bell = home.entities.get("button.door_bell")
    assert isinstance(bell, DoorBell)

    bell.press()

    assert [event.data for event in heard] == [{"text": "Hello, visitor!"}]


async def test_the_service_answers(home: Home, tmp_path: Path) -> None:
    await start(home, tmp_path, {"greeting": "Good evening"})

    answer = await home.services.call("hello", "greet", {"name": "Ann"}, return_response=True)

    assert answer == {"text": "Good evening, Ann!"}


async def test_it_leaves_nothing_behind(home: Home, tmp_path: Path) -> None:
    plugins = await start(home, tmp_path)

    await plugins.teardown()

    assert home.states.get("button.door_bell") is None
    assert not home.services.has("hello", "greet")
