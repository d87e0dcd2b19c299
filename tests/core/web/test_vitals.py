"""How late the loop is, and how many runs are timed."""

from inglenook.clock import VirtualClock
from inglenook.home import Home
from inglenook.rules import RuleEngine
from inglenook.templates import Templates
from inglenook.web.vitals import RUNS_TIMED, SAMPLES_KEPT, Vitals

NO_SOCKETS = dict.fromkeys(("devices", "clients"), dict[str, int])


def vitals_of(home: Home) -> tuple[Vitals, RuleEngine]:
    engine = RuleEngine(home, Templates(home))
    return Vitals(home, engine, NO_SOCKETS), engine


async def test_a_loop_that_was_held_up_is_seen_for_a_minute(home: Home) -> None:
    assert isinstance(home.clock, VirtualClock)
    vitals, _ = vitals_of(home)
    vitals.start()
    loop = home.clock._bind()
    home.clock.call_later(0.5, lambda: setattr(loop, "_virtual_now", loop.time() + 2))

    await home.clock.advance(3)
    held_up = vitals.snapshot()
    await home.clock.advance(10)
    after = vitals.snapshot()
    await home.clock.advance(SAMPLES_KEPT)

    assert 1 < held_up.lag_max_s <= 2
    assert (after.lag_s, after.lag_max_s) == (0, held_up.lag_max_s)
    assert vitals.snapshot().lag_max_s == 0
    vitals.stop()


async def test_of_a_crowd_of_runs_so_many_a_second_are_timed_and_all_are_counted(home: Home) -> None:
    assert isinstance(home.clock, VirtualClock)
    vitals, engine = vitals_of(home)
    rule = {"triggers": {"trigger": "event", "event_type": "go"}, "actions": {"event": "went"}}
    engine.swap("test", [engine.check(rule)])
    engine.start()
    vitals.start()

    for _ in range(2):
        for _ in range(RUNS_TIMED + 50):
            home.bus.fire("go")
        await home.clock.advance(1.5)

    now = vitals.snapshot()
    assert now.runs["finished"] == 2 * (RUNS_TIMED + 50)
    assert sum(now.times) == 2 * RUNS_TIMED
    vitals.stop()


async def test_a_run_that_waits_is_counted_and_not_timed(home: Home) -> None:
    assert isinstance(home.clock, VirtualClock)
    vitals, engine = vitals_of(home)
    rule = {"triggers": {"trigger": "event", "event_type": "go"}, "actions": {"delay": 5}}
    engine.swap("test", [engine.check(rule)])
    engine.start()
    vitals.start()

    home.bus.fire("go")
    await home.clock.advance(6)

    assert vitals.snapshot().runs["finished"] == 1
    assert sum(vitals.snapshot().times) == 0
    vitals.stop()
