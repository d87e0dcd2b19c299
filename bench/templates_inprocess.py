"""What does a template cost: as a closure, and on Jinja over what Jinja's own compiled function takes?

Answers with microseconds of one core a rendering; ``is_true`` and ``render`` are what rules pay, ``jinja`` is the
function that Jinja compiles, alone on a context that is there, ``over`` is what rendering on it costs beside it.
"""

import time
from collections.abc import Callable
from datetime import UTC
from functools import partial
from typing import Any

from bench.figures import Figure, show

from inglenook.clock import Clock
from inglenook.home import Home, Settings, make_home
from inglenook.store import Store
from inglenook.templates import Templates
from inglenook.templates.environment import DialectContext

ROUNDS = 5
BUDGET_S = 0.05  # for one measurement

TEMPLATES = [
    "{{ is_state('sensor.s5', '25') }}",
    "{{ states('sensor.s5') | float(0) > 20 and is_state('sensor.s5', '25') }}",
    "{{ trigger.to_state.state == 'on' }}",
    "{{ trigger.event.data.n | int > 3 }}",
    "{{ states.sensor.s5.state }}",
    "It is {{ states('sensor.s5') }}, {{ trigger.event.data.n }}",
    "{% if is_state('sensor.s5', '25') %}on{% else %}off{% endif %}",
    "{% set x = states('sensor.s5') | float %}{{ x > 3 }}",
    "{{ states.sensor | selectattr('state', 'eq', '25') | list | count }}",
]


def make() -> tuple[Home, dict[str, Any]]:
    """Return a home with 1,000 sensors, and the variables of a run."""
    clock = Clock(UTC)
    store = Store(None, clock)
    store.open()
    home = make_home(Settings(), clock, store)
    for number in range(1_000):
        home.states.set(f"sensor.s{number}", "25", {"unit_of_measurement": "W"})
    state = home.states.get("sensor.s5")
    return home, {"trigger": {"to_state": state, "event": {"data": {"n": 4}}}}


def best_us(call: Callable[[], object]) -> float:
    """Return the microseconds of one call, of the best round."""
    best = 1.0
    for _ in range(ROUNDS):
        count, begun = 0, time.perf_counter()
        while (passed := time.perf_counter() - begun) < BUDGET_S:
            for _ in range(10):
                call()
            count += 10
        best = min(best, passed / count)
    return best * 1e6


def measure() -> list[Figure]:
    """Print the microseconds and return how much faster than Jinja alone a template is."""
    figures = []
    home, variables = make()
    templates = Templates(home)
    print(f"{'template':76} {'is_true':>8} {'render':>8} {'jinja':>8} {'over':>6}")
    for text in TEMPLATES:
        template, environment = templates.compile(text), templates.engine.full
        program, jinja = templates.engine.program(text), environment.from_string(text)
        context = DialectContext.over(environment, jinja, variables)

        def bare(run: Any = jinja.root_render_func, context: Any = context, budget: Any = environment.budget) -> str:
            budget.refill()
            return "".join(run(context))

        paid = [best_us(partial(call, variables)) for call in (template.is_true, template.render)]
        alone, whole = best_us(bare), best_us(partial(program.text, variables))
        print(f"{text:76} {paid[0]:8.2f} {paid[1]:8.2f} {alone:8.2f} {whole - alone:6.2f}")
        if "{%" not in text:
            figures.append(Figure(text, alone / paid[1], "x", 2.0, is_ceiling=False))
    texts = [f"{{{{ states('sensor.s{number}') | float(0) > 20 }}}}" for number in range(300)]
    begun = time.perf_counter()
    kept = [templates.compile(text) for text in texts]
    print(f"reading and translating: {(time.perf_counter() - begun) / len(kept) * 1e6:.0f} us a template")
    return figures


if __name__ == "__main__":
    show("Templates, in process: how many times faster than the function that Jinja compiles", measure())
