"""Kinds: what a trigger, a condition and an action are made of, the bundled ones and a plugin's alike.

A plugin returns them from ``register_triggers``, ``register_conditions`` and ``register_actions``. Each has a
``schema``, called once with the grammar (for kinds that hold other conditions or actions) and returning a validator of
a mapping of the kind's own keys (a ``vol.Schema`` will do), which returns a mapping; and a function that turns that
mapping into something that runs. The keys that every kind may have (``id``, ``alias``, ``enabled`` …) are seen to.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from inglenook.config.values import Validator
from inglenook.home import Home
from inglenook.rules.firing import Arming, Firing
from inglenook.rules.index import StateIndex
from inglenook.rules.run import Run
from inglenook.templates import Renderer, Template, Templates


class End:
    """The type of :data:`END`."""


END: Final = End()
"""What a step returns when the list it stands in ends here, and only that list: a condition was false."""

Variables = Mapping[str, Any]
Condition = Callable[[Variables], bool | None]
"""True or False, or None when it is disabled; raises ``ConditionError`` when it can be answered by neither."""

Pending = Awaitable[End | None]
Action = Callable[[Run], Pending | End | None]
"""Do one step: None when it is done, ``END`` when its list ends, an awaitable of either when it has to wait."""

Actions = Callable[[Run], Awaitable[None] | None]
"""Do a list of steps, to its end: None when that has come, else an awaitable."""

Disarm = Callable[[], None]
Config = Mapping[str, Any]


class Grammar(Protocol):
    """Validators of what a kind may hold; each takes one item or a list, and returns a list."""

    def triggers(self, value: Any) -> list[Config]:
        """Validate triggers."""

    def conditions(self, value: Any) -> list[Config]:
        """Validate conditions; text with a template in it is one."""

    def condition(self, value: Any) -> Config:
        """Validate one condition."""

    def actions(self, value: Any) -> list[Config]:
        """Validate actions."""


class Compiler(Protocol):
    """What a kind is compiled with."""

    home: Home
    templates: Templates
    states: StateIndex
    name: str

    def template(self, text: str) -> Template:
        """Return the compiled template."""

    def renderer(self, value: Any) -> Renderer:
        """Return what renders every template in a tree; what has none comes out as it is."""

    def duration(self, value: Any) -> Callable[[Variables], float]:
        """Return what gives the seconds of a validated or templated duration; it raises ``RunAborted``."""

    def condition(self, config: Config) -> Condition:
        """Return one condition."""

    def all_of(self, configs: Sequence[Config]) -> Condition:
        """Return whether all hold; an error is raised unless one of them is false."""

    def conditions(self, configs: Sequence[Config], what: str) -> Callable[[Variables], bool]:
        """Return whether all hold; one without an answer does not, and is logged with ``what`` it belongs to."""

    def actions(self, configs: Sequence[Config], path: str) -> Actions:
        """Return a list of steps; ``path`` is that of the list."""

    def arm(
        self,
        configs: Sequence[Config],
        variables: Variables,
        on_fire: Callable[[Firing], object],
        path: str = "trigger",
    ) -> Disarm:
        """Arm the triggers that stand at ``path`` in the rule; return how to stop them all."""


@dataclass(frozen=True, slots=True)
class TriggerKind:
    """``arm`` starts to watch and returns how to stop; whenever it happens it calls ``arming.fire``.

    ``stands_in_for``: the plugin that brings the real kind, which then takes this one's place; empty for a real one.
    """

    schema: Callable[[Grammar], Validator]
    arm: Callable[[Arming], Disarm]
    stands_in_for: str = ""


@dataclass(frozen=True, slots=True)
class ConditionKind:
    """``compile`` returns the condition for a validated mapping; ``stands_in_for`` is that of triggers."""

    schema: Callable[[Grammar], Validator]
    compile: Callable[[Config, Compiler], Condition]
    stands_in_for: str = ""


@dataclass(frozen=True, slots=True)
class ActionKind:
    """``compile`` returns the step for a validated mapping; the text is its path, for steps that hold others.

    ``may_continue``: whether ``continue_on_error`` may stand beside the kind's keys.
    """

    schema: Callable[[Grammar], Validator]
    compile: Callable[[Config, Compiler, str], Action]
    may_continue: bool = True


Kind = TypeVar("Kind", TriggerKind, ConditionKind)


class Kinds(Mapping[str, Kind]):
    """Kinds by name, most of which few homes use: these are loaded when a name that is not at hand is asked for.

    Attributes:
        at_hand: those that are there from the start.
    """

    __slots__ = ("_late", "_load", "at_hand")

    at_hand: Mapping[str, Kind]
    _load: Callable[[], Mapping[str, Kind]]

    def __init__(self, at_hand: Mapping[str, Kind], load: Callable[[], Mapping[str, Kind]]) -> None:
        self.at_hand = at_hand
        self._load = load
        self._late: Mapping[str, Kind] | None = None

    def __getitem__(self, name: str) -> Kind:
        found = self.at_hand.get(name)
        return self._loaded()[name] if found is None else found

    def __iter__(self) -> Iterator[str]:
        yield from self.at_hand
        yield from self._loaded()

    def __len__(self) -> int:
        return len(self.at_hand) + len(self._loaded())

    def _loaded(self) -> Mapping[str, Kind]:
        if self._late is None:
            self._late = self._load()
        return self._late


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every kind by its name: what follows ``trigger:`` and ``condition:``, and the key that marks an action.

    The order of ``actions`` counts: a mapping with two marks is of the kind that comes first.
    """

    triggers: Mapping[str, TriggerKind]
    conditions: Mapping[str, ConditionKind]
    actions: Mapping[str, ActionKind]

    def with_more(self, more: "Vocabulary") -> "Vocabulary":
        """Return a vocabulary that has these too; a name that is taken stays with its owner, unless that stands in."""
        if not (more.triggers or more.conditions or more.actions):
            return self
        return Vocabulary(
            {**self.triggers, **more.triggers, **_real(self.triggers)},
            {**self.conditions, **more.conditions, **_real(self.conditions)},
            {**self.actions, **more.actions, **self.actions},
        )


def _real(kinds: Mapping[str, Kind]) -> Mapping[str, Kind]:
    return {name: kind for name, kind in kinds.items() if not kind.stands_in_for}
