"""``persistent_notification``: messages that stay until somebody dismisses them.

They live as long as the process. Every change is told by an event, ``persistent_notifications_updated``, with
``update_type`` (``added``, ``updated``, ``removed``) and the ``notification`` itself.
"""

from datetime import datetime
from typing import Final
from uuid import uuid4

import voluptuous as vol
from msgspec import Struct, structs

from inglenook import Context, Home, PluginScope, ServiceCall, hookimpl
from inglenook.values import string
from inglenook_helpers.schemas import mapping

DOMAIN: Final = "persistent_notification"
EVENT_UPDATED: Final = "persistent_notifications_updated"
_LOGGED: Final = frozenset({"http-login"})  # whoever keeps the door has written these into the log already


class Notification(Struct, frozen=True):
    """One message. ``created_at`` is when it was last made anew, in UTC."""

    notification_id: str
    message: str
    title: str | None
    created_at: datetime


class Notifications:
    """The messages that nobody has dismissed yet, by id, in the order they came."""

    def __init__(self, home: Home, scope: PluginScope) -> None:
        self._home = home
        self._log = scope.log
        self._notifications: dict[str, Notification] = {}
        scope.register_service(DOMAIN, "create", self._create, _CREATE)
        scope.register_service(DOMAIN, "dismiss", self._dismiss, _DISMISS)
        scope.register_service(DOMAIN, "dismiss_all", self._dismiss_all, vol.Schema({}))
        scope.register_service("notify", DOMAIN, self._notify, _NOTIFY)
        if not home.services.has("notify", "notify"):  # for whoever has no other way to be told
            scope.register_service("notify", "notify", self._notify, _NOTIFY)

    def _create(self, call: ServiceCall) -> None:
        data = call.data
        self._put(data.get("notification_id") or uuid4().hex, data["message"], data.get("title"), call.context)

    def _notify(self, call: ServiceCall) -> None:
        data = call.data
        more = data["data"]
        self._put(more.get("notification_id") or uuid4().hex, data["message"], data.get("title"), call.context)

    def _put(self, notification_id: str, message: str, title: str | None, context: Context) -> None:
        is_known = notification_id in self._notifications
        notification = Notification(notification_id, message, title, self._home.clock.utc())
        self._notifications[notification_id] = notification
        if notification_id not in _LOGGED:
            self._log.info("%s: %s", title or notification_id, message)
        self._tell("updated" if is_known else "added", notification, context)

    def _dismiss(self, call: ServiceCall) -> None:
        notification = self._notifications.pop(call.data["notification_id"], None)
        if notification is not None:
            self._tell("removed", notification, call.context)

    def _dismiss_all(self, call: ServiceCall) -> None:
        gone, self._notifications = self._notifications, {}
        for notification in gone.values():
            self._tell("removed", notification, call.context)

    def _tell(self, update_type: str, notification: Notification, context: Context) -> None:
        data = {"update_type": update_type, "notification": structs.asdict(notification)}
        self._home.bus.fire(EVENT_UPDATED, data, context)


_MESSAGE: Final = {vol.Required("message"): string, "title": string}
_CREATE: Final = vol.Schema({**_MESSAGE, "notification_id": string})
_DISMISS: Final = vol.Schema({vol.Required("notification_id"): string})
_NOTIFY: Final = vol.Schema({**_MESSAGE, "target": object, vol.Optional("data", default=dict): vol.All(mapping, dict)})


@hookimpl
def config_schema() -> vol.Schema:
    """Return the settings: there are none."""
    return vol.Schema(vol.All(mapping, {}))


@hookimpl
def service_names() -> list[str]:
    """Return what is offered."""
    own = [f"{DOMAIN}.{name}" for name in ("create", "dismiss", "dismiss_all")]
    return [*own, f"notify.{DOMAIN}", "notify.notify"]


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Offer the services."""
    Notifications(home, scope)
