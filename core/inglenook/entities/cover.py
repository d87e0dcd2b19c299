"""Covers: blinds, shutters, curtains, garage doors - what opens and closes, perhaps part of the way, perhaps tilted."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar, Final

from inglenook.entities.domain import Domain, DomainService, Prepared
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import whole
from inglenook.entities.travel import Travel, position_state, toggle_of
from inglenook.entity import Entity


class CoverFeature(IntFlag):
    """What a cover can do; bits as everywhere in the field."""

    OPEN = 1
    CLOSE = 2
    SET_POSITION = 4
    STOP = 8
    OPEN_TILT = 16
    CLOSE_TILT = 32
    STOP_TILT = 64
    SET_TILT_POSITION = 128


class Cover(DomainEntity):
    """A cover. An author writes those of the services' methods that it can do, like ``open_cover()``.

    Attributes:
        current_position: 0 (closed) to 100 (open), None when it cannot tell.
        current_tilt_position: the same for its slats.
        is_closed: for a cover without a position.
        travel: ``opening`` or ``closing`` while it moves.
    """

    domain = "cover"
    SHOWN = ("current_position", "current_tilt_position")
    FEATURES: ClassVar[Mapping[str, int]] = {
        "open_cover": CoverFeature.OPEN,
        "close_cover": CoverFeature.CLOSE,
        "set_cover_position": CoverFeature.SET_POSITION,
        "stop_cover": CoverFeature.STOP,
        "open_cover_tilt": CoverFeature.OPEN_TILT,
        "close_cover_tilt": CoverFeature.CLOSE_TILT,
        "stop_cover_tilt": CoverFeature.STOP_TILT,
        "set_cover_tilt_position": CoverFeature.SET_TILT_POSITION,
    }

    current_position: int | None = None
    current_tilt_position: int | None = None
    is_closed: bool | None = None
    travel: Travel | None = None

    def shown_state(self) -> StateValue:
        """Return ``opening``, ``closing``, ``open`` or ``closed``."""
        return position_state(self.current_position, self.is_closed, self.travel)


def _toggle_tilt(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    """Close slats that are open at all, open those that are not."""
    is_open = (entity.attributes.get("current_tilt_position") or 0) > 0
    return ("close_cover_tilt" if is_open else "open_cover_tilt"), {}


COVER: Final = Domain(
    "cover",
    Cover,
    (
        DomainService("open_cover", "Open it.", features=(CoverFeature.OPEN,)),
        DomainService("close_cover", "Close it.", features=(CoverFeature.CLOSE,)),
        DomainService("stop_cover", "Stop it where it is.", features=(CoverFeature.STOP,)),
        DomainService(
            "set_cover_position",
            "Move it to a position.",
            (whole("position", 0, 100, "Where to: 0 is closed, 100 open.", unit="%", required=True),),
            features=(CoverFeature.SET_POSITION,),
        ),
        DomainService(
            "toggle",
            "Stop it if it moves, open it if it is closed, else close it.",
            features=(CoverFeature.OPEN | CoverFeature.CLOSE,),
            prepare=toggle_of("open_cover", "close_cover", "stop_cover", stop=CoverFeature.STOP),
        ),
        DomainService("open_cover_tilt", "Open the slats.", features=(CoverFeature.OPEN_TILT,)),
        DomainService("close_cover_tilt", "Close the slats.", features=(CoverFeature.CLOSE_TILT,)),
        DomainService("stop_cover_tilt", "Stop the slats.", features=(CoverFeature.STOP_TILT,)),
        DomainService(
            "set_cover_tilt_position",
            "Tilt the slats.",
            (whole("tilt_position", 0, 100, "How far: 0 is closed, 100 open.", unit="%", required=True),),
            features=(CoverFeature.SET_TILT_POSITION,),
        ),
        DomainService(
            "toggle_cover_tilt",
            "Close the slats if they are open, else open them.",
            features=(CoverFeature.OPEN_TILT | CoverFeature.CLOSE_TILT,),
            prepare=_toggle_tilt,
        ),
    ),
)
