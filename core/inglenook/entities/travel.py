"""Travel: what covers and valves have in common, for both move between open and closed."""

from collections.abc import Mapping
from functools import partial
from inspect import signature
from typing import Any, Final, Literal

from inglenook.config.values import string
from inglenook.entities.domain import DomainService, Field, Prepare, Prepared
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import whole
from inglenook.entity import Entity

Travel = Literal["opening", "closing"]

_SPEED: Final = Field("speed", string, {"state": {}}, "How fast, in a word of the entity's own.")


class Travelling(DomainEntity):
    """What moves between open and closed.

    Attributes:
        current_position: 0 (closed) to 100 (open), None when it cannot tell.
        is_closed: for one without a position.
        travel: ``opening`` or ``closing`` while it moves.

    Whether it is closed is an attribute, too; there it is None when nothing tells.
    """

    current_position: int | None = None
    is_closed: bool | None = None
    travel: Travel | None = None

    def shown_state(self) -> StateValue:
        """Return ``opening``, ``closing``, ``open`` or ``closed``."""
        return position_state(self.current_position, self.is_closed, self.travel)

    def shown_attributes(self) -> dict[str, Any]:
        """Return ``is_closed`` and what else the fields make."""
        is_closed = self.is_closed if self.current_position is None else self.current_position == 0
        return {"is_closed": is_closed, **super().shown_attributes()}


def travel_services(
    noun: str, *, open_: int, close: int, set_position: int, stop: int, has_speed: bool = False
) -> tuple[DomainService, ...]:
    """Return the services of a domain of such entities, like ``open_cover``; ``noun`` is the end of their names.

    ``open_``, ``close``, ``set_position`` and ``stop`` are the features that an entity needs for each. With
    ``has_speed`` a call may say how fast; an entity whose method does not take ``speed`` is not told.
    """
    speed = (_SPEED,) if has_speed else ()

    def prepare(service: str) -> Prepare | None:
        return partial(_with_speed_if_taken, service) if has_speed else None

    return (
        DomainService(f"open_{noun}", "Open it.", speed, features=(open_,), prepare=prepare(f"open_{noun}")),
        DomainService(f"close_{noun}", "Close it.", speed, features=(close,), prepare=prepare(f"close_{noun}")),
        DomainService(f"stop_{noun}", "Stop it where it is.", features=(stop,)),
        DomainService(
            f"set_{noun}_position",
            "Move it to a position.",
            (whole("position", 0, 100, "Where to: 0 is closed, 100 open.", unit="%", required=True), *speed),
            features=(set_position,),
            prepare=prepare(f"set_{noun}_position"),
        ),
        DomainService(
            "toggle",
            "Stop it if it moves, open it if it is closed, else close it.",
            features=(open_ | close,),
            prepare=toggle_of(f"open_{noun}", f"close_{noun}", f"stop_{noun}", stop=stop),
        ),
    )


def _with_speed_if_taken(service: str, entity: Entity, data: Mapping[str, Any]) -> Prepared:
    """Return the call of ``service`` without its ``speed`` if the entity does not want to know."""
    if "speed" in data and not _takes_speed(type(entity), service):
        data = {name: value for name, value in data.items() if name != "speed"}
    return service, data


def _takes_speed(kind: type[Entity], service: str) -> bool:
    """Return whether entities of ``kind`` are told how fast: devices are, and a class whose method has a ``speed``."""
    method = getattr(kind, service, None)
    return method is None or "speed" in signature(method).parameters


def position_state(position: int | None, is_closed: bool | None, travel: Travel | None) -> str | None:
    """Return ``opening``, ``closing``, ``open``, ``closed``, or None when nothing tells."""
    if travel is not None:
        return travel
    if position is not None:
        is_closed = position == 0
    return None if is_closed is None else "closed" if is_closed else "open"


def toggle_of(open_: str, close: str, halt: str, *, stop: int) -> Prepare:
    """Return the preparation of a toggle: stop what moves if it can be stopped, open what is closed, else close.

    ``open_``, ``close`` and ``halt`` are the services, ``stop`` the feature of an entity that can be stopped.
    """

    def prepare(entity: Entity, data: Mapping[str, Any]) -> Prepared:
        state = entity.state
        if state in {"opening", "closing"} and entity.supported_features & stop:
            return halt, {}
        return (open_ if state in {"closed", "closing"} else close), {}

    return prepare
