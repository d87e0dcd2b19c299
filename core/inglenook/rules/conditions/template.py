"""The condition that is a template: ``condition: template``, or just text with a template in it."""

from typing import Final

import voluptuous as vol

from inglenook.errors import ConditionError, TemplateError
from inglenook.rules.kinds import Compiler, Condition, ConditionKind, Config, Variables
from inglenook.rules.shape import Shape, template

SHAPE: Final = Shape({vol.Required("value_template"): template})


def compile_template(config: Config, compiler: Compiler) -> Condition:
    """Return whether the template renders to ``true``: ``on``, ``yes`` and ``1`` are not true here."""
    is_true = compiler.template(config["value_template"]).is_true

    def condition(variables: Variables) -> bool:
        try:
            return is_true(variables)
        except TemplateError as error:
            raise ConditionError(f"template: {error}") from error

    return condition


KIND: Final = ConditionKind(lambda _: SHAPE, compile_template)
