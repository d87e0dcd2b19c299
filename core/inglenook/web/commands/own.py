"""Commands of inglenook's own, for its page: figures, devices, rules and the log, as they are now and as they go on."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission, may
from inglenook.rules.automation import AutomationEntity
from inglenook.rules.last_run import find_rule, rule_trace
from inglenook.rules.rule import InvalidRule
from inglenook.rules.rule_entity import RuleEntity
from inglenook.rules.traces import finished_at
from inglenook.web.commands.command import Commands, Request
from inglenook.web.device_report import DeviceWatch

COMMANDS: Final = Commands()
LINES_SHOWN: Final = 300  # of the log, to who begins to look


@COMMANDS.command("inglenook/statistics/subscribe", Permission.ADMIN)
def statistics(request: Request) -> None:
    """Send the readings of the last minutes, as far as somebody looked, then one each second."""
    figures = request.house.diagnostics.figures
    request.accept()
    unwatch = figures.watch(lambda reading: request.event({"readings": [reading]}))
    request.subscribe(unwatch)
    request.event({"readings": list(figures.readings)})


@COMMANDS.command("inglenook/devices/subscribe", Permission.READ)
def devices(request: Request) -> None:
    """Send every device with the health of its connection, then those that changed and ids of those that went."""
    watch = DeviceWatch(request.home, request.event)
    request.accept()
    request.subscribe(watch.close)
    watch.start()


@COMMANDS.command("inglenook/log/subscribe", Permission.ADMIN)
def log(request: Request) -> None:
    """Send the last lines of the log, then each new one."""
    memory = request.house.diagnostics.log
    request.accept()
    request.subscribe(memory.watch(lambda lines: request.event({"lines": lines})))
    request.event({"lines": memory.lines(LINES_SHOWN)})


@COMMANDS.command("inglenook/rules", Permission.READ)
def rules(request: Request) -> list[dict[str, Any]]:
    """Return every automation and script with its last run; to admins also where it stands, and what went wrong."""
    is_admin = may(request.user, Permission.ADMIN)
    return [_row(request, rule) | (_inside(rule) if is_admin else {}) for rule in request.house.engine]


@COMMANDS.command("inglenook/rules/trace", Permission.ADMIN, {vol.Required("entity_id"): str})
def trace(request: Request) -> dict[str, Any]:
    """Return the last run of a rule step by step, and why there were no others."""
    rule = find_rule(request.house.engine, request.data["entity_id"])
    return rule_trace(rule)


def _row(request: Request, rule: RuleEntity) -> dict[str, Any]:
    state = request.home.states.get(rule.entity_id)
    run = rule.traces[-1] if rule.traces else None
    ended_at = finished_at(run) if run is not None else None
    return {
        "id": rule.unique_id,
        "kind": "automation" if isinstance(rule, AutomationEntity) else "script",
        "name": rule.name,
        "entity_id": rule.entity_id,
        "state": state.state if state is not None else "disabled",
        "mode": rule.mode,
        "runs": rule.runs,
        "last_triggered": rule.last_triggered,
        "outcome": run.outcome.value if run is not None else None,
        "took_s": ended_at - run.started_at if run is not None and ended_at is not None else None,
    }


def _inside(rule: RuleEntity) -> dict[str, Any]:
    if isinstance(rule.rule, InvalidRule):
        error = "; ".join(str(one) for one in rule.rule.errors)
    else:
        error = rule.traces[-1].error if rule.traces else ""
    return {"where": str(rule.rule.position or rule.source), "error": error}
