"""Rules: automations and scripts in Home Assistant's dialect, validated, compiled and indexed."""

from inglenook.rules.engine import RuleEngine
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import END, ActionKind, ConditionKind, TriggerKind, Vocabulary
from inglenook.rules.references import Names
from inglenook.rules.rule import InvalidRule, Rule, RuleInfo, RunRecord, SwapReport
from inglenook.rules.run import Outcome, Run
from inglenook.rules.scripts import RESERVED as RESERVED_SCRIPTS
from inglenook.rules.vocabulary import BUNDLED

__all__ = [
    "BUNDLED", "END", "RESERVED_SCRIPTS", "ActionKind", "Arming", "ConditionKind", "InvalidRule", "Names", "Outcome",
    "Rule", "RuleEngine", "RuleInfo", "Run", "RunRecord", "SwapReport", "TriggerKind", "Vocabulary",
]  # fmt: skip
