"""The step that waits for a while: ``delay: "00:05"``."""

from datetime import timedelta
from typing import Final

import voluptuous as vol

from inglenook.rules.kinds import Action, ActionKind, Compiler, Config, Pending
from inglenook.rules.run import Run
from inglenook.rules.shape import Shape, templated_duration

SHAPE: Final = Shape({vol.Required("delay"): templated_duration})


def compile_delay(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step; a delay of 0 does not wait at all."""
    seconds = compiler.duration(config["delay"])
    clock = compiler.home.clock
    name = config.get("alias")

    def delay(run: Run) -> Pending | None:
        delay_s = seconds(run.variables)
        run.tell_wait(name or f"delay {timedelta(seconds=delay_s)}")
        return sleep(run, delay_s) if delay_s > 0 else None

    async def sleep(run: Run, delay_s: float) -> None:
        run.deadline = clock.monotonic() + delay_s
        await clock.sleep(delay_s)
        run.deadline = None

    return delay


KIND: Final = ActionKind(lambda _: SHAPE, compile_delay)
