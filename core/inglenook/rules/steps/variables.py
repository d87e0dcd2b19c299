"""The step that sets variables: ``variables:``."""

from typing import Any, Final

import voluptuous as vol

from inglenook.rules.kinds import Action, ActionKind, Compiler, Config
from inglenook.rules.run import Assigned, Run
from inglenook.rules.shape import Shape, named

SHAPE: Final = Shape({vol.Required("variables"): named})


def compile_variables(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step; each variable sees those before it, and all stay set to the end of the run."""
    renderers = [(name, compiler.renderer(value)) for name, value in config["variables"].items()]

    def assign(run: Run) -> None:
        variables = run.variables
        before: dict[str, Any] = {}
        values: dict[str, Any] = {}
        try:
            for name, render in renderers:
                value = render(variables)
                if name in variables:
                    before[name] = variables[name]
                variables[name] = values[name] = value
        finally:
            if values:
                run.note(Assigned(values, before))

    return assign


KIND: Final = ActionKind(lambda _: SHAPE, compile_variables)
