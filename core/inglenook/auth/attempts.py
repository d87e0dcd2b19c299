"""Failed log-ins: they get slower and slower, and an address that goes on is shut out.

Who guesses is told to wait, by address and, more gently, by username, so that many addresses guess one user's password
no faster. An address from which somebody logged in lately does not wait for what others do to its user.
"""

import logging
from collections.abc import Callable
from typing import Final

from inglenook.clock import Clock
from inglenook.errors import TooManyAttempts, UnknownEntry
from inglenook.protocol.addresses import is_this_machine, source_of
from inglenook.store import Store

_log = logging.getLogger(__name__)

FREE: Final = 3  # failures that cost nothing: fingers slip
LONGEST_WAIT_S: Final = 300.0  # of an address
LONGEST_USER_WAIT_S: Final = 30.0
FORGET_S: Final = 3_600.0
_MOST: Final = 10_000  # addresses and usernames that are remembered
_TABLE: Final = "bans"


class _Failures:
    """How often each key failed lately, and until when it has to wait."""

    def __init__(self, clock: Clock, longest_wait_s: float) -> None:
        self._clock = clock
        self._longest_wait_s = longest_wait_s
        self._known: dict[str, tuple[int, float]] = {}

    def add(self, key: str) -> int:
        number = self.number(key) + 1
        self._known.pop(key, None)
        if len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]
        self._known[key] = (number, self._clock.monotonic())
        return number

    def number(self, key: str) -> int:
        number, last = self._known.get(key, (0, 0.0))
        return number if self._clock.monotonic() - last < FORGET_S else 0

    def wait_s(self, key: str) -> float:
        number = self.number(key)
        if number < FREE:
            return 0.0
        wait_s = min(2.0 ** (min(number, 32) - FREE), self._longest_wait_s)
        return max(0.0, self._known[key][1] + wait_s - self._clock.monotonic())

    def clear(self, key: str) -> None:
        self._known.pop(key, None)


class Attempts:
    """Counts failed log-ins. Reads and writes the store's ``bans``.

    Args:
        store: keeps who is shut out.
        clock: the home's.
        threshold: failures after which an address is shut out; None for never.

    Attributes:
        on_failure: called with the address of each failed log-in, and whether it is shut out now.
    """

    def __init__(self, store: Store, clock: Clock, threshold: int | None) -> None:
        self._store = store
        self._clock = clock
        self._threshold = threshold
        self._by_address = _Failures(clock, LONGEST_WAIT_S)
        self._by_user = _Failures(clock, LONGEST_USER_WAIT_S)
        self._good: dict[tuple[str, str], None] = {}  # username and address of who logged in, the oldest first
        self._bans: dict[str, float] = {}
        self.on_failure: list[Callable[[str, bool], object]] = []

    def load(self) -> None:
        """Read who is shut out from the store. Blocking."""
        self._bans = dict(self._store.load(_TABLE))

    def is_banned(self, address: str) -> bool:
        """True when ``address`` is shut out."""
        return bool(self._bans) and self._threshold is not None and source_of(address) in self._bans

    def bans(self) -> dict[str, float]:
        """Return the addresses (networks, for IPv6) that are shut out, each with the time when that began."""
        return dict(self._bans)

    def unban(self, address: str) -> None:
        """Let ``address`` in again.

        Raises:
            UnknownEntry: it is not shut out.
        """
        source = address if address in self._bans else source_of(address)
        if self._bans.pop(source, None) is None:
            raise UnknownEntry(f"address {address} is not banned")
        self._by_address.clear(source)
        self._store.delete(_TABLE, source)

    def check(self, address: str, username: str = "") -> None:
        """Let a try go on.

        Raises:
            TooManyAttempts: it comes too early.
        """
        source = source_of(address)
        wait_s = self._by_address.wait_s(source)
        if username and (username, source) not in self._good:
            wait_s = max(wait_s, self._by_user.wait_s(username))
        if wait_s > 0:
            raise TooManyAttempts(wait_s)

    def fail(self, address: str, username: str = "") -> None:
        """Count a failure."""
        source = source_of(address)
        number = self._by_address.add(source)
        if username:
            self._by_user.add(username)
        # this machine is never shut out: behind a proxy on it that is not trusted, everybody would be
        is_banned = self._threshold is not None and number >= self._threshold and not is_this_machine(address)
        if is_banned and source not in self._bans:
            self._bans[source] = self._clock.now()
            self._store.put(_TABLE, (source, self._bans[source]))
        _log.warning("failed log-in from %s%s", address, "; it is shut out from now on" if is_banned else "")
        for callback in tuple(self.on_failure):
            callback(address, is_banned)

    def succeed(self, address: str, username: str) -> None:
        """Forget the failures of an address from which somebody logged in."""
        source = source_of(address)
        self._by_address.clear(source)
        self._good.pop((username, source), None)
        if len(self._good) >= _MOST:
            del self._good[next(iter(self._good))]
        self._good[(username, source)] = None
