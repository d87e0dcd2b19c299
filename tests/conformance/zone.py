"""The time zone of the recordings."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

TIME_ZONE: Final = "Europe/Amsterdam"


@contextmanager
def process_in(zone: str) -> Iterator[None]:
    """Let the process be in ``zone``: Python's ``astimezone()`` without an argument asks for it, as templates may."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()
