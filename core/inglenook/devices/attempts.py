"""Failed tries to come in, counted by address, so that guessing gets slower and slower."""

from typing import Final

from inglenook.clock import Clock
from inglenook.protocol.addresses import source_of

FIRST_DELAY_S: Final = 0.5
MAX_DELAY_S: Final = 30.0
_FORGET_S: Final = 600.0
_MAX_ADDRESSES: Final = 10_000


class FailedAttempts:
    """How often each address failed lately. An IPv6 host owns a /64, so all of that counts as one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: dict[str, tuple[int, float]] = {}

    def __len__(self) -> int:
        return len(self._failures)

    def count(self, address: str) -> float:
        """Count a failure and return how long to wait before it is answered, in seconds: 0.5, doubling to 30."""
        source, now = source_of(address), self._clock.monotonic()
        number, last = self._failures.pop(source, (0, now))
        number = 1 if now - last > _FORGET_S else number + 1
        if len(self._failures) >= _MAX_ADDRESSES:
            del self._failures[next(iter(self._failures))]
        self._failures[source] = (number, now)
        return float(min(FIRST_DELAY_S * 2 ** min(number - 1, 16), MAX_DELAY_S))

    def clear(self, address: str) -> None:
        """Forget the failures of an address that has shown a right token."""
        self._failures.pop(source_of(address), None)
