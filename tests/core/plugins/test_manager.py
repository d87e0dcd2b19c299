"""Plugins are found, checked, set up in order and supervised; a broken one costs nobody else anything."""

from pathlib import Path

import pytest

from inglenook.clock import VirtualClock
from inglenook.config.settings import PluginConfig
from inglenook.home import Home
from inglenook.plugins import PluginManager, PluginState


def write(folder: Path, name: str, text: str) -> None:
    (folder / "plugins").mkdir(exist_ok=True)
    (folder / "plugins" / f"{name}.py").write_text("from inglenook.plugins import hookimpl\n" + text)


async def set_up(home: Home, folder: Path, *names: str) -> PluginManager:
    manager = PluginManager(home, folder)
    manager.load(dict.fromkeys(names, PluginConfig(None, None)))
    await manager.setup()
    return manager


async def test_a_single_file_is_a_plugin(home: Home, tmp_path: Path) -> None:
    write(tmp_path, "hello", "@hookimpl\ndef setup(home):\n    home.states.set('light.hello', 'on')\n")

    manager = await set_up(home, tmp_path, "hello")

    assert manager.plugins["hello"].state is PluginState.RUNNING
    assert home.states.get("light.hello")


async def test_plugins_are_set_up_in_order_and_taken_down_in_reverse(home: Home, tmp_path: Path) -> None:
    text = (
        "@hookimpl\nasync def setup(home):\n    home.bus.fire('up', {'name': __name__[-1]})\n"
        "@hookimpl\ndef teardown(home):\n    home.bus.fire('down', {'name': __name__[-1]})\n"
    )
    heard: list[str] = []
    home.bus.listen("*", lambda event: heard.append(f"{event.event_type} {event.data.get('name')}"))
    write(tmp_path, "b", text)
    write(tmp_path, "a", text)

    manager = await set_up(home, tmp_path, "b", "a")
    await manager.teardown()

    assert heard == ["up b", "up a", "down a", "down b"]


async def test_what_is_taken_through_the_scope_is_given_back(home: Home, tmp_path: Path) -> None:
    write(
        tmp_path,
        "tidy",
        "from inglenook.entity import Entity\n"
        "class Lamp(Entity):\n    domain = 'light'\n    name = 'Tidy'\n"
        "@hookimpl\ndef setup(scope):\n"
        "    scope.add_entity(Lamp())\n"
        "    scope.register_service('tidy', 'up', lambda call: None)\n"
        "    scope.listen('ping', lambda event: None)\n",
    )

    manager = await set_up(home, tmp_path, "tidy")
    was_there = "light.tidy" in home.states and home.services.has("tidy", "up") and home.bus.has_listeners("ping")
    await manager.teardown()

    assert was_there
    assert "light.tidy" not in home.states
    assert not home.services.has("tidy", "up")
    assert not home.bus.has_listeners("ping")


async def test_plugins_name_the_services_that_they_will_offer(
    home: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, "hue", "@hookimpl\ndef service_names(config):\n    return ['hue.pair', *config['more']]\n")
    write(tmp_path, "odd", "@hookimpl\ndef service_names():\n    return 1 / 0\n")
    write(tmp_path, "gone", "import does_not_exist\n")
    manager = PluginManager(home, tmp_path)
    manager.load(
        {**dict.fromkeys(("odd", "gone"), PluginConfig(None, None)), "hue": PluginConfig({"more": ["a.b"]}, None)}
    )

    names = manager.service_names()

    assert names == {"a.b", "hue.pair", "hue.reload", "odd.reload"}
    assert "plugin odd: service_names failed" in caplog.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import does_not_exist\n", "needs the module does_not_exist, which is not installed"),
        ("1 / 0\n", "cannot be imported from .*ZeroDivisionError"),
        ("@hookimpl\ndef setup(hass): ...\n", r"setup\(\) takes argument 'hass'; the hook offers home, config, scope"),
        ("def setup(home): ...\n", r"has no hooks; write @hookimpl, from inglenook, above its setup\(\)"),
        ("@hookimpl\ndef setpu(home): ...\n", r"setpu\(\) is no hook; did you mean setup\(\)\?"),
    ],
)
async def test_a_broken_plugin_gives_one_clear_message_and_the_next_works(
    home: Home, tmp_path: Path, text: str, message: str
) -> None:
    write(tmp_path, "broken", text)
    write(tmp_path, "good", "@hookimpl\ndef setup(home):\n    home.states.set('light.good', 'on')\n")
    manager = PluginManager(home, tmp_path)

    problems = manager.load({"broken": PluginConfig(None, None), "good": PluginConfig(None, None)})
    await manager.setup()

    assert len(problems) == 1
    with pytest.raises(Exception, match=f"plugin broken: {message}"):
        raise problems[0]
    assert manager.plugins["broken"].state is PluginState.FAILED
    assert "light.good" in home.states


async def test_an_unknown_plugin_is_named_with_the_nearest_known(home: Home, tmp_path: Path) -> None:
    manager = PluginManager(home, tmp_path)

    problems = manager.load({"dmeo": PluginConfig(None, None)})

    assert "plugin dmeo: is not installed" in str(problems[0])
    assert "did you mean demo?" in str(problems[0])


async def test_a_setup_that_fails_is_tried_again_and_then_quarantined(
    home: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, "sick", "@hookimpl\ndef setup(home):\n    home.bus.fire('tried')\n    raise OSError('no route')\n")
    tries: list[float] = []
    home.bus.listen("tried", lambda event: tries.append(event.fired_at))
    assert isinstance(home.clock, VirtualClock)

    manager = await set_up(home, tmp_path, "sick")
    first = len(tries)
    await home.clock.advance(300)

    assert first == 1
    assert [round(later - tries[0]) for later in tries] == [0, 1, 3, 7, 15]
    assert manager.plugins["sick"].state is PluginState.QUARANTINED
    assert "plugin sick: quarantined: setup failed 5 times" in caplog.text


async def test_a_task_that_fails_is_started_again(home: Home, tmp_path: Path) -> None:
    write(
        tmp_path,
        "shaky",
        "count = 0\n"
        "@hookimpl\ndef setup(home, scope):\n"
        "    async def work():\n"
        "        global count\n"
        "        count += 1\n"
        "        if count < 3:\n            raise ValueError(count)\n"
        "        home.states.set('sensor.count', str(count))\n"
        "    scope.create_task(work)\n",
    )
    assert isinstance(home.clock, VirtualClock)

    manager = await set_up(home, tmp_path, "shaky")
    await home.clock.advance(60)

    state = home.states.get("sensor.count")
    assert state is not None
    assert state.state == "3"
    assert manager.plugins["shaky"].state is PluginState.RUNNING


async def test_a_plugin_that_fails_for_good_gives_back_what_it_held(home: Home, tmp_path: Path) -> None:
    write(
        tmp_path,
        "fading",
        "@hookimpl\ndef setup(home, scope):\n"
        "    scope.register_service('fading', 'x', lambda call: None)\n"
        "    async def work():\n        raise ValueError\n"
        "    scope.create_task(work)\n",
    )
    assert isinstance(home.clock, VirtualClock)

    manager = await set_up(home, tmp_path, "fading")
    had = home.services.has("fading", "x")
    await home.clock.advance(600)

    assert had
    assert not home.services.has("fading", "x")
    assert manager.plugins["fading"].state is PluginState.QUARANTINED


async def test_a_slow_setup_does_not_hold_up_the_home(
    home: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(
        tmp_path,
        "slow",
        "@hookimpl\nasync def setup(home):\n    await home.clock.sleep(30)\n    home.states.set('light.slow', 'on')\n",
    )
    write(tmp_path, "quick", "@hookimpl\ndef setup(home): ...\n")
    assert isinstance(home.clock, VirtualClock)
    heard: list[str] = []
    home.bus.listen("component_loaded", lambda event: heard.append(event.data["component"]))

    manager = await set_up(home, tmp_path, "slow", "quick")
    early = "light.slow" in home.states
    await home.clock.advance(60)

    assert not early
    assert "setup takes longer than 2 s" in caplog.text
    assert "light.slow" in home.states
    assert manager.plugins["slow"].state is PluginState.RUNNING
    assert heard == ["slow"]  # not the one that was there in time


async def test_settings_are_checked_before_setup(home: Home, tmp_path: Path) -> None:
    write(
        tmp_path,
        "strict",
        "import voluptuous as vol\n"
        "@hookimpl\ndef config_schema():\n    return {vol.Required('rate'): int}\n"
        "@hookimpl\ndef setup(home, config):\n    home.states.set('sensor.rate', str(config['rate']))\n",
    )
    manager = PluginManager(home, tmp_path)

    manager.load({"strict": PluginConfig({"rate": 5}, None)})
    await manager.setup()

    state = home.states.get("sensor.rate")
    assert state is not None
    assert state.state == "5"


async def test_kinds_that_plugins_register_are_gathered(home: Home, tmp_path: Path) -> None:
    write(tmp_path, "kinds", "@hookimpl\ndef register_triggers():\n    return {'moon': 'a moon trigger'}\n")

    manager = await set_up(home, tmp_path, "kinds")

    assert manager.gather("register_triggers") == {"moon": "a moon trigger"}


async def test_a_plugin_in_quarantine_can_be_started_again(home: Home, tmp_path: Path) -> None:
    assert isinstance(home.clock, VirtualClock)
    write(
        tmp_path,
        "shaky",
        "works = []\n"
        "@hookimpl\ndef setup(home, scope):\n"
        "    if not works: raise RuntimeError('no')\n"
        "    home.states.set('light.shaky', 'on')\n",
    )
    manager = await set_up(home, tmp_path, "shaky")
    await home.clock.advance(3600)
    plugin = manager.plugins["shaky"]
    assert plugin.state is PluginState.QUARANTINED

    plugin.module.works.append(True)
    await manager.restart(plugin)

    assert (plugin.state, plugin.problem) == (PluginState.RUNNING, "")
    assert home.states.get("light.shaky")


async def test_a_plugin_that_is_restarted_is_taken_down_first(home: Home, tmp_path: Path) -> None:
    write(
        tmp_path,
        "line",
        "@hookimpl\ndef setup(home, scope):\n"
        "    home.bus.fire('up')\n    scope.register_service('line', 'dial', lambda call: None)\n"
        "@hookimpl\ndef teardown(home):\n    home.bus.fire('down')\n",
    )
    manager = await set_up(home, tmp_path, "line")
    heard: list[str] = []
    for event in ("up", "down", "service_removed", "service_registered"):
        home.bus.listen(event, lambda event: heard.append(event.event_type))

    await manager.restart(manager.plugins["line"])

    assert heard == ["down", "service_removed", "up", "service_registered"]
