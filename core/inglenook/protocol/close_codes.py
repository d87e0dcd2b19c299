"""Why a device's socket was closed."""

from enum import IntEnum


class CloseCode(IntEnum):
    """WebSocket close codes that the hub uses; those from 4400 on are the protocol's own."""

    NORMAL = 1000
    RESTARTING = 1012  # the hub goes down; come back
    OVERLOADED = 1013  # the device does not read what it is sent
    PROTOCOL = 4400  # what came is not this protocol
    UNAUTHORIZED = 4401  # wrong or withdrawn token
    NOT_PAIRING = 4403  # nobody waits for a new device, or the person said no
    SILENT = 4408  # no hello, or no heartbeat
    REPLACED = 4409  # a newer socket of the same device took over
    TOO_MANY = 4413  # the hub holds as many devices as it may
