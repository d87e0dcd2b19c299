"""What is saved in a rules folder is live at once; what is broken leaves the running version and is told once."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from inglenook.clock import Clock
from inglenook.config.cache import ParseCache
from inglenook.errors import ConfigError, ConfigErrors, Position
from inglenook.home import Settings, make_home
from inglenook.reload import Reload, Reloader
from inglenook.rules import InvalidRule, RuleEngine
from inglenook.rules import Rule as LoadedRule
from inglenook.store import Store
from inglenook.templates import Templates

PATIENCE_S = 10.0


@dataclass(frozen=True)
class Rule:
    name: str
    raw: Any
    is_known_good: bool = False


@dataclass
class Report:
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    refused: list[ConfigError] = field(default_factory=list)


class Engine:
    """Takes anything with an alias for a rule; remembers what it was asked."""

    def __init__(self) -> None:
        self.rules: dict[str, list[Rule]] = {}
        self.checked: list[str] = []
        self.swaps: list[str] = []
        self.fingerprint = b"v1"

    def check(self, raw: Any, position: Position | None = None, *, is_known_good: bool = False) -> Rule:
        if "alias" not in raw:
            raise ConfigErrors([ConfigError("this key is required", position, "alias")])
        if raw["alias"] == "Bang":
            raise KeyError("bang")
        self.checked.append(raw["alias"])
        return Rule(raw["alias"], raw, is_known_good)

    def swap(self, source: str, rules: Sequence[Rule]) -> Report:
        if any(rule.name == "Swap bang" for rule in rules):
            raise KeyError("bang")
        self.swaps.append(source)
        old = {rule.name: rule.raw for rule in self.rules.get(source, ())}
        self.rules[source] = list(rules)
        report = Report(removed=[name for name in old if name not in {rule.name for rule in rules}])
        for rule in rules:
            names = (
                report.added if rule.name not in old else report.kept if old[rule.name] == rule.raw else report.changed
            )
            names.append(rule.name)
        return report

    def names(self) -> dict[str, list[str]]:
        return {source: [rule.name for rule in rules] for source, rules in self.rules.items() if rules}


class World:
    """A configuration folder that is watched."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.rules = root / "rules"
        self.engine = Engine()
        self.told: asyncio.Queue[Reload] = asyncio.Queue()
        self.config_changes: list[set[Path]] = []
        self.reloader = Reloader(
            self.engine,
            [self.rules],
            root,
            Clock(),
            config_files=[root / "configuration.yaml"],
            on_reload=self.told.put_nowait,
            on_config=self._config_changed,
        )

    async def _config_changed(self, files: set[Path]) -> None:
        self.config_changes.append(files)

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    async def next(self) -> Reload:
        return await asyncio.wait_for(self.told.get(), PATIENCE_S)

    async def settled(self) -> None:
        """Return when a change made after all others has been acted on."""
        self.write("rules/~last.yaml", "")  # no rule file
        self.write("rules/zz_last.yaml", f"- alias: Last {len(self.engine.swaps)}\n")
        while (await self.next()).source != "rules/zz_last.yaml":
            pass

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Load what is there and watch it; returns when the watch stands."""
        self.reloader.load()
        task = asyncio.ensure_future(self.reloader.watch())
        await self.settled()
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "rules").mkdir()
    return World(tmp_path)


def rule(*names: str, extra: str = "") -> str:
    return "".join(f"- alias: {name}\n{extra}" for name in names)


# -- the start ------------------------------------------------------------------------------------------------------


def test_at_the_start_every_good_rule_runs_and_every_fault_is_returned(world: World) -> None:
    world.write("rules/a.yaml", "- alias: A\n- name: B\n- alias: C\n- title: D\n")
    world.write("rules/b.yaml", "- alias: [\n")
    world.write("rules/c.yaml", "- alias: E\n  alias: F\n")

    problems = world.reloader.load()

    assert world.engine.names() == {"rules/a.yaml": ["A", "C"], "rules/c.yaml": ["F"]}
    assert [str(problem).partition(": ")[0] for problem in problems] == [
        "rules/a.yaml:2:3",
        "rules/a.yaml:4:3",
        "rules/b.yaml:1:11",
        "rules/c.yaml:2:3",
    ]
    assert world.reloader.statistics() == {"files": 3, "rules": 3, "swapped": 0, "refused": 0}


def test_an_item_that_is_no_rule_is_refused_alone(world: World) -> None:
    world.write("rules/a.yaml", "- words\n- alias: A\n- 5\n-\n")

    problems = world.reloader.load()

    assert world.engine.names() == {"rules/a.yaml": ["A"]}
    assert [str(problem).partition(" (a mapping")[0] for problem in problems] == [
        "rules/a.yaml:1:3: expected an automation",
        "rules/a.yaml:3:3: expected an automation",
        "rules/a.yaml:4:2: expected an automation",
    ]


async def test_an_item_that_becomes_no_rule_keeps_the_version_before(world: World) -> None:
    path = world.write("rules/a.yaml", "- words\n- alias: A\n")
    async with world.watched():
        path.write_text("- words\n- alias: A\n- 5\n")
        refused = await world.next()
        path.write_text("- words\n- alias: B\n")  # what was no rule before holds nothing back
        edited = await world.next()

    assert (refused.report, len(refused.errors)) == (None, 2)
    assert edited.report == Report(added=["B"], removed=["A"])


def test_a_rules_folder_elsewhere_may_include_its_own_files_and_is_shown_in_full(world: World, tmp_path: Path) -> None:
    world.write("shared/a.yaml", "- alias: !include name.txt\n- alias: !include ../outside.yaml\n")
    world.write("shared/name.txt", "A")
    world.write("home/configuration.yaml", "")
    world.write("outside.yaml", "B")

    problems = Reloader(world.engine, [tmp_path / "shared"], tmp_path / "home", Clock()).load()

    assert [str(problem) for problem in problems] == [
        f"{tmp_path}/shared/a.yaml:2:10: !include: {tmp_path}/outside.yaml lies outside the configuration folder"
    ]


def test_a_wrong_rule_may_have_a_stand_in_until_its_file_is_right(world: World) -> None:
    world.write("rules/a.yaml", "- name: B\n- alias: A\n")
    stood: list[str] = []

    def invalid(raw: Any, errors: ConfigErrors, position: Position) -> Rule:
        stood.append(f"{position}: {errors.message}")
        return Rule("invalid", raw)

    Reloader(world.engine, [world.rules], world.root, Clock(), invalid=invalid).load()

    assert world.engine.names() == {"rules/a.yaml": ["A", "invalid"]}
    assert stood == ["rules/a.yaml:1:3: this key is required"]


def test_what_passed_at_one_start_is_known_good_at_the_next(world: World, tmp_path: Path) -> None:
    world.write("rules/a.yaml", rule("A"))
    world.write("rules/b.yaml", "- alias: B\n- broken: 1\n")
    world.write("rules/c.yaml", "- alias: !include name.yaml\n")
    world.write("rules/name.yaml", "C")
    cache = ParseCache(tmp_path / "parsed.cache")
    world.reloader.load(cache)
    cache.save()

    again = World(tmp_path)
    again.reloader.load(ParseCache(tmp_path / "parsed.cache"))

    good = {rule.name: rule.is_known_good for rules in again.engine.rules.values() for rule in rules}
    assert good == {"A": True, "B": False, "C": False}


def test_what_passed_is_not_known_good_to_an_engine_that_understands_something_else(
    world: World, tmp_path: Path
) -> None:
    world.write("rules/a.yaml", rule("A"))
    cache = ParseCache(tmp_path / "parsed.cache")
    world.reloader.load(cache)
    again = World(tmp_path)
    again.engine.fingerprint = b"v2"

    again.reloader.load(cache)

    assert [rule.is_known_good for rules in again.engine.rules.values() for rule in rules] == [False]


# -- edits ----------------------------------------------------------------------------------------------------------


async def test_a_saved_edit_is_live_and_only_what_changed_is_checked(world: World) -> None:
    path = world.write("rules/a.yaml", rule("A", "B", "C"))
    async with world.watched():
        world.engine.checked.clear()

        path.write_text("# moves all lines\n" + rule("A") + "- alias: B\n  mode: queued\n" + rule("C", "D"))
        reload = await world.next()

        assert reload.source == "rules/a.yaml"
        assert reload.report == Report(added=["D"], changed=["B"], kept=["A", "C"])
        assert world.engine.checked == ["B", "D"]


async def test_new_files_and_new_folders_are_live(world: World) -> None:
    async with world.watched():
        world.write("rules/new.yaml", rule("New"))
        assert (await world.next()).source == "rules/new.yaml"

        world.write("rules/deep/er/new.yml", rule("Deep"))
        assert (await world.next()).source == "rules/deep/er/new.yml"

        world.write("rules/deep/er/new.yml", rule("Deep", "Deeper"))
        assert (await world.next()).report == Report(added=["Deeper"], kept=["Deep"])


async def test_an_atomic_replacement_is_one_change(world: World) -> None:
    world.write("rules/a.yaml", rule("A"))
    async with world.watched():
        for name in ("B", "C"):
            os.replace(world.write("rules/.a.yaml.tmp", rule(name)), world.rules / "a.yaml")  # noqa: PTH105

            assert (await world.next()).report == Report(added=[name], removed=["A" if name == "B" else "B"])


async def test_a_file_that_is_moved_away_and_written_anew_never_loses_its_rules(world: World) -> None:
    path = world.write("rules/a.yaml", rule("A", "B"))
    async with world.watched():
        path.rename(world.rules / "a.yaml~")
        await asyncio.to_thread(lambda: None)
        path.write_text(rule("A", "C"))

        assert (await world.next()).report == Report(added=["C"], removed=["B"], kept=["A"])


async def test_a_file_that_is_emptied_and_then_written_never_loses_its_rules(world: World) -> None:
    path = world.write("rules/a.yaml", rule("A"))
    async with world.watched():
        path.write_text("")
        while not world.reloader._lock.locked():
            await asyncio.to_thread(lambda: None)
        path.write_text(rule("A", "B"))

        assert (await world.next()).report == Report(added=["B"], kept=["A"])


async def test_a_file_that_stays_empty_holds_no_rules(world: World) -> None:
    path = world.write("rules/a.yaml", rule("A"))
    async with world.watched():
        path.write_text("")

        assert (await world.next()).report == Report(removed=["A"])


async def test_a_deleted_file_takes_its_rules_away(world: World) -> None:
    path = world.write("rules/a.yaml", rule("A"))
    async with world.watched():
        path.unlink()

        assert (await world.next()).report == Report(removed=["A"])
        assert "rules/a.yaml" not in world.engine.names()


async def test_a_renamed_file_goes_under_its_old_name_first(world: World) -> None:
    path = world.write("rules/a.yaml", rule("A"))
    async with world.watched():
        path.rename(world.rules / "b.yaml")

        assert await world.next() == Reload("rules/a.yaml", Report(removed=["A"]))
        assert await world.next() == Reload("rules/b.yaml", Report(added=["A"]))


async def test_what_editors_write_beside_a_file_changes_nothing(world: World) -> None:
    world.write("rules/a.yaml", rule("A"))
    async with world.watched():
        swaps = len(world.engine.swaps)
        for name in ("4913", ".a.yaml.swp", "a.yaml~", "#a.yaml#", "secrets.yaml", ".hidden.yaml"):
            world.write(f"rules/{name}", rule("X"))

        await world.settled()

        assert world.engine.swaps[swaps:] == ["rules/zz_last.yaml"]


async def test_a_file_that_is_only_touched_changes_nothing(world: World) -> None:
    path = world.write("rules/a.yaml", rule("A"))
    async with world.watched():
        swaps = len(world.engine.swaps)
        os.utime(path, (1, 1))

        await world.settled()

        assert world.engine.swaps[swaps:] == ["rules/zz_last.yaml"]


async def test_a_link_into_another_folder_is_followed_when_the_link_changes(world: World) -> None:
    world.write("rules/..v1/a.yaml", rule("A"))
    world.write("rules/..v2/a.yaml", rule("B"))
    (world.rules / "..data").symlink_to("..v1")
    (world.rules / "a.yaml").symlink_to("..data/a.yaml")
    async with world.watched():
        (world.rules / "..new").symlink_to("..v2")
        (world.rules / "..new").rename(world.rules / "..data")

        assert (await world.next()).report == Report(added=["B"], removed=["A"])


async def test_an_edit_of_an_included_file_or_secret_is_live(world: World) -> None:
    world.write("rules/a.yaml", "- alias: !include ../family/name.yaml\n- alias: !secret who\n")
    world.write("family/name.yaml", "A")
    world.write("secrets.yaml", "who: B")
    async with world.watched():
        world.write("family/name.yaml", "C")
        assert (await world.next()).report == Report(added=["C"], removed=["A"], kept=["B"])

        world.write("secrets.yaml", "who: D")
        assert (await world.next()).report == Report(added=["D"], removed=["B"], kept=["C"])


async def test_a_large_file_is_read_beside_the_loop(world: World) -> None:
    names = [f"R{number}" for number in range(5000)]
    path = world.write("rules/a.yaml", rule(*names))
    async with world.watched():
        path.write_text(rule(*names[:4000], "New", *names[4000:]))

        report = (await world.next()).report

        assert report is not None
        assert report.added == ["New"]
        assert len(report.kept) == 5000


# -- broken files ---------------------------------------------------------------------------------------------------


def log_of(caplog: pytest.LogCaptureFixture, level: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelname == level]


async def test_a_broken_file_leaves_the_running_version_and_is_told_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    path = world.write("rules/a.yaml", rule("A", "B"))
    async with world.watched():
        path.write_text("- alias: A\n- alias: 'B\n")
        refused = await world.next()
        path.write_text("- alias: A\n- alias: 'B\n")
        await world.settled()

        assert [str(error) for error in refused.errors] == [
            "rules/a.yaml:2:12: the quoted text that opens at 2:10 does not end"
        ]
        assert world.engine.names()["rules/a.yaml"] == ["A", "B"]
        assert log_of(caplog, "ERROR") == [
            "rules/a.yaml is refused, the version before runs on:\n"
            "rules/a.yaml:2:12: the quoted text that opens at 2:10 does not end\n"
            "    2 | - alias: 'B\n"
            "      |            ^"
        ]

        path.write_text(rule("A", "C"))
        await world.next()

        assert world.engine.names()["rules/a.yaml"] == ["A", "C"]
        assert "rules/a.yaml is right again" in log_of(caplog, "INFO")


async def test_one_rule_that_is_refused_keeps_its_whole_file_as_it_was(world: World) -> None:
    path = world.write("rules/a.yaml", rule("A", "B"))
    async with world.watched():
        path.write_text("- alias: A2\n- name: B\n- title: C\n")

        refused = await world.next()

        assert [str(error) for error in refused.errors] == [
            "rules/a.yaml:2:3: alias: this key is required",
            "rules/a.yaml:3:3: alias: this key is required",
        ]
        assert world.engine.names()["rules/a.yaml"] == ["A", "B"]
        assert world.reloader.statistics()["refused"] == 1


async def test_a_new_file_runs_without_its_rules_that_are_wrong(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with world.watched():
        path = world.write("rules/a.yaml", "- name: B\n- alias: A\n")
        came = await world.next()
        there = world.engine.names()["rules/a.yaml"]
        path.write_text("- name: B\n- alias: A2\n")
        edited = await world.next()
        path.write_text("- alias: A2\n- title: C\n- name: B\n")
        refused = await world.next()
        path.write_text("- alias: A3\n- alias: B\n")
        mended = await world.next()

    assert (there, [str(error) for error in came.errors]) == (["A"], ["rules/a.yaml:1:3: alias: this key is required"])
    assert edited.report == Report(added=["A2"], removed=["A"])  # what was wrong before holds nothing back
    assert (refused.report, len(refused.errors)) == (None, 2)
    assert (mended.report, mended.errors) == (Report(added=["A3", "B"], removed=["A2"]), ())
    first, *_ = log_of(caplog, "ERROR")
    assert first.startswith("rules/a.yaml holds rules that are wrong; the others run:\nrules/a.yaml:1:3")
    assert "rules/a.yaml is right again" in log_of(caplog, "INFO")


async def test_an_undone_edit_needs_no_swap(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    path = world.write("rules/a.yaml", rule("A"))
    async with world.watched():
        path.write_text("[")
        await world.next()
        swaps = len(world.engine.swaps)
        path.write_text(rule("A"))
        await world.settled()

        assert world.engine.swaps[swaps:] == ["rules/zz_last.yaml"]
        assert "rules/a.yaml is right again" in log_of(caplog, "INFO")


async def test_a_missing_include_heals_when_the_file_comes(world: World) -> None:
    path = world.write("rules/a.yaml", rule("A"))
    async with world.watched():
        path.write_text("- alias: !include ../late/name.yaml\n")
        assert "there is no file" in str((await world.next()).errors[0])

        world.write("late/name.yaml", "B")

        assert (await world.next()).report == Report(added=["B"], removed=["A"])


def test_what_one_rule_of_a_file_cannot_be_filled_with_hides_nothing_in_the_others(world: World) -> None:
    world.write(
        "rules/a.yaml", "- alias: A\n- alias: B\n  actions: !secret x\n- !include none.yaml\n- name: C\n- alias: D\n"
    )

    problems = world.reloader.load()

    assert [str(problem) for problem in problems] == [
        "rules/a.yaml:3:12: !secret x: there is no secrets.yaml",
        "rules/a.yaml:4:3: !include: there is no file none.yaml",
        "rules/a.yaml:5:3: alias: this key is required",
    ]
    assert world.engine.names() == {"rules/a.yaml": ["A", "D"]}


async def test_a_secret_that_comes_brings_the_rule_that_names_it(world: World) -> None:
    world.write("rules/a.yaml", "- alias: A\n- alias: !secret x\n")
    async with world.watched():
        assert world.engine.names()["rules/a.yaml"] == ["A"]

        world.write("secrets.yaml", "x: B\n")

        assert (await world.next()).report == Report(added=["B"], kept=["A"])


def test_a_rule_that_breaks_its_check_does_not_break_the_start(world: World) -> None:
    world.write("rules/a.yaml", rule("A", "Bang"))

    problems = world.reloader.load()

    assert [str(problem) for problem in problems] == ["rules/a.yaml:2:3: cannot be checked: KeyError: 'bang'"]
    assert world.engine.names() == {"rules/a.yaml": ["A"]}


async def test_a_rule_that_breaks_the_engine_does_not_end_the_watch(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.watched():
        world.write("rules/a.yaml", rule("Bang"))
        assert "cannot be checked: KeyError" in str((await world.next()).errors[0])
        world.write("rules/b.yaml", rule("Swap bang"))
        await world.settled()

        world.write("rules/c.yaml", rule("C"))

        assert (await world.next()).report == Report(added=["C"])
        assert "rules/b.yaml cannot be taken in" in log_of(caplog, "ERROR")


# -- folders --------------------------------------------------------------------------------------------------------


async def test_a_folder_that_vanishes_keeps_its_rules_and_is_read_when_it_is_back(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    world.write("rules/a.yaml", rule("A"))
    async with world.watched():
        shutil.move(world.rules, world.root / "away")
        while not log_of(caplog, "WARNING"):
            await asyncio.to_thread(lambda: None)
        assert world.engine.names()["rules/a.yaml"] == ["A"]

        world.write("away/a.yaml", rule("A", "B"))
        shutil.move(world.root / "away", world.rules)

        assert (await world.next()).report == Report(added=["B"], kept=["A"])
        assert log_of(caplog, "WARNING") == ["the rules folder rules is gone; its rules run on as they were"]
        assert "the rules folder rules is back" in log_of(caplog, "INFO")

        world.write("rules/a.yaml", rule("C"))
        assert (await world.next()).report == Report(added=["C"], removed=["A", "B"])


async def test_a_folder_that_was_never_there_is_awaited(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.reloader.load()
    task = asyncio.ensure_future(world.reloader.watch())
    await asyncio.to_thread(lambda: None)

    world.write("rules/a.yaml", rule("A"))

    assert (await world.next()).report == Report(added=["A"])
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_a_deleted_subfolder_takes_its_rules_away(world: World) -> None:
    world.write("rules/sub/a.yaml", rule("A"))
    async with world.watched():
        shutil.rmtree(world.rules / "sub")

        assert await world.next() == Reload("rules/sub/a.yaml", Report(removed=["A"]))


async def test_without_watches_the_files_are_looked_at_now_and_then(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def no_watch(*folders: Path, **options: Any) -> AsyncIterator[set[tuple[int, str]]]:
        raise OSError("OS file watch limit reached.")
        yield set()

    monkeypatch.setattr("watchfiles.awatch", no_watch)
    monkeypatch.setattr("inglenook.reload.reloader.RETRY_S", 0.01)
    world.reloader.load()
    task = asyncio.ensure_future(world.reloader.watch())
    world.write("rules/a.yaml", rule("A"))
    await world.next()

    world.write("rules/a.yaml", rule("A", "B"))

    assert (await world.next()).report == Report(added=["B"], kept=["A"])
    assert log_of(caplog, "ERROR") == [
        "cannot watch the rule files, looking every 0.01 s instead: OS file watch limit reached."
    ]
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


# -- on demand ------------------------------------------------------------------------------------------------------


async def test_everything_can_be_looked_at_on_demand(world: World) -> None:
    world.write("rules/a.yaml", rule("A"))
    gone = world.write("rules/b.yaml", rule("B"))
    world.reloader.load()
    world.write("rules/a.yaml", rule("A2"))
    world.write("rules/c.yaml", rule("C"))
    gone.unlink()

    await world.reloader.reload()

    assert world.engine.names() == {"rules/a.yaml": ["A2"], "rules/c.yaml": ["C"]}


async def test_a_change_of_the_configuration_is_handed_on_and_what_is_noted_is_not(world: World) -> None:
    path = world.write("configuration.yaml", "rules: [rules]\n")
    world.reloader.note(path)
    async with world.watched():
        path.write_text("rules: [other]\n")
        await world.settled()
        world.reloader.note(path, b"rules: [noted]\n")
        path.write_text("rules: [noted]\n")
        await world.settled()

        assert world.config_changes == [{path}]


# -- with the rule engine -------------------------------------------------------------------------------------------


async def test_an_edit_changes_what_the_running_home_does_and_leaves_the_other_rules_waiting(world: World) -> None:
    clock = Clock()
    store = Store(None, clock)
    store.open()
    home = make_home(Settings(), clock, store)
    engine = RuleEngine(home, Templates(home))
    reloader: Reloader[LoadedRule | InvalidRule] = Reloader(
        engine, [world.rules], world.root, clock, on_reload=world.told.put_nowait
    )
    trigger = "  triggers: {trigger: event, event_type: go}\n  actions:\n"
    waiting = f"- alias: Waits\n{trigger}    - delay: 0.3\n    - event: late\n"
    answer = f"- alias: Answers\n{trigger.replace('go', 'ask')}    - event: "
    path = world.write("rules/a.yaml", f"{answer}old\n{waiting}")
    heard: asyncio.Queue[str] = asyncio.Queue()
    for name in ("old", "new", "late"):
        home.bus.listen(name, lambda event: heard.put_nowait(event.event_type))
    assert reloader.load() == []
    engine.start()
    task = asyncio.ensure_future(reloader.watch())
    home.bus.fire("go")
    home.bus.fire("ask")
    assert await asyncio.wait_for(heard.get(), PATIENCE_S) == "old"

    path.write_text(f"{answer}new\n{waiting}")
    await world.next()
    home.bus.fire("ask")

    assert {await asyncio.wait_for(heard.get(), PATIENCE_S) for _ in range(2)} == {"new", "late"}
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await engine.stop()
    await store.close()
