"""The last run of a rule, and why there was none, as plain values for who looks at it."""

from collections.abc import Iterable
from typing import Any

from inglenook.config.values import near_miss
from inglenook.errors import UnknownEntry
from inglenook.rules.automation import AutomationEntity
from inglenook.rules.description import holder_text, step_text
from inglenook.rules.rule import InvalidRule, Rule
from inglenook.rules.rule_entity import RuleEntity
from inglenook.rules.run import Assigned, Outcome, Run
from inglenook.rules.traces import finished_at, plain


def find_rule(rules: Iterable[RuleEntity], wanted: str) -> RuleEntity:
    """Return the rule whose entity id, id, key or name is ``wanted``; the case of letters does not matter.

    Raises:
        UnknownEntry: there is none, and the nearest name is suggested; or there are several, and their ids are told.
    """
    known = [(rule, [name for name in _names(rule) if name]) for rule in rules]
    named = [(rule, [name.lower() for name in names]) for rule, names in known]
    found = [rule for rule, names in named if wanted.lower() in names]
    exact = [rule for rule in found if wanted.lower() == rule.entity_id]
    if len(found) > 1 and not exact:
        ids = ", ".join(rule.entity_id for rule in found)
        raise UnknownEntry(f"{len(found)} rules are called {wanted!r}; ask for one by its entity id: {ids}")
    if not found:
        raise UnknownEntry(
            f"there is no rule {wanted!r}{near_miss(wanted, [name for _, names in known for name in names])}"
        )
    return (exact or found)[0]


def _names(rule: RuleEntity) -> tuple[str | None, ...]:
    return rule.entity_id, rule.name, rule.rule.id, rule.unique_id, rule.entity_id.partition(".")[2]


def rule_trace(rule: RuleEntity) -> dict[str, Any]:
    """Return ``name``, ``entity_id``, ``problem``, ``run``, ``keeps_traces`` and ``refusals``, newest last.

    ``problem`` says why it does not run; empty when it does. ``run`` is None before the first, and when the rule
    keeps no traces. Moments are in seconds since the epoch, ``after_s`` of a
    step in seconds since the run began; ``took_s`` is None while it goes on.
    """
    return {
        "name": rule.name,
        "entity_id": rule.entity_id,
        "problem": _problem(rule),
        "run": _run(rule, rule.traces[-1]) if rule.traces else rule.former_traces.last_run(),
        "keeps_traces": bool(rule.stored_traces),
        "refusals": [
            {"at": one.at, "trigger": one.firing.description, "place": one.place, "error": one.error}
            for one in (rule.refusals if isinstance(rule, AutomationEntity) else ())
        ],
    }


def _run(rule: RuleEntity, run: Run) -> dict[str, Any]:
    raw = rule.rule.raw if isinstance(rule.rule, Rule) else {}
    end = finished_at(run)
    return {
        "id": run.id,
        "at": run.began,
        "trigger": run.firing.description if run.firing is not None else None,
        "took_s": None if end is None else end - run.started_at,
        "outcome": "queued" if run.is_queued and run.outcome is Outcome.RUNNING else run.outcome.value,
        "error": run.error,
        "steps": [
            {
                "path": path,
                "after_s": at - run.started_at,
                "does": "" if result is not None else step_text(raw, path) or holder_text(raw, path),
                "result": None if isinstance(result, Exception | Assigned) else result,
                "set": plain(result.values) if isinstance(result, Assigned) else {},
                "error": str(result) or type(result).__name__ if isinstance(result, Exception) else "",
            }
            for path, at, result in run.trace
            if not (isinstance(result, Assigned) and result.values.keys() == {"repeat"})
        ],
    }


def _problem(rule: RuleEntity) -> str:
    """Return why a rule cannot run; nothing when it can."""
    if isinstance(rule.rule, InvalidRule):
        return "; ".join(map(str, rule.rule.errors))
    if not rule.is_available:
        return "it names a device that is not there"
    if isinstance(rule, AutomationEntity) and not rule.is_on:
        return "it is turned off"
    return ""
