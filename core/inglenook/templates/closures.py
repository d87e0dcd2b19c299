"""What a translated expression is, and the ways in which it steps aside for Jinja."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Closure = Callable[[Mapping[str, Any]], Any]

MISSING: Final[Any] = object()  # where Jinja would have an undefined value


class Unusual(Exception):
    """Something that is Jinja's to decide, met while a closure runs."""


class Untranslatable(Exception):
    """A part of the language that has no closure."""
