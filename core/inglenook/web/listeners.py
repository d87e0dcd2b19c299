"""Who wants to hear of one thing: all are told in turn, and one that fails does not keep the others from theirs."""

import logging
from collections.abc import Callable
from typing import Generic, ParamSpec

from inglenook.bus import Unsubscribe

_log = logging.getLogger(__name__)

Told = ParamSpec("Told")


class Listeners(Generic[Told]):
    """The listeners of one thing, in the order they came.

    Args:
        what: they hear of, for the log.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._listeners: dict[object, Callable[Told, object]] = {}

    def add(self, listener: Callable[Told, object]) -> Unsubscribe:
        """Call ``listener`` whenever there is something to tell; the unsubscriber may be called more than once."""
        token = object()
        self._listeners[token] = listener

        def unsubscribe() -> None:
            self._listeners.pop(token, None)

        return unsubscribe

    def tell(self, *args: Told.args, **kwargs: Told.kwargs) -> None:
        """Call each of them; who comes meanwhile is not told."""
        for listener in tuple(self._listeners.values()):
            try:
                listener(*args, **kwargs)
            except Exception:  # noqa: BLE001 - whatever one does, the others and whoever tells go on
                _log.exception("%r failed on %s", listener, self._what)

    def __len__(self) -> int:
        return len(self._listeners)
