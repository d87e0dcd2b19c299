"""What a command of a client is: its type, its schema, its permission and what it does."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from inglenook.auth import Permission, RefreshToken, User
from inglenook.bus import Unsubscribe
from inglenook.errors import InglenookError
from inglenook.home import Home
from inglenook.model import Context
from inglenook.web.allowance import Allowance
from inglenook.web.commands.shapes import Shape
from inglenook.web.house import House
from inglenook.web.outbox import Outbox


class CommandError(InglenookError):
    """A command that is refused.

    Attributes:
        code: a word for programs, like ``not_found``.
        message: for people.
        more: keys of the error beside these two.
    """

    def __init__(self, code: str, message: str, **more: Any) -> None:
        self.code = code
        self.message = message
        self.more = more
        super().__init__(f"{code}: {message}")


class Request(Protocol):
    """One command that came, and the way back to who sent it."""

    house: House
    home: Home
    id: int
    data: Mapping[str, Any]
    """What the schema made of the command, without ``id`` and ``type``."""
    token: RefreshToken
    outbox: Outbox
    allowance: Allowance

    @property
    def user(self) -> User:
        """Who sent it."""

    def accept(self) -> None:
        """Send that a subscription is open, before the events of it.

        Raises:
            CommandError: the client holds as many as it may.
        """

    def answer(self, result: Any) -> None:
        """Send the result now; what the command returns later is not sent."""

    def answer_once_kept(self, result: Any) -> None:
        """Send the result once what the command changed is in the database, or cannot be written there."""

    def pong(self) -> None:
        """Send a pong in place of a result."""

    def event(self, event: Any) -> None:
        """Send an event of the subscription that this command opened."""

    def subscribe(self, unsubscribe: Unsubscribe | None = None) -> None:
        """Keep a subscription open under this command's id until the client, or its end, closes it.

        Args:
            unsubscribe: called then; None for a subscription to what never changes.
        """

    def unsubscribe(self, ident: int) -> bool:
        """End a subscription of the same client; False if it has none of that id."""

    def context(self) -> Context:
        """Return a new context of the user."""


Run = Callable[[Request], Awaitable[Any] | Any]


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        type: what stands in a client's ``type``.
        permission: what its user must be allowed.
        run: does it; returns its result, or an awaitable of it. It may raise any error of the house.
        schema: turns what the client sent, without ``id`` and ``type``, into ``request.data``; a ``vol.Schema``, or any
            function that raises ``vol.Invalid``.
    """

    type: str
    permission: Permission
    run: Run
    schema: Callable[[Any], Any]


class Commands(dict[str, Command]):
    """Commands by their type."""

    def take(self, name: str, permission: Permission, run: Run, schema: Callable[[Any], Any]) -> None:
        """Take a command in whose data ``schema`` reads."""
        self[name] = Command(name, permission, run, schema)

    def command(
        self, name: str, permission: Permission, schema: Mapping[Any, Any] | None = None
    ) -> Callable[[Run], Run]:
        """Take the function below in as the command ``name``."""

        def take(run: Run) -> Run:
            self[name] = Command(name, permission, run, Shape(schema or {}))
            return run

        return take
