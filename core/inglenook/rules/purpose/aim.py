"""Aims: the ``target:`` of a purpose-specific trigger or condition, and the entities that it reaches."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import voluptuous as vol

from inglenook.bus import Unsubscribe
from inglenook.config.values import entity_ids_or_hex
from inglenook.home import Home
from inglenook.model import NO_TARGET, Context, Event, State, Target
from inglenook.registry import Registry
from inglenook.rules.firing import Arming
from inglenook.rules.purpose.sources import Sources, has
from inglenook.rules.shape import Shape, Shaped, texts

_REGISTRY_EVENTS: Final = ("entity_registry_updated", "device_registry_updated", "area_registry_updated")

OnChange = Callable[[str, State | None, State | None, Context], object]


def _ids(value: Any) -> list[str]:
    """Return ids of devices, areas, floors or labels."""
    return [one.strip() for text in texts(value) for one in text.split(",")]


_KEYS: Final[Mapping[str, Any]] = {
    "entity_id": entity_ids_or_hex,
    "device_id": _ids,
    "area_id": _ids,
    "floor_id": _ids,
    "label_id": _ids,
}


def _has_more_than_exclude(result: Shaped) -> None:
    if "exclude" in result and len(result) == 1:
        raise vol.Invalid("exclude takes entities away from a target, and there is none")


SHAPE: Final = Shape({**_KEYS, "exclude": Shape(_KEYS)}, checks=[_has_more_than_exclude])


@dataclass(frozen=True, slots=True)
class Aim:
    """A target, and what is left out of it.

    ``with_diagnostics``: devices, areas, floors and labels reach diagnostic and configuration entities, too.
    """

    target: Target
    exclude: Target = NO_TARGET
    with_diagnostics: bool = False

    @classmethod
    def of(cls, config: Mapping[str, Any], *, with_diagnostics: bool = False) -> "Aim":
        """Return the aim that a validated ``target:`` describes."""
        named = {key: tuple(ids) for key, ids in config.items() if key != "exclude"}
        excluded = {key: tuple(ids) for key, ids in config.get("exclude", {}).items()}
        return cls(Target(**named), Target(**excluded), with_diagnostics)

    @property
    def is_fixed(self) -> bool:
        """True when it names entities alone, so that it always reaches the same."""
        return self.target.is_direct and self.exclude.is_direct

    def reach(self, home: Home) -> list[str]:
        """Return the entity ids that it reaches now, whether they exist or not."""
        found = _resolve(home.registry, self.target, with_diagnostics=self.with_diagnostics)
        left_out = _resolve(home.registry, self.exclude, with_diagnostics=True)
        return [one for one in found if one not in left_out]


class AimWatch:
    """Watches every entity that an aim reaches and that belongs to ``sources``, as devices and areas come and go.

    Args:
        arming: of the trigger.
        aim: what is watched.
        sources: only entities that belong to them.
        on_change: called for each change of a member.
        on_leave: called with the id of an entity that is a member no more.
        to: only changes to one of these states; None: all.

    Attributes:
        members: their entity ids.
    """

    __slots__ = (
        "_aim", "_home", "_is_behind", "_on_change", "_on_leave", "_order", "_sources", "_states", "_to",
        "_unsubscribe", "_watched", "members",
    )  # fmt: skip

    def __init__(
        self,
        arming: Arming,
        aim: Aim,
        sources: Sources,
        on_change: OnChange,
        on_leave: Callable[[str], object],
        to: frozenset[str] | None = None,
    ) -> None:
        self._aim = aim
        self._home = arming.home
        self._sources = sources
        self._states = arming.states
        self._on_change = on_change
        self._on_leave = on_leave
        self._to = to
        self._order = arming.states.next_order()
        self._watched: dict[str, Unsubscribe] = {}
        self._is_behind = False
        self.members: dict[str, None] = {}
        self._follow()
        self._unsubscribe = (
            [] if aim.is_fixed else [arming.events.listen(event, self._moved) for event in _REGISTRY_EVENTS]
        )

    def stop(self) -> None:
        """Watch no more."""
        for unsubscribe in (*self._unsubscribe, *self._watched.values()):
            unsubscribe()
        self._watched, self._unsubscribe = {}, []

    def states(self) -> Iterator[State]:
        """Yield the states of the members."""
        for entity_id in self.members:
            state = self._home.states.get(entity_id)
            if state is not None:
                yield state

    def _follow(self) -> None:
        """Watch what the aim reaches now, and nothing else."""
        reached = dict.fromkeys(one for one in self._aim.reach(self._home) if one.partition(".")[0] in self._sources)
        for entity_id in self._watched.keys() - reached.keys():
            self._watched.pop(entity_id)()
            if entity_id in self.members:
                del self.members[entity_id]
                self._on_leave(entity_id)
        for entity_id in reached:
            if entity_id not in self._watched:
                self._watched[entity_id] = self._states.watch(entity_id, self._changed, to=self._to, order=self._order)
                self._admit(entity_id, self._home.states.get(entity_id))

    def _admit(self, entity_id: str, state: State | None) -> bool:
        """Make the entity a member if its state says that it belongs to the sources; return whether it is one."""
        if entity_id not in self.members and state is not None and has(self._sources, state):
            self.members[entity_id] = None
        return entity_id in self.members

    def _moved(self, _: Event) -> None:
        """Something in the registry changed; often many things do at once."""
        if not self._is_behind:
            self._is_behind = True
            self._home.clock.call_soon(self._catch_up)

    def _catch_up(self) -> None:
        self._is_behind = False
        if self._unsubscribe:
            self._follow()

    def _changed(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        if entity_id in self.members or self._admit(entity_id, new):
            self._on_change(entity_id, old, new, context)


def _resolve(registry: Registry, target: Target, *, with_diagnostics: bool) -> list[str]:
    return [registry.entity_id(one) or one for one in registry.resolve(target, with_diagnostics=with_diagnostics)]
