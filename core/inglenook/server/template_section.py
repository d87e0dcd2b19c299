"""Where a home's template entities come from: ``template:`` in its configuration, and items in the older form."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from inglenook.config.blueprints import Blueprints
from inglenook.config.configuration import Configuration
from inglenook.config.legacy_templates import HANDLED as LEGACY
from inglenook.config.legacy_templates import legacy_blocks
from inglenook.config.switch_lights import HANDLED as SWITCH_LIGHTS
from inglenook.config.switch_lights import PLATFORM as SWITCH
from inglenook.config.switch_lights import switch_lights
from inglenook.errors import ConfigError, Position
from inglenook.model import ServiceCall
from inglenook.rules.workshop import Workshop

if TYPE_CHECKING:
    from inglenook.template_entities import TemplateEntities

_log = logging.getLogger(__name__)

DOMAIN: Final = "template"
HANDLED: Final = frozenset({DOMAIN}) | LEGACY | SWITCH_LIGHTS
EVENT_RELOADED: Final = "event_template_reloaded"

Item = tuple[Any, Position | None]


class TemplateSection:
    """Reads the blocks of a home and has its template entities made of them.

    Args:
        configuration: as read at the start.
        workshop: the rule engine's; its home is offered ``template.reload``.
        blueprints: those of the home.

    Attributes:
        on_reload: called when other blueprints may be in use.
    """

    def __init__(self, configuration: Configuration, workshop: Workshop, blueprints: Blueprints) -> None:
        self.on_reload: Callable[[], object] = lambda: None
        self._configuration = configuration
        self._workshop = workshop
        self._blueprints = blueprints
        self._entities: TemplateEntities | None = None
        self._is_started = False
        workshop.home.services.register(DOMAIN, "reload", self.reload)

    def load(self) -> list[ConfigError]:
        """Take in every block; return what is wrong with those that are left out."""
        items, problems = self._items()
        lights, wrong = switch_lights(self._configuration.sections)
        problems += wrong
        if (items or lights) and self._entities is None:
            from inglenook.template_entities import TemplateEntities  # noqa: PLC0415 - 15 ms that most homes save

            self._entities = TemplateEntities(self._workshop)
            if self._is_started:
                self._entities.start()
        return problems if self._entities is None else [*problems, *self._entities.swap(items, {SWITCH: lights})]

    def start(self) -> None:
        """Let the entities follow what they depend on. Those that come later do so as they come."""
        self._is_started = True
        if self._entities is not None:
            self._entities.start()

    def stop(self) -> None:
        """Follow nothing any more."""
        if self._entities is not None:
            self._entities.stop()

    def reload(self, call: ServiceCall) -> None:
        """``template.reload``: read the configuration's blocks again.

        Raises:
            ConfigErrors: the configuration cannot be read; what is there stays.
        """
        self._configuration = self._configuration.read_again()
        for problem in self.load():
            _log.error("%s", problem)
        self.on_reload()
        self._workshop.home.bus.fire(EVENT_RELOADED, context=call.context)

    def blueprint_files(self) -> frozenset[Path]:
        """Return the files of the blueprints that blocks are made of."""
        return frozenset().union(*(self._blueprints.files(DOMAIN, raw) for raw, _ in self._items()[0]))

    def take_blueprints(self, changed: set[Path]) -> None:
        """Make the blocks anew that use what changed; when one that was in order is wrong now, all stay as they are."""
        if self._entities is None:
            return
        users = [item for item in self._items()[0] if self._blueprints.files(DOMAIN, item[0]) & changed]
        problems = self._entities.new_faults(users)
        if problems:
            told = "\n".join(map(str, problems))
            _log.error("a blueprint is refused, the template entities made of it stay as they were:\n%s", told)
        elif users:
            self.load()
            self._workshop.home.bus.fire(EVENT_RELOADED)

    def _items(self) -> tuple[list[Item], list[ConfigError]]:
        """Return every block with its place, but for switches that are lights, and what is wrong with older items."""
        sections = self._configuration.sections
        legacy, problems = legacy_blocks(sections)
        return [*sections.listed(DOMAIN), *legacy], problems
