"""A home outlives its process: names, devices and last states are in the store, and come back at the next start.

Every state that is written goes to the store; one that comes back is marked as restored.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import msgspec

from inglenook.clock import Clock
from inglenook.devices import DeviceLimits
from inglenook.home import Home, Settings, make_home
from inglenook.model import STATE_UNAVAILABLE, Context, State
from inglenook.store import Row, Store

_log = logging.getLogger(__name__)

_TABLE: Final = "states"
_RULES: Final = frozenset({"automation", "script"})


def reopen_home(
    settings: Settings,
    clock: Clock,
    store: Store,
    *,
    limits: DeviceLimits | None = None,
    customize: Callable[[str], Mapping[str, Any]] | None = None,
    moving_in: Callable[[Home], object] | None = None,
) -> Home:
    """Put a home together with the names and last states that it had when it last ran. Blocking.

    Nothing runs in it yet: whoever wants its devices calls ``home.devices.start``.

    Args:
        settings: whose time zone becomes the clock's.
        clock: its time.
        store: is open; what is in it is what the home remembers.
        limits: of its device gateway, in place of the defaults.
        customize: returns the attributes that a person adds to the states of an entity id.
        moving_in: adds what another home knew to the registry, before last states are looked up by its names.
    """
    clock.set_time_zone(settings.time_zone)
    home = make_home(settings, clock, store)
    if limits is not None:
        home.devices.limits = limits
    if customize is not None:
        home.entities.customize = customize
    home.registry.load()
    if moving_in is not None:
        moving_in(home)
    restore_states(home)
    return home


def restore_states(home: Home) -> int:
    """Put back what the home last knew and return how many states that were; no event tells of it. Blocking.

    Called once the registry is loaded, and before devices and plugins bring their entities.
    """
    rows = home.store.load(_TABLE)
    for entity_id, state, attributes, changed_at, updated_at, context_id in rows:
        try:
            known: dict[str, Any] = msgspec.json.decode(attributes)
        except msgspec.DecodeError:
            _log.error("attributes of %s cannot be read and are left out", entity_id)
            known = {}
        home.states.restore(State(entity_id, state, known, Context(context_id), changed_at, updated_at, updated_at))
    return len(rows)


def keep_states(home: Home) -> Callable[[], None]:
    """From now on write every state to the store, in the batch of the moment; return what ends that.

    It ends before the entities go at the stop, so that what they last were is still there at the next start.

    An entity that changes a hundred times before a batch is written costs one row, which the store's thread makes.
    Of a rule that went, or cannot be read, the last state is kept: one that was off is off when it comes back.
    """
    changed: dict[str, State | None] = {}
    store = home.store

    def give() -> None:
        for entity_id, state in changed.items():
            if state is None:
                store.delete(_TABLE, entity_id)
            elif state.state != STATE_UNAVAILABLE or state.domain not in _RULES:
                store.put_made(_TABLE, entity_id, partial(_row, state))
        changed.clear()

    def stop() -> None:
        home.states.unsaved = None

    home.states.unsaved = changed
    home.states.on_unsaved = store.wake
    home.states.save = give
    store.before_write.append(give)
    return stop


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


_encode: Final = msgspec.json.Encoder(enc_hook=_plain).encode


def _row(state: State) -> Row:
    try:
        attributes = _encode(state.attributes).decode()
    except (TypeError, ValueError, RecursionError):
        _log.exception("attributes of %s cannot be stored", state.entity_id)
        attributes = "{}"
    return (
        state.entity_id, state.state, attributes, state.changed_at, state.updated_at, state.context.id,
    )  # fmt: skip
