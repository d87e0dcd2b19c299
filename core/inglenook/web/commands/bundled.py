"""The house's own commands, family by family."""

from typing import Final

from inglenook.web.commands import (
    blueprints,
    connection,
    device_registry,
    entity_registry,
    home,
    log,
    named_registries,
    own,
    rule_configs,
    rules,
    targets,
    templates,
    users,
)
from inglenook.web.commands.command import Command

BUNDLED: Final[dict[str, Command]] = {
    **blueprints.COMMANDS,
    **connection.COMMANDS,
    **device_registry.COMMANDS,
    **entity_registry.COMMANDS,
    **home.COMMANDS,
    **log.COMMANDS,
    **named_registries.COMMANDS,
    **own.COMMANDS,
    **rules.COMMANDS,
    **targets.COMMANDS,
    **templates.COMMANDS,
    **rule_configs.COMMANDS,
    **users.COMMANDS,
}
