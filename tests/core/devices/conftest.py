"""A started home and a device in it."""

import pytest
from tests.core.devices.homes import ENTITIES

from inglenook.home import Home
from inglenook.testing import FakeDevice


@pytest.fixture
def hall(home: Home) -> FakeDevice:
    """A device that has been here, has described itself, and is connected."""
    home.devices.start()
    device = FakeDevice(home, "hall")
    device.connect()
    device.describe(ENTITIES)
    return device
