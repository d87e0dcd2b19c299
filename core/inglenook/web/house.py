"""What the commands and routes of the client API act on."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from inglenook.auth import Auth
from inglenook.config.settings import Http
from inglenook.history import History
from inglenook.home import Home
from inglenook.rules import RuleEngine
from inglenook.web.allowance import Allowances
from inglenook.web.changed_states import ChangedStates
from inglenook.web.feeds import EntityFeed, EventFeed
from inglenook.web.figures import Figures
from inglenook.web.frontend.surface import Surface
from inglenook.web.mfa_setup import MfaSetup
from inglenook.web.persons import Persons
from inglenook.web.stores import Stores
from inglenook.web.system_log import LogMemory
from inglenook.web.tags import Tags
from inglenook.web.vitals import Vitals

Check = Callable[[], Awaitable[tuple[Sequence[str], Sequence[str]]]]


async def in_order() -> tuple[Sequence[str], Sequence[str]]:
    """Find nothing wrong: what a home without a configuration answers to who wants it checked."""
    return (), ()


@dataclass(slots=True)
class Diagnostics:
    """What tells how the home does.

    Attributes:
        vitals: the numbers by which one sees it.
        figures: what these say of each second, for as long as somebody looks.
        log: what was logged last.
        check: checks the configuration as its files are now, and returns errors and warnings.
        is_stale: whether the home runs with a configuration that its files do not hold now.
        metrics: makes the vitals into the page that is scraped, once somebody has done so.
    """

    vitals: Vitals
    figures: Figures
    log: LogMemory = field(default_factory=LogMemory)
    check: Check = in_order
    is_stale: Callable[[], bool] = bool
    metrics: Callable[[], bytes] | None = None


class Feeds:
    """What clients hear of the home as it happens.

    Attributes:
        entities: the states, for who subscribes to entities.
        events: for who subscribes to these.
        changed: gathers the states that a call changes.
        streams: how many clients are sent events over HTTP.
    """

    def __init__(self, home: Home) -> None:
        self.entities = EntityFeed(home)
        self.events = EventFeed(home)
        self.changed = ChangedStates(home.bus)
        self.streams = 0


@dataclass(slots=True)
class House:
    """The home, and what is around it for clients.

    Attributes:
        mfa: sets up the second step of a log-in.
        history: the past of the home.
        frontend: what the web frontend shows beside states.
        tags: what people scan.
        persons: who is which user.
        http: how the home listens, and whom it believes.
        allowances: how much of the home's time each user may take.
        run_state: of the home, in the words of the wire: ``STARTING``, ``RUNNING`` or ``STOPPING``.
    """

    home: Home
    auth: Auth
    mfa: MfaSetup
    engine: RuleEngine
    history: History
    frontend: Surface
    stores: Stores
    diagnostics: Diagnostics
    feeds: Feeds
    tags: Tags
    persons: Persons
    http: Http
    allowances: Allowances
    run_state: str = "STARTING"
