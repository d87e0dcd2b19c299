"""What one device, and all of them together, may ask of the hub."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeviceLimits:
    """The bounds of the device gateway; the defaults are those that the protocol promises to devices.

    Attributes:
        rate_per_s: messages a second that one device may send for ever; above it the hub stops reading its socket.
        burst: messages that one device may send at once on top of that.
        grace_s: seconds that a device may be without a socket before its entities are ``unavailable``.
        heartbeat_s: longest time between two pings, for a device that names none of its own.
        max_frame: bytes of one frame; a longer one closes the socket.
        max_devices: sockets open at once.
        session_ttl_s: seconds that a session outlives its socket.
        queue_commands: commands that wait for one device.
        unsent_bytes: bytes that wait in one device's socket before it counts as one that never reads.
        blocked_s: seconds that a socket may take nothing at all.
        hello_s: seconds from the upgrade to the first frame.
        pairing_s: seconds that a pairing window stays open.
    """

    rate_per_s: float = 20.0
    burst: int = 60
    grace_s: float = 10.0
    heartbeat_s: float = 30.0
    max_frame: int = 8192
    max_devices: int = 10_000
    session_ttl_s: float = 3600.0
    queue_commands: int = 64
    unsent_bytes: int = 32_768
    blocked_s: float = 5.0
    hello_s: float = 10.0
    pairing_s: float = 300.0
