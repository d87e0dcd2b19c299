"""Where template entities come from, and what happens when their blueprints change."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from tests.core.server.homes import running_home

from inglenook.clock import Clock
from inglenook.config.configuration import read_configuration
from inglenook.entities import register_domains
from inglenook.home import make_home
from inglenook.rules import BUNDLED
from inglenook.server.rule_sources import RuleSources
from inglenook.server.template_section import EVENT_RELOADED, TemplateSection
from inglenook.store import Store
from inglenook.templates import Templates

PATIENCE_S = 10.0
BLUEPRINT = """
blueprint: {name: Word, domain: template, input: {word: {}}}
sensor: {state: "%s {{ word }}", variables: {word: !input word}}
"""
USE = "{name: %s, unique_id: %s, use_blueprint: {path: %s, input: {word: it}}}"
CONFIGURATION = f"""
template:
  - {USE % ("Made", "made", "me/word.yaml")}
  - sensor: {{name: Plain, state: "1"}}
sensor:
  - {{platform: template, sensors: {{old: {{value_template: "2"}}}}}}
rules: [rules]
"""


class Folder:
    """A configuration folder, and the home with the template entities that are made of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("configuration.yaml", CONFIGURATION)
        self.write("rules/a.yaml", "")
        self.write("blueprints/template/me/word.yaml", BLUEPRINT % "one")
        configuration = read_configuration(root)
        store = Store(None, clock := Clock())
        store.open()
        self.home = make_home(configuration.settings, clock, store)
        register_domains(self.home)
        self.sources = RuleSources(configuration, self.home, Templates(self.home), BUNDLED)
        self.section = TemplateSection(configuration, self.sources.engine.workshop, self.sources.blueprints)
        self.reloaded: asyncio.Queue[None] = asyncio.Queue()
        self.home.bus.listen(EVENT_RELOADED, lambda _: self.reloaded.put_nowait(None))
        self.home.services.register("template", "reload", self.section.reload)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def state(self, entity_id: str) -> str:
        state = self.home.states.get(entity_id)
        assert state is not None
        return state.state

    async def reload(self) -> None:
        """Return when what changed is there."""
        await asyncio.wait_for(self.reloaded.get(), PATIENCE_S)


@contextlib.asynccontextmanager
async def watched(root: Path) -> AsyncIterator[Folder]:
    """Give the folder with its template entities made, watched; the watch stands."""
    folder = Folder(root)
    assert [*folder.sources.load(), *folder.section.load()] == []
    folder.sources.join(folder.section)
    folder.section.start()
    swapped = asyncio.Event()
    folder.home.bus.listen("automation_reloaded", lambda _: swapped.set())
    task = asyncio.ensure_future(folder.sources.folders.watch())
    folder.write("rules/z.yaml", "- {alias: Z, triggers: {trigger: event, event_type: z}, actions: []}\n")
    await asyncio.wait_for(swapped.wait(), PATIENCE_S)
    try:
        yield folder
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        folder.section.stop()
        await folder.sources.engine.stop()
        await folder.home.store.close()


async def test_a_changed_blueprint_changes_the_entities_made_of_it(tmp_path: Path) -> None:
    async with watched(tmp_path) as folder:
        first = folder.state("sensor.made")
        plain = folder.home.entities.get("sensor.plain")
        folder.write("blueprints/template/me/word.yaml", BLUEPRINT % "two")
        await folder.reload()

        assert (first, folder.state("sensor.made")) == ("one it", "two it")
        assert folder.home.entities.get("sensor.plain") is plain
        assert folder.state("sensor.old") == "2"


async def test_a_broken_blueprint_leaves_the_entities_made_of_it(tmp_path: Path) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: told.put_nowait(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("inglenook").addHandler(handler)
    async with watched(tmp_path) as folder:
        folder.write("blueprints/template/me/word.yaml", BLUEPRINT.replace("state:", "stat:") % "two")
        message = await asyncio.wait_for(told.get(), PATIENCE_S)
        broken = folder.state("sensor.made")
        folder.write("blueprints/template/me/word.yaml", BLUEPRINT % "three")
        await folder.reload()

        assert "blueprints/template/me/word.yaml:3:10: sensor.stat: unknown key; did you mean 'state'?" in message
        assert (broken, folder.state("sensor.made")) == ("one it", "three it")
    logging.getLogger("inglenook").removeHandler(handler)


async def test_a_blueprint_that_a_reload_brings_is_followed_from_then_on(tmp_path: Path) -> None:
    async with watched(tmp_path) as folder:
        folder.write("blueprints/template/new/word.yaml", BLUEPRINT % "first")
        more = f"template more:\n  - {USE % ('New', 'new', 'new/word.yaml')}\n"
        folder.write("configuration.yaml", CONFIGURATION + more)
        await folder.home.services.call("template", "reload")
        await folder.reload()
        first = folder.state("sensor.new")
        folder.write("blueprints/template/new/word.yaml", BLUEPRINT % "second")
        await folder.reload()

        assert (first, folder.state("sensor.new")) == ("first it", "second it")


async def test_a_use_that_was_wrong_before_keeps_no_other_from_a_changed_blueprint(tmp_path: Path) -> None:
    async with watched(tmp_path) as folder:
        file = tmp_path / "configuration.yaml"
        wrong = "  - {name: Wrong, use_blueprint: {path: me/word.yaml}}"
        file.write_text(file.read_text().replace("\ntemplate:", f"\ntemplate:\n{wrong}"))
        await folder.home.services.call("template", "reload")
        await folder.reload()
        folder.write("blueprints/template/me/word.yaml", BLUEPRINT % "two")
        await folder.reload()

        assert folder.state("sensor.made") == "two it"


async def test_a_light_of_a_switch_is_registered_by_the_platform_that_it_names(tmp_path: Path) -> None:
    lights = "- {platform: switch, name: Tree, entity_id: switch.a, unique_id: tree}"
    (tmp_path / "configuration.yaml").write_text(f"http: {{port: 0}}\nlight:\n  {lights}\n")
    async with running_home(tmp_path) as server:
        registry = server.home.registry
        before = registry.entities.get("light.tree")
        (tmp_path / "configuration.yaml").write_text(f"http: {{port: 0}}\nlight:\n  {lights.replace('Tree', 'Oak')}\n")

        await server.home.services.call("template", "reload")

        state = server.home.states.get("light.tree")
        after = registry.entities.get("light.tree")
        assert before is not None
        assert after is not None
        assert (before.platform, after.id) == ("switch", before.id)
        assert state is not None
        assert state.attributes["friendly_name"] == "Oak"
