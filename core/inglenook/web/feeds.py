"""What many clients hear of the same event: it is made into bytes once, and each gets these behind its own id."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any, Final

from inglenook.bus import Unsubscribe
from inglenook.home import Home
from inglenook.model import EVENT_STATE_CHANGED, Event, State
from inglenook.web.encoding import compressed, difference, encode, event_as_dict
from inglenook.web.outbox import Outbox

_END: Final = b"}"


def event_head(subscription: int) -> bytes:
    """Return how an event of a subscription begins; behind it come the event and a ``}``."""
    return b'{"id":%d,"type":"event","event":' % subscription


class _Subscriber:
    """One subscription of one client."""

    __slots__ = ("head", "missed", "outbox", "wanted")

    def __init__(self, outbox: Outbox, subscription: int, wanted: Callable[[str], bool] | None) -> None:
        self.outbox = outbox
        self.head = event_head(subscription)
        self.wanted = wanted
        self.missed: dict[str, State | None] = {}  # while the client is behind: each state as it last saw it


class EntityFeed:
    """The states of a home, and how they change, for whoever subscribes to entities."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._subscribers: dict[_Subscriber, None] = {}
        self._unlisten: Unsubscribe | None = None

    def subscribe(self, outbox: Outbox, subscription: int, wanted: Callable[[str], bool] | None = None) -> Unsubscribe:
        """Send every state now, and from now on each change.

        Args:
            outbox: of the client.
            subscription: the id of its command.
            wanted: tells by an entity id whether its state is; None for all.
        """
        subscriber = _Subscriber(outbox, subscription, wanted)
        states = {
            state.entity_id: compressed(state)
            for state in self._home.states
            if wanted is None or wanted(state.entity_id)
        }
        outbox.send(subscriber.head + encode({"a": states}) + _END)
        self._subscribers[subscriber] = None
        if self._unlisten is None:
            self._unlisten = self._home.bus.listen(EVENT_STATE_CHANGED, self._changed)
        return partial(self._unsubscribe, subscriber)

    def _unsubscribe(self, subscriber: _Subscriber) -> None:
        self._subscribers.pop(subscriber, None)
        if not self._subscribers and self._unlisten is not None:
            self._unlisten()
            self._unlisten = None

    def _changed(self, event: Event) -> None:
        entity_id, old, new = event.data["entity_id"], event.data["old_state"], event.data["new_state"]
        body = b""
        for subscriber in self._subscribers:
            if subscriber.wanted is not None and not subscriber.wanted(entity_id):
                continue
            outbox = subscriber.outbox
            if outbox.is_behind:
                subscriber.missed.setdefault(entity_id, old)
                outbox.send_latest(subscriber, partial(self._missed, subscriber))
            else:
                body = body or encode(_news([(entity_id, old, new)])) + _END
                outbox.send_event(subscriber.head + body)

    def _missed(self, subscriber: _Subscriber) -> bytes | None:
        """Return what leads a client that was behind to the states that are now."""
        missed, subscriber.missed = subscriber.missed, {}
        if subscriber not in self._subscribers:
            return None
        states = self._home.states
        news = _news([(entity_id, old, states.get(entity_id)) for entity_id, old in missed.items()])
        return subscriber.head + encode(news) + _END if news else None


def _news(changes: Collection[tuple[str, State | None, State | None]]) -> dict[str, Any]:
    """Return changes as ``a`` (added), ``r`` (removed) and ``c`` (changed), each only if there are any."""
    added: dict[str, Any] = {}
    changed: dict[str, Any] = {}
    removed: list[str] = []
    for entity_id, old, new in changes:
        if new is None:
            removed.append(entity_id)
        elif old is None:
            added[entity_id] = compressed(new)
        else:
            changed[entity_id] = difference(old, new)
    return {key: news for key, news in (("a", added), ("r", removed), ("c", changed)) if news}


class EventFeed:
    """The events of a home, for whoever subscribes to a type of them or to all."""

    def __init__(self, home: Home) -> None:
        self._bus = home.bus
        self._by_type: dict[str, tuple[dict[_Subscriber, None], Unsubscribe]] = {}
        self._last: Event | None = None
        self._body = b""

    def subscribe(self, event_type: str, outbox: Outbox, subscription: int) -> Unsubscribe:
        """Send every event of ``event_type`` (``*``: of any) from now on."""
        if event_type not in self._by_type:
            subscribers: dict[_Subscriber, None] = {}
            self._by_type[event_type] = subscribers, self._bus.listen(event_type, partial(self._tell, subscribers))
        subscriber = _Subscriber(outbox, subscription, None)
        self._by_type[event_type][0][subscriber] = None
        return partial(self._unsubscribe, event_type, subscriber)

    def _unsubscribe(self, event_type: str, subscriber: _Subscriber) -> None:
        subscribers, unlisten = self._by_type.get(event_type, ({}, None))
        subscribers.pop(subscriber, None)
        if not subscribers and unlisten is not None:
            del self._by_type[event_type]
            unlisten()

    def _tell(self, subscribers: dict[_Subscriber, None], event: Event) -> None:
        if event is not self._last:
            self._body, self._last = encode(event_as_dict(event)) + _END, event
        body = self._body
        is_state = event.event_type == EVENT_STATE_CHANGED
        for subscriber in subscribers:
            if is_state:
                subscriber.outbox.send_latest((subscriber, event.data.get("entity_id")), subscriber.head + body)
            else:
                subscriber.outbox.send_event(subscriber.head + body)
