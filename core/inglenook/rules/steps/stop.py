"""The step that ends the run: ``stop:``."""

from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import boolean, string, text
from inglenook.rules.kinds import Action, ActionKind, Compiler, Config
from inglenook.rules.run import Run, RunStopped
from inglenook.rules.shape import Shape


def _message(value: Any) -> str:
    return "" if value is None else string(value)


def _no_answer_with_an_error(result: Config) -> None:
    if result["error"] and "response_variable" in result:
        raise vol.Invalid("a stop with an error gives no response", ["response_variable"])


SHAPE: Final = Shape(
    {
        vol.Required("stop"): _message,
        vol.Optional("error", default=False): boolean,
        "response_variable": text,
    },
    checks=[_no_answer_with_an_error],
)


def compile_stop(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step; from any depth it ends the whole run."""
    variable = config.get("response_variable")

    def stop(run: Run) -> None:
        response = run.variables.get(variable) if variable else None
        raise RunStopped(config["stop"], is_error=config["error"], response=response)

    return stop


KIND: Final = ActionKind(lambda _: SHAPE, compile_stop)
