"""What stands in the configuration, and the entities, polls and services that are made of it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from inglenook import Home, PluginScope, ServiceValidationError
from inglenook_outside.polling import Poll
from inglenook_outside.reading import Reading

FIRST_ANSWERS_S: Final = 1.0  # how long a start waits for first answers, so that rules find states


@dataclass(slots=True)
class Made:
    """What was made of one piece of the configuration.

    Attributes:
        entities: in the order of the file.
        poll: what asks for all of them.
        undo: called when the piece is gone.
    """

    entities: Sequence[Reading] = ()
    poll: Poll | None = None
    undo: Sequence[Callable[[], object]] = field(default_factory=tuple)


class Roster:
    """What is there, by the settings it is made of. Where those stayed it is kept when others come.

    Args:
        home: where the entities live.
        scope: the plugin's.
        make: makes a piece of a kind and its settings.
    """

    def __init__(self, home: Home, scope: PluginScope, make: Callable[[str, Any], Made]) -> None:
        self._home = home
        self._scope = scope
        self._make = make
        self._there: list[tuple[str, Any, Made]] = []

    async def bring(self, wanted: Iterable[tuple[str, Any]]) -> None:
        """Bring what is there in line with ``wanted``: kinds and settings. Waits a moment for first answers."""
        fresh = list(wanted)
        before, self._there = self._there, []
        for kind, settings, made in before:
            if (kind, settings) in fresh:
                fresh.remove((kind, settings))
                self._there.append((kind, settings, made))
            else:
                self._remove(made)
        polls = [poll for kind, settings in fresh if (poll := self._add(kind, settings)) is not None]
        await _first_answers(polls)

    def _add(self, kind: str, settings: Any) -> Poll | None:
        made = self._make(kind, settings)
        for entity in made.entities:
            entity.poll = made.poll
        made.entities = [entity for entity in made.entities if self._is_added(entity)]
        self._there.append((kind, settings, made))
        if made.poll is not None and made.entities:
            made.poll.start()
            return made.poll
        return None

    def _is_added(self, entity: Reading) -> bool:
        """Add an entity; one whose unique_id is taken is told and left out, and the others are there."""
        try:
            self._scope.add_entity(entity)
        except ServiceValidationError as error:
            self._scope.log.error("%s is left out: %s", entity.name, error)  # noqa: TRY400 - told, not traced
            return False
        return True

    def _remove(self, made: Made) -> None:
        if made.poll is not None:
            made.poll.stop()
        for undo in made.undo:
            undo()
        for entity in made.entities:
            self._home.entities.remove(entity.entity_id)


async def _first_answers(polls: Sequence[Poll]) -> None:
    try:
        async with asyncio.timeout(FIRST_ANSWERS_S):
            for poll in polls:
                await poll.was_asked.wait()
    except TimeoutError:
        return
