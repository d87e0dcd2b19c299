"""The trigger on a tag that somebody scans: ``trigger: tag``."""

from typing import Final

import voluptuous as vol

from inglenook.model import Event
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Disarm, TriggerKind
from inglenook.rules.shape import Shape, texts

EVENT_TAG_SCANNED: Final = "tag_scanned"

SHAPE: Final = Shape({vol.Required("tag_id"): texts, "device_id": texts})


def arm_tag(arming: Arming) -> Disarm:
    """Listen for scans of the tags, with ``device_id`` only for those that one of these devices made."""
    devices: list[str] | None = arming.config.get("device_id")

    def scanned(event: Event) -> None:
        if devices is None or event.data.get("device_id") in devices:
            arming.fire(lambda: {"event": event, "description": "tag"}, event.context)

    stops = [
        arming.events.listen(EVENT_TAG_SCANNED, scanned, key="tag_id", value=tag) for tag in arming.config["tag_id"]
    ]

    def disarm() -> None:
        for stop in stops:
            stop()

    return disarm


KIND: Final = TriggerKind(lambda _: SHAPE, arm_tag)
