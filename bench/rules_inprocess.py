"""What does the rule engine cost, from a state that is set to the service that a rule calls?

Answers with microseconds of one core for one event on top of ``states.set``, with one rule, with many that cannot match
and with many on the same entity that wait for another state; then with the time and memory that 10,000 rules take.
"""

import asyncio
import gc
import time
import tracemalloc
from datetime import UTC

from bench.figures import Figure, show

from inglenook.clock import Clock
from inglenook.home import Home, Settings
from inglenook.home import make_home as build
from inglenook.model import ServiceCall
from inglenook.rules import Rule, RuleEngine
from inglenook.store import Store
from inglenook.templates import Templates

EVENTS = 20_000
ROUNDS = 7
MANY = 10_000


def rule(number: int, entity_id: str, to: str = "on") -> dict[str, object]:
    """Return a rule of one trigger, two conditions and one call."""
    return {
        "id": f"rule{number}",
        "alias": f"Rule {number}",
        "triggers": [{"trigger": "state", "entity_id": entity_id, "to": to}],
        "conditions": [
            {"condition": "state", "entity_id": "input_boolean.armed", "state": "on"},
            {"condition": "numeric_state", "entity_id": "sensor.lux", "below": 50},
        ],
        "actions": [
            {"action": "light.turn_on", "target": {"entity_id": f"light.l{number}"}, "data": {"brightness": 9}}
        ],
    }


def logic() -> dict[str, object]:
    """Return a rule of variables, a choice of three, a condition, and three events with templates."""
    branches = [
        {"conditions": f"{{{{ kind == {number} }}}}", "sequence": [{"variables": {"label": f"kind {number}"}}]}
        for number in range(3)
    ]
    event = {"event": "answer", "event_data": {"n": "{{ n }}", "i": "{{ repeat.index }}", "label": "{{ label }}"}}
    return {
        "id": "logic",
        "triggers": [{"trigger": "event", "event_type": "question"}],
        "actions": [
            {"variables": {"n": "{{ trigger.event.data.n }}", "kind": "{{ n % 3 }}", "label": ""}},
            {"choose": branches},
            {
                "if": [{"condition": "state", "entity_id": "input_boolean.armed", "state": "on"}],
                "then": [{"repeat": {"count": 3, "sequence": [event]}}],
            },
        ],
    }


async def logic_cost() -> list[Figure]:
    """Return what a run of :func:`logic` costs. Home Assistant takes 836 us for such a run, clients included."""
    home, _, _ = make([logic()])
    answers: list[object] = []
    home.bus.listen("answer", answers.append)
    runs, best = 2_000, float("inf")
    for _ in range(ROUNDS):
        answers.clear()
        begin = time.thread_time()
        for number in range(runs):
            home.bus.fire("question", {"n": number})
        best = min(best, (time.thread_time() - begin) / runs * 1e6)
        assert len(answers) == 3 * runs
        await asyncio.sleep(0)
    return [Figure("variables, choose, if and three events with templates, a run", best, "us", 104)]


def make_home() -> Home:
    """Return a home on the system's clock, its store in memory."""
    clock = Clock(UTC)
    store = Store(None, clock)
    store.open()
    return build(Settings(), clock, store)


def make(rules: list[dict[str, object]]) -> tuple[Home, RuleEngine, list[ServiceCall]]:
    """Return a home with ``rules`` armed."""
    home = make_home()
    calls: list[ServiceCall] = []
    home.services.register("light", "turn_on", calls.append)
    home.states.set("input_boolean.armed", "on")
    home.states.set("sensor.lux", "20")
    engine = RuleEngine(home, Templates(home))
    engine.swap("bench", [engine.check(raw) for raw in rules])
    engine.start()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # as the server does
    return home, engine, calls


async def cost(home: Home, entity_id: str) -> float:
    """Return the best microseconds for one change of ``entity_id``."""
    states = ("on", "off")
    best = float("inf")
    for _ in range(ROUNDS):
        begin = time.thread_time()
        for number in range(EVENTS):
            home.states.set(entity_id, states[number & 1])
        took = time.thread_time() - begin
        await asyncio.sleep(0)
        best = min(best, took / EVENTS * 1e6)
    return best


async def event_costs() -> list[Figure]:
    """Print what an event costs, and return it in the time that setting a state takes when nobody listens."""
    home, _, _ = make([])
    bare = await cost(home, "switch.k")
    say("states.set, nobody listens", bare)
    found = []
    cases: list[tuple[str, list[dict[str, object]]]] = [
        ("one rule, half of the changes match", [rule(0, "switch.k")]),
        ("and 10,000 on other entities", [rule(0, "switch.k"), *(rule(n, f"switch.s{n}") for n in range(1, MANY))]),
        ("and 500 with another to:", [rule(0, "switch.k"), *(rule(n, "switch.k", f"s{n}") for n in range(1, 501))]),
    ]
    for name, rules in cases:
        home, _, calls = make(rules)
        took = await cost(home, "switch.k")
        assert len(calls) == EVENTS * ROUNDS // 2
        say(name, took, f"a run {(took - bare) * 2:.2f} us over states.set")
        found.append(took)
    one, many, near = found
    return [
        Figure("a run (2 conditions, 1 call), in times of states.set", (one - bare) * 2 / bare, "x", 6),
        Figure("with 10,000 rules on other entities, against none", many / one, "x", 1.05),
        Figure("with 500 that wait for another state, against none", near / one, "x", 1.1),
    ]


async def loading() -> list[Figure]:
    """Print what many rules cost to load, and return the memory of one."""
    kilobytes = 0.0
    raws = [rule(n, f"switch.s{n}") for n in range(MANY)]
    for is_traced in (False, True):
        home = make_home()
        engine = RuleEngine(home, Templates(home))
        gc.collect()
        gc.disable()
        if is_traced:
            tracemalloc.start()
        begin = time.perf_counter()
        rules: list[Rule] = [engine.check(raw, is_known_good=True) for raw in raws]
        checked = time.perf_counter()
        engine.swap("bench", rules)
        swapped = time.perf_counter()
        engine.start()
        started = time.perf_counter()
        if is_traced:
            kilobytes = tracemalloc.get_traced_memory()[0] / MANY / 1000
            tracemalloc.stop()
        else:
            print(
                f"{MANY} rules: check {checked - begin:.2f} s, swap {swapped - checked:.2f} s, "
                f"start {started - swapped:.2f} s"
            )
        gc.enable()
    return [Figure("memory of a rule that has not run", kilobytes, "kB", 12)]


def say(name: str, microseconds: float, more: str = "") -> None:
    """Print a row."""
    print(f"{name:40} {microseconds:8.2f} us  {more}")


def measure() -> list[Figure]:
    """Print the microseconds and return the figures."""
    return [*asyncio.run(event_costs()), *asyncio.run(logic_cost()), *asyncio.run(loading())]


if __name__ == "__main__":
    show("Rules, in process", measure())
