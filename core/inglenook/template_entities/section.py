"""The section ``template:``: takes in blocks of template entities, swaps them for new versions, and ends them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from inglenook.config.trees import position_of
from inglenook.errors import ConfigError, ConfigErrors, Position, ServiceValidationError
from inglenook.model import NO_DATA
from inglenook.rules.shape import Shaped
from inglenook.rules.workshop import Workshop
from inglenook.template_entities.blocks import Block, StateBlock, TriggerBlock
from inglenook.template_entities.blueprint import settled
from inglenook.template_entities.entity import PLATFORM, Made, TemplateEntity
from inglenook.template_entities.grammar import BlockGrammar
from inglenook.template_entities.platforms import PLATFORMS

Item = tuple[Any, Position | None]


@dataclass(slots=True)
class _Loaded:
    """A block that is there, what it was made of, and that as it was written."""

    written: Any
    raw: Any
    block: Block
    platform: str


class TemplateEntities:
    """All template entities of a home.

    Args:
        workshop: the rule engine's, which compiles and arms what they are made of.
    """

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._grammar = BlockGrammar(workshop.grammar, PLATFORMS)
        self._loaded: list[_Loaded] = []
        self._is_started = False

    def check(self, raw: Any, position: Position | None = None) -> Shaped:
        """Validate one block.

        Raises:
            ConfigErrors: all that is wrong with it.
        """
        config: Shaped = self._workshop.check(raw, self._grammar, position)
        return config

    def new_faults(self, items: Iterable[Item]) -> list[ConfigError]:
        """Return what is wrong now with those of these blocks that are there; nothing is made of them."""
        problems: list[ConfigError] = []
        there = {id(one.written) for one in self._loaded}
        for written, position in items:
            if id(written) not in there:
                continue
            try:
                self.check(self._expanded(written, position), position)
            except ConfigErrors as errors:
                problems += errors.errors
        return problems

    def swap(self, items: Iterable[Item], others: Mapping[str, Iterable[Item]] = NO_DATA) -> list[ConfigError]:
        """Have exactly these blocks; those that say the same as before stay as they are.

        Args:
            items: each with its place.
            others: those whose entities are of another platform in the registry, by that.

        Returns:
            What is wrong with blocks that are left out; the others are there.
        """
        problems: list[ConfigError] = []
        before, self._loaded = self._loaded, []
        fresh: list[tuple[Any, Any, Shaped, str]] = []
        wanted = [(PLATFORM, items), *others.items()]
        for platform, written, position in ((name, *item) for name, several in wanted for item in several):
            try:
                raw = self._expanded(written, position)
            except ConfigErrors as errors:
                problems += errors.errors
                continue
            known = next((one for one in before if one.platform == platform and _is_same(one.raw, raw)), None)
            if known is not None:
                before.remove(known)
                self._loaded.append(replace(known, written=written))
                continue
            try:
                fresh.append((written, raw, self.check(raw, position), platform))
            except ConfigErrors as errors:
                problems += errors.errors
        for gone in before:
            self._remove(gone.block)
        for written, raw, config, platform in fresh:
            problems += self._add(written, raw, config, platform)
        return problems

    def start(self) -> None:
        """Render everything and arm the triggers. Blocks that come later start as they come."""
        self._is_started = True
        for loaded in self._loaded:
            loaded.block.start()

    def stop(self) -> None:
        """Follow nothing any more; the entities stay as they are."""
        for loaded in self._loaded:
            loaded.block.stop()
            for entity in loaded.block.entities:
                entity.removed()

    def _expanded(self, written: Any, position: Position | None) -> Any:
        """Return the block as it is meant, if it is made of a blueprint."""
        raw = self._workshop.expand("template", written)
        return raw if raw is written else settled(raw, position)

    def _add(self, written: Any, raw: Any, config: Shaped, platform: str) -> list[ConfigError]:
        """Make the entities of a block; return what is wrong with those that cannot be, which are left out."""
        is_triggered = "triggers" in config
        variables = {} if is_triggered else config.get("variables", {})
        made = [
            kind.entity(Made(one, self._workshop, variables, is_triggered, config.get("unique_id")))
            for name, kind in PLATFORMS.items()
            for one in config.get(name, ())
        ]
        entities: list[TemplateEntity] = []
        problems: list[ConfigError] = []
        for entity in made:
            try:
                self._workshop.home.entities.add(entity, platform, entity.object_id)
                entities.append(entity)
            except ServiceValidationError as error:
                problems.append(ConfigError(str(error), position_of(entity.config.raw, ["unique_id"])))
        block: Block = TriggerBlock(config, self._workshop, entities) if is_triggered else StateBlock(entities)
        made_of = None if problems else raw  # made anew the next time if something is wrong
        self._loaded.append(_Loaded(written, made_of, block, platform))
        if self._is_started:
            block.start()
        return problems

    def _remove(self, block: Block) -> None:
        block.stop()
        for entity in block.entities:
            self._workshop.home.entities.remove(entity.entity_id)


def _is_same(old: Any, new: Any) -> bool:
    """True when two blocks say the same; 1, 1.0 and true are equal to Python, but not the same."""
    return bool(old == new) and isinstance(old, Mapping) and repr(old) == repr(new)
