"""The steps that choose: ``choose`` and ``if``."""

from collections.abc import Awaitable
from typing import Final

import voluptuous as vol

from inglenook.config.values import string
from inglenook.rules.kinds import Action, ActionKind, Compiler, Config, Grammar
from inglenook.rules.run import Run
from inglenook.rules.shape import Shape, each


def compile_choose(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step; the first choice whose conditions hold is taken, else the default."""
    choices = [
        (
            compiler.conditions(choice["conditions"], f"{path}/choose/{index}"),
            compiler.actions(choice["sequence"], f"{path}/choose/{index}/sequence"),
        )
        for index, choice in enumerate(config["choose"])
    ]
    default = compiler.actions(config.get("default", []), f"{path}/default")

    def choose(run: Run) -> Awaitable[None] | None:
        for index, (hold, sequence) in enumerate(choices):
            if hold(run.variables):
                run.note(index)
                return sequence(run)
        run.note("default")
        return default(run)

    return choose


def compile_if(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step."""
    hold = compiler.conditions(config["if"], f"{path}/if")
    then = compiler.actions(config["then"], f"{path}/then")
    otherwise = compiler.actions(config.get("else", []), f"{path}/else")

    def choose(run: Run) -> Awaitable[None] | None:
        is_so = hold(run.variables)
        run.note(is_so)
        return then(run) if is_so else otherwise(run)

    return choose


def _choose_shape(grammar: Grammar) -> Shape:
    choice = Shape(
        {
            "alias": string,
            vol.Required("conditions"): grammar.conditions,
            vol.Required("sequence"): grammar.actions,
        }
    )
    return Shape({vol.Required("choose"): each(choice), "default": grammar.actions})


def _if_shape(grammar: Grammar) -> Shape:
    return Shape(
        {
            vol.Required("if"): grammar.conditions,
            vol.Required("then"): grammar.actions,
            "else": grammar.actions,
        }
    )


CHOOSE: Final = ActionKind(_choose_shape, compile_choose)
IF: Final = ActionKind(_if_shape, compile_if)
