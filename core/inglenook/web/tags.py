"""Tags that people scan: what clients name them, and when each was last seen."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import msgspec

from inglenook.errors import InvalidEntry, UnknownEntry
from inglenook.home import Home
from inglenook.model import Context, Event
from inglenook.registry import EntityEntry
from inglenook.web.tag_entity import DOMAIN, SCANNED, SCANNED_BY, TagEntity

EVENT_SCANNED: Final = "tag_scanned"
MAX_TAGS: Final = 1_000
LONGEST_ID: Final = 255  # characters
_TABLE: Final = "settings"
_OURS: Final = "tag."


class Tags:
    """The tags of one home by id, kept in its database.

    Each has an entity. Those that only the registry knows are among them. One that is scanned for the first time comes
    by itself.

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
        self._entities: dict[str, TagEntity] = {}
        for tag in self.all():
            self._show(tag["id"])
        home.bus.listen(EVENT_SCANNED, self._scanned)

    def all(self) -> list[dict[str, Any]]:
        """Return each with its ``id``, ``name``, ``last_scanned`` (ISO text or None) and what else is known of it."""
        entries = {entry.unique_id: entry for entry in self._registered()}
        others = [tag_id for tag_id in entries if tag_id not in self._kept]
        return [self._tag(tag_id, entries.get(tag_id)) for tag_id in (*others, *self._kept)]

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
        entry = self._home.registry.entity_of(DOMAIN, DOMAIN, tag_id)
        if entry is not None and entry.name and "name" in changes:
            self._home.registry.entities.update(entry.entity_id, name=changes["name"])
        return self._one(tag_id)

    def delete(self, tag_id: str) -> None:
        """Forget a tag, and what the registry has of it.

        Raises:
            UnknownEntry: there is none of that id.
        """
        self._one(tag_id)
        self._kept.pop(tag_id, None)
        self._entities.pop(tag_id, None)
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
        return [entry for entry in self._home.registry.entities if entry.domain == DOMAIN]

    def _tag(self, tag_id: str, entry: EntityEntry | None) -> dict[str, Any]:
        about = self._kept.get(tag_id)
        if about is None:
            return {"id": tag_id, "name": entry and (entry.name or entry.original_name), SCANNED: None}
        renamed = {"name": entry.name} if entry is not None and entry.name else {}
        return {"id": tag_id, "name": None, SCANNED: None, **about, **renamed}

    def _keep(self, tag_id: str, about: dict[str, Any], context: Context | None = None) -> None:
        self._kept[tag_id] = about
        self._home.store.put(_TABLE, (_OURS + tag_id, msgspec.json.encode(about).decode()))
        self._show(tag_id, context)

    def _show(self, tag_id: str, context: Context | None = None) -> None:
        """Let the entity of a tag be what is known of it."""
        entity = self._entities.get(tag_id)
        if entity is None:
            about = self._one(tag_id)
            entity = self._entities[tag_id] = TagEntity(tag_id, about)
            self._home.entities.add(entity, DOMAIN, about["name"] or tag_id)
        else:
            name = entity.name
            entity.tell(self._kept[tag_id])
            entity.write(context)
            if entity.name != name:
                self._home.entities.refresh(entity.entity_id)

    def _scanned(self, event: Event) -> None:
        tag_id = event.data.get("tag_id")
        if not isinstance(tag_id, str) or not 0 < len(tag_id) <= LONGEST_ID:
            return
        known = self._kept.get(tag_id)
        if known is None and len(self._kept) >= MAX_TAGS:
            return
        scan = {SCANNED: event.time_fired.isoformat(), SCANNED_BY: event.data.get("device_id")}
        self._keep(tag_id, {**(known or {}), **scan}, event.context)
