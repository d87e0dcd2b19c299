"""Rules as a list of rules shows them."""

from typing import Any

from inglenook.rules import RuleInfo


def rule_row(rule: RuleInfo) -> dict[str, Any]:
    """Return the rule as plain values; ``last_triggered`` in seconds since the epoch, ``where``: file, line, column."""
    return {
        "name": rule.name,
        "entity_id": rule.entity_id,
        "state": rule.state,
        "mode": rule.mode,
        "runs": rule.runs,
        "last_triggered": rule.last_triggered.timestamp() if rule.last_triggered else None,
        "where": str(rule.position) if rule.position else rule.source,
    }
