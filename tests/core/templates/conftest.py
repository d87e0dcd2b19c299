"""Templates over a small home."""

import pytest

from inglenook.home import Home
from inglenook.templates import Templates


@pytest.fixture
def templates(home: Home) -> Templates:
    """The templates of a home with a lamp that is on, a sensor, and a group of the two."""
    home.states.set("light.hall", "on", {"brightness": 128, "friendly_name": "Hall"})
    home.states.set("sensor.temperature", "21.5", {"unit_of_measurement": "°C"})
    home.states.set("group.both", "on", {"entity_id": ["light.hall", "sensor.temperature"]})
    return Templates(home)
