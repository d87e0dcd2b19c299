"""Devices as a list of devices shows them."""

from math import inf
from typing import Any

from inglenook.devices import DeviceSession
from inglenook.home import Home


def device_report(home: Home) -> list[dict[str, Any]]:
    """Return every device that is known or may connect, by id, with its state and counters."""
    allowed = set(home.devices.allowed())
    known = {session.device_id for session in home.devices}
    return [_row(home, device_id, device_id in allowed) for device_id in sorted(allowed | known)]


def _row(home: Home, device_id: str, is_allowed: bool) -> dict[str, Any]:
    session = home.devices.get(device_id)
    entry = home.registry.device_of("device", device_id)
    row: dict[str, Any] = {
        "device": device_id,
        "name": (entry and (entry.name_by_user or entry.name)) or device_id,
        "status": _status(session, is_allowed),
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
