"""Template event entities."""

import logging
from typing import Any, Final

import voluptuous as vol

from inglenook.config.device_classes import device_class
from inglenook.entities import EventEntity
from inglenook.rules.shape import template
from inglenook.template_entities.entity import TemplateEntity
from inglenook.template_entities.grammar import Platform
from inglenook.template_entities.results import Results

_log = logging.getLogger(__name__)


class TemplateEvent(TemplateEntity, EventEntity):
    """Reports an event of the type that a template gives, each time it is rendered anew."""

    TEMPLATES = ("event_type", "event_types")

    def apply(self, found: Results) -> None:
        """Note what happened, if it is one of the types."""
        types = found.get("event_types")
        if isinstance(types, list | tuple):
            self.event_types = tuple(str(one) for one in types)
        attributes: dict[str, Any] = {**self.extra_attributes, "event_types": list(self.event_types)}
        event_type = found.get("event_type")
        if event_type in self.event_types:
            self.state = self.clock.utc().isoformat(timespec="milliseconds")
            attributes["event_type"] = event_type
        elif event_type is not None:
            _log.error("template entity %s: event type %r is none of its types", self.entity_id, event_type)
        self.extra_attributes = attributes


EVENT: Final = Platform(
    TemplateEvent,
    {
        vol.Required("event_type"): template,
        vol.Required("event_types"): template,
        "device_class": device_class("event"),
    },
)
