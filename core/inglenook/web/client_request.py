"""One command of a client, as what carries it out sees it."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, Protocol

from inglenook.auth import RefreshToken, User
from inglenook.bus import Unsubscribe
from inglenook.home import Home
from inglenook.model import Context, new_context
from inglenook.web.allowance import Allowance
from inglenook.web.encoding import encode
from inglenook.web.feeds import event_head
from inglenook.web.house import House
from inglenook.web.outbox import Outbox

HELD_ANSWERS: Final = 8  # of one client


class Client(Protocol):
    """Who sent it: what is sent back, and what it holds.

    Attributes:
        held_answers: how many wait for the database.
    """

    outbox: Outbox
    allowance: Allowance
    held_answers: int

    def require_room(self) -> None:
        """Let one more subscription be opened, or raise ``CommandError``."""

    def subscribe(self, ident: int, unsubscribe: Unsubscribe) -> None:
        """Keep a subscription."""

    def unsubscribe(self, ident: int) -> bool:
        """End a subscription; False if there is none of that id."""


class ClientRequest:
    """One command that came, and the way back to who sent it."""

    __slots__ = ("_connection", "_given", "_is_answered", "allowance", "data", "home", "house", "id", "outbox", "token")

    def __init__(
        self, connection: Client, house: House, token: RefreshToken, ident: int, data: Mapping[str, Any]
    ) -> None:
        self._connection = connection
        self._is_answered = False
        self.house = house
        self.home: Home = house.home
        self._given = house.home.store.given
        self.outbox = connection.outbox
        self.allowance = connection.allowance
        self.token = token
        self.id = ident
        self.data = data

    @property
    def user(self) -> User:
        """Who sent it."""
        return self.token.user

    def accept(self) -> None:
        """Send that a subscription is open, before the events of it.

        Raises:
            CommandError: the client holds as many as it may.
        """
        self._connection.require_room()
        self._send(None)

    def answer(self, result: Any) -> None:
        """Send the result now; what the command returns later is not sent."""
        self._send(result)

    def answer_once_kept(self, result: Any) -> None:
        """Send the result once what the command changed is in the database, or cannot be written there.

        A client that has many commands under way waits for none of them: the rest is answered at once.
        """
        self._is_answered = True
        connection = self._connection
        if connection.held_answers >= HELD_ANSWERS:
            self._send(result)  # what it changed goes with the batch that those wait for
            return
        connection.held_answers += 1
        self.home.store.on_settled(partial(self._send_held, result))

    def _send_held(self, result: Any) -> None:
        self._connection.held_answers -= 1
        self._send(result)

    def end(self, result: Any) -> None:
        """Send what the command returned, unless it has answered; if it gave the store anything, once that is kept."""
        if self._is_answered:
            return
        if self.home.store.given != self._given:
            self.answer_once_kept(result)
        else:
            self._send(result)

    def _send(self, result: Any) -> None:
        self._is_answered = True
        self.outbox.send(b'{"id":%d,"type":"result","success":true,"result":' % self.id + encode(result) + b"}")

    def pong(self) -> None:
        """Send a pong in place of a result."""
        self._is_answered = True
        self.outbox.send(b'{"id":%d,"type":"pong"}' % self.id)

    def event(self, event: Any) -> None:
        """Send an event of the subscription that this command opened."""
        self.outbox.send_event(event_head(self.id) + encode(event) + b"}")

    def subscribe(self, unsubscribe: Unsubscribe | None = None) -> None:
        """Keep a subscription open under this command's id until the client, or its end, closes it.

        Args:
            unsubscribe: called then; None for a subscription to what never changes.
        """
        self._connection.subscribe(self.id, unsubscribe or _nothing)

    def unsubscribe(self, ident: int) -> bool:
        """End a subscription of the same client; False if it has none of that id."""
        return self._connection.unsubscribe(ident)

    def context(self) -> Context:
        """Return a new context of the user."""
        return new_context(self.home.clock.now(), user_id=self.token.user.id)


def _nothing() -> None:
    """End a subscription to what never changes."""
