"""The mechanism of purpose-specific triggers: each, the first or all of the entities of a target come to match."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook.clock import Timer
from inglenook.config.values import Validator, one_of, positive_duration
from inglenook.home import Home
from inglenook.model import STATE_UNAVAILABLE, Context, State
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Grammar, TriggerKind
from inglenook.rules.purpose.aim import SHAPE as TARGET
from inglenook.rules.purpose.aim import Aim, AimWatch
from inglenook.rules.purpose.match import Match
from inglenook.rules.purpose.sources import UNKNOWN_STATES, Sources
from inglenook.rules.shape import KeyFault, Shape, Shaped

EACH: Final = "each"
FIRST: Final = "first"
ALL: Final = "all"
_FORMER: Final = {"any": EACH, "last": ALL}  # how the behaviors were called before
_SILENT: Final = frozenset({STATE_UNAVAILABLE})

Options = Mapping[str, Any]
Entities = Callable[[Options], list[str]]


def _behavior(value: Any) -> str:
    if isinstance(value, str) and value in _FORMER:
        return _FORMER[value]
    return str(one_of(EACH, FIRST, ALL)(value))


HOLDING: Final[Mapping[Any, Validator]] = {"for": positive_duration}
BEHAVING: Final[Mapping[Any, Validator]] = {vol.Optional("behavior", default=EACH): _behavior, **HOLDING}


@dataclass(frozen=True, slots=True)
class PurposeTrigger:
    """A row of the table.

    Attributes:
        sources: the entities that it may watch.
        match: makes what is asked of them, from the validated options.
        options: beside those of ``BEHAVING``, or all of them.
        entities: what it watches, from the options, instead of a target.
        is_stateless: the state is only the moment of the last event, so that it may come from ``unknown``.
        with_diagnostics: a target's areas and devices reach diagnostic entities, too.
    """

    sources: Sources
    match: Callable[[Options, Home], Match]
    options: Mapping[Any, Validator] = field(default_factory=lambda: BEHAVING)
    entities: Entities | None = None
    is_stateless: bool = False
    with_diagnostics: bool = False

    def kind(self) -> TriggerKind:
        """Return it as the vocabulary knows kinds."""
        return TriggerKind(self._schema, lambda arming: ArmedTrigger(self, arming).disarm)

    def aim(self, config: Mapping[str, Any]) -> Aim:
        """Return what a validated trigger is aimed at."""
        if self.entities is not None:
            return Aim.of({"entity_id": self.entities(config["options"])})
        return Aim.of(config["target"], with_diagnostics=self.with_diagnostics)

    def _schema(self, _: Grammar) -> Validator:
        return late_shape(self.options, has_target=self.entities is None)


def late_shape(options: Mapping[Any, Validator], *, has_target: bool) -> Validator:
    """Return the validator of a purpose-specific kind, which is made when it is first needed: there are hundreds."""
    made: list[Shape] = []

    def validate(value: Any) -> Shaped:
        if not made:
            made.append(_shape(options, has_target=has_target))
        try:
            return made[0](value)
        except vol.MultipleInvalid as errors:
            raise vol.MultipleInvalid([_advised(one, options) for one in errors.errors]) from None

    return validate


def _advised(error: vol.Invalid, options: Mapping[Any, Validator]) -> vol.Invalid:
    """Return the error, which says so if a key that is unknown here belongs under ``options``."""
    if isinstance(error, KeyFault) and len(error.path) == 1 and error.path[0] in options:
        return KeyFault("unknown key; it belongs under options", error.path)
    return error


def _shape(options: Mapping[Any, Validator], *, has_target: bool) -> Shape:
    """Options that need not be given may be left out altogether."""
    inner = Shape(options)
    must = any(isinstance(key, vol.Required) for key in options)
    key = vol.Required("options") if must else vol.Optional("options", default=inner({}))
    return Shape({vol.Required("target"): TARGET, key: inner} if has_target else {key: inner})


class ArmedTrigger:
    """One armed trigger."""

    __slots__ = ("_arming", "_behavior", "_hold_s", "_match", "_not_from", "_pending", "_watch")

    def __init__(self, row: PurposeTrigger, arming: Arming) -> None:
        options = arming.config["options"]
        self._arming = arming
        self._behavior: str = options.get("behavior", EACH)
        self._hold_s: float = options.get("for", 0.0)
        self._match = row.match(options, arming.home)
        self._not_from = _SILENT if row.is_stateless else UNKNOWN_STATES
        self._pending: dict[str, Timer] = {}
        aim = row.aim(arming.config)
        to = None if self._hold_s else self._match.states
        self._watch = AimWatch(arming, aim, row.sources, self._changed, self._left, to)
        if not self._watch.members and aim.is_fixed and not aim.target.entity_id:
            arming.log("its target names nothing, so it will never fire")

    def disarm(self) -> None:
        """Watch no more and forget every ``for`` that runs."""
        self._watch.stop()
        for key in list(self._pending):
            self._forget(key)

    def _changed(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        if self._pending:
            self._check_pending(entity_id, new)
        if old is None or new is None or old.state in self._not_from or not self._holds(new):
            return
        if not self._match.comes(old, new) or not self._is_enough(new):
            return
        if not self._hold_s:
            self._arming.fire(lambda: _payload(entity_id, old, new, None), context)
            return
        key = self._key(entity_id)
        self._forget(key)
        self._pending[key] = self._arming.home.clock.call_later(
            self._hold_s, lambda: self._held(key, entity_id, old, new, context)
        )

    def _holds(self, state: State) -> bool:
        return state.state not in UNKNOWN_STATES and self._match.holds(state)

    def _is_enough(self, new: State) -> bool:
        """Tell whether the behavior is satisfied, now that one entity has come to match."""
        if self._behavior == EACH:
            return True
        matching, counted = self._count(new)
        return matching == (1 if self._behavior == FIRST else counted)

    def _count(self, new: State | None) -> tuple[int, int]:
        """Return how many entities match, and how many take part; ``new`` is the latest state of one of them."""
        matching = counted = 0
        for latest in self._watch.states():
            state = new if new is not None and latest.entity_id == new.entity_id else latest
            if state.state not in UNKNOWN_STATES and self._match.counts(state):
                counted += 1
                matching += self._match.holds(state)
        return matching, counted

    # -- for ------------------------------------------------------------------------------------------------------

    def _key(self, entity_id: str) -> str:
        return entity_id if self._behavior == EACH else self._behavior

    def _held(self, key: str, entity_id: str, old: State, new: State, context: Context) -> None:
        del self._pending[key]
        self._arming.fire(lambda: _payload(entity_id, old, new, self._hold_s), context)

    def _check_pending(self, entity_id: str, new: State | None) -> None:
        key = self._key(entity_id)
        if key in self._pending and not self._still_holds(new):
            self._forget(key)

    def _still_holds(self, new: State | None) -> bool:
        if self._behavior != EACH:
            return self._together_hold(new)
        return new is not None and self._holds(new)

    def _together_hold(self, new: State | None) -> bool:
        matching, counted = self._count(new)
        return matching > 0 and (self._behavior == FIRST or matching == counted)

    def _left(self, entity_id: str) -> None:
        key = self._key(entity_id)
        if key == entity_id or (key in self._pending and not self._together_hold(None)):
            self._forget(key)

    def _forget(self, key: str) -> None:
        if (timer := self._pending.pop(key, None)) is not None:
            timer.cancel()


def _payload(entity_id: str, old: State, new: State, seconds: float | None) -> dict[str, Any]:
    return {
        "entity_id": entity_id,
        "from_state": old,
        "to_state": new,
        "for": None if seconds is None else timedelta(seconds=seconds),
        "description": f"state of {entity_id}",
    }
