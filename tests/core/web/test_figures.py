"""Figures of a home: what is read each second while somebody looks, and now and then while nobody does."""

from typing import Any

import pytest

from inglenook.config.yaml import loads
from inglenook.rules import RuleEngine
from inglenook.templates import Templates
from inglenook.testing import make_virtual_home
from inglenook.web.figures import KEPT, SELDOM_S, Figures, quantile_ms
from inglenook.web.vitals import Vitals

pytestmark = pytest.mark.virtual

RULES = """
- alias: At once
  triggers: {trigger: event, event_type: go}
  actions: [{event: done}]
- alias: Slow
  triggers: {trigger: event, event_type: go}
  actions: [{delay: 0.4}]
- alias: Broken
  triggers: {trigger: event, event_type: crash}
  actions: [{action: light.nothing_like_it}]
"""


class Watched:
    def __init__(self) -> None:
        self.home = make_virtual_home()
        self.engine = RuleEngine(self.home, Templates(self.home))
        self.engine.swap("rules.yaml", [self.engine.check(raw) for raw in loads(RULES)])
        self.engine.start()
        sockets = {"devices": dict[str, int], "clients": lambda: {"clients": 3, "behind": 1}}
        self.vitals = Vitals(self.home, self.engine, sockets)
        self.vitals.start()
        self.figures = Figures(self.vitals.snapshot, self.home.clock)
        self.seen: list[dict[str, Any]] = []

    async def seconds(self, count: int) -> None:
        await self.home.clock.sleep(count)


async def test_a_reading_each_second_tells_what_happened_within_it() -> None:
    watched = Watched()
    unwatch = watched.figures.watch(watched.seen.append)
    watched.home.bus.fire("go")

    await watched.seconds(2)
    unwatch()

    first, second = watched.seen
    assert first["events_per_s"] >= 2  # go and done
    assert first["runs_per_s"] == 2
    assert 0 < first["run_p50_ms"] <= 0.05  # the one that waited says nothing of how fast the home is
    assert (first["rules"], first["clients"], first["clients_behind"]) == (3, 3, 1)
    assert second["events_per_s"] == second["runs_per_s"] == 0
    assert second["at"] - first["at"] == pytest.approx(1)


async def test_runs_that_fail_are_told() -> None:
    watched = Watched()
    watched.figures.watch(watched.seen.append)
    watched.home.bus.fire("crash")

    await watched.seconds(1)

    assert watched.seen[0]["failures_per_s"] == 1


async def test_without_a_run_there_is_no_latency() -> None:
    watched = Watched()
    watched.figures.watch(watched.seen.append)

    await watched.seconds(1)

    assert watched.seen[0]["run_p50_ms"] is None
    assert watched.seen[0]["loop_lag_ms"] == 0


async def test_each_watcher_hears_until_it_ends() -> None:
    watched = Watched()
    first, second = watched.figures.watch(watched.seen.append), watched.figures.watch(watched.seen.append)
    await watched.seconds(1)
    assert len(watched.seen) == 2

    first()
    first()
    await watched.seconds(1)
    assert len(watched.seen) == 3
    second()
    await watched.seconds(5)

    assert len(watched.seen) == 3


async def test_who_begins_to_look_sees_what_was() -> None:
    watched = Watched()
    watched.figures.start()
    await watched.seconds(35)
    watched.home.bus.fire("go")
    await watched.seconds(10)
    before = [(round(reading["at"] - watched.figures.readings[0]["at"])) for reading in watched.figures.readings]

    watched.figures.watch(watched.seen.append)
    await watched.seconds(3)

    assert before == [0, 10, 20, 30]
    assert [reading["events_per_s"] > 0 for reading in watched.figures.readings][:4] == [False, False, False, True]
    assert len(watched.seen) == 3
    watched.figures.stop()
    await watched.seconds(30)
    assert len(watched.seen) == 3


@pytest.mark.parametrize(
    ("times", "median"),
    [([], None), ([0, 0], None), ([4], 0.025), ([0, 2], 0.075), ([1, 1], 0.05), ([0] * 13 + [5], 1_000)],
)
def test_a_quantile_is_told_as_nearly_as_the_counts_allow(times: list[int], median: float | None) -> None:
    assert quantile_ms(times, 0.5) == median


async def test_a_listener_that_fails_does_not_keep_the_next_from_its_reading(caplog: pytest.LogCaptureFixture) -> None:
    watched = Watched()

    def fail(_: object) -> None:
        raise RuntimeError("mine")

    watched.figures.watch(fail)
    watched.figures.watch(watched.seen.append)
    await watched.seconds(1)

    assert len(watched.seen) == 1
    assert "mine" in caplog.text


async def test_the_last_minutes_are_kept_and_old_ones_are_not() -> None:
    watched = Watched()
    unwatch = watched.figures.watch(watched.seen.append)
    await watched.seconds(KEPT + 10)
    unwatch()
    assert len(watched.figures.readings) == KEPT

    await watched.seconds(KEPT * 2)

    assert len(watched.figures.readings) == KEPT / SELDOM_S
