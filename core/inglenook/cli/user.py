"""``inglenook user``: who may come in, while the home runs and while it does not."""

import sys
from pathlib import Path
from typing import Any

import click

from inglenook.cli import CONFIG_OPTION, DATA_OPTION
from inglenook.cli.control import at_the_desk
from inglenook.cli.tables import ago, print_table

ROLES = ("owner", "admin", "user", "read-only")
_SHORT_PASSWORD = 8  # characters; a shorter one is warned of

_PASSWORD_OPTION = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it."
)


@click.group("user")
def command() -> None:
    """Add, list, change and remove users, and let banned addresses in again."""


@command.command("add")
@click.argument("name")
@click.option("--owner", is_flag=True, help="The user owns the home.")
@click.option("--admin", is_flag=True, help="The user may change the home.")
@click.option("--read-only", is_flag=True, help="The user may look and not touch.")
@click.option("--local-only", is_flag=True, help="The user comes in from the home's own network alone.")
@click.option("--display-name", default=None, help="How the user is shown; otherwise NAME.")
@_PASSWORD_OPTION
@CONFIG_OPTION
@DATA_OPTION
def add(
    name: str,
    owner: bool,
    admin: bool,
    read_only: bool,
    local_only: bool,
    display_name: str | None,
    password_stdin: bool,
    config: Path,
    data: Path | None,
) -> None:
    """Let a person in, who logs in with NAME and a password."""
    roles = [role for role, is_given in (("owner", owner), ("admin", admin), ("read-only", read_only)) if is_given]
    if len(roles) > 1:
        raise click.UsageError(f"expected one of --owner, --admin and --read-only, got --{' and --'.join(roles)}")
    given = {
        "username": name,
        "password": _password(from_stdin=password_stdin),
        "role": roles[0] if roles else "user",
        "name": display_name,
        "local_only": local_only,
    }
    made = at_the_desk(config, data, "add_user", given, is_new_ok=True)
    click.echo(f"{made['username']} may come in as {made['role']}")
    if not made["has_admin"]:
        click.echo("nobody looks after this home yet; add somebody with --owner", err=True)


@command.command("list")
@CONFIG_OPTION
@DATA_OPTION
def list_users(config: Path, data: Path | None) -> None:
    """List the users, what they may, and when they were here."""
    users = at_the_desk(config, data, "users", {})
    print_table(
        ("user", "name", "role", "second step", "tokens", "last seen"),
        [
            (
                user["username"] or user["id"], user["name"],
                _rights(user),
                "yes" if user["has_totp"] else "no", str(user["tokens"]), ago(user["last_used_at"]),
            )
            for user in users
        ],
        empty="no users yet; let one in with: inglenook user add NAME --owner",
    )  # fmt: skip


@command.command("password")
@click.argument("name")
@_PASSWORD_OPTION
@CONFIG_OPTION
@DATA_OPTION
def password(name: str, password_stdin: bool, config: Path, data: Path | None) -> None:
    """Give the user NAME another password. Who is logged in stays so."""
    at_the_desk(config, data, "set_password", {"user": name, "password": _password(from_stdin=password_stdin)})
    click.echo(f"{name} has another password")


@command.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@CONFIG_OPTION
@DATA_OPTION
def change_role(name: str, role: str, config: Path, data: Path | None) -> None:
    """Make the user NAME owner, admin, user or read-only."""
    at_the_desk(config, data, "set_role", {"user": name, "role": role})
    click.echo(f"{name} is {role} now")


@command.command("remove")
@click.argument("name")
@CONFIG_OPTION
@DATA_OPTION
def remove(name: str, config: Path, data: Path | None) -> None:
    """Forget the user NAME: all its tokens end, and its sockets close."""
    at_the_desk(config, data, "remove_user", {"user": name})
    click.echo(f"{name} is removed")


@command.command("totp")
@click.argument("name")
@click.option("--off", is_flag=True, help="Ask for no code any more.")
@CONFIG_OPTION
@DATA_OPTION
def totp(name: str, off: bool, config: Path, data: Path | None) -> None:
    """Ask the user NAME for a code of an authenticator app at each log-in."""
    if off:
        at_the_desk(config, data, "set_totp", {"user": name, "secret": None, "code": ""})
        click.echo(f"{name} logs in without a code")
        return
    made = at_the_desk(config, data, "begin_totp", {"user": name})
    if sys.stdout.isatty():
        import segno  # noqa: PLC0415 - nothing else here draws

        segno.make(made["address"]).terminal(compact=True)
    click.echo(f"Enter this in the authenticator app: {made['secret']}\nor this address: {made['address']}")
    given = {"user": name, "secret": made["secret"], "code": click.prompt("The code that it shows")}
    at_the_desk(config, data, "set_totp", given)
    click.echo(f"{name} logs in with a code from now on")


@command.command("bans")
@CONFIG_OPTION
@DATA_OPTION
def bans(config: Path, data: Path | None) -> None:
    """List the addresses that are shut out after too many failed log-ins."""
    found = at_the_desk(config, data, "bans", {})
    rows = [(ban["address"], ago(ban["banned_at"])) for ban in found]
    print_table(("address", "since"), rows, empty="no address is shut out")


@command.command("unban")
@click.argument("address")
@CONFIG_OPTION
@DATA_OPTION
def unban(address: str, config: Path, data: Path | None) -> None:
    """Let ADDRESS in again."""
    at_the_desk(config, data, "unban", {"address": address})
    click.echo(f"{address} may come again")


def _rights(user: dict[str, Any]) -> str:
    limits = (("kept out", not user["is_active"]), ("local only", user["local_only"]))
    return ", ".join([user["role"], *(limit for limit, is_so in limits if is_so)])


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    else:
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if 0 < len(given) < _SHORT_PASSWORD:
        click.echo(
            f"a password of {len(given)} characters is soon guessed; {_SHORT_PASSWORD} or more are better", err=True
        )
    return given
