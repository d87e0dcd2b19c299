"""The trigger on notes that the home keeps for people: ``trigger: persistent_notification``.

Whoever keeps them fires :data:`EVENT_NOTIFICATION` for each change, with ``update_type`` and ``notification``
(``notification_id``, ``title``, ``message``, ``created_at``).
"""

from typing import Final

from inglenook.config.values import one_of, string
from inglenook.model import Event
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Disarm, TriggerKind
from inglenook.rules.shape import Shape, each

EVENT_NOTIFICATION: Final = "persistent_notifications_updated"
UPDATES: Final = ("added", "removed", "current", "updated")

SHAPE: Final = Shape({"notification_id": string, "update_type": each(one_of(*UPDATES))})


def arm_persistent_notification(arming: Arming) -> Disarm:
    """Listen for changes of the notes, with ``notification_id`` and ``update_type`` only for those."""
    wanted = arming.config.get("notification_id")
    updates = arming.config.get("update_type") or UPDATES

    def updated(event: Event) -> None:
        update_type, note = event.data["update_type"], event.data["notification"]
        if update_type in updates and wanted in (None, note["notification_id"]):
            arming.fire(
                lambda: {
                    "update_type": update_type, "notification": note, "description": "persistent notification",
                },
                event.context,
            )  # fmt: skip

    return arming.events.listen(EVENT_NOTIFICATION, updated)


KIND: Final = TriggerKind(lambda _: SHAPE, arm_persistent_notification)
