"""Tags that people scan: what clients name them, and when each was last seen."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import msgspec

from inglenook.errors import InvalidEntry, UnknownEntry
from inglenook.home import Home
from inglenook.model import Event
from inglenook.registry import EntityEntry

EVENT_SCANNED: Final = "tag_scanned"
MAX_TAGS: Final = 1_000
LONGEST_ID: Final = 255  # characters
_DOMAIN: Final = "tag"
_TABLE: Final = "settings"
_OURS: Final = "tag."


class Tags:
    """The tags of one home by id, kept in its database.

    Those that the registry has an entity for are among them. One that is scanned for the first time comes by itself.

    Args:
        home: where scans are heard of; its store is open.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._kept: dict[str, dict[str, Any]] = {
            key.removeprefix(_OURS): msgspec.json.decode(text)
            for key, text in home.store.load(_TABLE)
            if key.startswith(_OURS)
        }
        home.bus.listen(EVENT_SCANNED, self._scanned)

    def all(self) -> list[dict[str, Any]]:
        """Return each with its ``id``, ``name``, ``last_scanned`` (ISO text or None) and what else is known of it."""
        found = {entry.unique_id: _of_registry(entry) for entry in self._registered()}
        for tag_id, about in self._kept.items():
            found[tag_id] = {**found.get(tag_id, {}), **about}
        return [{"id": tag_id, "name": None, "last_scanned": None, **about} for tag_id, about in found.items()]

    def create(self, tag_id: str | None, about: Mapping[str, Any]) -> dict[str, Any]:
        """Add a tag and return it; None, or nothing, gives it an id of its own.

        Raises:
            InvalidEntry: the id is taken or too long, or there are as many tags as a home may have.
        """
        wanted = (tag_id or "").strip() or uuid4().hex
        if len(wanted) > LONGEST_ID:
            raise InvalidEntry(f"expected an id of at most {LONGEST_ID} characters, got {wanted!r:.80}")
        if any(tag["id"] == wanted for tag in self.all()):
            raise InvalidEntry(f"there is a tag {wanted!r:.80} already")
        if len(self._kept) >= MAX_TAGS:
            raise InvalidEntry(f"a home may have {MAX_TAGS} tags")
        self._keep(wanted, dict(about))
        return self._one(wanted)

    def update(self, tag_id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change what is known of a tag, and return it.

        Raises:
            UnknownEntry: there is none of that id.
        """
        self._one(tag_id)
        self._keep(tag_id, {**self._kept.get(tag_id, {}), **changes})
        return self._one(tag_id)

    def delete(self, tag_id: str) -> None:
        """Forget a tag, and what the registry has of it.

        Raises:
            UnknownEntry: there is none of that id.
        """
        self._one(tag_id)
        self._kept.pop(tag_id, None)
        self._home.store.delete(_TABLE, _OURS + tag_id)
        for entry in self._registered():
            if entry.unique_id == tag_id:
                self._home.registry.entities.remove(entry.entity_id)

    def _one(self, tag_id: str) -> dict[str, Any]:
        for tag in self.all():
            if tag["id"] == tag_id:
                return tag
        raise UnknownEntry(f"Unable to find tag {tag_id!r:.80}")

    def _registered(self) -> list[EntityEntry]:
        return [entry for entry in self._home.registry.entities if entry.domain == _DOMAIN]

    def _keep(self, tag_id: str, about: dict[str, Any]) -> None:
        self._kept[tag_id] = about
        self._home.store.put(_TABLE, (_OURS + tag_id, msgspec.json.encode(about).decode()))

    def _scanned(self, event: Event) -> None:
        tag_id = event.data.get("tag_id")
        if not isinstance(tag_id, str) or not 0 < len(tag_id) <= LONGEST_ID:
            return
        known = self._kept.get(tag_id)
        if known is None and len(self._kept) >= MAX_TAGS:
            return
        self._keep(tag_id, {**(known or {}), "last_scanned": event.time_fired.isoformat()})


def _of_registry(entry: EntityEntry) -> dict[str, Any]:
    return {"name": entry.name or entry.original_name}
