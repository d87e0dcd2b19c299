"""Devices as a list of devices shows them."""

from collections.abc import Callable, Set
from math import inf
from typing import Any, Final

from inglenook.clock import Timer
from inglenook.devices import DeviceSession
from inglenook.home import Home

LOOK_S: Final = 1.0
LOOKED_AT: Final = 250  # devices at once


def device_report(home: Home) -> list[dict[str, Any]]:
    """Return every device that is known or may connect, by id, with its state and counters."""
    allowed = set(home.devices.allowed())
    return [_row(home, device_id, device_id in allowed) for device_id in sorted(_known(home, allowed))]


class DeviceWatch:
    """Tells of every device, then of those that changed: ``devices`` first, then ``changed`` and ``removed``.

    Args:
        home: whose devices.
        tell: called with what there is to tell.
    """

    def __init__(self, home: Home, tell: Callable[[dict[str, Any]], object]) -> None:
        self._home = home
        self._tell = tell
        self._told: dict[str, dict[str, Any]] = {}
        self._ahead: list[str] = []  # whom this round still has to look at, in reverse
        self._timer: Timer | None = None

    def start(self) -> None:
        """Tell of every device, and begin to look."""
        rows = device_report(self._home)
        self._told = {row["device"]: row for row in rows}
        self._tell({"devices": rows})
        self._timer = self._home.clock.call_later(LOOK_S, self._look)

    def close(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        """Look at the next of them: all in a usual home, and in a large one so many that the home does not notice."""
        self._timer = self._home.clock.call_later(LOOK_S, self._look)
        allowed = set(self._home.devices.allowed())
        known = _known(self._home, allowed)
        if not self._ahead:
            self._ahead = sorted(known | self._told.keys(), reverse=True)
        looked, self._ahead = self._ahead[-LOOKED_AT:], self._ahead[:-LOOKED_AT]
        rows = {one: _row(self._home, one, one in allowed) for one in looked if one in known}
        changed = [row for one, row in rows.items() if self._told.get(one) != row]
        removed = [one for one in looked if one not in known and one in self._told]
        for one in removed:
            del self._told[one]
        self._told.update(rows)
        if changed or removed:
            self._tell({"changed": changed, "removed": removed})


def _known(home: Home, allowed: Set[str]) -> set[str]:
    return {*allowed, *(session.device_id for session in home.devices)}


def _row(home: Home, device_id: str, is_allowed: bool) -> dict[str, Any]:
    session = home.devices.get(device_id)
    entry = home.registry.device_of("device", device_id)
    row: dict[str, Any] = {
        "device": device_id,
        "name": (entry and (entry.name_by_user or entry.name)) or device_id,
        "id": entry.id if entry else None,
        "area": entry.area_id if entry else None,
        "model": entry.model if entry else None,
        "status": _status(session, is_allowed),
        "battery": _battery(home, session) if session else None,
        "entities": len(session.inventory.entities) if session else 0,
        "last_seen": None,
        "messages": 0,
        "bytes": 0,
        "reconnects": 0,
        "waiting": 0,
        "gaps": 0,
        "lag_s": None,
    }
    if session is not None:
        found = session.statistics()
        row |= {
            "last_seen": found.last_seen or None,
            "messages": found.messages,
            "bytes": found.bytes,
            "reconnects": found.reconnects,
            "waiting": found.queue,
            "gaps": found.gaps,
            "lag_s": found.lag_s,
        }
    return row


def _status(session: DeviceSession | None, is_allowed: bool) -> str:
    if not is_allowed:
        return "revoked"
    if session is None:
        return "never seen"
    if session.connection is not None:
        return "connected"
    return "asleep" if 0 < session.dispatcher.back_in_s < inf else "away"


def _battery(home: Home, session: DeviceSession) -> float | bool | None:
    """Return how full a device's battery is in percent; False for one that is low, True for one that is not."""
    for entity in session.inventory.entities.values():
        if entity.device_class != "battery":
            continue
        state = home.states.get(entity.entity_id)
        if state is not None and entity.domain == "binary_sensor" and state.state in ("on", "off"):
            return state.state == "off"
        try:
            return round(float(state.state), 1) if state is not None else None
        except ValueError:
            return None
    return None
