"""The device of these tests, and a second process that finds what a first one stored."""

from typing import Any

from inglenook.home import Home
from inglenook.restore import reopen_home
from inglenook.store import Store

ENTITIES: dict[str, dict[str, Any]] = {
    "lamp": {"domain": "light"},
    "motion": {"domain": "binary_sensor", "device_class": "motion", "name": "Hall motion"},
    "bell": {"domain": "event", "event_types": ["press", "hold"]},
    "chime": {"domain": "button"},
}


def reopened(home: Home) -> Home:
    """Return the home that another process would find in this one's store."""
    store = Store(None, home.clock)
    store.open()
    source, target = home.store._connection, store._connection
    assert source is not None
    assert target is not None
    source.backup(target)
    again = reopen_home(home.settings, home.clock, store)
    again.devices.start()
    return again
