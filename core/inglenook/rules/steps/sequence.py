"""The step that is a list of steps: ``sequence:``."""

from typing import Final

import voluptuous as vol

from inglenook.rules.kinds import Action, ActionKind, Compiler, Config, Grammar
from inglenook.rules.shape import Shape, anything


def compile_sequence(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step."""
    return compiler.actions(config["sequence"], f"{path}/sequence")


def _shape(grammar: Grammar) -> Shape:
    return Shape({vol.Required("sequence"): grammar.actions, "metadata": anything})


KIND: Final = ActionKind(_shape, compile_sequence)
