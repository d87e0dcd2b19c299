"""What is said of a service that nobody offers."""

from pathlib import Path

import pytest

from inglenook.config.configuration import read_configuration
from inglenook.errors import ServiceNotFound
from inglenook.home import Home, Settings
from inglenook.plugins import PluginManager
from inglenook.plugins.providers import Providers
from inglenook.testing import START, make_virtual_home

pytestmark = pytest.mark.virtual

NO_PLUGIN = "for which no plugin is installed here"


def home_with(folder: Path, configuration: str = "", *plugins: str) -> tuple[Home, PluginManager]:
    """Return a home whose plugins are loaded, and which can say who offers what."""
    (folder / "configuration.yaml").write_text(configuration)
    (folder / "plugins").mkdir()
    for name in plugins:
        (folder / f"plugins/{name}.py").write_text(
            "from inglenook.plugins import hookimpl\n@hookimpl\ndef setup(): pass\n"
        )
    home = make_virtual_home(START, Settings(time_zone="UTC", config_dir=folder))
    manager = PluginManager(home, folder)
    read = read_configuration(folder)
    manager.load(read.plugins, read.sections)
    home.services.register("tts", "speak", lambda _: None)
    home.services.provider_of = Providers(home, manager)
    return home, manager


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ("mqtt.publish", f"it comes with the integration mqtt, {NO_PLUGIN}"),
        ("notify.mobile_app_phone", f"it comes with the integration mobile_app, {NO_PLUGIN}"),
        ("notify.family", "no plugin here offers it, and no group under notify: is called family"),
        (
            "tts.cloud_say",
            f"it comes with the integration cloud, {NO_PLUGIN}; tts.speak says the same through an entity of tts",
        ),
        ("conversation.process", "it takes an integration that understands sentences, and no plugin here does"),
        ("ai_task.generate_data", "it takes an integration that brings a language model, and no plugin here does"),
        ("assist_satellite.announce", "it takes an integration that brings a voice satellite, and no plugin here does"),
        ("group.set", "it comes with the key group:, which the configuration does not have"),
        ("tts.shout", ""),
    ],
)
async def test_it_is_said_what_would_offer_a_service(tmp_path: Path, service: str, told: str) -> None:
    home, _ = home_with(tmp_path)
    domain, _, name = service.partition(".")

    with pytest.raises(ServiceNotFound) as failure:
        home.services.get(domain, name)

    assert str(failure.value) == f"service {service} not found" + (f": {told}" if told else "")


async def test_a_plugin_that_is_there_and_not_named_is_told_of(tmp_path: Path) -> None:
    home, _ = home_with(tmp_path, "", "mqtt")

    told = home.services.provider_of("mqtt", "publish")

    assert told == "it comes with the plugin mqtt, which is installed: name it under plugins:"


async def test_a_plugin_that_does_not_run_is_told_of_with_the_reason(tmp_path: Path) -> None:
    home, manager = home_with(tmp_path, "plugins: [mqtt]", "mqtt")
    assert home.services.provider_of("mqtt", "publish") == ""

    manager.plugins["mqtt"].fail("setup failed: no broker")

    assert home.services.provider_of("mqtt", "publish") == "the plugin mqtt does not run: setup failed: no broker"
