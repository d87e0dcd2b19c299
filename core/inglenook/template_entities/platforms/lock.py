"""Template locks."""

from collections.abc import Awaitable
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import boolean
from inglenook.entities import Lock, LockFeature
from inglenook.model import State
from inglenook.rules.shape import template
from inglenook.template_entities.entity import TemplateEntity
from inglenook.template_entities.grammar import STATE, Platform
from inglenook.template_entities.results import Results
from inglenook.templates import truthy

_MOVING: Final = frozenset({"locking", "unlocking", "opening", "open", "jammed"})


class TemplateLock(TemplateEntity, Lock):
    """A lock; without a template for its state it is what it was last told to be."""

    TEMPLATES = ("state", "code_format")
    ACTIONS = {"open": LockFeature.OPEN}  # noqa: RUF012 - the base says that it is of the class

    def apply(self, found: Results) -> None:
        """Take the state: one of a lock's words, or whether it is locked."""
        code_format = found.get("code_format")
        self.code_format = None if code_format is None else str(code_format)
        if "state" in found:
            self._be(found.get("state"))

    def recall(self, last: State) -> None:
        """Be what it last was."""
        self._be(last.state)

    def lock(self, code: str | None = None) -> Awaitable[Any] | None:
        """Run the actions under ``lock``."""
        return self.act("lock", {"code": code}, lambda: self._told("locked"))

    def unlock(self, code: str | None = None) -> Awaitable[Any] | None:
        """Run the actions under ``unlock``."""
        return self.act("unlock", {"code": code}, lambda: self._told("unlocked"))

    def open(self, code: str | None = None) -> Awaitable[Any] | None:
        """Run the actions under ``open``."""
        return self.act("open", {"code": code}, (lambda: self._told("open")) if "open" in self.config else None)

    def _be(self, result: Any) -> None:
        word = result.lower() if isinstance(result, str) else None
        self.transition = word if word in _MOVING else None
        if result is None or word in _MOVING:
            self.is_locked = None
        else:
            self.is_locked = word == "locked" or truthy(result)

    def _told(self, word: str) -> None:
        if self.is_optimistic:
            self._be(word)


LOCK: Final = Platform(
    TemplateLock,
    {**STATE, "code_format": template, "optimistic": boolean},
    (vol.Required("lock"), vol.Required("unlock"), "open"),
)
