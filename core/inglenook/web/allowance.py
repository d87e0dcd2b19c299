"""How much of the home's time one user may take for what is worked out again and again."""

from typing import Final

from inglenook.clock import Clock

MOST_S: Final = 5.0  # at once
SHARE: Final = 0.2  # of the time, in the long run


class Allowance:
    """Seconds that a user may take: :data:`MOST_S` at once, and :data:`SHARE` of the time after that."""

    __slots__ = ("_at", "_clock", "_left_s")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left_s = MOST_S
        self._at = clock.monotonic()

    @property
    def is_spent(self) -> bool:
        """True while more than that share was taken."""
        return self._refilled() <= 0.0

    def take(self, seconds: float) -> None:
        """Count what was taken."""
        self._left_s = self._refilled() - seconds

    def _refilled(self) -> float:
        now = self._clock.monotonic()
        self._left_s = min(self._left_s + (now - self._at) * SHARE, MOST_S)
        self._at = now
        return self._left_s


class Allowances:
    """One allowance for each user, whatever number of sockets it has."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_user: dict[str, Allowance] = {}

    def of(self, user_id: str) -> Allowance:
        """Return that of a user."""
        found = self._by_user.get(user_id)
        if found is None:
            found = self._by_user[user_id] = Allowance(self._clock)
        return found
