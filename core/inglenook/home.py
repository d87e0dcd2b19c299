"""Home: the handful of objects that every plugin and every rule is handed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from inglenook.bus import EventBus
from inglenook.clock import Clock
from inglenook.devices import Devices
from inglenook.entity import Entities
from inglenook.registry import Registry
from inglenook.services import Services
from inglenook.states import StateMachine
from inglenook.store import Store


@dataclass(slots=True)
class Settings:
    """What a person says of the home under ``homeassistant:``, where its folders are, and what it may do beyond itself.

    ``latitude`` and ``longitude`` in degrees, ``elevation`` and ``radius`` in metres; ``unit_system`` is ``metric`` or
    ``us_customary``. ``allow_programs``: whether plugins may start programs that the configuration names.
    ``written``: the names of those that stand in the configuration, which clients do not change.
    """

    name: str = "Home"
    latitude: float = 52.37
    longitude: float = 4.89
    elevation: float = 0.0
    radius: float = 100.0
    unit_system: str = "metric"
    time_zone: str = "UTC"
    currency: str = "EUR"
    country: str | None = None
    language: str = "en"
    internal_url: str | None = None
    external_url: str | None = None
    config_dir: Path = field(default_factory=Path)
    data_dir: Path = field(default_factory=Path)
    allow_programs: bool = False
    written: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(slots=True)
class Macros:
    """What all templates of a home may import: ``files`` by the names that templates give, replaced as a whole."""

    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Home:
    """The running home. Built by :func:`make_home`; nothing in it is replaced while it runs."""

    settings: Settings
    clock: Clock
    bus: EventBus
    store: Store
    states: StateMachine
    services: Services
    registry: Registry
    entities: Entities
    devices: Devices
    macros: Macros = field(default_factory=Macros)


def make_home(settings: Settings, clock: Clock, store: Store) -> Home:
    """Put the parts of a home together; ``store`` is open."""
    bus = EventBus(clock)
    states = StateMachine(bus, clock)
    registry = Registry(bus, store, clock)
    entities = Entities(states, registry)
    return Home(
        settings=settings,
        clock=clock,
        bus=bus,
        store=store,
        states=states,
        services=Services(bus, clock),
        registry=registry,
        entities=entities,
        devices=Devices(bus, clock, states, registry, entities, store),
    )
