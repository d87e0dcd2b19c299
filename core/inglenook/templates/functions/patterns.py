"""Functions of regular expressions, none of which can stall the home.

A pattern like ``(a+)+$`` may try for hours. Python looks for signals while it matches, so a timer of the processor time
used interrupts it.
"""

import re
import signal
import threading
from collections.abc import Callable
from functools import lru_cache
from types import FrameType
from typing import Any, Final, NoReturn

from jinja2.exceptions import SecurityError

from inglenook.templates.bounds import check_size
from inglenook.templates.library import Library

MATCH_S: Final = 0.1  # of processor time
_REPEATS: Final = frozenset("*+{")


def offer(library: Library) -> None:
    """Offer the functions of this module."""
    in_chain = {
        "regex_match": regex_match,
        "regex_search": regex_search,
        "regex_replace": regex_replace,
        "regex_findall": regex_findall,
        "regex_findall_index": regex_findall_index,
    }
    library.offer_all(in_chain, "f")
    library.offer_all({"match": regex_match, "search": regex_search}, "t")


def regex_match(text: Any, find: str = "", ignorecase: bool = False) -> bool:
    """Whether ``text`` begins with what the pattern ``find`` describes."""
    return _matched(find, _pattern(find, ignorecase).match, str(text)) is not None


def regex_search(text: Any, find: str = "", ignorecase: bool = False) -> bool:
    """Whether ``text`` holds what the pattern ``find`` describes."""
    return _matched(find, _pattern(find, ignorecase).search, str(text)) is not None


def regex_replace(text: Any = "", find: str = "", replace: str = "", ignorecase: bool = False) -> str:
    """Return ``text`` with all that ``find`` describes replaced."""
    text = str(text)
    check_size((len(text) + 1) * max(1, len(replace) >> 6), "regex_replace")
    return str(_matched(find, _pattern(find, ignorecase).sub, replace, text))


def regex_findall(text: Any, find: str = "", ignorecase: bool = False) -> list[Any]:
    """Return everything in ``text`` that ``find`` describes."""
    return list(_matched(find, _pattern(find, ignorecase).findall, str(text)))


def regex_findall_index(text: Any, find: str = "", index: int = 0, ignorecase: bool = False) -> Any:
    """Return one of what :func:`regex_findall` gives."""
    return regex_findall(text, find, ignorecase)[index]


@lru_cache(256)
def _pattern(find: str, ignorecase: bool) -> re.Pattern[str]:
    return re.compile(find, re.IGNORECASE if ignorecase else 0)


def _matched(find: str, call: Callable[..., Any], *args: Any) -> Any:
    """Call a method of a pattern, interrupted after :data:`MATCH_S`.

    Raises:
        SecurityError: it took longer.
    """
    if _REPEATS.isdisjoint(find) or threading.current_thread() is not threading.main_thread():
        return call(
            *args
        )  # one without a repetition ends soon; signals reach the main thread only, which is the home's
    before = signal.signal(signal.SIGVTALRM, _interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, MATCH_S)
    try:
        return call(*args)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before or signal.SIG_DFL)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SecurityError(f"the pattern takes longer than {MATCH_S} s; it has repetitions inside repetitions")
