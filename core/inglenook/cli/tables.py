"""Tables and times, as a person reads them in a terminal."""

import sys
from collections.abc import Sequence
from typing import Final

import click

from inglenook.clock import Clock

_WIDEST: Final = 1_000  # where nobody looks, nothing is cut off


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> None:
    """Print ``rows`` under ``heads``, or ``empty`` when there are none."""
    if not rows:
        click.echo(empty)
        return
    from rich.console import Console  # noqa: PLC0415 - 60 ms that an empty table need not pay
    from rich.table import Table  # noqa: PLC0415

    console = Console(width=None if sys.stdout.isatty() else _WIDEST)
    table = Table(*heads, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def ago(when: float | None) -> str:
    """Return how long ago ``when`` (seconds since the epoch) was, like ``5 min``; ``never`` for None."""
    if not when:
        return "never"
    seconds = max(0.0, Clock().now() - when)
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def counted(number: int, noun: str) -> str:
    """Return ``1 rule``, ``2 rules``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
