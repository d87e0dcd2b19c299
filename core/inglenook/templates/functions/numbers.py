"""Functions of numbers: conversions, rounding, mathematics, statistics."""

import math
import operator
import statistics
from collections.abc import Callable, Iterable
from typing import Any, Final

from jinja2 import Environment, pass_environment
from jinja2.filters import do_max, do_min

from inglenook.templates.functions.invalid import NO_DEFAULT, default_or_raise, refuse
from inglenook.templates.library import Library

_TRUE: Final = frozenset({"1", "true", "yes", "on", "enable"})
_FALSE: Final = frozenset({"0", "false", "no", "off", "disable"})
_MAX_DIGITS: Final = 300


def offer(library: Library) -> None:
    """Offer the functions of this module."""
    library.offer_all({"e": math.e, "pi": math.pi, "tau": math.tau}, "g")
    library.offer_all(
        {
            "int": to_int,
            "float": to_float,
            "bool": to_bool,
            "iif": iif,
            "atan2": atan2,
            "log": log,
            "average": average,
            "median": median,
            "statistical_mode": statistical_mode,
            "bitwise_and": operator.and_,
            "bitwise_or": operator.or_,
            "bitwise_xor": operator.xor,
            "clamp": clamp,
            "wrap": wrap,
            "remap": remap,
            "add": add,
            "multiply": multiply,
        }
    )
    for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sqrt"):
        library.offer(name, _of_one(name, getattr(math, name)))
    library.offer("round", rounded, "f")
    library.offer("is_number", is_number, "gft")
    library.offer("min", _smallest_or_largest(do_min), "g")
    library.offer("max", _smallest_or_largest(do_max), "g")


def to_int(value: Any, default: Any = NO_DEFAULT, base: int = 10) -> Any:
    """Return a whole number: a number cut off, a text read in ``base``, ``5.7`` as 5.

    Raises:
        ValueError: it is none and there is no default.
    """
    try:
        if isinstance(value, str):
            return _int_of_text(value, base)
        return int(value)
    except (ValueError, TypeError, OverflowError):
        return default_or_raise(default, "int", value)


def to_float(value: Any, default: Any = NO_DEFAULT) -> Any:
    """Return a number with a fraction.

    Raises:
        ValueError: it is none and there is no default.
    """
    try:
        return float(value)
    except (ValueError, TypeError, OverflowError):
        return default_or_raise(default, "float", value)


def to_bool(value: Any, default: Any = NO_DEFAULT) -> Any:
    """Return whether ``value`` says yes: a number other than 0, or one of the words for true and false.

    Raises:
        ValueError: it says neither and there is no default.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
    return default_or_raise(default, "bool", value)


def is_number(value: Any) -> bool:
    """Whether ``value`` is, or reads as, a finite number."""
    try:
        return math.isfinite(float(value))
    except (ValueError, TypeError, OverflowError):
        return False


def iif(value: Any, if_true: Any = True, if_false: Any = False, if_none: Any = NO_DEFAULT) -> Any:
    """Return one of the others for a value that is true, false or none."""
    if value is None and if_none is not NO_DEFAULT:
        return if_none
    return if_true if value else if_false


def rounded(value: Any, precision: int = 0, method: str = "common", default: Any = NO_DEFAULT) -> Any:
    """Round to ``precision`` digits; to 0 gives a whole number. ``method``: common, ceil, floor, or half (to halves).

    Raises:
        ValueError: it is no number and there is no default.
    """
    try:
        number = float(value)
        digits = max(-_MAX_DIGITS, min(_MAX_DIGITS, operator.index(precision)))
        result = _ROUNDINGS.get(method, _common)(number, digits)
        return int(result) if digits == 0 else result
    except (ValueError, TypeError, OverflowError):
        return default_or_raise(default, "round", value)


def add(value: Any, amount: Any, default: Any = NO_DEFAULT) -> Any:
    """Return the sum; ``value`` may be a text, ``amount`` is a number."""
    try:
        return float(value) + amount
    except (ValueError, TypeError):
        return default_or_raise(default, "add", value)


def multiply(value: Any, amount: Any, default: Any = NO_DEFAULT) -> Any:
    """Return the product; ``value`` may be a text, ``amount`` is a number."""
    try:
        return float(value) * amount
    except (ValueError, TypeError):
        return default_or_raise(default, "multiply", value)


def log(value: Any, base: Any = math.e, default: Any = NO_DEFAULT) -> Any:
    """Return the logarithm to ``base``, by default the natural one."""
    try:
        return math.log(float(value), float(base))
    except (ValueError, TypeError, ZeroDivisionError):
        return default_or_raise(default, "log", value)


def atan2(y: Any, x: Any = NO_DEFAULT, default: Any = NO_DEFAULT) -> Any:
    """Return the angle of a point, given as ``y, x`` or as a pair ``[y, x]`` and perhaps a default."""
    if isinstance(y, list | tuple):
        default = x if x is not NO_DEFAULT else default
        if len(y) < 2:
            refuse("atan2", y)
        y, x = y[0], y[1]
    try:
        return math.atan2(float(y), float(x))
    except (ValueError, TypeError):
        return default_or_raise(default, "atan2", y)


def average(*args: Any, default: Any = NO_DEFAULT) -> Any:
    """Return the mean of numbers, or of a list of them and perhaps a default."""
    return _statistic("average", statistics.fmean, args, default)


def median(*args: Any, default: Any = NO_DEFAULT) -> Any:
    """Return the middle one of numbers, or of a list of them and perhaps a default."""
    return _statistic("median", statistics.median, args, default)


def statistical_mode(*args: Any, default: Any = NO_DEFAULT) -> Any:
    """Return the most frequent value."""
    return _statistic("statistical_mode", statistics.mode, args, default)


def clamp(value: Any, low: Any, high: Any) -> float:
    """Return ``value``, but not below ``low`` or above ``high``."""
    try:
        value, low, high = float(value), float(low), float(high)
    except (ValueError, TypeError):
        refuse("clamp", value)
    return float(max(low, min(high, value)))


def wrap(value: Any, low: Any, high: Any) -> float:
    """Return ``value`` brought into ``low`` to ``high`` (exclusive) by whole turns, as an angle is."""
    try:
        value, low, high = float(value), float(low), float(high)
    except (ValueError, TypeError):
        refuse("wrap", value)
    span = high - low
    return low if span == 0 else float(low + (value - low) % span)


def remap(
    value: Any, in_min: Any, in_max: Any, out_min: Any, out_max: Any, *, steps: int = 0, edges: str = "none"
) -> float:
    """Return ``value`` moved from one range of numbers to another, perhaps in ``steps`` equal steps.

    ``edges`` says what becomes of a value outside: ``none`` lets it be outside, ``clamp``, ``wrap`` or ``mirror``.
    """
    try:
        number, low, high = float(value), float(in_min), float(in_max)
        first, last = float(out_min), float(out_max)
    except (ValueError, TypeError):
        refuse("remap", value)
    if low == high:
        raise ValueError("remap needs in_min and in_max to differ")
    if edges == "clamp":
        number = clamp(number, min(low, high), max(low, high))
    elif edges == "wrap":
        number = wrap(number, low, high)
    elif edges == "mirror":
        turned = (number - low) % (2 * (high - low))
        number = low + min(turned, 2 * (high - low) - turned)
    share = (number - low) / (high - low)
    if steps:
        share = round(share * steps) / steps
    return first + share * (last - first)


def _int_of_text(text: str, base: int) -> int:
    try:
        return int(text, base)
    except ValueError:
        return int(float(text))


def _common(number: float, digits: int) -> float:
    return round(number, digits)


def _ceil(number: float, digits: int) -> float:
    return math.ceil(number * 10.0**digits) / 10.0**digits


def _floor(number: float, digits: int) -> float:
    return math.floor(number * 10.0**digits) / 10.0**digits


def _half(number: float, _digits: int) -> float:
    return round(number * 2) / 2


_ROUNDINGS: Final[dict[str, Callable[[float, int], float]]] = {
    "common": _common,
    "ceil": _ceil,
    "floor": _floor,
    "half": _half,
}


def _of_one(name: str, function: Callable[[float], float]) -> Callable[..., Any]:
    def of_one(value: Any, default: Any = NO_DEFAULT) -> Any:
        try:
            return function(float(value))
        except (ValueError, TypeError):
            return default_or_raise(default, name, value)

    return of_one


def _statistic(name: str, function: Callable[[list[Any]], Any], args: tuple[Any, ...], default: Any) -> Any:
    if not args:
        raise TypeError(f"{name} needs at least one number or a list")
    values: Iterable[Any] = args
    if isinstance(args[0], Iterable):
        values = args[0]
        default = args[1] if len(args) > 1 else default
    elif len(args) == 1:
        raise TypeError(f"{name} got {args[0]!r}, expected a list or several numbers")
    try:
        return function(list(values))
    except (TypeError, ValueError, statistics.StatisticsError):
        return default_or_raise(default, name, args[0])


def _smallest_or_largest(of_list: Callable[..., Any]) -> Callable[..., Any]:
    @pass_environment
    def chosen(environment: Environment, *args: Any, **kwargs: Any) -> Any:
        if not args:
            raise TypeError("min and max need a list or at least two values")
        return of_list(environment, args[0] if len(args) == 1 else args, **kwargs)

    return chosen
