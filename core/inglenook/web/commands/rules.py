"""Commands that use a part of a rule by itself: watch triggers, ask conditions, carry out actions, check all three."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.errors import ConfigError, InglenookError
from inglenook.rules import Outcome
from inglenook.rules.asked import AskedCondition
from inglenook.rules.firing import Firing
from inglenook.rules.kinds import Condition
from inglenook.rules.tracking import TemplateWatch
from inglenook.rules.workshop import Workshop
from inglenook.web.commands.command import Commands, Request
from inglenook.web.commands.fields import mapping
from inglenook.web.commands.metered import Metered
from inglenook.web.encoding import context_as_dict, jsonable

COMMANDS: Final = Commands()
_NAME: Final = "of a client"  # in logs


def _part(value: Any) -> Any:
    """Take what may be a part of a rule; the rules' own grammar looks at it."""
    if value is None:
        raise vol.Invalid("expected a part of a rule, got null")
    return value


@COMMANDS.command("subscribe_trigger", Permission.ADMIN, {vol.Required("trigger"): _part, "variables": mapping})
def subscribe_trigger(request: Request) -> None:
    """Send each firing of triggers."""
    workshop, variables = request.house.engine.workshop, request.data.get("variables", {})
    configs = workshop.check(request.data["trigger"], workshop.grammar.triggers, None)

    def fire(firing: Firing) -> None:
        context = None if firing.context is None else context_as_dict(firing.context)
        trigger = jsonable(firing.payload)  # whose states and events are not yet as clients know them
        request.event({"variables": {**variables, "trigger": trigger}, "context": context})

    disarm = workshop.compiler(_NAME).arm(configs, variables, fire)
    request.accept()
    request.subscribe(disarm)


@COMMANDS.command("subscribe_condition", Permission.READ, {vol.Required("condition"): _part, "variables": mapping})
def subscribe_condition(request: Request) -> None:
    """Send whether a condition holds, now and each time that this changes."""
    workshop, raw = request.house.engine.workshop, request.data["condition"]
    asked = AskedCondition(request.home, workshop.templates, _condition(workshop, raw), raw)

    def tell(*_: Any) -> None:
        request.event({"result": watch.result} if watch.error is None else {"error": str(watch.error)})

    variables = request.data.get("variables", {})
    watched = Metered(request, asked)
    watch = TemplateWatch(workshop.states, request.home.clock, watched, variables, tell)
    watched.go_on()
    request.accept()
    request.subscribe(watch.stop)
    tell()


@COMMANDS.command("test_condition", Permission.ADMIN, {vol.Required("condition"): _part, "variables": mapping})
def test_condition(request: Request) -> dict[str, bool | None]:
    """Return whether a condition holds now; null for one that is disabled."""
    holds = _condition(request.house.engine.workshop, request.data["condition"])
    return {"result": holds(request.data.get("variables", {}))}


@COMMANDS.command("validate_config", Permission.ADMIN, {"triggers": object, "conditions": object, "actions": object})
def validate_config(request: Request) -> dict[str, dict[str, Any]]:
    """Return for each part that is given whether it is right, and what is wrong with it otherwise."""
    workshop = request.house.engine.workshop
    grammar = workshop.grammar
    validators = {"triggers": grammar.triggers, "conditions": grammar.conditions, "actions": grammar.actions}
    found: dict[str, dict[str, Any]] = {}
    for name, raw in request.data.items():
        try:
            workshop.check(raw, validators[name], None)
        except ConfigError as error:
            found[name] = {"valid": False, "error": str(error)}
        else:
            found[name] = {"valid": True, "error": None}
    return found


@COMMANDS.command("execute_script", Permission.ADMIN, {vol.Required("sequence"): _part, "variables": mapping})
async def execute_script(request: Request) -> dict[str, Any]:
    """Carry out actions, and answer once they have ended."""
    workshop, context = request.house.engine.workshop, request.context()
    actions = workshop.check(request.data["sequence"], workshop.grammar.actions, None)
    variables = {**request.data.get("variables", {}), "context": context}
    run = await workshop.carry_out(_NAME, actions, context, variables)
    if run.failure is not None:
        raise run.failure
    if run.outcome is not Outcome.FINISHED:
        raise InglenookError(run.error or f"the actions were {run.outcome.value} at {run.place}")
    return {"context": context_as_dict(context), "response": run.response}


def _condition(workshop: Workshop, raw: Any) -> Condition:
    """Return a condition, or whether all of several hold."""
    grammar, compiler = workshop.grammar, workshop.compiler(_NAME)
    if isinstance(raw, list):
        return compiler.all_of(workshop.check(raw, grammar.conditions, None))
    return compiler.condition(workshop.check(raw, grammar.condition, None))
