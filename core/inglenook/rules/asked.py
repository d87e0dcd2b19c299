"""A condition by itself, watched: answered again when something that it names or looks at changes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from inglenook.errors import ConditionError, TemplateError
from inglenook.home import Home
from inglenook.model import Target
from inglenook.rules.kinds import Condition
from inglenook.templates import Templates, Tracked

_PLACES: Final = ("device_id", "area_id", "floor_id", "label_id")
_ENTITY_ID: Final = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")
_HEX_ID: Final = re.compile(r"[0-9a-f]{32}")


class AskedCondition:
    """A condition that :class:`~inglenook.rules.tracking.TemplateWatch` may watch.

    What it depends on is read from what a person wrote, and from what its templates look at. What depends on the time
    is answered again at every whole minute.

    Args:
        home: whom it asks.
        templates: render the templates in it.
        condition: compiled.
        raw: as it was written.
    """

    def __init__(self, home: Home, templates: Templates, condition: Condition, raw: Any) -> None:
        self._home = home
        self._templates = templates
        self._condition = condition
        self._raw = raw

    def track(self, variables: Mapping[str, Any]) -> Tracked:
        """Return whether it holds, with what that depends on; a condition without an answer is an error."""

        def ask() -> bool | None:
            try:
                return self._condition(variables)
            except ConditionError as error:
                raise TemplateError(str(error)) from error

        tracked = self._templates.track(ask)
        return replace(tracked, entities=tracked.entities | set(self._named(self._raw)), uses_time=True)

    def _named(self, value: Any, key: str = "") -> Iterator[str]:
        """Yield the entity ids that a part of the condition names, directly or by device, area, floor or label."""
        if isinstance(value, Mapping):
            for name, item in value.items():
                yield from self._named(item, str(name))
        elif isinstance(value, list):
            for item in value:
                yield from self._named(item, key)
        elif isinstance(value, str):
            for text in value.split(","):
                yield from self._ids(text.strip(), key)

    def _ids(self, text: str, key: str) -> Iterator[str]:
        registry = self._home.registry
        if key in _PLACES:
            yield from registry.resolve(Target(**{key: (text,)}), with_diagnostics=True)
        elif _ENTITY_ID.fullmatch(text):
            yield text
        elif _HEX_ID.fullmatch(text) and (entity_id := registry.entity_id(text)) is not None:
            yield entity_id
