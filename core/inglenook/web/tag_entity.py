"""``tag``: the entity of a tag that people scan; its state is when that was last done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from inglenook.entity import Entity
from inglenook.model import STATE_UNAVAILABLE, STATE_UNKNOWN

DOMAIN: Final = "tag"
SCANNED: Final = "last_scanned"
SCANNED_BY: Final = "last_scanned_by_device_id"


class TagEntity(Entity):
    """One tag.

    Args:
        tag_id: what is scanned.
        about: its ``name``, ``last_scanned`` (ISO text) and ``last_scanned_by_device_id``, as far as they are known.
    """

    domain = DOMAIN

    def __init__(self, tag_id: str, about: Mapping[str, Any]) -> None:
        self.unique_id: str = tag_id
        self.tell(about)

    def tell(self, about: Mapping[str, Any]) -> None:
        """Take what is known of the tag."""
        self.name = about.get("name") or f"Tag {self.unique_id}"
        scanned = about.get(SCANNED)
        self.state = datetime.fromisoformat(scanned).isoformat(timespec="milliseconds") if scanned else None
        self.attributes = {"tag_id": self.unique_id, SCANNED_BY: about.get(SCANNED_BY)}

    def added(self) -> None:
        """Take up when another home last saw it scanned."""
        last = self.last_state
        if self.state is None and last is not None and last.state not in (STATE_UNKNOWN, STATE_UNAVAILABLE):
            self.state = last.state
            self.attributes = {**self.attributes, SCANNED_BY: last.attributes.get(SCANNED_BY)}
