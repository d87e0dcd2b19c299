"""``inglenook device``: the devices of a home, while it runs and while it does not."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from inglenook.cli import CONFIG_OPTION, DATA_OPTION
from inglenook.cli.control import RunningHome, on_home
from inglenook.cli.tables import ago, print_table


@click.group("device")
def command() -> None:
    """Add, pair, list, watch and revoke devices."""


@command.command("list")
@CONFIG_OPTION
@DATA_OPTION
def list_devices(config: Path, data: Path | None) -> None:
    """List the devices that may connect, and how they are."""
    from inglenook.web.device_report import device_report  # noqa: PLC0415 - the web, which needs time to load

    devices = on_home(config, data, lambda home: home.ask("GET", "/devices"), device_report)
    print_table(
        ("device", "name", "state", "entities", "last seen", "messages", "reconnects", "waiting"),
        [
            (
                device["device"], device["name"], device["status"], str(device["entities"]), ago(device["last_seen"]),
                str(device["messages"]), str(device["reconnects"]), str(device["waiting"]),
            )
            for device in devices
        ],
        empty="no devices yet; let one in with: inglenook device pair, or inglenook device add ID",
    )  # fmt: skip


@command.command("add")
@click.argument("device")
@CONFIG_OPTION
@DATA_OPTION
def add(device: str, config: Path, data: Path | None) -> None:
    """Let the device of id DEVICE in: print its new token, alone, on stdout. A former token ends."""
    token = on_home(
        config,
        data,
        lambda home: home.ask("POST", f"/devices/{_quoted(device)}")["token"],
        lambda home: home.devices.add(device),
        is_new_ok=True,
    )
    click.echo(token)


@command.command("revoke")
@click.argument("device")
@CONFIG_OPTION
@DATA_OPTION
def revoke(device: str, config: Path, data: Path | None) -> None:
    """End the token of DEVICE: it is disconnected and not let in again."""
    on_home(
        config,
        data,
        lambda home: home.ask("DELETE", f"/devices/{_quoted(device)}"),
        lambda home: home.devices.revoke(device),
    )
    click.echo(f"{device} is revoked")


@command.command("pair")
@CONFIG_OPTION
@DATA_OPTION
@click.option("--yes", is_flag=True, help="Accept every device that gives the code, without asking.")
def pair(config: Path, data: Path | None, yes: bool) -> None:
    """Open the pairing window for five minutes: show the code to enter on the device, then ask whether to accept it."""
    home = _running(config, data, "pairing needs the home to run")

    async def show(line: dict[str, Any]) -> None:
        if "code" in line:
            click.echo(f"Enter this code on the device within {line['seconds'] / 60:.0f} minutes: {line['code']}")
            return
        click.echo(f"{line['device']} ({line.get('model') or 'model unknown'}) asks to be let in.")
        if yes or await asyncio.to_thread(click.confirm, "Accept it?"):
            await home.post(f"/pair/{_quoted(line['device'])}")
            click.echo(f"{line['device']} is paired.")

    home.follow("/pair", show)


@command.command("watch")
@click.argument("device", required=False)
@CONFIG_OPTION
@DATA_OPTION
def watch(device: str | None, config: Path, data: Path | None) -> None:
    """Show what devices (or DEVICE) report, and what they are told, as it happens."""
    home = _running(config, data, "there is nothing to watch")
    known: dict[str, dict[str, Any]] = {}  # attributes, by entity id

    async def show(line: dict[str, Any]) -> None:
        at = datetime.fromtimestamp(line.pop("at")).astimezone()
        name = line.pop("device", "")
        entity_id = line.pop("entity_id", "")
        what = f"{entity_id} {line.pop('event', '')} {line.pop('state', '')}".strip()
        before = {} if "told" in line else known.get(entity_id, {})
        news = {key: value for key, value in line.items() if value != before.get(key)}
        if "told" not in line:
            known[entity_id] = line
        rest = "  ".join(f"{key}={value}" for key, value in news.items() if value not in (None, {}, ""))
        click.echo(f"{at:%H:%M:%S} {name:<16} {what}  {rest}".rstrip())

    home.follow(f"/watch?device={_quoted(device)}" if device else "/watch", show)


def _quoted(device: str) -> str:
    return quote(device, safe="")


def _running(config: Path, data: Path | None, otherwise: str) -> RunningHome:
    from inglenook.config.configuration import read_configuration  # noqa: PLC0415 - the YAML and all
    from inglenook.server.lock import is_running  # noqa: PLC0415

    data_dir = read_configuration(config, data=data, or_last_good=True).settings.data_dir
    if not is_running(data_dir):
        raise click.ClickException(f"{otherwise}; start it with: inglenook run --config {config}")
    return RunningHome(data_dir)
