"""Where a home's template entities come from: ``template:`` in its configuration, and items in the older form."""

import logging
from typing import TYPE_CHECKING, Final

from inglenook.config.configuration import Configuration
from inglenook.config.legacy_templates import HANDLED as LEGACY
from inglenook.config.legacy_templates import legacy_blocks
from inglenook.errors import ConfigError
from inglenook.model import ServiceCall
from inglenook.rules.workshop import Workshop

if TYPE_CHECKING:
    from inglenook.template_entities import TemplateEntities

_log = logging.getLogger(__name__)

DOMAIN: Final = "template"
HANDLED: Final = frozenset({DOMAIN}) | LEGACY
EVENT_RELOADED: Final = "event_template_reloaded"


class TemplateSection:
    """Reads the blocks of a home and has its template entities made of them.

    Args:
        configuration: as read at the start.
        workshop: the rule engine's.
    """

    def __init__(self, configuration: Configuration, workshop: Workshop) -> None:
        self._configuration = configuration
        self._workshop = workshop
        self._entities: TemplateEntities | None = None
        self._is_started = False

    def load(self) -> list[ConfigError]:
        """Take in every block; return what is wrong with those that are left out."""
        sections = self._configuration.sections
        legacy, problems = legacy_blocks(sections)
        items = [*sections.listed(DOMAIN), *legacy]
        if items and self._entities is None:
            from inglenook.template_entities import TemplateEntities  # noqa: PLC0415 - 15 ms that most homes save

            self._entities = TemplateEntities(self._workshop)
            if self._is_started:
                self._entities.start()
        return problems if self._entities is None else [*problems, *self._entities.swap(items)]

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
        self._workshop.home.bus.fire(EVENT_RELOADED, context=call.context)
