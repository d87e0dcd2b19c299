"""A plugin that handles a key of the configuration: found by the key, checked with place, reloaded as one step."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inglenook.config.configuration import read_configuration
from inglenook.config.settings import PluginConfig
from inglenook.errors import ConfigErrors
from inglenook.home import Home
from inglenook.plugins import PluginManager, PluginState
from inglenook.testing import set_up_sections

CODE = """
import voluptuous as vol
from inglenook import hookimpl

@hookimpl
def config_schema():
    return vol.Schema({str: int})

@hookimpl
def platform_schemas():
    return {"sensor": {"platform": str, "tank": str}}

@hookimpl
def setup(home, config, scope):
    def bring(config):
        for item in scope.items.get("sensor", ()):
            home.states.set(f"sensor.{item['tank']}", "there")
        home.states.set("aquarium.tanks", str(sum(config.values())), {"names": list(config)})

    bring(config)
    scope.on_reload(bring)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A configuration folder; a plugin of another distribution that handles ``aquarium:`` is installed."""
    site = tmp_path / "site"
    metadata = site / "inglenook_aquarium-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: inglenook-aquarium\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[inglenook.sections]\naquarium = aquarium_section\n")
    (site / "aquarium_section.py").write_text(CODE)
    monkeypatch.syspath_prepend(str(site))
    yield tmp_path
    sys.modules.pop("aquarium_section", None)


def write(folder: Path, text: str) -> None:
    (folder / "configuration.yaml").write_text(text)


def tanks(home: Home) -> Any:
    state = home.states.get("aquarium.tanks")
    return (state.state, state.attributes["names"]) if state else None


async def test_the_key_alone_loads_the_plugin(home: Home, folder: Path) -> None:
    write(folder, "aquarium: {big: 240, small: 60}\n")

    manager = await set_up_sections(home, folder)

    assert tanks(home) == ("300", ["big", "small"])
    assert manager.plugins["aquarium"].source == "inglenook-aquarium 1.0"


async def test_a_home_without_the_key_has_no_such_plugin(home: Home, folder: Path) -> None:
    write(folder, "")

    manager = await set_up_sections(home, folder)

    assert "aquarium" not in manager.plugins
    assert "aquarium" in manager.handled
    assert {"sun", "zone"} <= manager.plugins.keys()


async def test_the_key_in_all_its_places_is_one_section(home: Home, folder: Path) -> None:
    write(
        folder,
        "aquarium: {big: 240}\n"
        "aquarium upstairs: {small: 60}\n"
        "homeassistant: {packages: {cellar: {aquarium: {vat: 1000}}}}\n",
    )

    await set_up_sections(home, folder)

    assert tanks(home) == ("1300", ["big", "small", "vat"])


async def test_what_is_wrong_is_told_with_its_place_in_whatever_part_it_stands(home: Home, folder: Path) -> None:
    write(folder, "aquarium: {big: 240}\naquarium upstairs:\n  small: none\n")

    manager = PluginManager(home, folder)
    problems = manager.load({}, read_configuration(folder).sections)
    await manager.setup()

    assert [str(problem) for problem in problems] == [
        "configuration.yaml:3:10: aquarium.small: expected a whole number, got 'none'"
    ]
    assert manager.plugins["aquarium"].state is PluginState.FAILED
    assert tanks(home) is None


async def test_a_reload_reads_the_files_again(home: Home, folder: Path) -> None:
    write(folder, "aquarium: {big: 240}\n")
    await set_up_sections(home, folder)

    write(folder, "aquarium: {big: 300}\n")
    await home.services.call("aquarium", "reload")

    assert tanks(home) == ("300", ["big"])


async def test_a_reload_of_what_is_wrong_changes_nothing_and_tells_the_caller(home: Home, folder: Path) -> None:
    write(folder, "aquarium: {big: 240}\n")
    await set_up_sections(home, folder)

    write(folder, "aquarium: {big: large}\n")
    with pytest.raises(ConfigErrors, match=r"aquarium\.big: expected a whole number, got 'large'"):
        await home.services.call("aquarium", "reload")

    assert tanks(home) == ("240", ["big"])


async def test_a_reload_without_the_key_is_one_of_nothing(home: Home, folder: Path) -> None:
    write(folder, "aquarium: {big: 240}\n")
    await set_up_sections(home, folder)

    write(folder, "")
    await home.services.call("aquarium", "reload")

    assert tanks(home) == ("0", [])


async def test_a_plugin_of_that_name_replaces_the_sections(home: Home, folder: Path) -> None:
    write(folder, "aquarium: {big: 240}\n")
    (folder / "plugins").mkdir()
    (folder / "plugins" / "aquarium.py").write_text(
        "from inglenook import hookimpl\n@hookimpl\ndef setup(home, config):\n"
        "    home.states.set('aquarium.tanks', config, {'names': []})\n"
    )
    manager = PluginManager(home, folder)

    manager.load({"aquarium": PluginConfig("mine", None)}, read_configuration(folder).sections)
    await manager.setup()

    assert tanks(home) == ("mine", [])


async def test_items_of_its_platform_load_it_too_and_a_wrong_one_is_left_out(home: Home, folder: Path) -> None:
    write(
        folder,
        "sensor:\n"
        "  - {platform: aquarium, tank: big}\n"
        "  - {platform: aquarium, tnak: small}\n"
        "light: {platform: aquarium}\n",
    )
    sections = read_configuration(folder).sections

    manager = PluginManager(home, folder)
    problems = manager.load({}, sections)
    await manager.setup()

    assert "sensor.big" in home.states
    assert [str(problem) for problem in problems] == [
        "configuration.yaml:3:26: sensor.tnak: unknown key; did you mean 'tank'?"
    ]
    assert [str(warning) for warning in sections.unhandled(manager.handled)] == [
        "configuration.yaml:4:8: nothing handles light items of platform aquarium; this one has no effect"
    ]


async def test_a_reload_reads_the_items_again_and_a_wrong_one_stops_it(home: Home, folder: Path) -> None:
    write(folder, "aquarium:\n")
    await set_up_sections(home, folder)

    write(folder, "sensor: {platform: aquarium, tank: big}\n")
    await home.services.call("aquarium", "reload")
    write(folder, "sensor: [{platform: aquarium, tank: small}, {platform: aquarium, tank: 5}]\n")
    with pytest.raises(ConfigErrors, match=r"sensor\.tank: expected text, got 5"):
        await home.services.call("aquarium", "reload")

    assert "sensor.big" in home.states
    assert "sensor.small" not in home.states


async def test_what_has_no_effect_is_a_warning_with_its_place_and_the_section_is_there(
    home: Home, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "site" / "aquarium_section.py").write_text(
        CODE + "\n@hookimpl\ndef config_warnings(home, config):\n"
        "    if home.settings.currency == 'EUR':\n"
        "        return [((name,), 'holds no fish') for name in config if config[name] < 100] + [((), 'is wet')]\n"
    )
    write(folder, "sun:\naquarium:\n  big: 240\n  small: 60\n")

    manager = await set_up_sections(home, folder)

    assert tanks(home) == ("300", ["big", "small"])
    assert [str(warning) for warning in manager.warnings] == [
        "configuration.yaml:4:10: aquarium.small: holds no fish",
        "configuration.yaml:2:1: aquarium: is wet",
    ]
    write(folder, "aquarium: {tiny: 10}\n")
    await home.services.call("aquarium", "reload")
    assert "configuration.yaml:1:18: aquarium.tiny: holds no fish" in caplog.text


async def test_a_schema_may_ask_the_home(home: Home, folder: Path) -> None:
    code = CODE.replace("def config_schema():", "def config_schema(home):").replace(
        "vol.Schema({str: int})", "vol.Schema({home.settings.currency: int})"
    )
    (folder / "site" / "aquarium_section.py").write_text(code)
    write(folder, "aquarium: {EUR: 5}\n")

    await set_up_sections(home, folder)

    assert tanks(home) == ("5", ["EUR"])


ITEMS = """
import voluptuous as vol
from inglenook import hookimpl

@hookimpl
def config_schema():
    tank = {"name": str, "litres": int, "id": str}
    return vol.Schema(vol.All([tank] if FORM == "listed" else {str: tank}, vol.Length(max=3)))

@hookimpl
def client_items():
    return FORM

@hookimpl
async def setup(home, config, scope):
    def bring(config):
        tanks = config.items() if FORM == "named" else [(one["id"], one) for one in config]
        told = {key: (one["litres"], key in scope.editable) for key, one in tanks}
        home.states.set("aquarium.tanks", "there", {"names": told})

    async def bring_later(config):
        bring(config)

    bring(config)
    scope.on_reload(bring_later)
"""


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("named", "aquarium: {big: {litres: 240}}\naquarium more: {small: {litres: 60}}\n"),
        ("listed", "aquarium: [{id: big, litres: 240}]\naquarium more: {id: small, litres: 60}\n"),
    ],
)
async def test_a_section_opens_its_items_to_clients(home: Home, folder: Path, form: str, text: str) -> None:
    (folder / "site" / "aquarium_section.py").write_text(f"FORM = {form!r}\n{ITEMS}")
    write(folder, text)
    manager = await set_up_sections(home, folder)

    await manager.items.create("aquarium", {"name": "Pond", "litres": 900})
    with pytest.raises(ConfigErrors, match="litres: expected a whole number, got 'much'"):
        await manager.items.create("aquarium", {"name": "Sea", "litres": "much"})

    assert "aquarium" in manager.items.kinds()
    assert manager.items.list("aquarium") == [{"id": "pond", "name": "Pond", "litres": 900}]
    assert tanks(home) == ("there", {"big": (240, False), "small": (60, False), "pond": (900, True)})

    await home.services.call("aquarium", "reload")
    await manager.items.update("aquarium", "pond", {"name": "Pond", "litres": 800})

    assert tanks(home) == ("there", {"big": (240, False), "small": (60, False), "pond": (800, True)})

    await manager.items.delete("aquarium", "pond")

    assert tanks(home) == ("there", {"big": (240, False), "small": (60, False)})


@pytest.mark.parametrize("form", ["named", "listed"])
async def test_what_a_section_does_not_take_beside_the_others_is_not_kept(home: Home, folder: Path, form: str) -> None:
    (folder / "site" / "aquarium_section.py").write_text(f"FORM = {form!r}\n{ITEMS}")
    write(folder, "aquarium: {}\n" if form == "named" else "aquarium: []\n")
    manager = await set_up_sections(home, folder)
    for name in ("A", "B", "C"):
        await manager.items.create("aquarium", {"name": name, "litres": 1})

    with pytest.raises(ConfigErrors, match="expected a length of at most 3"):
        await manager.items.create("aquarium", {"name": "D", "litres": 1})

    await manager.items.update("aquarium", "a", {"name": "A", "litres": 2})
    assert [one["id"] for one in manager.items.list("aquarium")] == ["a", "b", "c"]
    assert tanks(home) == ("there", {"a": (2, True), "b": (1, True), "c": (1, True)})
    assert "items.aquarium.d" not in dict(home.store.load("settings"))


async def test_an_item_of_a_client_that_is_wrong_by_now_is_told_and_left_out(home: Home, folder: Path) -> None:
    (folder / "site" / "aquarium_section.py").write_text(f"FORM = 'named'\n{ITEMS}")
    write(folder, "aquarium: {big: {litres: 240}}\n")
    for key, litres in (("old", '"much"'), ("sound", "60")):
        home.store.put("settings", (f"items.aquarium.{key}", f'{{"name": "A", "litres": {litres}}}'))
    await home.store.flush()

    manager = PluginManager(home, folder)
    problems = manager.load({}, read_configuration(folder).sections)
    await manager.setup()

    assert ["much" in str(problem) for problem in problems] == [True]
    assert tanks(home) == ("there", {"big": (240, False), "sound": (60, True)})


async def test_a_section_names_a_form_that_there_is(home: Home, folder: Path) -> None:
    (folder / "site" / "aquarium_section.py").write_text(f"FORM = 'heaped'\n{ITEMS}")
    write(folder, "aquarium: {}\n")

    manager = PluginManager(home, folder)
    problems = manager.load({}, read_configuration(folder).sections)

    assert ["expected one of named, listed" in str(problem) for problem in problems] == [True]
    assert "aquarium" not in manager.items.kinds()
