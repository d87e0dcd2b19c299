"""Kinds of the dialect that a plugin has to bring to life: rules that use them are valid, and wait for it.

Such a trigger never fires and such a condition has no answer; the log says once for each what is missing. A plugin that
registers a kind of the same name takes its place.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import Validator, duration, entity_id, one_of, string
from inglenook.errors import ConditionError
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Compiler, Condition, ConditionKind, Config, Disarm, TriggerKind, Variables
from inglenook.rules.purpose.aim import SHAPE as TARGET
from inglenook.rules.shape import Shape, each, mapping, template

_log = logging.getLogger(__name__)

_OFFSET: Final[Mapping[Any, Validator]] = {"offset": duration, "offset_type": one_of("before", "after")}
_SENTENCE_MARKS: Final = ("?", "!", ";", ":")


@dataclass(frozen=True, slots=True)
class Absent:
    """A row of the table: what would bring the kind, and what may be written meanwhile; ``keys`` of None: anything."""

    bringer: str
    keys: Mapping[Any, Validator] | None = None

    def trigger(self) -> TriggerKind:
        """Return a trigger that never fires."""
        return TriggerKind(lambda _: self._check, self._arm, stands_in_for=self.bringer)

    def condition(self) -> ConditionKind:
        """Return a condition without an answer."""
        return ConditionKind(lambda _: self._check, self._compile, stands_in_for=self.bringer)

    def _check(self, value: Any) -> Any:
        return mapping(value) if self.keys is None else Shape(self.keys)(value)

    def _arm(self, arming: Arming) -> Disarm:
        _log.info(
            "rule %s, %s: trigger %s waits for %s, and will not fire without", arming.name, arming.place,
            arming.config["trigger"], self.bringer,
        )  # fmt: skip
        return _nothing

    def _compile(self, config: Config, compiler: Compiler) -> Condition:
        kind, bringer = config["condition"], self.bringer

        def condition(_: Variables) -> bool:
            raise ConditionError(f"{kind}: it takes {bringer} to answer this")

        return condition


def _aimed(**options: Validator) -> Mapping[Any, Validator]:
    return {vol.Required("target"): TARGET, vol.Optional("options", default={}): Shape(dict(options))}


def _command(value: Any) -> str:
    text = string(value)
    if any(mark in text for mark in _SENTENCE_MARKS) or text.endswith("."):
        raise vol.Invalid("a sentence has no punctuation here")
    return text


_CALENDAR: Final = Absent("a calendar plugin", _aimed(**_OFFSET))
_TODO: Final = Absent("a to-do list plugin", _aimed())
_SYSTEM: Final = Absent("a plugin that looks after the system", {"options": Shape({})})

ABSENT_TRIGGERS: Final[Mapping[str, Absent]] = {
    "calendar": Absent(
        "a calendar plugin",
        {
            vol.Required("entity_id"): entity_id,
            vol.Optional("event", default="start"): one_of("start", "end"),
            vol.Optional("offset", default=0.0): duration,
        },
    ),
    "calendar.event_ended": _CALENDAR,
    "calendar.event_started": _CALENDAR,
    "conversation": Absent("a conversation plugin", {vol.Required("command"): each(_command)}),
    "fumis.fuel_became_low": Absent("the fumis plugin"),
    "homeassistant.host_reboot_required": _SYSTEM,
    "homeassistant.restart_required": _SYSTEM,
    "homeassistant.updated": _SYSTEM,
    "knx.telegram": Absent("the knx plugin"),
    "mqtt": Absent(
        "the mqtt plugin",
        {
            vol.Required("topic"): template,
            "payload": template,
            "value_template": template,
            vol.Optional("qos", default=0): one_of(0, 1, 2, "0", "1", "2"),
            vol.Optional("encoding", default="utf-8"): string,
        },
    ),
    "samsungtv.turn_on": Absent("the samsungtv plugin"),
    "todo.item_added": _TODO,
    "todo.item_completed": _TODO,
    "todo.item_removed": _TODO,
    "webostv.turn_on": Absent("the webostv plugin"),
    "zwave_js.event": Absent("the zwave_js plugin"),
    "zwave_js.value_updated": Absent("the zwave_js plugin"),
}
ABSENT_CONDITIONS: Final[Mapping[str, Absent]] = {
    "homeassistant.host_reboot_required": _SYSTEM,
    "homeassistant.restart_required": _SYSTEM,
    "zwave_js.config_parameter": Absent("the zwave_js plugin"),
    "zwave_js.node_status": Absent("the zwave_js plugin"),
    "zwave_js.value": Absent("the zwave_js plugin"),
}


def _nothing() -> None:
    """Nothing was armed."""
