"""Where rules come from: sections, rules folders and blueprints, and what happens when they change."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from inglenook.clock import Clock
from inglenook.config.configuration import read_configuration
from inglenook.entities import register_domains
from inglenook.errors import ServiceValidationError
from inglenook.home import Home, make_home
from inglenook.rules import BUNDLED
from inglenook.server.rule_sources import RuleSources
from inglenook.store import Store
from inglenook.templates import Templates

PATIENCE_S = 10.0
BLUEPRINT = """
blueprint: {name: Say, domain: automation, input: {word: {}}}
triggers: {trigger: event, event_type: go}
actions: [{event: said, event_data: {word: !input word, by: %s}}]
"""
USER = "{alias: %s, use_blueprint: {path: me/say.yaml, input: {word: %s}}}"
CONFIGURATION = f"""
automation:
  - {USER % ("Section", "section")}
script:
  say: {{sequence: {{event: said, event_data: {{by: script}}}}}}
scene:
  - {{name: Evening, entities: {{light.a: "on"}}}}
rules: [rules]
"""


class Folder:
    """A configuration folder and the home that is made of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("configuration.yaml", CONFIGURATION)
        self.write("rules/a.yaml", f"- {USER % ('File', 'file')}\n")
        self.write("blueprints/automation/me/say.yaml", BLUEPRINT % "one")
        configuration = read_configuration(root)
        clock = Clock()
        store = Store(None, clock)
        store.open()
        self.home: Home = make_home(configuration.settings, clock, store)
        register_domains(self.home)
        self.sources = RuleSources(configuration, self.home, Templates(self.home), BUNDLED)
        self.reloaded: asyncio.Queue[None] = asyncio.Queue()
        self.said: list[tuple[str | None, str]] = []
        self.home.bus.listen("said", lambda event: self.said.append((event.data.get("word"), event.data["by"])))
        self.home.bus.listen("automation_reloaded", lambda _: self.reloaded.put_nowait(None))

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def ask(self) -> list[tuple[str | None, str]]:
        """Return what the rules say now."""
        self.said.clear()
        self.home.bus.fire("go")
        return sorted(self.said)

    async def reload(self, times: int = 1) -> None:
        """Return when what changed is live."""
        for _ in range(times):
            await asyncio.wait_for(self.reloaded.get(), PATIENCE_S)

    async def call(self, name: str) -> None:
        domain, _, service = name.partition(".")
        await self.home.services.call(domain, service)


@contextlib.asynccontextmanager
async def loaded(root: Path) -> AsyncIterator[Folder]:
    """Give the folder with its rules taken in and started."""
    folder = Folder(root)
    assert folder.sources.load() == []
    folder.sources.engine.start()
    try:
        yield folder
    finally:
        await folder.sources.engine.stop()
        await folder.home.store.close()


@contextlib.asynccontextmanager
async def watched(root: Path) -> AsyncIterator[Folder]:
    """Give the loaded folder, watched; the watch stands."""
    async with loaded(root) as folder:
        task = asyncio.ensure_future(folder.sources.folders.watch())
        folder.write("rules/z.yaml", "- {alias: Z, triggers: {trigger: event, event_type: z}, actions: []}\n")
        await folder.reload()
        try:
            yield folder
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@contextlib.asynccontextmanager
async def refusals() -> AsyncIterator[asyncio.Queue[str]]:
    """Give the errors that are logged."""
    told: asyncio.Queue[str] = asyncio.Queue()
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: told.put_nowait(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("inglenook").addHandler(handler)
    try:
        yield told
    finally:
        logging.getLogger("inglenook").removeHandler(handler)


# -- sections ---------------------------------------------------------------------------------------------------------


async def test_sections_and_folders_bring_automations_scripts_and_scenes(tmp_path: Path) -> None:
    async with loaded(tmp_path) as folder:
        await folder.call("script.say")

        assert folder.said == [(None, "script")]
        assert folder.ask() == [("file", "one"), ("section", "one")]
        assert "scene.evening" in folder.home.entities


@pytest.mark.parametrize(
    ("section", "error"),
    [
        ("script: {Bad-Name: {sequence: []}}", "2:10: the name of a script: expected a name of a-z"),
        ("script: {turn_on: {sequence: []}}", "2:10: script.turn_on is a service of its own"),
        ("script: {s: 5}", "2:10: script s: expected a mapping with a sequence, got 5"),
        ("script: {s: {}}", "2:13: sequence: this key is required"),
        (
            "scene: [{name: X, entities: {input_number.n: 5}}]",
            "2:46: entities.input_number.n: expected a state as text",
        ),
        ("scene: [{entities: {}}]", "2:9: name: this key is required"),
        ("scene: [{name: X, entites: {}}]", "2:19: entites: unknown key; did you mean 'entities'?"),
        ("scene: [{platform: hue}]", "2:9: nothing brings the scenes of the platform 'hue'"),
        ("automation: [{alias: A}]", "2:14: triggers: this key is required"),
    ],
)
async def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, section: str, error: str) -> None:
    folder = Folder(tmp_path)
    folder.write("configuration.yaml", f"rules: []\n{section}\n")

    problems = RuleSources(read_configuration(tmp_path), folder.home, Templates(folder.home), BUNDLED).load()

    assert error in str(problems[0])
    await folder.home.store.close()


async def test_each_section_is_read_again_by_a_service_of_its_own(tmp_path: Path) -> None:
    async with loaded(tmp_path) as folder:
        folder.write("configuration.yaml", CONFIGURATION.replace("by: script", "by: new").replace("Evening", "Night"))

        await folder.call("script.reload")
        await folder.call("scene.reload")
        await folder.call("script.say")

        assert folder.said == [(None, "new")]
        assert "scene.night" in folder.home.entities
        assert "scene.evening" not in folder.home.entities


async def test_automations_that_stand_as_they_stood_are_not_checked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = "- {alias: %s, triggers: {trigger: event, event_type: go}, actions: []}\n"
    async with loaded(tmp_path) as folder:
        folder.write("configuration.yaml", "automation: !include automations.yaml\nrules: [rules]\n")
        folder.write("automations.yaml", plain % "One" + plain % "Two")
        await folder.call("automation.reload")
        engine = folder.sources.engine
        checked: list[Any] = []
        check = engine.check

        def note(raw: Any, *args: Any, **more: Any) -> Any:
            checked.append(raw.get("alias"))
            return check(raw, *args, **more)

        monkeypatch.setattr(engine, "check", note)
        before = {one.rule.alias: one.rule for one in engine}

        folder.write("automations.yaml", plain % "New" + plain % "One" + plain % "Two")
        await folder.call("automation.reload")

        after = {one.rule.alias: one.rule for one in engine}
        assert "New" in checked
        assert not {"One", "Two"} & set(checked)
        assert after["One"] is before["One"]
        assert str(after["Two"].position) == "automations.yaml:3:3"


async def test_a_configuration_that_cannot_be_read_leaves_what_runs(tmp_path: Path) -> None:
    async with loaded(tmp_path) as folder:
        folder.write("configuration.yaml", "automation: [")

        for service in ("automation.reload", "script.reload", "scene.reload"):
            with pytest.raises(ServiceValidationError, match="the configuration cannot be read"):
                await folder.call(service)

        assert folder.ask() == [("file", "one"), ("section", "one")]


# -- blueprints -------------------------------------------------------------------------------------------------------


async def test_a_changed_blueprint_changes_the_rules_made_of_it(tmp_path: Path) -> None:
    async with watched(tmp_path) as folder:
        folder.write("blueprints/automation/me/say.yaml", BLUEPRINT % "two")
        await folder.reload(2)

        assert folder.ask() == [("file", "two"), ("section", "two")]


async def test_a_broken_blueprint_leaves_what_was_made_of_it(tmp_path: Path) -> None:
    async with watched(tmp_path) as folder, refusals() as refused:
        folder.write("blueprints/automation/me/say.yaml", BLUEPRINT.replace("word: {}", "wrod: {}") % "two")
        messages = [await asyncio.wait_for(refused.get(), PATIENCE_S) for _ in range(2)]
        broken = folder.ask()
        folder.write("blueprints/automation/me/say.yaml", BLUEPRINT % "three")
        await folder.reload(2)

        assert all("there is no input word; did you mean 'wrod'?" in message for message in messages)
        assert broken == [("file", "one"), ("section", "one")]
        assert folder.ask() == [("file", "three"), ("section", "three")]


async def test_a_blueprint_that_cannot_be_read_is_told_once_for_all_that_is_made_of_it(tmp_path: Path) -> None:
    async with watched(tmp_path) as folder, refusals() as refused:
        more = "".join(f"  - {USER % (name, name)}\n" for name in ("B", "C"))
        folder.write("configuration.yaml", CONFIGURATION.replace("script:", f"{more}script:"))
        await folder.call("automation.reload")
        folder.write("blueprints/automation/me/say.yaml", "blueprint: {name: Say\n")
        messages = [await asyncio.wait_for(refused.get(), PATIENCE_S) for _ in range(2)]

        assert [message.count("does not end") for message in messages] == [1, 1]


async def test_a_use_that_was_wrong_before_keeps_no_other_from_a_changed_blueprint(tmp_path: Path) -> None:
    async with watched(tmp_path) as folder:
        wrong = "  - {alias: Wrong, use_blueprint: {path: me/say.yaml}}"
        folder.write("configuration.yaml", CONFIGURATION.replace("\nscript:", f"\n{wrong}\nscript:"))
        await folder.call("automation.reload")
        await folder.reload()
        folder.write("blueprints/automation/me/say.yaml", BLUEPRINT % "two")
        await folder.reload(2)

        assert folder.ask() == [("file", "two"), ("section", "two")]


async def test_a_fault_of_ours_does_not_end_the_watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with watched(tmp_path) as folder:
        reloader, take, tried = folder.sources.folders, folder.sources.folders._take, asyncio.Event()

        async def fail(_: set[Path]) -> None:
            tried.set()
            raise ZeroDivisionError

        monkeypatch.setattr(reloader, "_take", fail)
        folder.write("rules/a.yaml", f"- {USER % ('File', 'lost')}\n")
        await asyncio.wait_for(tried.wait(), PATIENCE_S)
        monkeypatch.setattr(reloader, "_take", take)
        folder.write("rules/a.yaml", f"- {USER % ('File', 'found')}\n")
        await folder.reload()

        assert folder.ask() == [("found", "one"), ("section", "one")]


async def test_a_script_may_be_named_by_a_number(tmp_path: Path) -> None:
    async with watched(tmp_path) as folder:
        folder.write("configuration.yaml", CONFIGURATION.replace("say: {", "5: {"))
        await folder.call("script.reload")

        await folder.home.services.call("script", "5")

        assert folder.said == [(None, "script")]


async def test_a_rule_that_is_wrong_in_a_new_file_is_unavailable_and_the_others_run(tmp_path: Path) -> None:
    async with watched(tmp_path) as folder:
        folder.write("rules/n.yaml", "- {alias: Bad, triggers: 5}\n- {alias: Good, triggers: [], actions: []}\n")
        await folder.reload()

        states = folder.home.states
        assert [states.get(f"automation.{name}").state for name in ("bad", "good")] == [  # type: ignore[union-attr]
            "unavailable",
            "on",
        ]


async def test_a_blueprint_that_is_not_there_yet_is_awaited(tmp_path: Path) -> None:
    async with watched(tmp_path) as folder, refusals() as refused:
        folder.write("rules/b.yaml", f"- {USER % ('Later', 'later')}\n".replace("me/say", "me/later"))
        assert "there is no blueprint me/later.yaml" in await asyncio.wait_for(refused.get(), PATIENCE_S)
        folder.write("blueprints/automation/me/later.yaml", BLUEPRINT % "later")
        await folder.reload(2)  # that of the rule that could not be made, and that of the one that can

        assert ("later", "later") in folder.ask()
