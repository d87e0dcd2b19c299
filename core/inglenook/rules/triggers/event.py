"""The trigger on an event of the bus: ``trigger: event``."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.model import Event
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Disarm, TriggerKind
from inglenook.rules.shape import Shape, each, lifted, mapping, template

Matches = Callable[[Mapping[str, Any]], bool]


def _event_type(value: Any) -> str:
    name = template(value)
    if name == "state_reported":
        raise vol.Invalid("state_reported comes with every report of every entity; no rule can wait for it")
    return name


SHAPE: Final = Shape({vol.Required("event_type"): each(_event_type), "event_data": mapping, "context": mapping})


def arm_event(arming: Arming) -> Disarm:
    """Listen for the events; templates in the trigger are rendered now, without access to states."""
    config, variables, compile_tree = arming.config, arming.variables, arming.templates.compile_tree
    types: list[Any] = compile_tree(config["event_type"])(variables, limited=True)
    data: Mapping[str, Any] = compile_tree(config.get("event_data", {}))(variables, limited=True)
    context: Mapping[str, Any] = compile_tree(config.get("context", {}))(variables, limited=True)
    of_context = {key: value if isinstance(value, list) else [value] for key, value in context.items()}
    matches = _matcher(data)
    key, value = next(((key, value) for key, value in data.items() if isinstance(value, str | int)), ("", None))
    needs_no_more = len(data) <= 1 and (not data or bool(key)) and not of_context

    def happened(event: Event) -> None:
        if not needs_no_more and not (matches(event.data) and _is_from(event, of_context)):
            return
        arming.fire(
            lambda: {"event": event, "description": f"event '{event.event_type}'"},
            event.context,
        )

    unsubscribe = [arming.events.listen(str(one), happened, key=key, value=value) for one in types]

    def disarm() -> None:
        for stop in unsubscribe:
            stop()

    return disarm


def _matcher(data: Mapping[str, Any]) -> Matches:
    """Return the test of an event's data: the same values under the same keys.

    As soon as one value is a mapping the whole becomes a schema, where more keys may stand inside a mapping and a list
    means that each item is one of these.
    """
    if any(isinstance(value, Mapping) for value in data.values()):
        schema = vol.Schema({vol.Required(key): value for key, value in data.items()}, extra=vol.ALLOW_EXTRA)
        return lambda found: _fits(schema, found)
    items = list(data.items())
    return lambda found: all(key in found and found[key] == value for key, value in items)


def _fits(schema: vol.Schema, data: Mapping[str, Any]) -> bool:
    try:
        schema(dict(data))
    except vol.Invalid:
        return False
    return True


def _is_from(event: Event, of_context: Mapping[str, list[Any]]) -> bool:
    return all(getattr(event.context, str(key), None) in allowed for key, allowed in of_context.items())


KIND: Final = TriggerKind(lambda _: lifted(SHAPE), arm_event)
