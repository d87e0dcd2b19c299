"""What a device's session reaches of the home."""

from dataclasses import dataclass

from inglenook.bus import EventBus
from inglenook.clock import Clock
from inglenook.devices.ledger import Ledger
from inglenook.devices.limits import DeviceLimits
from inglenook.entity import Entities
from inglenook.registry import Registry
from inglenook.states import StateMachine


@dataclass(slots=True)
class Surroundings:
    """The parts of the home that sessions work on.

    ``limits`` may be replaced before the first device comes; ``connected`` counts those that have a socket.
    """

    bus: EventBus
    clock: Clock
    states: StateMachine
    registry: Registry
    entities: Entities
    ledger: Ledger
    limits: DeviceLimits
    connected: int = 0
