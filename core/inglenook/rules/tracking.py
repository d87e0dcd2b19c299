"""Watched templates: rendered again when something that they looked at changes, and only then.

An entity that was looked at counts at once; a whole domain at most once a second; all states, or a template that
failed, at most once a minute; who asks for the time is rendered at every whole minute as well.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, Protocol

from inglenook.bus import Unsubscribe
from inglenook.clock import Clock, Timer, WallTimer
from inglenook.errors import TemplateError
from inglenook.model import Context, State
from inglenook.rules.index import StateIndex
from inglenook.templates import Tracked

DOMAIN_EVERY_S: Final = 1.0
EVERYTHING_EVERY_S: Final = 60.0


class Change(NamedTuple):
    """The change of state that made a template render again."""

    entity_id: str
    old: State | None
    new: State | None
    context: Context


class Trackable(Protocol):
    """A template, or several in one."""

    def track(self, variables: Mapping[str, Any]) -> Tracked:
        """Return the result and what it depends on."""


OnResult = Callable[[Any, TemplateError | None, Change | None], object]


class TemplateWatch:
    """Watches from the moment it is made, and calls ``on_result(result, error, change)`` when the result differs.

    Attributes:
        result: the last one, None when there was an error.
        error: why there is no result.
        tracked: what the last rendering gave, and what it looked at.
    """

    __slots__ = (
        "_clock", "_entities", "_groups", "_last_at", "_limiter", "_minute", "_on_result", "_order", "_states",
        "_template", "_variables", "_waiting", "error", "result", "tracked",
    )  # fmt: skip

    def __init__(
        self,
        states: StateIndex,
        clock: Clock,
        template: Trackable,
        variables: Mapping[str, Any],
        on_result: OnResult,
    ) -> None:
        self._states = states
        self._clock = clock
        self._template = template
        self._variables = variables
        self._on_result = on_result
        self._order = states.next_order()
        self._entities: dict[str, Unsubscribe] = {}
        self._groups: list[Unsubscribe] = []
        self._limiter: Timer | None = None
        self._minute: WallTimer | None = None
        self._waiting: Change | None = None
        self.tracked: Tracked | None = None
        self._last_at = 0.0
        self.result: Any = None
        self.error: TemplateError | None = None
        self._render()

    def stop(self) -> None:
        """Watch no more."""
        for unsubscribe in (*self._entities.values(), *self._groups):
            unsubscribe()
        self._entities, self._groups = {}, []
        if self._limiter is not None:
            self._limiter.cancel()
        if self._minute is not None:
            self._minute.cancel()

    def refresh(self) -> None:
        """Render again now."""
        self._render_again(None)

    def _render(self) -> None:
        tracked = self._template.track(self._variables)
        self._last_at = self._clock.monotonic()
        self.result, self.error = tracked.result, tracked.error
        self._follow(tracked)

    def _render_again(self, change: Change | None) -> None:
        if self._limiter is not None:
            self._limiter.cancel()
            self._limiter = None
        result, error = self.result, self.error
        self._render()
        is_same = result == self.result and (error is None) == (self.error is None)
        if not is_same:
            self._on_result(self.result, self.error, change)

    # -- what it looked at ----------------------------------------------------------------------------------------

    def _follow(self, tracked: Tracked) -> None:
        """Watch what this rendering looked at, and nothing else."""
        before, self.tracked = self.tracked, tracked
        if before is None or before.entities != tracked.entities:
            for entity_id in self._entities.keys() - tracked.entities:
                self._entities.pop(entity_id)()
            for entity_id in tracked.entities - self._entities.keys():
                self._entities[entity_id] = self._states.watch(entity_id, self._entity_changed, order=self._order)
        if before is None or _groups(before) != _groups(tracked):
            for unsubscribe in self._groups:
                unsubscribe()
            self._groups = self._watch_groups(tracked)
        if tracked.uses_time and (self._minute is None or not self._minute.is_pending):
            self._minute = self._clock.call_at((self._clock.now() // 60 + 1) * 60, self._minute_begins)

    def _watch_groups(self, tracked: Tracked) -> list[Unsubscribe]:
        if tracked.all_states or tracked.error is not None:
            return [self._states.watch_all(self._anything_changed, order=self._order)]
        return [
            self._states.watch_domain(domain, self._domain_changed, order=self._order)
            for domain in tracked.domains | tracked.lifecycle_domains
        ]

    def _minute_begins(self) -> None:
        self._minute = None
        self._render_again(None)

    def _entity_changed(self, *change: Any) -> None:
        self._render_again(Change(*change))

    def _domain_changed(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        tracked = self.tracked
        assert tracked is not None
        is_life = old is None or new is None
        if entity_id in tracked.entities or not (is_life or entity_id.partition(".")[0] in tracked.domains):
            return
        self._render_within(DOMAIN_EVERY_S, Change(entity_id, old, new, context))

    def _anything_changed(self, entity_id: str, old: State | None, new: State | None, context: Context) -> None:
        if entity_id not in self._entities:
            self._render_within(EVERYTHING_EVERY_S, Change(entity_id, old, new, context))

    def _render_within(self, interval_s: float, change: Change) -> None:
        """Render now if the last time was ``interval_s`` ago, else as soon as it will be."""
        wait_s = self._last_at + interval_s - self._clock.monotonic()
        self._waiting = change
        if wait_s <= 0:
            self._render_again(change)
        elif self._limiter is None or not self._limiter.is_pending:
            self._limiter = self._clock.call_later(wait_s, lambda: self._render_again(self._waiting))


def _groups(tracked: Tracked) -> tuple[Any, ...]:
    return tracked.domains, tracked.lifecycle_domains, tracked.all_states, tracked.error is None
