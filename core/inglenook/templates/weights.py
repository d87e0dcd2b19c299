"""What functions cost that go through a text more slowly than a copy does, in steps for 256 characters.

Measured over texts of many kinds; the slowest counts. Without these, a filter that takes a second would pay as little
as one that takes a millisecond.
"""

from typing import Any, Final

from jinja2.exceptions import SecurityError

COPY: Final = 1  # as fast as a copy
UNKNOWN: Final = 4  # of ours, where nothing else is said
FILTERS: Final[dict[str, int]] = {
    "batch": 256, "capitalize": 4, "dictsort": 256, "e": 4, "escape": 4, "forceescape": 4, "groupby": 1024, "indent": 8,
    "items": 256, "lower": 2, "map": 768, "max": 256, "min": 256, "pprint": 128, "reject": 512, "rejectattr": 512,
    "regex_findall": 64, "regex_findall_index": 64, "regex_match": 16, "regex_replace": 64, "regex_search": 16,
    "select": 512, "selectattr": 512, "slice": 64, "slugify": 512, "sort": 512, "striptags": 32, "title": 256,
    "unique": 256, "upper": 2, "urlencode": 768, "urlize": 768, "wordcount": 128, "wordwrap": 1024, "xmlattr": 16,
}  # fmt: skip
METHODS: Final[dict[str, int]] = {
    "decode": 128, "encode": 128, "format": 768, "format_map": 768, "join": 64, "title": 4, "translate": 64,
}  # fmt: skip
MAX_WRAPPED: Final = 16_384  # characters; many spaces in a row take the square of their number


def check_wrapped(text: Any) -> None:
    """Refuse a text that takes too long to wrap."""
    if len(text) > MAX_WRAPPED:
        raise SecurityError(f"wordwrap takes {MAX_WRAPPED} characters at most, got {len(text)}")
