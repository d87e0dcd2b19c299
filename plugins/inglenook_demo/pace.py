"""Pace: simulated time, which runs faster than the clock on the wall."""

import math

from inglenook import Home

DAY_S = 86_400.0


class Pace:
    """Time in the simulated home: it starts at the hour of the real one and runs ``speed`` times as fast."""

    def __init__(self, home: Home, speed: float) -> None:
        self._clock = home.clock
        self._speed = speed
        local = home.clock.local()
        self._start_s = local.hour * 3600 + local.minute * 60 + local.second
        self._started_at = home.clock.monotonic()

    @property
    def hour(self) -> float:
        """The hour of the simulated day, 0 to 24."""
        passed = (self._clock.monotonic() - self._started_at) * self._speed
        return (self._start_s + passed) % DAY_S / 3600

    @property
    def outside_temperature(self) -> float:
        """What it is outside, in °C: coldest at four in the morning, warmest at four in the afternoon."""
        return 8.0 - 5.0 * math.cos((self.hour - 4) / 24 * math.tau)

    @property
    def daylight(self) -> float:
        """How bright the sky is, 0 (night) to 1 (noon)."""
        return max(0.0, math.sin((self.hour - 6) / 12 * math.pi))

    async def sleep(self, simulated_s: float) -> None:
        """Wait until ``simulated_s`` have passed in the simulated home."""
        await self._clock.sleep(simulated_s / self._speed)

    def real_s(self, simulated_s: float) -> float:
        """Return how long ``simulated_s`` are on the wall."""
        return simulated_s / self._speed
