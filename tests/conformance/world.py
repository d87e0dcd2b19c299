"""The home of one scenario: its configuration, its states and registries, the rules and what they may call."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_DNS, uuid5
from zoneinfo import ZoneInfo

from tests.conformance.mocks import register_mocks
from tests.conformance.recorder import Recorder
from tests.conformance.tagging import Tagger
from tests.conformance.zone import TIME_ZONE

from inglenook.clock import VirtualClock
from inglenook.config.configuration import Configuration, read_configuration
from inglenook.config.home_settings import HomeSettings
from inglenook.config.macros import read_macros
from inglenook.entities import register_domains, register_generic_services
from inglenook.entities.scene import SCENE
from inglenook.home import Home, Settings, make_home
from inglenook.model import EVENT_START, EVENT_STARTED, EVENT_STOP
from inglenook.plugins import PluginManager, PluginState
from inglenook.registry import EntityEntry
from inglenook.server.home_services import HomeServices, Process
from inglenook.server.rule_sources import RuleSources
from inglenook.server.self_check import SelfCheck
from inglenook.server.template_section import TemplateSection
from inglenook.server.vocabulary import vocabulary_of
from inglenook.store import Store
from inglenook.templates import Templates

DEFAULT_START: Final = "2026-03-10T12:00:00"
_FOR_EVER: Final = Process(stop=lambda: None, restart=lambda: None)  # a scenario ends by itself
_FILE: Final = "configuration.yaml"


class World:
    """A home that is built from a scenario and lives as long as it.

    Args:
        scenario: as recorded.
        folder: an empty folder for its configuration.

    Raises:
        ConfigError: its configuration is refused as a whole.
    """

    def __init__(self, scenario: Mapping[str, Any], folder: Path) -> None:
        self._scenario = scenario
        self._folder = folder
        self.clock = VirtualClock(start_of(scenario), ZoneInfo(TIME_ZONE))
        self.clock.monotonic()
        store = Store(None, self.clock)
        store.open()
        settings = Settings(name="Oracle", latitude=52.37, longitude=4.89, time_zone=TIME_ZONE, country="NL")
        self.home: Home = make_home(settings, self.clock, store)
        self.recorder = Recorder(self.home, Tagger(self.clock.now()), scenario.get("watch") or [])
        self.write_files()
        self.configuration: Configuration = read_configuration(folder)
        self.home.entities.customize = self.configuration.customize.attributes_of
        templates = Templates(self.home)
        templates.set_macros(read_macros(folder))
        self._templates = templates
        self.plugins = PluginManager(self.home, folder, partial(read_configuration, folder))
        self.plugins.load(self.configuration.plugins, self.configuration.sections)
        self._sources = RuleSources(self.configuration, self.home, templates, vocabulary_of(self.plugins))
        self.engine = self._sources.engine
        self.template_entities = TemplateSection(self.configuration, self.engine.workshop, self._sources.blueprints)

    def write_files(self) -> None:
        """Write the scenario's files into the folder."""
        files = {_FILE: self._scenario["config"], **(self._scenario.get("files") or {})}
        for name, text in files.items():
            self.write_file(name, text)

    def write_file(self, name: str, text: str) -> None:
        """Write one file of the configuration."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    async def start(self) -> None:
        """Set states, load everything, and let the home have started."""
        home = self.home
        register_generic_services(home)
        check, said = SelfCheck(self.configuration), HomeSettings(home.store)
        HomeServices(home, self._templates, self.configuration, _FOR_EVER, check, said)
        register_domains(home, (SCENE, *self.plugins.gather("register_entity_domains").values()))
        register_mocks(home, self._scenario.get("mock_services") or [])
        for entity_id, state in (self._scenario.get("states") or {}).items():
            text, attributes = (state, {}) if isinstance(state, str) else (state["state"], state.get("attributes"))
            home.states.set(entity_id, text, attributes or {})
        await self.plugins.setup()
        self._fill_registry(self._scenario.get("registry_after") or {})
        home.services.register("template", "reload", self.template_entities.reload)
        self.template_entities.load()
        self._sources.load()
        await self.clock.settle()
        self.recorder.is_open = True
        home.bus.fire(EVENT_START)
        self.template_entities.start()
        self.engine.start()
        home.bus.fire(EVENT_STARTED)
        await self.clock.settle()

    async def stop(self) -> None:
        """Shut the home down."""
        self.home.bus.fire(EVENT_STOP)
        await self.clock.settle()
        await self.engine.stop()

    async def close(self) -> None:
        """Let everything go."""
        self.template_entities.stop()
        await self.engine.stop()
        await self.plugins.teardown()
        await self.home.store.close()

    def setup_failed(self) -> list[str]:
        """Return the keys of the configuration whose plugins are not running."""
        return [plugin.name for plugin in self.plugins.plugins.values() if plugin.state is PluginState.FAILED]

    def invalid(self) -> dict[str, str]:
        """Return the rules that exist but are refused."""
        return {
            state.entity_id: "failed"
            for domain in ("automation", "script")
            for state in self.home.states.domain(domain)
            if state.state == "unavailable" and not state.attributes.get("restored")
        }

    def _fill_registry(self, entries: Mapping[str, Any]) -> None:
        registry = self.home.registry
        for floor in entries.get("floors", ()):
            registry.floors.create(floor["name"], level=floor.get("level"))
        for label in entries.get("labels", ()):
            registry.labels.create(label["name"])
        for area in entries.get("areas", ()):
            made = registry.ensure_area(area["name"])
            registry.areas.update(made.id, floor_id=area.get("floor"), labels=tuple(area.get("labels", ())))
        for entity in entries.get("entities", ()):
            self._fill_entity(entity)

    def _fill_entity(self, entity: Mapping[str, Any]) -> None:
        entities, entity_id = self.home.registry.entities, entity["entity_id"]
        if entity_id not in entities:
            entities.add(EntityEntry(entity_id, uuid5(NAMESPACE_DNS, entity_id).hex, entity_id, "test"))
        entities.update(
            entity_id,
            area_id=entity.get("area"),
            labels=tuple(entity.get("labels", ())),
            hidden_by="user" if entity.get("hidden") else None,
        )


def start_of(scenario: Mapping[str, Any]) -> float:
    """Return when a scenario begins, in seconds since the epoch."""
    text = scenario.get("start", DEFAULT_START)
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(TIME_ZONE)).timestamp()
