"""Patterns that an entity gives for its codes and texts: a device's own words, so not to be trusted with much time."""

import logging
import re
from functools import lru_cache
from typing import Final

_log = logging.getLogger(__name__)

_LONGEST: Final = 200
_MOST_REPEATS: Final = 2  # each one more multiplies the steps that a match may take by the length of the text
_REPEATS: Final = re.compile(r"[*+{]")
_REPEATED_GROUP: Final = re.compile(r"\)[*+{]")


def allows(pattern: str, text: str) -> bool:
    """True when ``text`` matches ``pattern`` from its beginning, or the pattern is none that the hub tries.

    One that is no regular expression, or could take long to match, is left to the device: it is not tried.
    """
    compiled = _compiled(pattern)
    return compiled is None or compiled.match(text) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    if len(pattern) > _LONGEST or len(_REPEATS.findall(pattern)) > _MOST_REPEATS or _REPEATED_GROUP.search(pattern):
        _log.info("pattern %.60r could take long to match; it is left to the device", pattern)
        return None
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        _log.warning("pattern %.60r is no regular expression (%s); it is left to the device", pattern, error)
        return None
