"""The step that sets variables: ``variables:``."""

from typing import Final

import voluptuous as vol

from inglenook.rules.kinds import Action, ActionKind, Compiler, Config
from inglenook.rules.run import Run
from inglenook.rules.shape import Shape, named

SHAPE: Final = Shape({vol.Required("variables"): named})


def compile_variables(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step; each variable sees those before it, and all stay set to the end of the run."""
    renderers = [(name, compiler.renderer(value)) for name, value in config["variables"].items()]

    def assign(run: Run) -> None:
        variables = run.variables
        for name, render in renderers:
            variables[name] = render(variables)

    return assign


KIND: Final = ActionKind(lambda _: SHAPE, compile_variables)
