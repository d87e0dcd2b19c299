"""The house's own commands, family by family."""

from typing import Final

from inglenook.web.commands import (
    blueprints,
    connection,
    device_automations,
    device_registry,
    entity_registry,
    helpers,
    history,
    home,
    integrations,
    log,
    logbook,
    named_registries,
    own,
    recorder,
    rule_configs,
    rules,
    search,
    targets,
    templates,
    traces,
    users,
)
from inglenook.web.commands.command import Command

BUNDLED: Final[dict[str, Command]] = {
    **blueprints.COMMANDS,
    **connection.COMMANDS,
    **device_automations.COMMANDS,
    **device_registry.COMMANDS,
    **entity_registry.COMMANDS,
    **helpers.COMMANDS,
    **history.COMMANDS,
    **home.COMMANDS,
    **integrations.COMMANDS,
    **log.COMMANDS,
    **logbook.COMMANDS,
    **named_registries.COMMANDS,
    **own.COMMANDS,
    **recorder.COMMANDS,
    **rules.COMMANDS,
    **search.COMMANDS,
    **targets.COMMANDS,
    **templates.COMMANDS,
    **rule_configs.COMMANDS,
    **traces.COMMANDS,
    **users.COMMANDS,
}
