"""Rules: automations in Home Assistant's dialect, validated, compiled and indexed."""

from inglenook.rules.engine import RuleEngine
from inglenook.rules.kinds import ActionKind, ConditionKind, TriggerKind, Vocabulary
from inglenook.rules.rule import InvalidRule, Rule, RuleInfo, RunRecord, SwapReport
from inglenook.rules.run import Outcome
from inglenook.rules.vocabulary import BUNDLED

__all__ = [
    "BUNDLED", "ActionKind", "ConditionKind", "InvalidRule", "Outcome", "Rule", "RuleEngine", "RuleInfo", "RunRecord",
    "SwapReport", "TriggerKind", "Vocabulary",
]  # fmt: skip
