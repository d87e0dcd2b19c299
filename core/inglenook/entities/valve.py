"""Valves of water and gas."""

from collections.abc import Mapping
from enum import IntFlag
from typing import ClassVar, Final

from inglenook.entities.domain import Domain
from inglenook.entities.travel import Travelling, travel_services


class ValveFeature(IntFlag):
    """What a valve can do; bits as everywhere in the field."""

    OPEN = 1
    CLOSE = 2
    SET_POSITION = 4
    STOP = 8


class Valve(Travelling):
    """A valve. An author writes those of the services' methods that it can do, like ``open_valve()``.

    Attributes:
        current_position: 0 (closed) to 100 (open), None when it cannot tell.
        is_closed: for a valve without a position.
        travel: ``opening`` or ``closing`` while it moves.
    """

    domain = "valve"
    SHOWN = ("current_position",)
    FEATURES: ClassVar[Mapping[str, int]] = {
        "open_valve": ValveFeature.OPEN,
        "close_valve": ValveFeature.CLOSE,
        "set_valve_position": ValveFeature.SET_POSITION,
        "stop_valve": ValveFeature.STOP,
    }


VALVE: Final = Domain(
    "valve",
    Valve,
    travel_services(
        "valve",
        open_=ValveFeature.OPEN,
        close=ValveFeature.CLOSE,
        set_position=ValveFeature.SET_POSITION,
        stop=ValveFeature.STOP,
    ),
)
