"""Notify entities: ways to tell people something."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, Final

from inglenook.entities.domain import Domain, DomainService, Prepared
from inglenook.entities.domain_entity import DomainEntity
from inglenook.entities.fields import word
from inglenook.entity import Entity


class NotifyFeature(IntFlag):
    """What a message can have beside its text."""

    TITLE = 1


class Notify(DomainEntity):
    """A way to tell people. An author writes ``send_message(message, title=None)``; the state is when it last did.

    One that shows titles sets ``supported_features`` to TITLE.
    """

    domain = "notify"


def _send_message(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    features = entity.supported_features
    if isinstance(entity, Notify) and not features & NotifyFeature.TITLE:
        return "send_message", {"message": data["message"]}
    return "send_message", data


NOTIFY: Final = Domain(
    "notify",
    Notify,
    (
        DomainService(
            "send_message",
            "Tell people something.",
            (word("message", "The text.", required=True), word("title", "What stands above it.")),
            prepare=_send_message,
            is_stamped=True,
        ),
    ),
)
