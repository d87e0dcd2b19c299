"""The kinds that few homes use: purpose-specific ones, those of devices, and those that wait for a plugin."""

from collections.abc import Mapping
from typing import Final

from inglenook.rules.absent import ABSENT_CONDITIONS, ABSENT_TRIGGERS
from inglenook.rules.devices import kinds as device
from inglenook.rules.kinds import ConditionKind, TriggerKind
from inglenook.rules.purpose import remaining
from inglenook.rules.purpose.conditions import CONDITIONS
from inglenook.rules.purpose.moon import MOON_CONDITIONS, MOON_TRIGGERS
from inglenook.rules.purpose.sun import SUN_CONDITIONS, SUN_TRIGGERS
from inglenook.rules.purpose.triggers import TRIGGERS

LATE_TRIGGERS: Final[Mapping[str, TriggerKind]] = {
    "device": device.TRIGGER,
    **{name: row.kind() for name, row in TRIGGERS.items()},
    **{name: row.kind() for name, row in SUN_TRIGGERS.items()},
    **MOON_TRIGGERS,
    "timer.remaining_time_reached": remaining.KIND,
    **{name: row.trigger() for name, row in ABSENT_TRIGGERS.items()},
}
LATE_CONDITIONS: Final[Mapping[str, ConditionKind]] = {
    "device": device.CONDITION,
    **{name: row.kind() for name, row in CONDITIONS.items()},
    **{name: row.kind() for name, row in SUN_CONDITIONS.items()},
    **MOON_CONDITIONS,
    **{name: row.condition() for name, row in ABSENT_CONDITIONS.items()},
}
DEVICE_ACTION: Final = device.ACTION
