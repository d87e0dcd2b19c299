"""Valves of water and gas."""

from collections.abc import Mapping
from enum import IntFlag
from typing import ClassVar, Final

from inglenook.entities.domain import Domain, DomainService
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import whole
from inglenook.entities.travel import Travel, position_state, toggle_of


class ValveFeature(IntFlag):
    """What a valve can do; bits as everywhere in the field."""

    OPEN = 1
    CLOSE = 2
    SET_POSITION = 4
    STOP = 8


class Valve(DomainEntity):
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

    current_position: int | None = None
    is_closed: bool | None = None
    travel: Travel | None = None

    def shown_state(self) -> StateValue:
        """Return ``opening``, ``closing``, ``open`` or ``closed``."""
        return position_state(self.current_position, self.is_closed, self.travel)


VALVE: Final = Domain(
    "valve",
    Valve,
    (
        DomainService("open_valve", "Open it.", features=(ValveFeature.OPEN,)),
        DomainService("close_valve", "Close it.", features=(ValveFeature.CLOSE,)),
        DomainService("stop_valve", "Stop it where it is.", features=(ValveFeature.STOP,)),
        DomainService(
            "set_valve_position",
            "Move it to a position.",
            (whole("position", 0, 100, "Where to: 0 is closed, 100 open.", unit="%", required=True),),
            features=(ValveFeature.SET_POSITION,),
        ),
        DomainService(
            "toggle",
            "Stop it if it moves, open it if it is closed, else close it.",
            features=(ValveFeature.OPEN | ValveFeature.CLOSE,),
            prepare=toggle_of("open_valve", "close_valve", "stop_valve", stop=ValveFeature.STOP),
        ),
    ),
)
