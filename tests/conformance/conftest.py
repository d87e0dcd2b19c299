"""What recorded cases need of the process."""

from collections.abc import Iterator

import pytest
from tests.conformance.zone import TIME_ZONE, process_in


@pytest.fixture
def process_zone() -> Iterator[None]:
    """Let the process be in the zone of the recordings."""
    with process_in(TIME_ZONE):
        yield
