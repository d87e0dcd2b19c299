"""The house's own commands, family by family."""

from typing import Final

from inglenook.web.commands import connection, home, log, users
from inglenook.web.commands.command import Command

BUNDLED: Final[dict[str, Command]] = {
    **connection.COMMANDS,
    **home.COMMANDS,
    **log.COMMANDS,
    **users.COMMANDS,
}
