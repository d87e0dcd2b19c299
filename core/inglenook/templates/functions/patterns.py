"""Functions of regular expressions, none of which can stall the home.

A pattern like ``(a+)+$`` may try for hours. Python looks for signals while it matches, so a timer of the processor time
used interrupts it. What that is cannot be told beforehand; so it is measured, too, and paid for.
"""

import re
import signal
import threading
from collections.abc import Callable
from functools import lru_cache
from time import thread_time
from types import FrameType
from typing import Any, Final, NoReturn

from jinja2.exceptions import SecurityError

from inglenook.templates.bounds import Budget, check_size
from inglenook.templates.library import Library

MATCH_S: Final = 0.1  # of processor time
MAX_PATTERN: Final = 4_096  # characters
PATTERNS_KEPT: Final = 256
_TRIES: Final = frozenset("*+{?|")  # what a pattern must have to be able to take long
_STEPS_A_S: Final = 1_000_000
_STEPS_A_CHARACTER: Final = 8  # of a pattern, to be read


def offer(library: Library, budget: Budget) -> None:
    """Offer the functions of this module; what they take is paid from ``budget``."""
    patterns = Patterns(budget)
    in_chain = {
        "regex_match": patterns.match,
        "regex_search": patterns.search,
        "regex_replace": patterns.replace,
        "regex_findall": patterns.findall,
        "regex_findall_index": patterns.findall_index,
    }
    library.offer_all(in_chain, "f")
    library.offer_all({"match": patterns.match, "search": patterns.search}, "t")


class Patterns:
    """The functions of regular expressions, which pay for the processor time that they use."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._read = lru_cache(PATTERNS_KEPT)(self._compile)

    def match(self, text: Any, find: str = "", ignorecase: bool = False) -> bool:
        """Whether ``text`` begins with what the pattern ``find`` describes."""
        return self._matched(self._read(find, ignorecase).match, str(text)) is not None

    def search(self, text: Any, find: str = "", ignorecase: bool = False) -> bool:
        """Whether ``text`` holds what the pattern ``find`` describes."""
        return self._matched(self._read(find, ignorecase).search, str(text)) is not None

    def replace(self, text: Any = "", find: str = "", replace: str = "", ignorecase: bool = False) -> str:
        """Return ``text`` with all that ``find`` describes replaced."""
        text = str(text)
        check_size((len(text) + 1) * max(1, len(replace) >> 6), "regex_replace")
        return str(self._matched(self._read(find, ignorecase).sub, replace, text))

    def findall(self, text: Any, find: str = "", ignorecase: bool = False) -> list[Any]:
        """Return everything in ``text`` that ``find`` describes."""
        return list(self._matched(self._read(find, ignorecase).findall, str(text)))

    def findall_index(self, text: Any, find: str = "", index: int = 0, ignorecase: bool = False) -> Any:
        """Return one of what :meth:`findall` gives."""
        return self.findall(text, find, ignorecase)[index]

    def _compile(self, find: str, ignorecase: bool) -> re.Pattern[str]:
        if len(find) > MAX_PATTERN:
            raise SecurityError(f"a pattern has {MAX_PATTERN} characters at most, got {len(find)}")
        self._budget.spend(len(find) * _STEPS_A_CHARACTER)
        return re.compile(find, re.IGNORECASE if ignorecase else 0)

    def _matched(self, call: Callable[..., Any], *args: Any) -> Any:
        """Call a method of a pattern, interrupted after :data:`MATCH_S`.

        Raises:
            SecurityError: it took longer.
        """
        find: str = call.__self__.pattern  # type: ignore[attr-defined] # a bound method, which mypy does not say
        if _TRIES.isdisjoint(find) or threading.current_thread() is not threading.main_thread():
            return call(
                *args
            )  # one without a choice ends soon; signals reach the main thread only, which is the home's
        before = signal.signal(signal.SIGVTALRM, _interrupt)
        signal.setitimer(signal.ITIMER_VIRTUAL, MATCH_S)
        begun_s = thread_time()
        try:
            return call(*args)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before or signal.SIG_DFL)
            self._budget.spend(int((thread_time() - begun_s) * _STEPS_A_S))


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SecurityError(f"the pattern takes longer than {MATCH_S} s; it has repetitions inside repetitions")
