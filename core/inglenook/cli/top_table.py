"""What ``inglenook top`` shows: a home's numbers, and how fast those that count have grown between two readings."""

from itertools import accumulate
from typing import Final

from rich.table import Table

from inglenook.rules.tally import BOUNDS_S
from inglenook.web.vitals import Snapshot

BUSIEST: Final = 5  # types of events that are shown by name


def top_table(before: Snapshot, now: Snapshot) -> Table:
    """Return the table of what happened from ``before`` to ``now``, two readings of the same home."""
    table = Table(box=None, pad_edge=False, show_header=False, title="inglenook", title_justify="left")
    table.add_column(style="bold", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for row in (*_what_happens(before, now), *_who_is_there(before, now), *_how_it_does(now)):
        table.add_row(*row)
    return table


def _what_happens(before: Snapshot, now: Snapshot) -> list[tuple[str, str, str]]:
    seconds = max(now.at - before.at, 1e-9)
    events = {name: (count - before.events.get(name, 0)) / seconds for name, count in now.events.items()}
    runs = {name: (count - before.runs.get(name, 0)) / seconds for name, count in now.runs.items()}
    busiest = sorted(((rate, name) for name, rate in events.items() if rate > 0), reverse=True)[:BUSIEST]
    times = [after - first for after, first in zip(now.times, before.times, strict=True)]
    failed = sum(rate for name, rate in runs.items() if name in ("error", "aborted"))
    return [
        (
            "events/s",
            f"{sum(events.values()):,.1f}",
            "  ".join(f"{_plain(name)} {rate:,.1f}" for rate, name in busiest),
        ),
        ("runs/s", f"{sum(runs.values()):,.1f}", f"{now.rules['runs']:,} go on, {now.rules['rules']:,} rules"),
        ("failures/s", f"{failed:,.1f}", f"{now.runs['error'] + now.runs['aborted']:,} since the start"),
        ("run takes", _quantile(times, 0.5), f"half of them; 99 %: {_quantile(times, 0.99)}"),
    ]


def _who_is_there(before: Snapshot, now: Snapshot) -> list[tuple[str, str, str]]:
    devices, clients, seconds = now.devices, now.clients, max(now.at - before.at, 1e-9)

    def rate(way: str) -> float:
        gone = before.devices[way] + before.clients[way]
        return (devices[way] + clients[way] - gone) / seconds

    away = devices["known"] - devices["connected"]
    return [
        ("devices", f"{devices['connected']:,}", f"{away:,} away, {devices['reconnects']:,} reconnects"),
        ("clients", f"{clients['clients']:,}", f"{clients['behind']:,} behind"),
        ("bytes in/s", _bytes(rate("received")), f"out {_bytes(rate('sent'))}"),
    ]


def _how_it_does(now: Snapshot) -> list[tuple[str, str, str]]:
    waiting = "  ".join(f"{name} {number:,}" for name, number in now.queues.items())
    return [
        ("queue", f"{sum(now.queues.values()):,}", waiting),
        ("loop lag", _time(now.lag_s), f"at most {_time(now.lag_max_s)} in the last minute"),
        ("memory", "unknown" if now.memory is None else _bytes(now.memory), f"{now.entities:,} entities"),
    ]


def _plain(name: str) -> str:
    """Return a name that came from outside without what a terminal or rich takes for more than text."""
    return "".join(char if char.isprintable() else "?" for char in name)[:40].replace("[", "\\[")


def _quantile(times: list[int], share: float) -> str:
    """Return the bound that this share of the runs did not exceed."""
    total = sum(times)
    if not total:
        return "-"
    for bound, below in zip(BOUNDS_S, accumulate(times), strict=False):
        if below >= share * total:
            return f"≤ {_time(bound)}"
    return f"> {_time(BOUNDS_S[-1])}"


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1000:.3g} ms" if seconds >= 0.001 else f"{seconds * 1e6:.0f} µs"


def _bytes(number: float) -> str:
    for unit in ("B", "KiB", "MiB"):
        if number < 1024:
            return f"{number:,.0f} {unit}" if unit == "B" else f"{number:,.1f} {unit}"
        number /= 1024
    return f"{number:,.1f} GiB"
