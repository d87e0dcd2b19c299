"""The house's own commands, family by family."""

from typing import Final

from inglenook.web.commands import connection, home, users
from inglenook.web.commands.command import Command

BUNDLED: Final[dict[str, Command]] = {
    **connection.COMMANDS,
    **home.COMMANDS,
    **users.COMMANDS,
}
