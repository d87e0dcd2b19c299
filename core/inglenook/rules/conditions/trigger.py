"""The condition on what started the run: ``condition: trigger``."""

from typing import Final

import voluptuous as vol

from inglenook.config.values import string
from inglenook.rules.kinds import Compiler, Condition, ConditionKind, Config, Variables
from inglenook.rules.shape import Shape, each

SHAPE: Final = Shape({vol.Required("id"): each(string)})


def compile_trigger(config: Config, compiler: Compiler) -> Condition:
    """Return whether the trigger's id is one of those named; a trigger without one is called by its index."""
    ids = frozenset(config["id"])

    def condition(variables: Variables) -> bool:
        trigger = variables.get("trigger")
        return isinstance(trigger, dict) and trigger.get("id") in ids

    return condition


KIND: Final = ConditionKind(lambda _: SHAPE, compile_trigger)
