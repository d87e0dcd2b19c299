"""``inglenook token``: long-lived tokens for programs, while the home runs and while it does not."""

from datetime import UTC, datetime
from pathlib import Path

import click

from inglenook.cli import CONFIG_OPTION, DATA_OPTION
from inglenook.cli.control import at_the_desk
from inglenook.cli.tables import ago, print_table


@click.group("token")
def command() -> None:
    """Create, list and revoke tokens."""


@command.command("create")
@click.argument("name")
@click.option("--user", required=True, help="The user for whom the token stands, with all that the user may.")
@click.option("--days", type=float, default=3650.0, show_default=True, help="Days until it ends.")
@CONFIG_OPTION
@DATA_OPTION
def create(name: str, user: str, days: float, config: Path, data: Path | None) -> None:
    """Make a long-lived token called NAME: print it, alone, on stdout. Nobody can read it again."""
    click.echo(at_the_desk(config, data, "create_token", {"name": name, "user": user, "days": days}))


@command.command("list")
@CONFIG_OPTION
@DATA_OPTION
def list_tokens(config: Path, data: Path | None) -> None:
    """List the tokens of programs and the log-ins of people, and when they were last used."""
    tokens = at_the_desk(config, data, "tokens", {})
    print_table(
        ("id", "name", "user", "kind", "made", "last used", "from", "ends"),
        [
            (
                token["id"], token["name"], token["user"], "long-lived" if token["is_long_lived"] else "log-in",
                ago(token["created_at"]), ago(token["last_used_at"]), token["last_used_ip"] or "",
                f"{datetime.fromtimestamp(token['expires_at'], UTC):%Y-%m-%d}" if token["expires_at"] else "never",
            )
            for token in tokens
        ],
        empty="no tokens yet; make one with: inglenook token create NAME --user USER",
    )  # fmt: skip


@command.command("revoke")
@click.argument("token")
@CONFIG_OPTION
@DATA_OPTION
def revoke(token: str, config: Path, data: Path | None) -> None:
    """End the token of that name or id: nothing it opened stays open."""
    at_the_desk(config, data, "revoke_token", {"token": token})
    click.echo(f"{token} is revoked")
