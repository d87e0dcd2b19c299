"""Homes for tests: whole, in memory, under virtual time."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from inglenook.clock import VirtualClock
from inglenook.home import Home, Settings, make_home
from inglenook.store import Store

TIME_ZONE: Final = "Europe/Amsterdam"
START: Final = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo(TIME_ZONE)).timestamp()  # a Tuesday at noon


def make_virtual_home(start: float = START, settings: Settings | None = None) -> Home:
    """Return a home with nothing in it, at ``start`` (seconds since the epoch); its store is in memory."""
    settings = settings or Settings(time_zone=TIME_ZONE)
    clock = VirtualClock(start, ZoneInfo(settings.time_zone))
    store = Store(None, clock)
    store.open()
    return make_home(settings, clock, store)
