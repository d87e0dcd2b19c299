"""Alarm control panels: armed in several ways, disarmed, triggered."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar, Final

from inglenook.entities.domain import Domain, DomainService, Prepare, Prepared, known
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import word
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError


class AlarmControlPanelFeature(IntFlag):
    """How an alarm can be armed, and whether it can be set off; bits as everywhere in the field."""

    ARM_HOME = 1
    ARM_AWAY = 2
    ARM_NIGHT = 4
    TRIGGER = 8
    ARM_CUSTOM_BYPASS = 16
    ARM_VACATION = 32


class AlarmControlPanel(DomainEntity):
    """An alarm. An author writes ``alarm_disarm(code=None)`` and those of the other methods that it can do.

    Attributes:
        alarm_state: ``disarmed``, ``armed_home``, ``armed_away``, ``armed_night``, ``armed_vacation``,
            ``armed_custom_bypass``, ``pending``, ``arming``, ``disarming`` or ``triggered``.
        changed_by: who last changed it.
        code_format: ``number`` or ``text`` for one that wants a code, None otherwise.
        code_arm_required: whether it wants a code to be armed, too.
    """

    domain = "alarm_control_panel"
    SHOWN = ("code_format", "changed_by", "code_arm_required")
    FEATURES: ClassVar[Mapping[str, int]] = {
        "alarm_arm_home": AlarmControlPanelFeature.ARM_HOME,
        "alarm_arm_away": AlarmControlPanelFeature.ARM_AWAY,
        "alarm_arm_night": AlarmControlPanelFeature.ARM_NIGHT,
        "alarm_trigger": AlarmControlPanelFeature.TRIGGER,
        "alarm_arm_custom_bypass": AlarmControlPanelFeature.ARM_CUSTOM_BYPASS,
        "alarm_arm_vacation": AlarmControlPanelFeature.ARM_VACATION,
    }

    alarm_state: str | None = None
    changed_by: str | None = None
    code_format: str | None = None
    code_arm_required: bool = True

    def shown_state(self) -> StateValue:
        """Return ``alarm_state``."""
        return self.alarm_state


def _with_code(name: str) -> Prepare:
    """Return the preparation of service ``name``: a code has to be there if the alarm wants one to be armed."""

    def prepare(entity: Entity, data: Mapping[str, Any]) -> Prepared:
        if not data.get("code") and known(entity, "code_arm_required"):
            raise ServiceValidationError(f"{entity.entity_id}: arming it needs a code")
        return name, data

    return prepare


_CODE: Final = word("code", "The code, for an alarm that wants one.")


def _arm(way: str, description: str, feature: AlarmControlPanelFeature) -> DomainService:
    name = f"alarm_arm_{way}"
    return DomainService(name, description, (_CODE,), features=(feature,), prepare=_with_code(name))


ALARM_CONTROL_PANEL: Final = Domain(
    "alarm_control_panel",
    AlarmControlPanel,
    (
        DomainService("alarm_disarm", "Disarm it.", (_CODE,)),
        _arm("home", "Arm it while people are at home.", AlarmControlPanelFeature.ARM_HOME),
        _arm("away", "Arm it while nobody is at home.", AlarmControlPanelFeature.ARM_AWAY),
        _arm("night", "Arm it for the night.", AlarmControlPanelFeature.ARM_NIGHT),
        _arm("vacation", "Arm it for a longer absence.", AlarmControlPanelFeature.ARM_VACATION),
        _arm("custom_bypass", "Arm it but for what it leaves out.", AlarmControlPanelFeature.ARM_CUSTOM_BYPASS),
        DomainService("alarm_trigger", "Set it off.", (_CODE,), features=(AlarmControlPanelFeature.TRIGGER,)),
    ),
)
