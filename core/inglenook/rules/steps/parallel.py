"""The step that does several things at once: ``parallel:``."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import string
from inglenook.rules.kinds import Action, ActionKind, Actions, Compiler, Config, Grammar
from inglenook.rules.run import Run
from inglenook.rules.shape import Shape, each


def compile_parallel(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step; it is done when all branches are, and then raises the first error among them."""
    sequences = [
        compiler.actions(branch, f"{path}/parallel/{index}/sequence") for index, branch in enumerate(config["parallel"])
    ]

    def start(run: Run) -> Awaitable[None] | None:
        results = [_started(sequence, run.branch()) for sequence in sequences]
        if any(isinstance(result, asyncio.Task) for result in results):
            return _joined(run, results)
        run.branches = ()
        _raise_first(results)
        return None

    return start


Result = asyncio.Task[None] | BaseException | None


def _started(sequence: Actions, branch: Run) -> Result:
    """Begin a branch: None when it is through, its error, or the task that goes on with it."""
    try:
        pending = sequence(branch)
    except Exception as error:  # noqa: BLE001 - raised again by the step, when the other branches have ended
        return error
    return None if pending is None else asyncio.ensure_future(_whole(pending))


async def _whole(pending: Awaitable[None]) -> None:
    await pending


async def _joined(run: Run, results: list[Result]) -> None:
    tasks = [result for result in results if isinstance(result, asyncio.Task)]
    ended = iter(await asyncio.gather(*tasks, return_exceptions=True))
    run.branches = ()
    _raise_first([next(ended) if isinstance(result, asyncio.Task) else result for result in results])


def _raise_first(results: list[Any]) -> None:
    for result in results:
        if isinstance(result, BaseException):
            raise result


def _shape(grammar: Grammar) -> Shape:
    block = Shape({"alias": string, vol.Required("sequence"): grammar.actions})

    def branch(value: Any) -> list[Config]:
        if isinstance(value, dict) and value.keys() <= {"alias", "sequence"} and "sequence" in value:
            actions: list[Config] = block(value)["sequence"]
            return actions
        return grammar.actions(value)

    return Shape({vol.Required("parallel"): each(branch)})


KIND: Final = ActionKind(_shape, compile_parallel)
