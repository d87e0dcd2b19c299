"""``inglenook run``: the home, in the foreground."""

import asyncio
import errno
import gc
import logging
import socket
import sys
from pathlib import Path

import click

from inglenook.cli import CONFIG_OPTION, DATA_OPTION


@click.command("run")
@CONFIG_OPTION
@DATA_OPTION
@click.option("--host", default=None, help="Listen on this address instead of the configured one.")
@click.option("--port", default=None, type=click.IntRange(0, 65535), help="Listen on this port; 0: any free one.")
@click.option("--verbose", "-v", is_flag=True, help="Log everything, not only what matters.")
def command(config: Path, data: Path | None, host: str | None, port: int | None, verbose: bool) -> None:
    """Run the home until SIGTERM or Ctrl-C."""
    from inglenook.cli.console import Console  # noqa: PLC0415 - the web and all, which other commands do not need
    from inglenook.config.configuration import read_configuration  # noqa: PLC0415
    from inglenook.server.running import HomeServer  # noqa: PLC0415

    console = Console(sys.stdout)
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO,
        handlers=[console.log_handler()],
        format="%(message)s",
    )
    for name in ("aiohttp", "asyncio", "watchfiles", "inglenook.web.app"):  # the console says where it listens
        logging.getLogger(name).setLevel(logging.WARNING)
    gc.disable()  # what is read now stays for good; HomeServer.start enables it again
    configuration = read_configuration(config, data=data, or_last_good=True)

    async def run() -> int:
        server = HomeServer(configuration, host=host, port=port)
        await server.run(console.show_started)
        return server.exit_status

    try:
        with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
            status = runner.run(run())
    except OSError as error:
        raise click.ClickException(_why_not_listening(error, host or configuration.http.host)) from error
    click.echo("stopped, to be started again" if status else "stopped")
    sys.exit(status)


def _fastest_loop() -> "type[asyncio.AbstractEventLoop] | None":
    """Return uvloop's loop if it is installed (the extra ``uvloop``), else None for asyncio's own."""
    try:
        import uvloop  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        return None
    loop: type[asyncio.AbstractEventLoop] = uvloop.Loop
    return loop


def _why_not_listening(error: OSError, host: str) -> str:
    text = error.strerror or str(error)
    if isinstance(error, socket.gaierror):
        return f"cannot listen on {host}: {text}; expected an address of this machine"
    if error.errno == errno.EADDRINUSE:
        return f"{text}; another program listens there: stop it, or choose another port with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{text}; {host} is no address of this machine"
    return text
