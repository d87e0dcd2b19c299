"""Entities that are what an address answers, and switches that are turned by a request."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from inglenook import Home, InglenookError, Switch, Templates
from inglenook_outside.answers import NoAnswer
from inglenook_outside.reading import ReadBinarySensor, Reading, ReadSensor
from inglenook_outside.resource import Resource
from inglenook_outside.schemas import Config

_ON: Final = frozenset({"true", "on", "open", "yes"})
_BAD: Final = 400


class RestSensor(ReadSensor):
    """A sensor that is what an address answers."""

    FALLBACK = "REST Sensor"


class RestBinarySensor(ReadBinarySensor):
    """On where an address answers a number other than 0, or one of the words for it; else off."""

    FALLBACK = "REST Binary Sensor"

    def apply(self, value: str, variables: Mapping[str, Any]) -> None:
        """Take the answer."""
        text = self.value_of(value, variables)
        self.is_on = text is not None and _is_on(text)


class RestSwitch(Reading, Switch):
    """Turned by a request with a body for on or off; what its address answers says what it is."""

    FALLBACK = "REST Switch"

    def __init__(
        self, resource: Resource, home: Home, templates: Templates, log: logging.Logger, config: Config
    ) -> None:
        given = {**config, "value_template": config["is_on_template"]} if "is_on_template" in config else config
        super().__init__(home, templates, log, given)
        self._resource = resource
        self._bodies = {wanted: templates.compile(config[f"body_{word}"]) for word, wanted in _WORDS.items()}

    async def ask(self) -> None:
        """Ask what it is.

        Raises:
            NoAnswer: it does not say.
        """
        url: str = self.config.get("state_resource") or self.config["resource"]
        answer = await self._resource.send("GET", url, None)
        if answer.status >= _BAD:
            raise NoAnswer(f"{answer.place} answered with status {answer.status}")
        self.take(answer.text())

    def apply(self, value: str, variables: Mapping[str, Any]) -> None:
        """Compare with true and false where there is a template, else with the bodies."""
        text = self.value_of(value, variables)
        if "value_template" in self.config:
            self.is_on = {"true": True, "false": False}.get((text or "").lower())
        else:
            self.is_on = next((wanted for wanted, body in self._bodies.items() if body.text == text), None)

    async def turn_on(self) -> None:
        """Send ``body_on``."""
        await self._turn(True)

    async def turn_off(self) -> None:
        """Send ``body_off``."""
        await self._turn(False)

    async def _turn(self, wanted: bool) -> None:
        """Send the body; a failure is logged, and the switch stays what it is."""
        try:
            body = self._bodies[wanted].render_text().encode()
            answer = await self._resource.send(self.config["method"], self.config["resource"], body)
        except InglenookError as error:
            self._log.error("%s: %s", self.entity_id, error)
            return
        if answer.status >= _BAD:
            self._log.error("%s: %s answered with status %d", self.entity_id, answer.place, answer.status)
            return
        self.is_on = wanted
        self.write()


_WORDS: Final = {"on": True, "off": False}


def _is_on(text: str) -> bool:
    try:
        return int(text) != 0
    except ValueError:
        return text.lower() in _ON
