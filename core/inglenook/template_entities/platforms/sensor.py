"""Template sensors."""

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from inglenook.config.device_classes import STATE_CLASSES, device_class
from inglenook.config.values import one_of, string
from inglenook.entities import Sensor
from inglenook.model import State
from inglenook.rules.shape import template
from inglenook.template_entities.entity import TemplateEntity
from inglenook.template_entities.grammar import REQUIRED_STATE, Platform
from inglenook.template_entities.results import Results

_log = logging.getLogger(__name__)

_NO_NUMBERS: Final = frozenset({"date", "enum", "timestamp", "uptime"})  # device classes whose states are no numbers
_MOMENTS: Final = frozenset({"timestamp", "uptime"})


class TemplateSensor(TemplateEntity, Sensor):
    """A sensor whose state a template gives."""

    TEMPLATES = ("state", "last_reset")

    def describe(self) -> None:
        """Take the class of its state."""
        self.state_class = self.config.get("state_class")
        super().describe()

    def apply(self, found: Results) -> None:
        """Take the state; a sensor of numbers has no other."""
        self.state = self._value(found.get("state"))
        last_reset = found.get("last_reset")
        self.last_reset = None if last_reset is None else str(last_reset)

    def recall(self, last: State) -> None:
        """Be what it last was."""
        self.state = last.state

    def _value(self, result: Any) -> str | float | int | None:
        if result is None:
            return None
        if self.device_class in _MOMENTS:
            return self._moment(result)
        if self.device_class == "date":
            return self._date(result)
        is_number = isinstance(result, int | float) and not isinstance(result, bool)
        if self._is_numeric() and not is_number:
            _log.error("template entity %s: expected a number, got %r", self.entity_id, result)
            return None
        return result if is_number else str(result)

    def _is_numeric(self) -> bool:
        if self.device_class in _NO_NUMBERS:
            return False
        return bool(self.device_class or self.unit_of_measurement or self.state_class)

    def _moment(self, result: Any) -> str | None:
        try:
            moment = result if isinstance(result, datetime) else datetime.fromisoformat(str(result))
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            _log.error("template entity %s: expected a time with its zone, got %r", self.entity_id, result)
            return None
        return moment.astimezone(UTC).isoformat(timespec="seconds")

    def _date(self, result: Any) -> str | None:
        try:
            return date.fromisoformat(str(result)).isoformat()
        except ValueError:
            _log.error("template entity %s: expected a date, got %r", self.entity_id, result)
            return None


_KEYS: Final[Mapping[Any, Any]] = {
    **REQUIRED_STATE,
    "unit_of_measurement": string,
    "device_class": device_class("sensor"),
    "state_class": one_of(*STATE_CLASSES),
    "last_reset": template,
}
SENSOR: Final = Platform(TemplateSensor, _KEYS)
