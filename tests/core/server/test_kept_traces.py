"""The traces of rules are there after a restart, as many as a rule keeps."""

import asyncio
import stat
from pathlib import Path
from typing import Any

import pytest
from tests.core.rules.house import RuleHome
from tests.core.server.homes import running_home, until

from inglenook.clock import VirtualClock
from inglenook.rules.former_traces import MAX_TRACE_BYTES
from inglenook.rules.last_run import find_rule, rule_trace
from inglenook.rules.rule_entity import RuleEntity
from inglenook.rules.traces import trace, traces
from inglenook.server.kept_traces import EVERY_S, FILE_NAME, KeptTraces
from inglenook.server.running import HomeServer
from inglenook.testing import make_virtual_home

CONFIGURATION = """
http: {port: 0}
automation:
  - id: one
    alias: One
    triggers: {trigger: event, event_type: go}
    conditions: "{{ trigger.event.data.n != 9 }}"
    actions:
      - variables: {n: "{{ trigger.event.data.n }}"}
      - action: nobody.knows
    trace: {stored_traces: 3}
  - alias: Without an id
    triggers: {trigger: event, event_type: go}
    actions: []
script:
  two: {sequence: [{event: done}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION)
    return tmp_path


def go(server: HomeServer, *numbers: int) -> None:
    for number in numbers:
        server.home.bus.fire("go", {"n": number})


def rule_of(server: HomeServer, name: str = "One") -> RuleEntity:
    return find_rule(server.engine, name)


def seen(rule: RuleEntity) -> list[Any]:
    """Return what each trace of a rule says of the number it was given."""
    found = [trace(rule, one["run_id"]) for one in traces(rule)]
    return [one["trace"]["action/0"][-1]["changed_variables"]["n"] for one in found if one is not None]


async def test_a_trace_is_as_it_was(folder: Path) -> None:
    async with running_home(folder) as server:
        go(server, 1)
        await server.home.services.call("script", "two")
        before = {rule.entity_id: [(one, trace(rule, one["run_id"])) for one in traces(rule)] for rule in server.engine}
        told = rule_trace(rule_of(server))

    async with running_home(folder) as server:
        after = {rule.entity_id: [(one, trace(rule, one["run_id"])) for one in traces(rule)] for rule in server.engine}
        assert after == before
        assert rule_trace(rule_of(server))["run"] == told["run"]
    assert len(before) == 3
    assert all(len(found) == 1 for found in before.values())
    assert stat.S_IMODE((folder / "data" / FILE_NAME).stat().st_mode) == 0o600


async def test_new_runs_take_the_place_of_old_ones(folder: Path) -> None:
    async with running_home(folder) as server:
        go(server, 1, 2, 3, 4)
    async with running_home(folder) as server:
        before = seen(rule_of(server))
        go(server, 5)
        now = seen(rule_of(server))
    async with running_home(folder) as server:
        after = seen(rule_of(server))

    assert (before, now, after) == ([2, 3, 4], [3, 4, 5], [3, 4, 5])


async def test_a_firing_that_no_run_came_of_is_kept(folder: Path) -> None:
    async with running_home(folder) as server:
        go(server, 9)
    async with running_home(folder) as server:
        (short,) = traces(rule_of(server))

        assert short["script_execution"] == "failed_conditions"


async def test_a_rule_that_says_something_else_now_is_shown_as_it_was(folder: Path) -> None:
    async with running_home(folder) as server:
        go(server, 1)
    (folder / "configuration.yaml").write_text(CONFIGURATION.replace("nobody.knows", "nobody.else"))
    for _ in range(2):
        async with running_home(folder) as server:
            (short,) = traces(rule_of(server))
            whole = trace(rule_of(server), short["run_id"])

            assert whole is not None
            assert whole["config"]["actions"][1] == {"action": "nobody.knows"}


async def test_a_rule_that_is_away_has_its_traces_when_it_is_back(folder: Path) -> None:
    async with running_home(folder) as server:
        go(server, 1)
    (folder / "configuration.yaml").write_text("http: {port: 0}\n")
    async with running_home(folder):
        pass
    (folder / "configuration.yaml").write_text(CONFIGURATION)

    async with running_home(folder) as server:
        assert seen(rule_of(server)) == [1]


async def test_what_is_too_large_is_left_out_and_what_is_damaged_is_none(folder: Path) -> None:
    async with running_home(folder) as server:
        server.home.bus.fire("go", {"n": 1, "x": "x" * MAX_TRACE_BYTES})
        go(server, 2)
    kept = folder / "data" / FILE_NAME
    async with running_home(folder) as server:
        assert seen(rule_of(server)) == [2]
    kept.write_bytes(kept.read_bytes()[:-1] + b"\xc1")

    async with running_home(folder) as server:
        assert traces(rule_of(server)) == []


@pytest.mark.virtual
async def test_they_are_written_from_time_to_time_if_something_ran(tmp_path: Path) -> None:
    home = make_virtual_home()
    clock = home.clock
    assert isinstance(clock, VirtualClock)
    house = RuleHome(home)
    house.load("- {id: a, triggers: {trigger: event, event_type: go}, actions: []}")
    kept = KeptTraces(house.engine, tmp_path, clock)
    watch = asyncio.get_running_loop().create_task(kept.watch())
    file = tmp_path / FILE_NAME

    await clock.advance(EVERY_S + 1)
    assert not file.exists()
    await house.go()
    await clock.advance(EVERY_S)
    await until(file.exists)
    watch.cancel()

    other = RuleHome(make_virtual_home())
    other.load("- {id: a, triggers: {trigger: event, event_type: go}, actions: []}")
    KeptTraces(other.engine, tmp_path, clock).load()
    (rule,) = other.engine
    assert len(traces(rule)) == 1
