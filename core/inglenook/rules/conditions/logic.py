"""The conditions made of conditions: ``and``, ``or``, ``not``.

A member that is disabled takes no part. One that has no answer (an unknown entity, a failing template) makes the whole
have none, unless another member decides it.
"""

from collections.abc import Callable
from typing import Final

import voluptuous as vol

from inglenook.errors import ConditionError
from inglenook.rules.kinds import Compiler, Condition, ConditionKind, Config, Grammar, Variables
from inglenook.rules.shape import Shape


def compile_and(config: Config, compiler: Compiler) -> Condition:
    """Return whether all are true."""
    return compiler.all_of(config["conditions"])


def compile_or(config: Config, compiler: Compiler) -> Condition:
    """Return whether any is true; of none, none is."""
    return _any_of(config, compiler)


def compile_not(config: Config, compiler: Compiler) -> Condition:
    """Return whether none is true."""
    any_is_true = _any_of(config, compiler)
    return lambda variables: not any_is_true(variables)


def _any_of(config: Config, compiler: Compiler) -> Callable[[Variables], bool]:
    conditions = [compiler.condition(member) for member in config["conditions"]]

    def any_is_true(variables: Variables) -> bool:
        problem = None
        for condition in conditions:
            try:
                if condition(variables):
                    return True
            except ConditionError as error:
                problem = problem or error
        if problem is not None:
            raise problem
        return False

    return any_is_true


def _shape(grammar: Grammar) -> Shape:
    return Shape({vol.Required("conditions"): grammar.conditions})


AND: Final = ConditionKind(_shape, compile_and)
OR: Final = ConditionKind(_shape, compile_or)
NOT: Final = ConditionKind(_shape, compile_not)
