"""The devices of a home."""

from inglenook.bus import EventBus
from inglenook.clock import Clock
from inglenook.entity import Entities
from inglenook.registry import Registry
from inglenook.states import StateMachine
from inglenook.store import Store


class Devices:
    """Every known device by id."""

    def __init__(
        self,
        bus: EventBus,
        clock: Clock,
        states: StateMachine,
        registry: Registry,
        entities: Entities,
        store: Store,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._states = states
        self._registry = registry
        self._entities = entities
        self._store = store
