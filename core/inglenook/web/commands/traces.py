"""Commands about the last runs of rules."""

from collections.abc import Iterator
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.rules.rule_entity import RuleEntity
from inglenook.rules.traces import run_ids, trace, traces
from inglenook.web.commands.command import CommandError, Commands, Request

COMMANDS: Final = Commands()
_DOMAIN: Final = vol.In(("automation", "script"))


@COMMANDS.command("trace/list", Permission.ADMIN, {vol.Required("domain"): _DOMAIN, "item_id": str})
def list_traces(request: Request) -> list[dict[str, Any]]:
    """Return the traces of a rule, or of all rules of a domain, in short."""
    return [one for rule in _rules(request) for one in traces(rule)]


@COMMANDS.command(
    "trace/get",
    Permission.ADMIN,
    {vol.Required("domain"): _DOMAIN, vol.Required("item_id"): str, vol.Required("run_id"): str},
)
def get_trace(request: Request) -> dict[str, Any]:
    """Return all that is known of a run."""
    for rule in _rules(request):
        found = trace(rule, request.data["run_id"])
        if found is not None:
            return found
    raise CommandError("not_found", "The trace could not be found")


@COMMANDS.command("trace/contexts", Permission.ADMIN, {"domain": _DOMAIN, "item_id": str})
def list_contexts(request: Request) -> dict[str, dict[str, Any]]:
    """Return which run each context belongs to."""
    return {
        context_id: {"run_id": run_id, "domain": rule.domain, "item_id": rule.unique_id}
        for rule in _rules(request)
        for context_id, run_id in run_ids(rule).items()
    }


def _rules(request: Request) -> Iterator[RuleEntity]:
    """Yield the rules that a command is about; one without an id has no name by which clients could ask."""
    domain, item_id = request.data.get("domain"), request.data.get("item_id")
    for rule in request.house.engine:
        if rule.unique_id is not None and domain in (None, rule.domain) and item_id in (None, rule.unique_id):
            yield rule
