"""The plugin as its users have it: installed, named in a configuration, in a home under virtual time."""

from inglenook_hello import DoorBell

from inglenook import Event, Home
from inglenook.testing import set_up_plugin


async def test_the_bell_rings(home: Home) -> None:
    heard: list[Event] = []
    home.bus.listen("hello_greeting", heard.append)
    await set_up_plugin(home, "hello")
    bell = home.entities.get("button.door_bell")
    assert isinstance(bell, DoorBell)

    bell.press()

    assert [event.data for event in heard] == [{"text": "Hello, visitor!"}]


async def test_the_service_answers(home: Home) -> None:
    await set_up_plugin(home, "hello", {"greeting": "Good evening"})

    answer = await home.services.call("hello", "greet", {"name": "Ann"}, return_response=True)

    assert answer == {"text": "Good evening, Ann!"}


async def test_it_leaves_nothing_behind(home: Home) -> None:
    plugins = await set_up_plugin(home, "hello")

    await plugins.teardown()

    assert home.states.get("button.door_bell") is None
    assert not home.services.has("hello", "greet")
