"""An entity that is what an answer from outside says."""

import contextlib
import logging
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final

import voluptuous as vol

from inglenook import BinarySensor, Context, DomainEntity, Home, InglenookError, Sensor, Templates
from inglenook.values import boolean
from inglenook_outside.answers import json_in
from inglenook_outside.polling import Poll
from inglenook_outside.schemas import Config

_LOOKS: Final = {"icon": "icon", "picture": "entity_picture", "name": "friendly_name"}
LONGEST: Final = 255  # characters of a state
_TEXTS: Final = ("availability", "value_template", *_LOOKS)
_NO_NUMBERS: Final = frozenset({"date", "enum", "timestamp", "uptime"})  # device classes whose states are no numbers


class Reading(DomainEntity):
    """An entity that takes answers: texts, and what its templates make of them.

    A subclass stands before the class of its domain and says in :meth:`apply` what it makes of an answer. Nothing is
    written before the first one, so that what the home remembers of it stays until then.

    Attributes:
        FALLBACK: the name of one that has none.
        poll: what asks for answers; None where nobody can be asked.
    """

    FALLBACK: ClassVar[str] = ""

    def __init__(self, home: Home, templates: Templates, log: logging.Logger, config: Config) -> None:
        self.config = config
        self.poll: Poll | None = None
        self._home = home
        self._log = log
        self._templates = {name: templates.compile(config[name]) for name in _TEXTS if name in config}
        self._told: dict[str, str] = {}
        self._was_read = False
        self.unique_id = config.get("unique_id")
        self.device_class = config.get("device_class")
        self.name = self._rendered("name", {}) or self.FALLBACK
        for look in ("name", "icon"):
            if look in self._templates and self._templates[look].is_static:
                setattr(self, look, self._templates.pop(look).text.strip())  # which a person may change

    # -- what a subclass writes -----------------------------------------------------------------------------------

    def apply(self, value: str, variables: Mapping[str, Any]) -> None:
        """Set the domain's fields from an answer.

        Args:
            value: its text.
            variables: for templates: ``value``, ``value_json`` if it is JSON, ``this``.
        """
        raise NotImplementedError

    # -- answers --------------------------------------------------------------------------------------------------

    def take(self, value: str) -> None:
        """Become what an answer says."""
        self._was_read = True
        variables = {"value": value, "this": self._home.states.get(self.entity_id)}
        with contextlib.suppress(ValueError):
            variables["value_json"] = json_in(value)
        self.is_available = self._says_available(variables)
        if self.is_available:
            self.apply(value, variables)
            self._set_looks(variables)
        self.write()

    def lose(self) -> None:
        """Be unavailable: there was no answer."""
        self._was_read = True
        self.is_available = False
        self.write()

    def write_unknown(self) -> None:
        """Be there, though there was no answer."""
        self._was_read = True
        self.is_available = True
        self.write()

    async def update(self) -> None:
        """Ask now; for ``homeassistant.update_entity``."""
        if self.poll is not None:
            await self.poll.refresh()

    def write(self, context: Context | None = None) -> None:
        """Publish what it is, once it is something."""
        if self._was_read or self.poll is None:
            super().write(context)

    def complain(self, what: str, problem: str) -> None:
        """Log a problem, unless it is the one that was told last of the same thing."""
        if self._told.get(what) != problem:
            self._told[what] = problem
            self._log.warning("%s, %s: %s", self.entity_id or self.name, what, problem)

    def is_well(self, what: str) -> None:
        """Note that there is no problem with something any more."""
        self._told.pop(what, None)

    def value_of(self, value: str, variables: Mapping[str, Any]) -> str | None:
        """Return what the ``value_template`` makes of an answer, or the answer; None where the template fails."""
        return self._rendered("value_template", variables) if "value_template" in self._templates else value

    def _rendered(self, name: str, variables: Mapping[str, Any]) -> str | None:
        template = self._templates.get(name)
        if template is None:
            return None
        try:
            text = template.render_text(variables)
        except InglenookError as error:
            self.complain(name, str(error))
            return None
        self.is_well(name)
        return text

    def _says_available(self, variables: Mapping[str, Any]) -> bool:
        """Return whether it is available; a template that fails does not make it unavailable."""
        text = self._rendered("availability", variables)
        return text is None or is_true(text)

    def _set_looks(self, variables: Mapping[str, Any]) -> None:
        shown = {attribute: self._rendered(name, variables) for name, attribute in _LOOKS.items()}
        self.extra_attributes = {
            **{name: value for name, value in self.extra_attributes.items() if name not in shown},
            **{attribute: text for attribute, text in shown.items() if text},
        }


class ReadSensor(Reading, Sensor):
    """A sensor that is what an answer says."""

    def __init__(self, home: Home, templates: Templates, log: logging.Logger, config: Config) -> None:
        super().__init__(home, templates, log, config)
        self.unit_of_measurement = config.get("unit_of_measurement")
        self.state_class = config.get("state_class")
        self.force_update = config.get("force_update", False)

    def apply(self, value: str, variables: Mapping[str, Any]) -> None:
        """Take the state, and attributes out of JSON."""
        if self.config["json_attributes"]:
            self.extra_attributes = self._attributes(variables)
        text = self.state_text(value, variables)
        self.state = None if text is None else self._checked(text)

    def state_text(self, value: str, variables: Mapping[str, Any]) -> str | None:
        """Return the text of the state; None while it is unknown."""
        return self.value_of(value, variables)

    def _attributes(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        try:
            found = attributes_in(variables, self.config["json_attributes"], self.config.get("json_attributes_path"))
        except ValueError as error:
            self.complain("json_attributes", str(error))
            return {}
        self.is_well("json_attributes")
        return found

    def _checked(self, text: str) -> str | None:
        """Return what fits the class of the sensor; None, and a word in the log, where the text does not."""
        if len(text) > LONGEST:
            self.complain(
                "state", f"it has {len(text)} characters, and {LONGEST} fit; a value_template picks what counts"
            )
            return None
        try:
            if self.device_class in ("timestamp", "uptime"):
                found = _moment(text)
            elif self.device_class == "date":
                found = date.fromisoformat(text).isoformat()
            else:
                found = _number(text) if self._is_numeric() else text
        except ValueError:
            expected = self.device_class if self.device_class in _NO_NUMBERS else "number"
            self.complain("state", f"expected a {expected}, got {text[:60]!r}")
            return None
        self.is_well("state")
        return found

    def _is_numeric(self) -> bool:
        if self.device_class in _NO_NUMBERS:
            return False
        return bool(self.device_class or self.unit_of_measurement or self.state_class)


class ReadBinarySensor(Reading, BinarySensor):
    """A binary sensor that is what an answer says."""

    def __init__(self, home: Home, templates: Templates, log: logging.Logger, config: Config) -> None:
        super().__init__(home, templates, log, config)
        self.force_update = config.get("force_update", False)


def is_true(text: str) -> bool:
    """Return whether a text is a word for yes, or a number other than 0."""
    try:
        return boolean(text)
    except vol.Invalid:
        pass
    try:
        return float(text) != 0
    except ValueError:
        return False


def attributes_in(variables: Mapping[str, Any], wanted: list[str], path: str | None) -> dict[str, Any]:
    """Return attributes that stand in the JSON of an answer.

    Args:
        variables: of the answer; ``value_json`` is missing where it is no JSON.
        wanted: their names; those that are not there are left out.
        path: a JSONPath to the object that holds them; of several, the first.

    Raises:
        ValueError: there is no JSON, or no object in it.
    """
    if "value_json" not in variables:
        raise ValueError("expected JSON, got something else" if variables["value"] else "expected JSON, got nothing")
    found = variables["value_json"]
    if path is not None:
        import jsonpath  # noqa: PLC0415 - see schemas.json_path

        try:
            found = jsonpath.findall(path, found)
        except (jsonpath.JSONPathError, TypeError) as error:
            raise ValueError(f"{path} leads nowhere: {error}") from error
    if isinstance(found, list) and found:
        found = found[0]
    if isinstance(found, dict):
        return {name: found[name] for name in wanted if name in found}
    raise ValueError(f"expected an object{f' at {path}' if path else ''} that holds them")


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _number(text: str) -> str:
    """Return the text of a number as it is."""
    if math.isfinite(float(text)):
        return text
    raise ValueError(text)
