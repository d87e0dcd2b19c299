"""The step that asks: ``condition:`` (also ``and:``, ``or:``, ``not:``) among actions."""

import logging
from typing import Any, Final

from inglenook.config.values import is_template
from inglenook.errors import ConditionError
from inglenook.rules.faults import located, placed
from inglenook.rules.kinds import END, Action, ActionKind, Compiler, Config, End, Grammar
from inglenook.rules.run import Run
from inglenook.rules.shape import Shape, template

_log = logging.getLogger(__name__)

_TEMPLATE: Final = Shape({"condition": template})


def compile_condition(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step; when the condition is false or has no answer, the list it stands in ends here."""
    condition = compiler.condition({**config, "enabled": True})

    def ask(run: Run) -> End | None:
        try:
            answer = condition(run.variables)
        except ConditionError as error:
            where = located(path, placed(error, config).position)
            _log.warning("rule %s, %s: %s", compiler.name, where, error)
            answer = False
        run.note(answer)
        return END if answer is False else None

    return ask


def _schema(grammar: Grammar) -> Any:
    def check(value: Any) -> Config:
        if is_template(value.get("condition")):
            return grammar.condition(_TEMPLATE(value)["condition"])
        return grammar.condition(value)

    return check


KIND: Final = ActionKind(_schema, compile_condition, may_continue=False)
