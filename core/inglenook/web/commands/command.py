"""What a command of a client is: its type, its schema, its permission and what it does."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from inglenook.auth import Auth, Permission, RefreshToken, User
from inglenook.bus import Unsubscribe
from inglenook.config.home_settings import HomeSettings
from inglenook.config.settings import Network
from inglenook.config.storage import StoredHelper
from inglenook.errors import InglenookError
from inglenook.history import History
from inglenook.home import Home
from inglenook.model import Context
from inglenook.rules import RuleEngine
from inglenook.web.blueprints_kept import BlueprintStore
from inglenook.web.changed_states import ChangedStates
from inglenook.web.commands.shapes import Shape
from inglenook.web.feeds import EntityFeed, EventFeed
from inglenook.web.figures import Figures
from inglenook.web.frontend.surface import Surface
from inglenook.web.items_kept import ItemStore
from inglenook.web.mfa_setup import MfaSetup
from inglenook.web.outbox import Outbox
from inglenook.web.rules_kept import RuleStore
from inglenook.web.system_log import LogMemory
from inglenook.web.vitals import Vitals


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


Check = Callable[[], Awaitable[tuple[Sequence[str], Sequence[str]]]]


async def in_order() -> tuple[Sequence[str], Sequence[str]]:
    """Find nothing wrong: what a home without a configuration answers to who wants it checked."""
    return (), ()


@dataclass(slots=True)
class House:
    """What commands act on.

    Attributes:
        history: the past of the home.
        frontend: what the web frontend shows beside states.
        run_state: of the home, in the words of the wire: ``STARTING``, ``RUNNING`` or ``STOPPING``.
        log: what was logged last.
        check: checks the configuration as its files are now, and returns errors and warnings.
        streams: how many clients are sent events over HTTP.
        changed: gathers the states that a call changes.
        vitals: the numbers by which one sees how the home does; set before anybody asks.
        figures: what these say of each second, for as long as somebody looks; set likewise.
        metrics: makes these into the page that is scraped, once somebody has done so.
        metrics_from: the networks that may scrape without a token.
        helpers: those that were made in Home Assistant's interface.
        settings: keeps what clients say of the home; set likewise.
        mfa: sets up the second step of a log-in.
        items: keeps the helpers, and whatever else clients make of sections; None in a home without plugins.
        rules: keeps what people wrote; None in a home without files.
        blueprints: keeps what rules are made of; likewise.
    """

    home: Home
    auth: Auth
    engine: RuleEngine
    entity_feed: EntityFeed
    event_feed: EventFeed
    history: History
    frontend: Surface
    run_state: str = "STARTING"
    log: LogMemory = field(default_factory=LogMemory)
    check: Check = in_order
    streams: int = 0
    changed: ChangedStates = field(init=False)
    vitals: Vitals = field(init=False)
    figures: Figures = field(init=False)
    settings: HomeSettings = field(init=False)
    mfa: MfaSetup = field(init=False)
    metrics: Callable[[], bytes] | None = None
    metrics_from: Sequence[Network] = ()
    helpers: Sequence[StoredHelper] = ()
    items: ItemStore | None = None
    rules: RuleStore | None = None
    blueprints: BlueprintStore | None = None

    def __post_init__(self) -> None:
        self.changed = ChangedStates(self.home.bus)


class Request(Protocol):
    """One command that came, and the way back to who sent it."""

    house: House
    home: Home
    id: int
    data: Mapping[str, Any]
    """What the schema made of the command, without ``id`` and ``type``."""
    token: RefreshToken
    outbox: Outbox

    @property
    def user(self) -> User:
        """Who sent it."""

    def answer(self, result: Any = None) -> None:
        """Send the result now; what the command returns later is not sent."""

    def pong(self) -> None:
        """Send a pong in place of a result."""

    def event(self, event: Any) -> None:
        """Send an event of the subscription that this command opened."""

    def subscribe(self, unsubscribe: Unsubscribe) -> None:
        """Keep a subscription open under this command's id until the client, or its end, closes it."""

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
