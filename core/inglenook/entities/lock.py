"""Locks: locking, unlocking and opening, with a code where one is asked for."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar, Final

from inglenook.entities.domain import Domain, DomainService, Prepared, known
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import word
from inglenook.entities.pattern import allows
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError


class LockFeature(IntFlag):
    """What a lock can do beside locking and unlocking."""

    OPEN = 1


class Lock(DomainEntity):
    """A lock. An author writes ``lock()`` and ``unlock()``, and ``open()`` for one that can pull the latch.

    With a ``code_format`` each of them is given ``code``.

    Attributes:
        is_locked: None while nobody knows.
        transition: ``locking``, ``unlocking`` or ``opening`` while it moves, ``open`` or ``jammed``: shown instead.
        changed_by: who or what last moved it.
        code_format: regular expression that the code of a call has to match; None when no code is needed.
    """

    domain = "lock"
    SHOWN = ("changed_by",)
    DESCRIBED = ("code_format",)
    FEATURES: ClassVar[Mapping[str, int]] = {"open": LockFeature.OPEN}

    is_locked: bool | None = None
    transition: str | None = None
    changed_by: str | None = None
    code_format: str | None = None

    def shown_state(self) -> StateValue:
        """Return the transition, else whether it is locked."""
        if self.transition or self.is_locked is None:
            return self.transition
        return "locked" if self.is_locked else "unlocked"


def _with_code(name: str) -> Any:
    """Return the preparation of service ``name``: the code must have the format that the lock asks for."""

    def prepare(entity: Entity, data: Mapping[str, Any]) -> Prepared:
        code_format = known(entity, "code_format")
        if code_format and not allows(str(code_format), data.get("code", "")):
            raise ServiceValidationError(f"{entity.entity_id}: the code does not match the format {code_format!r}")
        return name, data

    return prepare


_CODE: Final = word("code", "The code, for a lock that wants one.")

LOCK: Final = Domain(
    "lock",
    Lock,
    (
        DomainService("lock", "Lock it.", (_CODE,), prepare=_with_code("lock")),
        DomainService("unlock", "Unlock it.", (_CODE,), prepare=_with_code("unlock")),
        DomainService(
            "open", "Unlock it and pull the latch.", (_CODE,), features=(LockFeature.OPEN,), prepare=_with_code("open")
        ),
    ),
)
