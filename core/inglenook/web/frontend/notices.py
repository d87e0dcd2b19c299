"""The messages of ``persistent_notification``, as clients see them: those that are there, and each change."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from inglenook.bus import EventBus, Unsubscribe
from inglenook.model import Event
from inglenook.web.listeners import Listeners

EVENT_UPDATED: Final = "persistent_notifications_updated"
Tell = Callable[[str, Mapping[str, Any]], object]


class Notices:
    """Follows the events about them; made before whoever fires these, so that it knows all.

    Args:
        bus: of the home.
    """

    def __init__(self, bus: EventBus) -> None:
        self._notices: dict[str, dict[str, Any]] = {}
        self._listeners: Listeners[[str, Mapping[str, Any]]] = Listeners("a message")
        bus.listen(EVENT_UPDATED, self._updated)

    def all(self) -> dict[str, dict[str, Any]]:
        """Return the messages that nobody has dismissed, by id, in the order they came."""
        return dict(self._notices)

    def listen(self, tell: Tell) -> Unsubscribe:
        """Call ``tell`` with ``added``, ``updated`` or ``removed`` and the message by its id, for each change."""
        return self._listeners.add(tell)

    def _updated(self, event: Event) -> None:
        notice, kind = event.data.get("notification"), event.data.get("update_type")
        if not isinstance(notice, Mapping) or kind not in ("added", "updated", "removed"):
            return  # fired by somebody else
        ident = str(notice.get("notification_id"))
        if kind == "removed":
            self._notices.pop(ident, None)
        else:
            self._notices[ident] = dict(notice)
        self._listeners.tell(kind, {ident: notice})
