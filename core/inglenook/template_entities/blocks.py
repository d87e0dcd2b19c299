"""Blocks: the entities that stand together under ``template:``, with or without triggers."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from inglenook.errors import ConditionError, TemplateError
from inglenook.model import NO_DATA, Context, new_context
from inglenook.rules.faults import fault
from inglenook.rules.firing import Firing
from inglenook.rules.kinds import Disarm
from inglenook.rules.run import Outcome, Run
from inglenook.rules.shape import Shaped
from inglenook.rules.workshop import Routine, Workshop
from inglenook.template_entities.entity import TemplateEntity

_log = logging.getLogger(__name__)


class Block(Protocol):
    """What a block does."""

    entities: Sequence[TemplateEntity]

    def start(self) -> None:
        """Make the entities follow what they depend on."""

    def stop(self) -> None:
        """Follow nothing any more."""


class StateBlock:
    """Entities that change when something changes that their templates look at."""

    def __init__(self, entities: Sequence[TemplateEntity]) -> None:
        self.entities = entities

    def start(self) -> None:
        """Render every entity."""
        for entity in self.entities:
            entity.follow()

    def stop(self) -> None:
        """Nothing more than what the entities do when they go."""


class TriggerBlock:
    """Entities that change when a trigger fires, and see what it tells.

    Args:
        config: the validated block.
        workshop: what compiles and arms it.
        entities: those of the block.
    """

    def __init__(self, config: Shaped, workshop: Workshop, entities: Sequence[TemplateEntity]) -> None:
        self.entities = entities
        self._config = config
        self._workshop = workshop
        self._name = f"template block of {entities[0].name}" if entities else "template block"
        compiler = workshop.compiler(self._name)
        self._arm = compiler.arm
        self._holds = compiler.conditions(config.get("conditions", []), "conditions")
        self._disarm: Disarm | None = None
        self._routine: Routine | None = None
        if "actions" in config:
            entity_id = entities[0].entity_id if entities else ""
            self._routine = workshop.routine(self._name, entity_id, config["actions"], "action")
        for entity in entities:
            if "conditions" in entity.config:
                entity.when(compiler.conditions(entity.config["conditions"], f"conditions of {entity.name}"))

    def start(self) -> None:
        """Arm the triggers."""
        if self._disarm is not None:
            return
        variables: dict[str, Any] = {}
        try:
            for name, value in self._config.get("trigger_variables", NO_DATA).items():
                variables[name] = self._workshop.templates.compile_tree(value)(variables, limited=True)
        except TemplateError as error:
            where = fault(self._config.raw, ("trigger_variables", name), f"{error}; it is not armed", None)
            _log.error("%s: %s", self._name, where)
            return
        self._disarm = self._arm(self._config["triggers"], variables, self._fired)

    def stop(self) -> None:
        """Disarm the triggers and end the actions."""
        if self._disarm is not None:
            self._disarm()
            self._disarm = None
        if self._routine is not None:
            self._routine.stop()

    def _fired(self, firing: Firing) -> None:
        context = firing.context or new_context(self._workshop.home.clock.now())
        try:
            variables = self._variables(firing, context)
        except TemplateError as error:
            _log.error("%s: %s", self._name, fault(self._config.raw, ("variables",), str(error), None))
            return
        if not self._holds(variables):
            return
        run = None if self._routine is None else self._routine.start(context, variables, firing)
        if run is None:
            self._update(variables, context)
        elif run.outcome is Outcome.RUNNING:
            run.at_end(self._acted)
        else:
            self._acted(run)

    def _variables(self, firing: Firing, context: Context) -> dict[str, Any]:
        found: dict[str, Any] = {"context": context, "trigger": firing.payload}
        declared = {
            **firing.own_variables,
            **self._config.get("trigger_variables", NO_DATA),
            **self._config.get("variables", NO_DATA),
        }
        for name, value in declared.items():
            found[name] = self._workshop.templates.compile_tree(value)(found)
        return found

    def _acted(self, run: Run) -> None:
        if run.outcome is Outcome.FINISHED:
            self._update(run.variables, run.context)

    def _update(self, variables: Mapping[str, Any], context: Context) -> None:
        for entity in self.entities:
            try:
                entity.render(variables, context)
            except ConditionError as error:
                _log.warning("template entity %s: conditions: %s", entity.entity_id, error)
