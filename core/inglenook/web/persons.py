"""Persons and users: a user is one person at most, and a person's user is there."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final

from inglenook.auth import Auth
from inglenook.errors import InglenookError, InvalidEntry
from inglenook.home import Home
from inglenook.model import Event
from inglenook.web.stores import Stores

_log = logging.getLogger(__name__)

EVENT_USER_REMOVED: Final = "user_removed"
KIND: Final = "person"


class Persons:
    """The persons that clients make, and the users that they are.

    Args:
        home: where the event ``user_removed`` is heard: its user is no person any more.
        auth: knows the users.
        stores: keeps the persons.
    """

    def __init__(self, home: Home, auth: Auth, stores: Stores) -> None:
        self._home = home
        self._auth = auth
        self._stores = stores
        self._forgetting: set[asyncio.Task[None]] = set()
        home.bus.listen(EVENT_USER_REMOVED, self._user_removed)

    def stored(self) -> list[dict[str, Any]]:
        """Return those that clients may change, each with its ``id``."""
        return list(self._stores.made(KIND))

    def written(self) -> list[dict[str, Any]]:
        """Return those that stand in the configuration."""
        known = [person["id"] for person in self.stored()]  # no set: an attribute may be anything
        states = (state.attributes for state in self._home.states.domain(KIND))
        return [_person(shown) for shown in states if shown.get("id") not in known]

    def check(self, settings: Mapping[str, Any], person_id: str | None = None) -> None:
        """Let a person be made, or the one of that id be changed, to be the ``user_id`` of ``settings``, if any.

        Raises:
            InvalidEntry: there is no such user, or that user is another person.
        """
        user_id = settings.get("user_id")
        if not isinstance(user_id, str):
            return
        stored = self.stored()
        if any(person["id"] == person_id and person.get("user_id") == user_id for person in stored):
            return  # as it was, which may be a user of Home Assistant's who is not here
        if self._auth.user(user_id) is None:
            raise InvalidEntry(f"user_id: there is no user {user_id!r:.80}")
        for person in (*stored, *self.written()):
            if person.get("user_id") == user_id:
                raise InvalidEntry(f"user_id: that user is the person {person['id']!r:.80} already")

    async def close(self) -> None:
        """Wait for what is being changed."""
        await asyncio.gather(*self._forgetting)

    def _user_removed(self, event: Event) -> None:
        work = self._forget(event.data.get("user_id"))
        task = asyncio.get_running_loop().create_task(work, name="a removed user is no person")
        self._forgetting.add(task)
        task.add_done_callback(self._forgetting.discard)

    async def _forget(self, user_id: Any) -> None:
        items = self._stores.items
        for person in self.stored():
            if items is not None and person.get("user_id") == user_id:
                try:
                    await items.update(KIND, person["id"], {"user_id": None})
                except InglenookError as error:
                    _log.warning("%s stays the user of %s, which cannot be changed: %s", user_id, person["id"], error)


def _person(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": attributes.get("id"),
        "name": attributes.get("friendly_name"),
        "user_id": attributes.get("user_id"),
        "device_trackers": attributes.get("device_trackers", []),
        "picture": attributes.get("entity_picture"),
    }
