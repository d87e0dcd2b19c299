"""Runs one scenario: builds its world, takes its steps, and returns what happened."""

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Any

from tests.conformance.comparison import compare
from tests.conformance.result import Result
from tests.conformance.tagging import Tagger
from tests.conformance.world import World

from inglenook.clock import VirtualLoop
from inglenook.errors import ConfigError, InglenookError, InvalidServiceData, ServiceNotFound, ServiceValidationError
from inglenook.model import Context, new_context
from inglenook.services import Response

_log = logging.getLogger(__name__)


def run_scenario(scenario: Mapping[str, Any]) -> Result:
    """Run a scenario on a virtual loop of its own and compare."""
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        try:
            outcome = runner.run(_outcome(scenario, Path(folder)))
        except Exception as error:  # noqa: BLE001 - a scenario that breaks the engine is one that fails
            _log.exception("scenario %s broke", scenario["name"])
            return Result(scenario["name"], scenario["family"], {}, (f"broke with {type(error).__name__}: {error}",))
    expected = scenario.get("expect")  # a file that is only to be recorded has none
    differences = [] if expected is None else compare(expected, outcome, scenario.get("tags") or ())
    return Result(scenario["name"], scenario["family"], outcome, tuple(differences))


async def _outcome(scenario: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    try:
        world = World(scenario, folder)
    except ConfigError:
        return {"config_error": True}
    await world.start()
    steps = Steps(world)
    await steps.take(scenario.get("steps") or [])
    await steps.wait_until(scenario["until"])
    world.recorder.is_open = False
    outcome = {
        "records": world.recorder.records,
        "final": world.recorder.final(),
        "setup_failed": world.setup_failed(),
        "invalid": world.invalid(),
        "responses": steps.responses,
        "step_errors": steps.errors,
    }
    await world.close()
    return {key: value for key, value in outcome.items() if value or key in ("records", "final")}


class Steps:
    """Takes the steps of a scenario in its world."""

    def __init__(self, world: World) -> None:
        self.responses: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        self._world = world
        self._home = world.home
        self._begun_at = world.clock.monotonic()
        self._tagger = Tagger(world.clock.now())
        self._calls: list[asyncio.Task[None]] = []

    async def take(self, steps: list[Mapping[str, Any]]) -> None:
        """Take each step when its time has come."""
        for index, step in enumerate(steps):
            if (left_s := self._left(step["at"])) > 0:
                await self._world.clock.sleep(left_s)  # until then, but before timers of that moment set meanwhile
            await self._take(index, step)

    async def wait_until(self, offset: float) -> None:
        """Let the world run up to ``offset`` seconds from the start, everything due then included."""
        await self._world.clock.advance(self._left(offset))

    def _left(self, offset: float) -> float:
        """Return the seconds until ``offset``, exactly: differences of seconds since the epoch are rounded."""
        return max(0.0, self._begun_at + offset - self._world.clock.monotonic())

    async def _take(self, index: int, step: Mapping[str, Any]) -> None:
        home = self._home
        if "set_state" in step:
            attributes = step.get("attributes") or {}
            home.states.set(step["set_state"], step["state"], attributes, force_update=step.get("force_update", False))
        elif "remove_state" in step:
            home.states.remove(step["remove_state"])
        elif "fire_event" in step:
            self._fire(step)
        elif "call_service" in step:
            self._call(index, step)
        elif "write_config" in step:
            self._world.write_file("configuration.yaml", step["write_config"])
        elif step.get("stop"):
            await self._world.stop()

    def _fire(self, step: Mapping[str, Any]) -> None:
        given = step.get("context") or {}
        made = new_context(self._home.clock.now())
        context = Context(made.id, given.get("parent_id"), given.get("user_id"))
        self._world.recorder.leave_out(step["fire_event"], context)
        self._home.bus.fire(step["fire_event"], step.get("data") or {}, context)

    def _call(self, index: int, step: Mapping[str, Any]) -> None:
        domain, _, name = step["call_service"].partition(".")
        context = new_context(self._home.clock.now())
        data = {**(step.get("data") or {}), **(step.get("target") or {})}
        wants_response = bool(step.get("response"))
        self._world.recorder.leave_out(step["call_service"], context)
        try:
            result = self._home.services.start(domain, name, data, context=context, return_response=wants_response)
        except Exception as error:  # noqa: BLE001 - what a step's call raises is part of the outcome
            self._fail(index, error)
            return
        if isinstance(result, Awaitable):
            self._calls.append(asyncio.create_task(self._finish(index, result, wants_response)))
        elif wants_response:
            self._respond(index, result)

    async def _finish(self, index: int, result: Awaitable[Response], wants_response: bool) -> None:
        try:
            response = await result
        except Exception as error:  # noqa: BLE001 - what a step's call raises is part of the outcome
            self._fail(index, error)
            return
        if wants_response:
            self._respond(index, response)

    def _respond(self, index: int, response: Response) -> None:
        self.responses.append({"step": index, "response": self._tagger.timed(response)})

    def _fail(self, index: int, error: Exception) -> None:
        self.errors.append({"step": index, "error": type(error).__name__, "kind": _kind(error)})


def _kind(error: Exception) -> str:
    if isinstance(error, ServiceValidationError):
        return "service_validation"
    if isinstance(error, ServiceNotFound):
        return "service_not_found"
    if isinstance(error, InvalidServiceData):
        return "invalid_data"
    return "error" if isinstance(error, InglenookError) else "exception"
