"""Rules as the engine is given them, and what it tells of them: plain values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from inglenook.config.trees import keys_in, start_of
from inglenook.errors import ConfigError, Position
from inglenook.rules.run import Outcome
from inglenook.rules.shape import Shaped

_OF_PURPOSES: Final = frozenset({"condition", "options", "for"})  # the keys of a condition that looks back


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A validated automation or script.

    Attributes:
        raw: as a person wrote it.
        config: the same, validated: new spellings, values in their final form. An automation's conditions and actions
            stay as they were written, for most memory would go there; :meth:`whole` has them too.
        checked_at: where it began in its file when it was checked.
        validate: makes ``raw`` what :meth:`whole` returns, if ``config`` is not that.
        written: the same as it was written, if it is made of a blueprint: ``raw`` has that filled in.
        names_devices: whether anything in it goes by the id of a device.
        looks_back: whether one of its conditions may ask for how long something has been so, which takes watching.
    """

    raw: Mapping[str, Any]
    config: Shaped
    checked_at: Position | None = None
    validate: Callable[[Any], Shaped] | None = None
    written: Mapping[str, Any] | None = None
    names_devices: bool = field(init=False)
    looks_back: bool = field(init=False)

    def __post_init__(self) -> None:
        keys = keys_in(self.raw)  # once, for it takes a walk through all of it
        object.__setattr__(self, "names_devices", "device_id" in keys)
        object.__setattr__(self, "looks_back", keys >= _OF_PURPOSES and _looks_back(self.raw))

    def whole(self) -> Shaped:
        """Return ``config`` with its conditions and actions validated too.

        Raises:
            vol.Invalid: the rule was said to be good and is not.
        """
        return self.config if self.validate is None else self.validate(self.raw)

    @property
    def as_written(self) -> Any:
        """What a person wrote: a blueprint is named, not filled in."""
        return self.raw if self.written is None else self.written

    @property
    def position(self) -> Position | None:
        """Where it begins now: lines above it may have come or gone since it was checked."""
        return start_of(self.raw) or self.checked_at

    @property
    def id(self) -> str | None:
        """What a person or an editor knows it by; None when it has no ``id``."""
        found: str | None = self.config.get("id")
        return found

    @property
    def alias(self) -> str | None:
        """Its name, or None."""
        found: str | None = self.config.get("alias")
        return found


@dataclass(frozen=True, slots=True, eq=False)
class InvalidRule:
    """An automation or script that did not validate: it is there as an entity, unavailable, and the others load."""

    raw: Any
    errors: Sequence[ConfigError]
    position: Position | None = None

    @property
    def id(self) -> str | None:
        """Its id, if that much is right."""
        return self._text("id")

    @property
    def alias(self) -> str | None:
        """Its name, if that much is right."""
        return self._text("alias")

    @property
    def as_written(self) -> Any:
        """What a person wrote."""
        return self.raw

    @property
    def is_nameless(self) -> bool:
        """True when not even its id, alias and description are text: no entity can stand for it."""
        if not isinstance(self.raw, Mapping):
            return True
        return any(key in self.raw and not isinstance(self.raw[key], str) for key in ("id", "alias", "description"))

    def _text(self, key: str) -> str | None:
        found = self.raw.get(key) if isinstance(self.raw, Mapping) else None
        return found if isinstance(found, str) else None


def _looks_back(raw: Any) -> bool:
    waiting: list[Any] = [raw]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            kind, options = part.get("condition"), part.get("options")
            if isinstance(kind, str) and isinstance(options, dict) and "." in kind and "for" in options:
                return True
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return False


def is_same(old: Rule | InvalidRule, new: Rule | InvalidRule) -> bool:
    """True when two rules say the same; 1, 1.0 and true are equal to Python, but not the same."""
    if old.raw is new.raw:
        return type(old) is type(new)
    return type(old) is type(new) and old.raw == new.raw and repr(old.raw) == repr(new.raw)


@dataclass(frozen=True, slots=True)
class SwapReport:
    """What a swap did, as names of rules. ``refused``: why rules that are in order by themselves are left out."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    refused: tuple[ConfigError, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """A rule as a list of rules shows it. ``state`` is ``on``, ``off``, ``unavailable`` or ``disabled``.

    A script is ``on`` while it runs.
    """

    name: str
    entity_id: str
    source: str
    position: Position | None
    state: str
    last_triggered: datetime | None
    runs: int
    mode: str


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run that has ended.

    Attributes:
        rule: the rule's name.
        entity_id: its entity.
        trigger: why it ran, like ``state of light.hall``; None when a service call started it.
        outcome: how it ended.
        duration_s: from its start to its end.
        last_steps: paths of the last steps it entered, the very last at the end.
        error: what went wrong; empty otherwise.
    """

    rule: str
    entity_id: str
    trigger: str | None
    outcome: Outcome
    duration_s: float
    last_steps: tuple[str, ...]
    error: str = ""
