"""Template binary sensors, with delays on the way to on and off."""

import logging
from typing import Any, Final

import voluptuous as vol

from inglenook.clock import Timer
from inglenook.config.device_classes import device_class
from inglenook.config.values import is_template, positive_duration
from inglenook.entities import BinarySensor
from inglenook.errors import TemplateError
from inglenook.model import State
from inglenook.template_entities.entity import Made, TemplateEntity
from inglenook.template_entities.grammar import REQUIRED_STATE, Platform
from inglenook.template_entities.results import Results
from inglenook.templates import truthy

_log = logging.getLogger(__name__)


def _delay(value: Any) -> Any:
    """Return seconds, or one template that gives them."""
    return value if is_template(value) else positive_duration(value)


class TemplateBinarySensor(TemplateEntity, BinarySensor):
    """On when its template is true in the wide sense.

    ``delay_on`` and ``delay_off`` hold a change back until it has lasted; ``auto_off`` ends what a trigger began.
    """

    def __init__(self, made: Made) -> None:
        super().__init__(made)
        self._pending: Timer | None = None

    def apply(self, found: Results) -> None:
        """Become what the template says, now or when it has said so for long enough."""
        result = found.get("state")
        wanted = None if result is None else truthy(result)
        self._forget()
        is_same = wanted is None or wanted is self.is_on
        delay_s = 0.0 if is_same else self._seconds("delay_on" if wanted else "delay_off")
        if delay_s:
            self._pending = self.clock.call_later(delay_s, lambda: self._become_late(wanted))
        else:
            self._become(wanted)

    @property
    def remembers(self) -> bool:
        """True also with a delay: what it waits for began before the home stopped."""
        return super().remembers or "delay_on" in self.config or "delay_off" in self.config

    def recall(self, last: State) -> None:
        """Be what it last was; what ``auto_off`` was to end in the meantime has ended."""
        self.is_on = last.state == "on"
        if self.is_on and self.is_triggered and (seconds := self._seconds("auto_off")):
            left_s = last.updated_at + seconds - self.clock.now()
            self.is_on = left_s > 0
            if self.is_on:
                self._pending = self.clock.call_later(left_s, lambda: self._become_late(False))

    def removed(self) -> None:
        """Wait for nothing any more."""
        self._forget()
        super().removed()

    def _become(self, wanted: bool | None) -> None:
        self.is_on = wanted
        if wanted and self.is_triggered and (seconds := self._seconds("auto_off")):
            self._pending = self.clock.call_later(seconds, lambda: self._become_late(False))

    def _become_late(self, wanted: bool | None) -> None:
        self._pending = None
        self._become(wanted)
        self.write()

    def _forget(self) -> None:
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None

    def _seconds(self, key: str) -> float:
        """Return the seconds under ``key``; 0 when there are none, or its template gives none."""
        value = self.config.get(key, 0.0)
        if isinstance(value, float):
            return value
        try:
            return positive_duration(self.workshop.templates.compile(value).render(self._variables))
        except (TemplateError, vol.Invalid) as error:
            _log.error("template entity %s, %s: %s", self.entity_id, self.place(key), error)
            return 0.0


BINARY_SENSOR: Final = Platform(
    TemplateBinarySensor,
    {
        **REQUIRED_STATE,
        "device_class": device_class("binary_sensor"),
        "delay_on": _delay,
        "delay_off": _delay,
        "auto_off": _delay,
    },
)
