"""``inglenook rule``: the rules of a home."""

import asyncio
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import click

from inglenook.cli import CONFIG_OPTION, DATA_OPTION
from inglenook.cli.control import RunningHome
from inglenook.cli.tables import ago, print_table

UNBOUND: Final = 10_000  # columns: nothing is cut off in a pipe


@click.group("rule")
def command() -> None:
    """Look at rules."""


@command.command("list")
@CONFIG_OPTION
@DATA_OPTION
def list_rules(config: Path, data: Path | None) -> None:
    """List the rules, scripts last: while the home runs with state and last run, otherwise as the files hold them."""
    from inglenook.config.configuration import read_configuration  # noqa: PLC0415 - the YAML and all
    from inglenook.server.checking import check_rules  # noqa: PLC0415
    from inglenook.server.lock import is_running  # noqa: PLC0415
    from inglenook.server.rule_rows import rule_row  # noqa: PLC0415

    configuration = read_configuration(config, data=data, or_last_good=True)
    rules: list[dict[str, Any]]
    if is_running(configuration.settings.data_dir):
        rules = RunningHome(configuration.settings.data_dir).ask("GET", "/report/rules")
    else:
        result = asyncio.run(check_rules(configuration))
        rules = [rule_row(rule) for rule in (*result.rules, *result.scripts)]
    print_table(
        ("rule", "entity", "state", "mode", "last run", "where"),
        [
            (rule["name"], rule["entity_id"], rule["state"], rule["mode"], ago(rule["last_triggered"]), rule["where"])
            for rule in rules
        ],
        empty="no rules yet; put one into the rules folder, it is live as soon as it is saved",
    )


@command.command("trace")
@click.argument("rule")
@CONFIG_OPTION
@DATA_OPTION
def trace(rule: str, config: Path, data: Path | None) -> None:
    """Show the last run of RULE (its name, id, key or entity id) in the running home, step by step."""
    from rich.console import Console  # noqa: PLC0415 - needs time to load

    from inglenook.cli.trace_tree import trace_tree  # noqa: PLC0415 - the same
    from inglenook.config.configuration import read_configuration  # noqa: PLC0415 - the YAML and all
    from inglenook.server.lock import is_running  # noqa: PLC0415

    data_dir = read_configuration(config, data=data, or_last_good=True).settings.data_dir
    if not is_running(data_dir):
        raise click.ClickException(
            "the home does not run, and it is the home that has the traces; start it with: inglenook run"
        )
    found = RunningHome(data_dir).ask("GET", f"/report/trace?{urlencode({'of': rule})}")
    width = None if sys.stdout.isatty() else UNBOUND
    Console(width=width, soft_wrap=True, highlight=False).print(trace_tree(found))
