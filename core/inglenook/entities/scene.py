"""Scenes: how several entities shall be, brought about by one call."""

from typing import Final

from inglenook.config.values import float_
from inglenook.entities.domain import Domain, DomainService
from inglenook.entities.domain_entity import DomainEntity
from inglenook.entities.fields import clamped

MAX_TRANSITION_S: Final = 6553.0


class Scene(DomainEntity):
    """A scene. An author writes ``turn_on(transition=None)``; the state is the ISO time of the last time it was."""

    domain = "scene"


SCENE: Final = Domain(
    "scene",
    Scene,
    (
        DomainService(
            "turn_on",
            "Bring the scene about.",
            (clamped("transition", float_, 0.0, MAX_TRANSITION_S, "Time over which lights change.", unit="seconds"),),
            is_stamped=True,
        ),
    ),
)
