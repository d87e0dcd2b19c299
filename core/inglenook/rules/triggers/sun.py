"""The trigger on sunrise and sunset: ``trigger: sun``."""

from datetime import timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import duration, one_of
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Disarm, TriggerKind
from inglenook.rules.shape import Shape, lifted
from inglenook.rules.sun import EVENTS, next_sun_event
from inglenook.rules.sun_alarm import SunAlarm

SHAPE: Final = Shape({vol.Required("event"): one_of(*EVENTS), vol.Optional("offset", default=0.0): duration})


def arm_sun(arming: Arming) -> Disarm:
    """Wait for the next sunrise or sunset, again and again; after a move of the home, for that of the new place."""
    event: str = arming.config["event"]
    offset_s: float = arming.config["offset"]

    def find() -> float | None:
        try:
            return next_sun_event(arming.home, event, offset_s)
        except ValueError as error:
            arming.log("%s", error)
            return None

    def payload() -> dict[str, Any]:
        return {"event": event, "offset": timedelta(seconds=offset_s), "description": f"sun event {event}"}

    return SunAlarm(arming, event, find, payload).disarm


KIND: Final = TriggerKind(lambda _: lifted(SHAPE), arm_sun)
