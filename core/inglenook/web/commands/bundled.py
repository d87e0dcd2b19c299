"""The house's own commands, family by family."""

from typing import Final

from inglenook.web.commands import (
    connection,
    device_automations,
    device_registry,
    entity_registry,
    helpers,
    home,
    integrations,
    log,
    named_registries,
    own,
    rules,
    search,
    targets,
    templates,
    traces,
    users,
)
from inglenook.web.commands.command import Command

BUNDLED: Final[dict[str, Command]] = {
    **connection.COMMANDS,
    **device_automations.COMMANDS,
    **device_registry.COMMANDS,
    **entity_registry.COMMANDS,
    **helpers.COMMANDS,
    **home.COMMANDS,
    **integrations.COMMANDS,
    **log.COMMANDS,
    **named_registries.COMMANDS,
    **own.COMMANDS,
    **rules.COMMANDS,
    **search.COMMANDS,
    **targets.COMMANDS,
    **templates.COMMANDS,
    **traces.COMMANDS,
    **users.COMMANDS,
}
