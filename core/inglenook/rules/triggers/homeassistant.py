"""The trigger on the start and the end of the home: ``trigger: homeassistant``."""

from typing import Final

import voluptuous as vol

from inglenook.config.values import one_of
from inglenook.model import EVENT_STARTED, EVENT_STOP, Event
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Disarm, TriggerKind
from inglenook.rules.shape import Shape, lifted

_EVENTS: Final = {"start": EVENT_STARTED, "shutdown": EVENT_STOP}
_DESCRIPTIONS: Final = {"start": "Home Assistant starting", "shutdown": "Home Assistant stopping"}

SHAPE: Final = Shape({vol.Required("event"): one_of(*_EVENTS)})


def arm_homeassistant(arming: Arming) -> Disarm:
    """Listen for the event, which comes once; who is armed later than that is too late."""
    name: str = arming.config["event"]

    def happened(event: Event) -> None:
        arming.fire(lambda: {"event": name, "description": _DESCRIPTIONS[name]}, event.context)

    return arming.events.listen(_EVENTS[name], happened)


KIND: Final = TriggerKind(lambda _: lifted(SHAPE), arm_homeassistant)
