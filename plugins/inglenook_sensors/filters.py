"""Filters: each takes the numbers of a sensor one by one, and lets pass what it makes of them."""

import statistics
from abc import ABC, abstractmethod
from collections import deque
from typing import Any, ClassVar, Final, NamedTuple

import voluptuous as vol

from inglenook.values import between, float_, integer, one_of, positive_duration, positive_int

MAX_WINDOW: Final = 10_000
Settings = dict[str, Any]


class Reading(NamedTuple):
    """A number and when it came, in seconds since the epoch."""

    at: float
    number: float


class Filter(ABC):
    """One link of a chain."""

    KEYS: ClassVar[dict[Any, Any]] = {}

    def __init__(self, settings: Settings) -> None:
        self._digits: int = settings["precision"]

    def pass_on(self, reading: Reading) -> Reading | None:
        """Return what becomes of a reading, rounded; None where it is held back."""
        number = self.filtered(reading)
        return None if number is None else Reading(reading.at, round(number, self._digits))

    @abstractmethod
    def filtered(self, reading: Reading) -> float | None:
        """Return what becomes of a reading, or None."""


class Lowpass(Filter):
    """Moves from the number before towards the new one, by one part in ``time_constant``."""

    KEYS: ClassVar[dict[Any, Any]] = {
        vol.Optional("window_size", default=1): between(integer, 1, MAX_WINDOW),
        vol.Optional("time_constant", default=10): between(integer, 1),
    }

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._share = 1.0 / settings["time_constant"]
        self._before: float | None = None

    def filtered(self, reading: Reading) -> float:
        """Return the smoothed number."""
        before = reading.number if self._before is None else self._before
        self._before = round(before + (reading.number - before) * self._share, self._digits)
        return self._before


class Outlier(Filter):
    """Puts the median of the last ones in the place of a number that is further than ``radius`` from it."""

    KEYS: ClassVar[dict[Any, Any]] = {
        vol.Optional("window_size", default=1): between(integer, 1, MAX_WINDOW),
        vol.Optional("radius", default=2.0): float_,
    }

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._radius: float = settings["radius"]
        self._window: deque[float] = deque(maxlen=settings["window_size"])

    def filtered(self, reading: Reading) -> float:
        """Return the number or the median; the window holds what came, so that a lasting step gets through."""
        number = reading.number
        if len(self._window) == self._window.maxlen:
            median = statistics.median(self._window)
            if abs(number - median) > self._radius:
                number = median
        self._window.append(reading.number)
        return number


class Range(Filter):
    """Keeps a number within bounds."""

    KEYS: ClassVar[dict[Any, Any]] = {
        vol.Optional("window_size", default=1): between(integer, 1, MAX_WINDOW),
        "lower_bound": float_,
        "upper_bound": float_,
    }

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._low: float | None = settings.get("lower_bound")
        self._high: float | None = settings.get("upper_bound")

    def filtered(self, reading: Reading) -> float:
        """Return the number, or the bound that it passes."""
        if self._high is not None and reading.number > self._high:
            return self._high
        if self._low is not None and reading.number < self._low:
            return self._low
        return reading.number


class Throttle(Filter):
    """Lets one number of ``window_size`` pass, the first."""

    KEYS: ClassVar[dict[Any, Any]] = {vol.Optional("window_size", default=1): between(integer, 1, MAX_WINDOW)}

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._size: int = settings["window_size"]
        self._count = 0

    def filtered(self, reading: Reading) -> float | None:
        """Return the number if it is its turn."""
        number = reading.number if self._count == 0 else None
        self._count = (self._count + 1) % self._size
        return number


class TimeThrottle(Filter):
    """Lets a number pass once ``window_size`` is over since the last that did."""

    KEYS: ClassVar[dict[Any, Any]] = {vol.Required("window_size"): positive_duration}

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._window_s: float = settings["window_size"]
        self._last_at: float | None = None

    def filtered(self, reading: Reading) -> float | None:
        """Return the number if it is time."""
        if self._last_at is not None and reading.at < self._last_at + self._window_s:
            return None
        self._last_at = reading.at
        return reading.number


class TimeMovingAverage(Filter):
    """The mean over the last ``window_size``, each number weighted by how long it held."""

    KEYS: ClassVar[dict[Any, Any]] = {
        vol.Required("window_size"): between(positive_duration, 0.001),
        vol.Optional("type", default="last"): one_of("last"),
    }

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._window_s: float = settings["window_size"]
        self._readings: deque[Reading] = deque(maxlen=MAX_WINDOW)
        self._left: Reading | None = None  # the last that left the window: it still held when the window began

    def filtered(self, reading: Reading) -> float:
        """Return the mean; what was before the first number counts as the first."""
        self._readings.append(reading)
        begin = reading.at - self._window_s
        while self._readings[0].at <= begin:
            self._left = self._readings.popleft()
        held = self._left or self._readings[0]
        total = 0.0
        for one in self._readings:
            total += (one.at - begin) * held.number
            begin, held = one.at, one
        return total / self._window_s


FILTERS: Final[dict[str, type[Filter]]] = {
    "lowpass": Lowpass,
    "outlier": Outlier,
    "range": Range,
    "throttle": Throttle,
    "time_simple_moving_average": TimeMovingAverage,
    "time_throttle": TimeThrottle,
}
_SCHEMAS: Final = {
    name: vol.Schema(
        {vol.Required("filter"): name, vol.Optional("precision", default=2): positive_int, **kind.KEYS},
    )
    for name, kind in FILTERS.items()
}


def filter_settings(value: Any) -> Settings:
    """Return the settings of one filter, or raise ``vol.Invalid``."""
    if not isinstance(value, dict):
        raise vol.Invalid("expected a mapping with the key filter")
    known = one_of(*FILTERS)
    try:
        name = known(value.get("filter"))
    except vol.Invalid as error:
        error.prepend(["filter"])
        raise
    settings: Settings = _SCHEMAS[name](value)
    return settings
