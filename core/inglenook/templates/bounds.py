"""Bounds that no template may cross: steps, sizes, powers - so that a mistake or malice never stalls the home.

A template has no clock of its own to be stopped by; instead each pass of a loop, each call and each filter spends
steps in proportion to what it goes through, and nothing may become larger than :data:`MAX_SIZE` on the way.
"""

import re
import struct
from collections.abc import Callable, Iterator, Sized
from itertools import islice
from types import BuiltinMethodType, MethodType
from typing import Any, Final

from jinja2.exceptions import SecurityError

MAX_STEPS: Final = 250_000  # a quarter to half a second; what a home of 2,000 entities renders needs some thousand
MAX_SIZE: Final = 262_144  # characters of a text, items of a list
MAX_RANGE: Final = 100_000
MAX_BITS: Final = 65_536  # of a whole number
MAX_WIDTH: Final = 10_000  # of one formatted value
MAX_STRIPPED: Final = 256  # characters that are taken off an end
MAX_CODED: Final = 1_024  # characters for codecs that take the square of their number
_SLOW_CODECS: Final = ("idna", "punycode")
_SHORT_ANSWERS: Final = ("strict", "ignore", "replace")
_LONGEST_ESCAPE: Final = 12  # of one character, as \\U0001f600; names as in \\N{…} are seldom longer
_JINJAS_OWN: Final = ("_loop_vars", "_block_vars")  # which it passes along with what a template gives
_LONG_NUMBER: Final = re.compile(r"\d+")


CONTAINERS: Final = (list, tuple, dict, set)


class Budget:
    """What one rendering may still spend, in steps of about a microsecond."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_STEPS

    def refill(self) -> None:
        """Start a rendering."""
        self.left = MAX_STEPS

    def spend(self, steps: int) -> None:
        """Take ``steps`` off.

        Raises:
            SecurityError: nothing is left.
        """
        self.left -= steps
        if self.left < 0:
            raise SecurityError(f"the template takes too long: more than {MAX_STEPS} steps")

    def charge(self, value: Any, weight: int = 1) -> Any:
        """Spend what going through ``value`` costs and return it; an iterator pays as it goes.

        ``weight``: of a text, in steps for 256 characters.
        """
        if isinstance(value, str | bytes):
            self.spend(len(value) * weight >> 8)
        elif isinstance(value, Sized):
            self.spend(len(value))
        elif isinstance(value, Iterator):
            return self._counted(value)
        return value

    def charge_all(self, value: Any, weight: int = 1) -> Any:
        """Spend what printing or comparing ``value`` costs, everything inside it included, and return it.

        Few objects in lists of lists of lists may print without end; so building them is charged too. ``weight``: of
        texts, in steps for 256 characters.
        """
        if isinstance(value, CONTAINERS):
            inside: list[Any] = [value]
            while inside:
                part = inside.pop()
                self.spend(1 + len(part))
                for item in (*part, *part.values()) if isinstance(part, dict) else part:
                    if isinstance(item, CONTAINERS):
                        inside.append(item)
                    elif isinstance(item, str) and (steps := len(item) * weight >> 8):
                        self.spend(steps)
        elif isinstance(value, str):
            self.spend(len(value) * weight >> 8)
        return value

    def _counted(self, items: Iterator[Any]) -> Iterator[Any]:
        for item in items:
            self.spend(1)
            yield item


def check_size(size: int, what: str) -> None:
    """Refuse a text or list that would become too large.

    Raises:
        SecurityError: ``size`` is over :data:`MAX_SIZE`.
    """
    if size > MAX_SIZE:
        raise SecurityError(f"{what} would give {size} characters or items, at most {MAX_SIZE} are allowed")


def check_width(text: str) -> None:
    """Refuse a format like ``%1000000000d`` or ``{:>1000000000}``.

    Raises:
        SecurityError: a number in ``text`` is over :data:`MAX_WIDTH`, or comes from elsewhere (``*``).
    """
    if "*" in text.partition("%")[2] or any(len(n) > 5 or int(n) > MAX_WIDTH for n in _LONG_NUMBER.findall(text)):
        raise SecurityError(f"the width in format {text!r:.80} is over {MAX_WIDTH} or not fixed")


def check_binop(operator: str, left: Any, right: Any) -> None:
    """Refuse an operation whose result would be too large.

    Raises:
        SecurityError: it would.
    """
    _BINOPS[operator](left, right)


def checked_args(call: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """Return the arguments of a method call, after refusing what would make too large a text, bytes or number.

    Raises:
        SecurityError: it would.
    """
    if isinstance(call, BuiltinMethodType | MethodType) and (check := _METHODS.get(call.__name__)) is not None:
        owner = call.__self__
        if isinstance(owner, str | bytes | int):
            args = tuple(list(islice(arg, MAX_SIZE)) if isinstance(arg, Iterator) else arg for arg in args)
            check(owner, *args, **{name: arg for name, arg in kwargs.items() if name not in _JINJAS_OWN})
    return args


def bounded_range(*args: int) -> range:
    """``range`` of at most :data:`MAX_RANGE` numbers.

    Raises:
        SecurityError: it would be longer.
    """
    numbers = range(*args)
    if len(numbers) > MAX_RANGE:
        raise SecurityError(f"range of {len(numbers)} numbers, at most {MAX_RANGE} are allowed")
    return numbers


def check_joined(parts: Any, separator: Any = "") -> None:
    """Refuse to join ``parts`` into a text that is too large."""
    size = 0
    for part in parts:
        size += len(part if isinstance(part, str | bytes) else str(part)) + len(separator)
        check_size(size, "join")


# -- operators ----------------------------------------------------------------------------------------------------


def _check_add(left: Any, right: Any) -> None:
    if isinstance(left, str | list | tuple | bytes) and isinstance(right, Sized):
        check_size(len(left) + len(right), "+")


def _check_multiply(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int):
        if left.bit_length() + right.bit_length() > MAX_BITS:
            raise SecurityError("the product is too large")
        return
    sized, times = (left, right) if isinstance(left, Sized) else (right, left)
    if isinstance(sized, Sized) and isinstance(times, int):
        check_size(len(sized) * times, "*")


def _check_power(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > MAX_BITS:
        raise SecurityError(f"{left!r:.20} ** {right!r:.20} is too large")


def _check_percent(left: Any, right: Any) -> None:
    if isinstance(left, str | bytes):
        check_width(left if isinstance(left, str) else left.decode("latin-1"))


_BINOPS: Final[dict[str, Callable[[Any, Any], None]]] = {
    "+": _check_add,
    "*": _check_multiply,
    "**": _check_power,
    "%": _check_percent,
}


# -- methods ------------------------------------------------------------------------------------------------------


def _check_padding(_owner: Any, width: Any = 0, *_args: Any, **_kwargs: Any) -> None:
    if isinstance(width, int):
        check_size(width, "padding")


def _check_tabs(owner: Any, tabsize: int = 8) -> None:
    check_size(len(owner) + owner.count("\t" if isinstance(owner, str) else b"\t") * tabsize, "expandtabs")


def _check_replace(owner: Any, old: Any, new: Any, *_args: Any, **_kwargs: Any) -> None:
    check_size(len(owner) + owner.count(old) * len(new), "replace")


def _check_join(owner: Any, parts: Any) -> None:
    check_joined(parts, owner)


def _check_translate(owner: Any, table: Any) -> None:
    longest = max((len(v) for v in table.values() if isinstance(v, str)), default=1) if isinstance(table, dict) else 1
    check_size(len(owner) * longest, "translate")


def check_stripped(_owner: Any, characters: Any = None) -> None:
    """Refuse to take too many different characters off the ends of a text.

    Raises:
        SecurityError: they are over :data:`MAX_STRIPPED`.
    """
    if characters is not None and len(characters) > MAX_STRIPPED:
        raise SecurityError(f"strip takes {MAX_STRIPPED} characters at most, got {len(characters)}")


def check_codec(owner: Any, encoding: Any = "utf-8", errors: Any = "strict") -> None:
    """Refuse what a slow codec would take too long for, and what an answer to errors would make too large.

    Raises:
        SecurityError: it would.
    """
    if str(encoding).lower() in _SLOW_CODECS and len(owner) > MAX_CODED:
        raise SecurityError(f"{encoding} takes {MAX_CODED} characters at most, got {len(owner)}")
    if errors not in _SHORT_ANSWERS:
        check_size(len(owner) * _LONGEST_ESCAPE, str(errors))


_METHODS: Final[dict[str, Callable[..., None]]] = {
    "encode": check_codec,
    "decode": check_codec,
    "strip": check_stripped,
    "lstrip": check_stripped,
    "rstrip": check_stripped,
    "center": _check_padding,
    "ljust": _check_padding,
    "rjust": _check_padding,
    "zfill": _check_padding,
    "to_bytes": _check_padding,
    "expandtabs": _check_tabs,
    "replace": _check_replace,
    "join": _check_join,
    "translate": _check_translate,
}


def check_struct(layout: str) -> None:
    """Refuse a ``struct`` layout like ``1000000000x``."""
    check_size(struct.calcsize(layout), "pack")
