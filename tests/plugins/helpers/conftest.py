"""A home with helpers: what a test writes into its configuration is set up as the home does it."""

from pathlib import Path

import pytest
from tests.plugins.helpers.house import House

from inglenook.home import Home


@pytest.fixture
def house(home: Home, tmp_path: Path) -> House:
    """The home with a configuration of its own."""
    return House(home, tmp_path)
