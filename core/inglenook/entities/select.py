"""Selects: one of several options."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from inglenook.entities.domain import Domain, DomainService, Prepare, Prepared, known
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import flag, word
from inglenook.entities.listed import listed
from inglenook.entity import Entity


class Select(DomainEntity):
    """One of ``options`` in ``state``; what is none of them is unknown. An author writes ``select_option(option)``."""

    domain = "select"
    DESCRIBED = ("options",)

    options: tuple[str, ...] = ()

    def shown_state(self) -> StateValue:
        """Return the option."""
        return self.state if self.state in self.options else None


def _at(index: int) -> Prepare:
    """Return the preparation that chooses the option at ``index``."""

    def prepare(entity: Entity, data: Mapping[str, Any]) -> Prepared:
        options = _options(entity)
        return ("select_option", {"option": options[index]}) if options else None

    return prepare


def _moved(offset: int) -> Prepare:
    """Return the preparation that moves on by ``offset``; at an end it goes round only with ``cycle``."""

    def prepare(entity: Entity, data: Mapping[str, Any]) -> Prepared:
        options = _options(entity)
        if not options:
            return None
        current = options.index(entity.state) if entity.state in options else 0
        moved = current + offset
        moved = moved % len(options) if data["cycle"] else max(0, min(len(options) - 1, moved))
        return ("select_option", {"option": options[moved]}) if data["cycle"] or moved != current else None

    return prepare


def _options(entity: Entity) -> Sequence[Any]:
    return known(entity, "options") or ()


_CYCLE: Final = flag("cycle", "Whether to go round at the end; yes by default.", default=True)

SELECT: Final = Domain(
    "select",
    Select,
    (
        DomainService(
            "select_option",
            "Choose an option.",
            (word("option", "One of the entity's options.", required=True),),
            prepare=listed("select_option", "option", "options"),
        ),
        DomainService("select_first", "Choose the first option.", prepare=_at(0)),
        DomainService("select_last", "Choose the last option.", prepare=_at(-1)),
        DomainService("select_next", "Choose the next option.", (_CYCLE,), prepare=_moved(1)),
        DomainService("select_previous", "Choose the previous option.", (_CYCLE,), prepare=_moved(-1)),
    ),
)
