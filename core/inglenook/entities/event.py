"""Event entities: facts that happen, like the press of a wall button."""

from typing import Any, Final

from inglenook.entities.domain import Domain
from inglenook.entities.domain_entity import DomainEntity
from inglenook.errors import ServiceValidationError


class EventEntity(DomainEntity):
    """Something that reports events. The state is the ISO time of the last one. It has no services.

    Attributes:
        event_types: every type it may report.
    """

    domain = "event"
    DESCRIBED = ("event_types",)

    event_types: tuple[str, ...] = ()

    def happened(self, event_type: str, **data: Any) -> None:
        """Report that an event of ``event_type`` happened now; ``data`` is shown as attributes.

        Raises:
            ServiceValidationError: ``event_type`` is not among ``event_types``.
        """
        if event_type not in self.event_types:
            raise ServiceValidationError(
                f"{self.entity_id}: event type {event_type!r} is none of {', '.join(self.event_types) or 'no types'}"
            )
        self.state = self.clock.utc().isoformat(timespec="milliseconds")
        self.extra_attributes = {"event_type": event_type, **data}
        self.write()


EVENT: Final = Domain("event", EventEntity)
