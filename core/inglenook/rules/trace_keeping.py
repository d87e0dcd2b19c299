"""Packing of traces for the time when the home does not run: of each rule as many as it keeps anyway."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final

import msgspec

from inglenook.rules.automation import AutomationEntity
from inglenook.rules.former_traces import NONE, FormerTraces, PackedTraces, fill, packed_trace, traces_key
from inglenook.rules.last_run import rule_trace
from inglenook.rules.rule_entity import RuleEntity
from inglenook.rules.traces import fresh_traces, plain, shown_former, written

_NULL: Final = msgspec.Raw(b"\xc0")


def keep_traces(kept: PackedTraces, rules: Iterable[RuleEntity], former: Mapping[str, bytes]) -> Iterator[None]:
    """Put what to keep into ``kept``, and yield after each rule, so that who has no hurry may pause.

    Args:
        kept: empty.
        rules: all there are.
        former: those of earlier starts: of rules that are not there now they are kept on.
    """
    ordered = sorted(rules, key=lambda rule: rule.last_triggered or 0.0, reverse=True)
    return fill(
        kept, ((traces_key(rule.entity_id, rule.unique_id), partial(_of_rule, rule)) for rule in ordered), former
    )


def _of_rule(rule: RuleEntity) -> FormerTraces:
    if not rule.traces and not (isinstance(rule, AutomationEntity) and rule.refusals):
        return rule.former_traces
    own = packed_trace(written(rule))
    if own is None:
        return NONE
    former = shown_former(rule).relative_to(own)
    shorts, bodies = [*former.shorts], [*former.bodies]
    for short, whole in fresh_traces(rule):
        body = packed_trace(whole)
        if body is not None:
            shorts.append(short)
            bodies.append(body)
    last = packed_trace(plain(rule_trace(rule)["run"])) if rule.traces else former.last
    return FormerTraces(shorts, bodies, own, last or _NULL)
