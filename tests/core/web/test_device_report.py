"""Devices as a list shows them."""

from inglenook.home import Home
from inglenook.testing import FakeDevice
from inglenook.web.device_report import device_report


def status(home: Home, device_id: str = "device") -> str:
    return str(next(row["status"] for row in device_report(home) if row["device"] == device_id))


async def test_a_device_is_connected_away_asleep_or_revoked(home: Home, device: FakeDevice) -> None:
    never_seen = status(home)
    device.connect()
    device.describe({"lamp": {"domain": "light"}})
    connected = status(home)
    device.drop()
    away = status(home)
    device.connect()
    device.say(type="bye", wake_in_s=600)
    asleep = status(home)
    home.devices.revoke("device")

    assert (never_seen, connected, away, asleep) == ("never seen", "connected", "away", "asleep")
    assert status(home) == "revoked"


async def test_the_counters_of_a_device_are_shown(home: Home, device: FakeDevice) -> None:
    device.connect()
    device.describe({"lamp": {"domain": "light"}})
    device.report(lamp="on")

    (row,) = device_report(home)

    assert (row["entities"], row["messages"], row["reconnects"]) == (1, 3, 0)
    assert row["last_seen"] == home.clock.now()
