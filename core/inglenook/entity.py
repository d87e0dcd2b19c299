"""Entities: the objects behind the states, which carry out what a service asks of them."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, ClassVar, Final

from inglenook.clock import Clock
from inglenook.errors import ServiceValidationError
from inglenook.model import NO_DATA, STATE_UNAVAILABLE, STATE_UNKNOWN, Context, State
from inglenook.registry import EntityEntry, Registry
from inglenook.registry.entries import AnyEntry
from inglenook.states import StateMachine

_NO_CAPABILITIES: Final[dict[str, Any]] = {}  # of the entries of most entities, which share it
CAUSE_S: Final = 5.0  # how long what an entity writes is taken for the effect of the last service call
_EXACT: Final = 1e15  # a float below has all its digits before the point


class Entity:
    """One thing with a state. A plugin subclasses it (or a domain's class) and gives it to ``home.entities.add``.

    A service of its domain calls the method of the same name: ``light.turn_on`` with ``{"brightness": 128}`` calls
    ``turn_on(brightness=128)``, which may be plain or ``async``. After a change of its own it calls :meth:`write`.

    Attributes:
        domain: like ``light``.
        entity_id: given when it is added; empty before.
        unique_id: what its platform knows it by; with one it is in the registry and a person may rename it.
        device_id: of its device in the registry.
        name: for people; also makes the first entity id.
        icon: like ``mdi:lamp``.
        device_class: what it measures or is, in the domain's words (``motion``, ``temperature`` …).
        unit_of_measurement: of a state that is a number.
        entity_category: ``config`` or ``diagnostic`` for what a call to an area or device does not mean.
        state: text, True/False (``on``/``off``), a number, or None (``unknown``).
        attributes: what the domain shows beside the state; replaced, never changed in place.
        capabilities: attributes that stay also while it is unavailable (``options``, ``min`` …).
        supported_features: bit mask in the domain's own bits.
        is_available: False shows it as ``unavailable``.
        force_update: every state that is written counts as a change, also the same again.
    """

    domain: ClassVar[str] = ""

    entity_id: str = ""
    unique_id: str | None = None
    device_id: str | None = None
    name: str | None = None
    icon: str | None = None
    device_class: str | None = None
    unit_of_measurement: str | None = None
    entity_category: str | None = None
    supported_features: int = 0
    state: str | bool | int | float | None = None
    attributes: Mapping[str, Any] = NO_DATA
    capabilities: Mapping[str, Any] = NO_DATA
    is_available: bool = True
    force_update: bool = False

    _directory: "Entities | None" = None
    _fixed: Mapping[str, Any] = NO_DATA
    _custom: Mapping[str, Any] = NO_DATA
    _cause: Context | None = None
    _caused_at: float = 0.0

    @property
    def is_there(self) -> bool:
        """Whether it was added, has not left, and nobody has disabled it."""
        return self._directory is not None

    @property
    def clock(self) -> Clock:
        """The home's clock. Only once the entity was added."""
        assert self._directory is not None
        return self._directory.clock

    @property
    def last_state(self) -> State | None:
        """What a former run of the hub last knew of it, until it writes; for :meth:`added`."""
        return self._directory.restored(self.entity_id) if self._directory is not None else None

    def perform(self, service: str, data: Mapping[str, Any], context: Context) -> Awaitable[Any] | Any:
        """Carry out ``service`` (without its domain) with validated ``data``; return its answer or something to await.

        What the entity writes within the next 5 s bears ``context``, so that effects can be traced to their cause.

        Raises:
            ServiceValidationError: this entity does not know the service.
        """
        method = getattr(self, service, None)
        if method is None or service.startswith("_"):
            raise ServiceValidationError(f"{self.entity_id} does not support {self.domain}.{service}")
        if self._directory is not None:
            self._cause, self._caused_at = context, self._directory.clock.monotonic()
        return method(**data)

    def write(self, context: Context | None = None) -> None:
        """Publish what the entity is now, with the context of the call that caused it. Nothing before it was added."""
        directory = self._directory
        if directory is None:
            return
        if context is None and self._cause is not None:
            if directory.clock.monotonic() - self._caused_at > CAUSE_S:
                self._cause = None
            context = self._cause
        directory.write(self, context)

    def describe(self) -> None:
        """Set ``capabilities`` and ``supported_features``. Called before they are read; for subclasses."""

    def redescribe(self) -> None:
        """Call :meth:`describe` again, after what it depends on changed; shown from the next :meth:`write` on."""
        if self._directory is not None:
            self._directory.describe(self)

    def added(self) -> None:
        """Called once the entity has its id and before its first state is written; for subclasses."""

    def removed(self) -> None:
        """Called when the entity leaves, or a person disables it; for subclasses."""

    def enabled(self) -> None:
        """Called after :meth:`added` when a person has enabled it again; for subclasses that begin elsewhere."""

    def fixed_attributes(self, entry: EntityEntry | None) -> dict[str, Any]:
        """Return the attributes that stay whatever the state: capabilities, class, unit, name, icon."""
        name = (entry.name if entry else None) or self.name
        found = {
            **self.capabilities,
            "device_class": (entry.device_class if entry else None) or self.device_class,
            "unit_of_measurement": (entry.unit_of_measurement if entry else None) or self.unit_of_measurement,
            "icon": (entry.icon if entry else None) or self.icon,
            "friendly_name": name,
            "supported_features": self.supported_features or None,
        }
        return {key: value for key, value in found.items() if value is not None}

    def all_attributes(self) -> Mapping[str, Any]:
        """Return what its state shows: what stays, what it shows beside, and over both what a person customized."""
        if not self._custom:
            return {**self._fixed, **self.attributes} if self.attributes else self._fixed
        return {**self._fixed, **self.attributes, **self._custom}


class Entities:
    """Every entity object of the home by entity id. They follow what happens to their entries in the registry.

    Attributes:
        get: returns the object behind an entity id, or None.
        customize: returns the attributes that a person wants an entity of that id to show, whatever it says itself.
    """

    def __init__(self, states: StateMachine, registry: Registry) -> None:
        self.customize: Callable[[str], Mapping[str, Any]] = lambda _: NO_DATA
        self._states = states
        self._registry = registry
        self.clock = registry.clock
        self._entities: dict[str, Entity] = {}
        self.get: Callable[[str], Entity | None] = self._entities.get
        self._disabled: dict[str, Entity] = {}
        registry.watch(self._follow)

    def __iter__(self) -> Iterator[Entity]:
        return iter(tuple(self._entities.values()))

    def __len__(self) -> int:
        return len(self._entities)

    def __contains__(self, entity_id: str) -> bool:
        return entity_id in self._entities

    def restored(self, entity_id: str) -> State | None:
        """Return what a former run of the hub last knew of ``entity_id``; None once anything was written since."""
        state = self._states.get(entity_id)
        return state if state is not None and state.is_restored else None

    def of_domain(self, domain: str) -> list[Entity]:
        """Return the entities of one domain."""
        return [entity for entity in self._entities.values() if entity.domain == domain]

    def add(self, entity: Entity, platform: str, object_id: str | None = None) -> Entity:
        """Give ``entity`` its id, register it if it has a unique id, and write its first state.

        Args:
            entity: not added before. One that a person has disabled is kept aside until it is enabled.
            platform: the integration it comes from; with ``unique_id`` it makes the registry's key.
            object_id: what the first entity id is made of; by default the entity's name.

        Raises:
            ServiceValidationError: an entity of that unique id is there already.
        """
        entity.describe()
        entry = self._register(entity, platform, object_id or entity.name or f"{platform}_{entity.unique_id}")
        if entity.entity_id in self._entities:
            raise ServiceValidationError(f"{entity.entity_id} is there already; unique_id {entity.unique_id!r} twice?")
        if entry is not None and entry.disabled_by:
            self._disabled[entity.entity_id] = entity
            return entity
        self._begin(entity, entry)
        entity.write()
        return entity

    def remove(self, entity_id: str) -> None:
        """Take an entity and its state out of the home; its registry entry stays."""
        self._disabled.pop(entity_id, None)
        self._take_out(entity_id)

    def _begin(self, entity: Entity, entry: EntityEntry | None) -> None:
        entity._directory = self  # noqa: SLF001 - the two are one mechanism
        self._fix(entity, entry)
        self._entities[entity.entity_id] = entity
        entity.added()

    def _take_out(self, entity_id: str) -> None:
        entity = self._entities.pop(entity_id, None)
        if entity is not None:
            entity._directory = None  # noqa: SLF001 - the two are one mechanism
            entity.removed()
        self._states.remove(entity_id)

    def describe(self, entity: Entity) -> None:
        """Have an entity describe itself again, and read its names and classes from the registry."""
        entity.describe()
        self._fix(entity, self._registry.entities.get(entity.entity_id))

    def refresh(self, entity_id: str) -> None:
        """Read names and classes from the registry again, after a person changed them."""
        entity = self._entities.get(entity_id)
        if entity is not None:
            self.describe(entity)
            entity.write()

    def write(self, entity: Entity, context: Context | None = None) -> State:
        """Write the entity's state and attributes to the state machine."""
        if not entity.is_available:
            fixed = entity._fixed  # noqa: SLF001 - the two are one mechanism
            return self._states.set(entity.entity_id, STATE_UNAVAILABLE, fixed, context)
        text, force = state_text(entity.state), entity.force_update
        return self._states.set(entity.entity_id, text, entity.all_attributes(), context, force_update=force)

    def _follow(self, old: AnyEntry | None, new: AnyEntry | None) -> None:
        """Do what a change in the registry asks for: go, become another id, be disabled or enabled, show a new name."""
        if not isinstance(old, EntityEntry):
            return
        if not isinstance(new, EntityEntry):
            self.remove(old.entity_id)
            return
        if new.entity_id != old.entity_id:
            self._rename(old.entity_id, new.entity_id)
        if bool(new.disabled_by) != bool(old.disabled_by):
            self._switch(new)
        self.refresh(new.entity_id)

    def _rename(self, old_id: str, new_id: str) -> None:
        """Take an object to its new entity id, and a state without one."""
        for shelf in (self._entities, self._disabled):
            if (entity := shelf.pop(old_id, None)) is not None:
                entity.entity_id = new_id
                shelf[new_id] = entity
        state = self._states.get(old_id)
        self._states.remove(old_id)
        if state is not None and new_id not in self._entities:
            self._states.set(new_id, state.state, state.attributes)

    def _switch(self, entry: EntityEntry) -> None:
        """Put an object aside, or take it back, as its entry says."""
        if entry.disabled_by:
            entity = self._entities.get(entry.entity_id)
            if entity is not None:
                self._disabled[entry.entity_id] = entity
            self._take_out(entry.entity_id)
        elif (entity := self._disabled.pop(entry.entity_id, None)) is not None:
            self._begin(entity, entry)
            entity.enabled()

    def _fix(self, entity: Entity, entry: EntityEntry | None) -> None:
        """Put together the attributes that stay whatever the state."""
        custom, fixed = self.customize(entity.entity_id), entity.fixed_attributes(entry)
        entity._custom = custom  # noqa: SLF001 - the two are one mechanism
        entity._fixed = {**fixed, **custom} if custom else fixed  # noqa: SLF001

    def _register(self, entity: Entity, platform: str, object_id: str) -> EntityEntry | None:
        if entity.unique_id is None:
            if not entity.entity_id:
                entity.entity_id = self._registry.free_entity_id(entity.domain, object_id, self._entities.__contains__)
            return None
        entry = self._registry.ensure_entity(
            entity.domain,
            platform,
            entity.unique_id,
            suggested_object_id=object_id,
            is_taken=self._entities.__contains__,
            device_id=entity.device_id,
            original_name=entity.name,
            original_icon=entity.icon,
            original_device_class=entity.device_class,
            entity_category=entity.entity_category,
            supported_features=entity.supported_features,
            capabilities=dict(entity.capabilities) or _NO_CAPABILITIES,
        )
        entity.entity_id = entry.entity_id
        return entry


def state_text(value: str | bool | int | float | None) -> str:
    """Return a state's text: True/False are ``on``/``off``, a number its shortest text, None ``unknown``."""
    if isinstance(value, str):
        return value
    if value is None:
        return STATE_UNKNOWN
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:.1f}" if value.is_integer() and abs(value) < _EXACT else f"{value:.15g}"
    return str(value)
