"""Template alarm control panels."""

from collections.abc import Awaitable, Mapping
from typing import Any, ClassVar, Final

import voluptuous as vol

from inglenook.config.values import boolean, one_of
from inglenook.entities import AlarmControlPanel
from inglenook.entities import AlarmControlPanelFeature as Can
from inglenook.template_entities.fields import Field, FieldEntity, choice
from inglenook.template_entities.grammar import STATE, Platform

STATES: Final = (
    "disarmed", "armed_home", "armed_away", "armed_night", "armed_vacation", "armed_custom_bypass", "pending", "arming",
    "disarming", "triggered",
)  # fmt: skip
_NO_CODE: Final = "no_code"


class TemplateAlarmControlPanel(FieldEntity, AlarmControlPanel):
    """An alarm; without a template for its state it is what it was last told to be.

    Whether a code is the right one is for its actions to say.
    """

    TEMPLATES = ("state",)
    FIELDS: ClassVar[Mapping[str, Field]] = {"state": Field("alarm_state", choice(*STATES))}
    ACTIONS: ClassVar[Mapping[str, int]] = {
        "arm_away": Can.ARM_AWAY,
        "arm_custom_bypass": Can.ARM_CUSTOM_BYPASS,
        "arm_home": Can.ARM_HOME,
        "arm_night": Can.ARM_NIGHT,
        "arm_vacation": Can.ARM_VACATION,
        "trigger": Can.TRIGGER,
    }

    def describe(self) -> None:
        """Say how it can be armed, and whether that takes a code."""
        self.code_format = None if self.config["code_format"] == _NO_CODE else self.config["code_format"]
        self.code_arm_required = self.config["code_arm_required"] and self.code_format is not None
        super().describe()

    def alarm_disarm(self, code: str | None = None) -> Awaitable[Any] | None:
        """Run the actions under ``disarm`` with ``code``."""
        return self._go("disarm", "disarmed", code)

    def alarm_arm_home(self, code: str | None = None) -> Awaitable[Any] | None:
        """Run the actions under ``arm_home`` with ``code``."""
        return self._go("arm_home", "armed_home", code)

    def alarm_arm_away(self, code: str | None = None) -> Awaitable[Any] | None:
        """Run the actions under ``arm_away`` with ``code``."""
        return self._go("arm_away", "armed_away", code)

    def alarm_arm_night(self, code: str | None = None) -> Awaitable[Any] | None:
        """Run the actions under ``arm_night`` with ``code``."""
        return self._go("arm_night", "armed_night", code)

    def alarm_arm_vacation(self, code: str | None = None) -> Awaitable[Any] | None:
        """Run the actions under ``arm_vacation`` with ``code``."""
        return self._go("arm_vacation", "armed_vacation", code)

    def alarm_arm_custom_bypass(self, code: str | None = None) -> Awaitable[Any] | None:
        """Run the actions under ``arm_custom_bypass`` with ``code``."""
        return self._go("arm_custom_bypass", "armed_custom_bypass", code)

    def alarm_trigger(self, code: str | None = None) -> Awaitable[Any] | None:
        """Run the actions under ``trigger`` with ``code``."""
        return self._go("trigger", "triggered", code)

    def _go(self, key: str, state: str, code: str | None) -> Awaitable[Any] | None:
        return self.act(key, {"code": code}, lambda: self.told("state", alarm_state=state))


ALARM_CONTROL_PANEL: Final = Platform(
    TemplateAlarmControlPanel,
    {
        **STATE,
        vol.Optional("code_arm_required", default=True): boolean,
        vol.Optional("code_format", default="number"): one_of("number", "text", _NO_CODE),
        "optimistic": boolean,
    },
    (*TemplateAlarmControlPanel.ACTIONS, "disarm"),
)
