"""Programs: what a rule is compiled to, when it first has to run."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from inglenook.errors import ConditionError
from inglenook.model import Context
from inglenook.rules.faults import placed
from inglenook.rules.firing import Firing
from inglenook.rules.kinds import Compiler, Condition, Config, Variables
from inglenook.rules.shape import Shaped

Renderers = list[tuple[str, Callable[[Variables], Any]]]

_PATHS: Final = {"actions": "action", "sequence": "sequence"}  # where traces say the steps are


class Program:
    """The compiled rule.

    Args:
        config: the validated rule.
        steps_key: under which key its steps stand: ``actions`` or ``sequence``.
        compiler: compiles its parts.
        shows_everything: whether its runs need variables that none of its texts mentions.

    Attributes:
        actions: its steps.
        is_plain: its runs have no variables but the context, unless they are given some.
    """

    __slots__ = (
        "_compiler",
        "_conditions",
        "_of_triggers",
        "_variables",
        "_with_this",
        "_with_trigger",
        "actions",
        "is_plain",
    )

    def __init__(self, config: Shaped, steps_key: str, compiler: Compiler, *, shows_everything: bool) -> None:
        mentioned = _Mentioned(config.raw)
        self._compiler = compiler
        self._with_this = shows_everything or mentioned.has("this")
        self._with_trigger = shows_everything or mentioned.has("trigger")
        self._variables = self._renderers({**config.get("trigger_variables", {}), **config.get("variables", {})})
        self.is_plain = not (self._with_this or self._with_trigger or self._variables)
        self._of_triggers: dict[int, Renderers] = {}
        self._conditions: list[tuple[int, Condition, Config]] = [
            (index, compiler.condition(one), one)
            for index, one in enumerate(config.get("conditions", ()))
            if one.get("enabled") is not False
        ]
        self.actions = compiler.actions(config[steps_key], _PATHS[steps_key])

    def variables(
        self,
        firing: Firing | None,
        context: Context,
        given: Mapping[str, Any],
        this: Callable[[], Mapping[str, Any]],
    ) -> dict[str, Any]:
        """Return the variables of a new run; those it is given win over those that the rule declares.

        Raises:
            TemplateError: one of them fails.
        """
        found: dict[str, Any] = {"context": context}
        if self._with_this:
            found["this"] = this()
        if self._with_trigger and firing is not None:
            found["trigger"] = firing.payload
        if given:
            found.update(given)
        if firing is not None and firing.own_variables:
            for name, render in self._renderers_of(firing.own_variables):
                found[name] = render(found)
        if self._variables:
            fixed = set(found)
            for name, render in self._variables:
                if name not in fixed:
                    found[name] = render(found)
        return found

    def refusal(self, variables: Variables) -> tuple[int, ConditionError | None] | None:
        """Return the condition that keeps a run from starting, by index and with its error; None when all hold."""
        problem: tuple[int, ConditionError | None] | None = None
        for index, condition, config in self._conditions:
            try:
                if condition(variables) is False:
                    return index, None
            except ConditionError as error:
                problem = problem or (index, placed(error, config))
        return problem

    def _renderers(self, declared: Mapping[str, Any]) -> Renderers:
        return [(name, self._compiler.renderer(value)) for name, value in declared.items()]

    def _renderers_of(self, declared: Mapping[str, Any]) -> Renderers:
        """Return the renderers of a trigger's own variables, made at its first firing."""
        found = self._of_triggers.get(id(declared))
        if found is None:
            found = self._of_triggers[id(declared)] = self._renderers(declared)
        return found


class _Mentioned:
    """The words in a rule's texts. Macros imported ``with context`` may look at anything."""

    def __init__(self, raw: Any) -> None:
        self._texts: list[str] = []
        self._gather(raw)

    def has(self, word: str) -> bool:
        return any(word in text or "with context" in text for text in self._texts)

    def _gather(self, value: Any) -> None:
        if isinstance(value, str):
            self._texts.append(value)
        elif isinstance(value, Mapping):
            for key, item in value.items():
                self._gather(key) if "{" in str(key) else None
                self._gather(item)
        elif isinstance(value, list | tuple):
            for item in value:
                self._gather(item)
