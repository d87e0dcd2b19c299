"""Covers: blinds, shutters, curtains, garage doors - what opens and closes, perhaps part of the way, perhaps tilted."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar, Final

from inglenook.entities.domain import Domain, DomainService, Prepared
from inglenook.entities.fields import whole
from inglenook.entities.travel import Travelling, travel_services
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


class Cover(Travelling):
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

    current_tilt_position: int | None = None


def _toggle_tilt(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    """Close slats that are open at all, open those that are not."""
    is_open = (entity.attributes.get("current_tilt_position") or 0) > 0
    return ("close_cover_tilt" if is_open else "open_cover_tilt"), {}


COVER: Final = Domain(
    "cover",
    Cover,
    (
        *travel_services(
            "cover",
            open_=CoverFeature.OPEN,
            close=CoverFeature.CLOSE,
            set_position=CoverFeature.SET_POSITION,
            stop=CoverFeature.STOP,
            has_speed=True,
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
