"""The house's own commands, family by family."""

from typing import Final

from inglenook.web.commands import (
    connection,
    device_registry,
    entity_registry,
    frontend,
    history,
    home,
    household,
    log,
    logbook,
    lovelace,
    named_registries,
    own,
    recorder,
    rules,
    targets,
    templates,
    units,
    users,
)
from inglenook.web.commands.command import Command

BUNDLED: Final[dict[str, Command]] = {
    **connection.COMMANDS,
    **device_registry.COMMANDS,
    **entity_registry.COMMANDS,
    **history.COMMANDS,
    **frontend.COMMANDS,
    **home.COMMANDS,
    **household.COMMANDS,
    **log.COMMANDS,
    **logbook.COMMANDS,
    **lovelace.COMMANDS,
    **named_registries.COMMANDS,
    **own.COMMANDS,
    **recorder.COMMANDS,
    **rules.COMMANDS,
    **targets.COMMANDS,
    **templates.COMMANDS,
    **units.COMMANDS,
    **users.COMMANDS,
}
