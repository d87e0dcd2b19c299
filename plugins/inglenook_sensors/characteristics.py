"""What can be said of a series of samples: its mean, its spread, its newest …; each by its name in the settings."""

import math
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple


class Sample(NamedTuple):
    """A number and when it came, in seconds since the epoch."""

    at: float
    number: float


class Characteristic(NamedTuple):
    """One thing to say.

    Attributes:
        of: makes it of samples, of which there is at least one; None where they are too few.
        unit: how its unit is made of the sensor's: ``{}`` is that unit; None where it has none.
        is_moment: it is a time, in seconds since the epoch.
    """

    of: Callable[[Sequence[Sample]], float | None]
    unit: str | None = "{}"
    is_moment: bool = False


def percentile(samples: Sequence[Sample], percent: int) -> float:
    """Return the number below which ``percent`` of the samples lie, 1 to 99."""
    if len(samples) == 1:
        return samples[0].number
    return statistics.quantiles(_numbers(samples), n=100, method="exclusive")[percent - 1]


def _numbers(samples: Sequence[Sample]) -> list[float]:
    return [sample.number for sample in samples]


def _pairs(samples: Sequence[Sample]) -> Iterator[tuple[Sample, Sample]]:
    return zip(samples, list(samples)[1:], strict=False)


def _span_s(samples: Sequence[Sample]) -> float:
    return samples[-1].at - samples[0].at


def _change(samples: Sequence[Sample]) -> float:
    return samples[-1].number - samples[0].number


def _change_per_second(samples: Sequence[Sample]) -> float | None:
    return _change(samples) / _span_s(samples) if _span_s(samples) > 0 else None


def _change_per_sample(samples: Sequence[Sample]) -> float | None:
    return _change(samples) / (len(samples) - 1) if len(samples) > 1 else None


def _mean(samples: Sequence[Sample]) -> float:
    return statistics.fmean(_numbers(samples))


def _mean_of_angles(samples: Sequence[Sample]) -> float:
    angles = [math.radians(number) for number in _numbers(samples)]
    return math.degrees(math.atan2(sum(map(math.sin, angles)), sum(map(math.cos, angles)))) % 360


def _over_time(samples: Sequence[Sample], height: Callable[[Sample, Sample], float]) -> float:
    span_s = _span_s(samples)
    if span_s <= 0:
        return samples[-1].number
    return sum(height(one, other) * (other.at - one.at) for one, other in _pairs(samples)) / span_s


def _mean_of_steps(samples: Sequence[Sample]) -> float:
    return _over_time(samples, lambda one, _: one.number)


def _mean_of_lines(samples: Sequence[Sample]) -> float:
    return _over_time(samples, lambda one, other: (one.number + other.number) / 2)


def _deviation(samples: Sequence[Sample]) -> float:
    return statistics.stdev(_numbers(samples)) if len(samples) > 1 else 0.0


def _steps(samples: Sequence[Sample]) -> float:
    return sum(abs(other.number - one.number) for one, other in _pairs(samples))


def _rises(samples: Sequence[Sample]) -> float:
    """Return the sum of the rises; what falls began anew at 0."""
    return sum(
        other.number - one.number if other.number >= one.number else other.number for one, other in _pairs(samples)
    )


def _by_number(sample: Sample) -> float:
    return sample.number


NUMERIC: Final[Mapping[str, Characteristic]] = {
    "average_linear": Characteristic(_mean_of_lines),
    "average_step": Characteristic(_mean_of_steps),
    "average_timeless": Characteristic(_mean),
    "change": Characteristic(_change),
    "change_sample": Characteristic(_change_per_sample, "{}/sample"),
    "change_second": Characteristic(_change_per_second, "{}/s"),
    "count": Characteristic(len, None),
    "datetime_newest": Characteristic(lambda samples: samples[-1].at, None, is_moment=True),
    "datetime_oldest": Characteristic(lambda samples: samples[0].at, None, is_moment=True),
    "datetime_value_max": Characteristic(lambda samples: max(samples, key=_by_number).at, None, is_moment=True),
    "datetime_value_min": Characteristic(lambda samples: min(samples, key=_by_number).at, None, is_moment=True),
    "distance_95_percent_of_values": Characteristic(lambda samples: 2 * 1.96 * _deviation(samples)),
    "distance_99_percent_of_values": Characteristic(lambda samples: 2 * 2.58 * _deviation(samples)),
    "distance_absolute": Characteristic(lambda samples: max(_numbers(samples)) - min(_numbers(samples))),
    "mean": Characteristic(_mean),
    "mean_circular": Characteristic(_mean_of_angles),
    "median": Characteristic(lambda samples: statistics.median(_numbers(samples))),
    "noisiness": Characteristic(lambda samples: _steps(samples) / max(1, len(samples) - 1)),
    "percentile": Characteristic(lambda samples: percentile(samples, 50)),
    "standard_deviation": Characteristic(_deviation),
    "sum": Characteristic(lambda samples: sum(_numbers(samples))),
    "sum_differences": Characteristic(_steps),
    "sum_differences_nonnegative": Characteristic(_rises),
    "total": Characteristic(lambda samples: sum(_numbers(samples))),
    "value_max": Characteristic(lambda samples: max(_numbers(samples))),
    "value_min": Characteristic(lambda samples: min(_numbers(samples))),
    "variance": Characteristic(lambda samples: _deviation(samples) ** 2, "{}²"),
}

# Of a binary sensor, whose samples are 1 for on and 0 for off.
BINARY: Final[Mapping[str, Characteristic]] = {
    "average_step": Characteristic(lambda samples: 100 * _mean_of_steps(samples), "%"),
    "average_timeless": Characteristic(lambda samples: 100 * _mean(samples), "%"),
    "count": Characteristic(len, None),
    "count_off": Characteristic(lambda samples: _numbers(samples).count(0.0), None),
    "count_on": Characteristic(lambda samples: _numbers(samples).count(1.0), None),
    "datetime_newest": NUMERIC["datetime_newest"],
    "datetime_oldest": NUMERIC["datetime_oldest"],
    "mean": Characteristic(lambda samples: 100 * _mean(samples), "%"),
}
