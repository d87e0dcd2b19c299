"""Fixtures of the rules' tests."""

import pytest
from tests.core.rules.house import RuleHome

from inglenook.home import Home


@pytest.fixture
def house(home: Home) -> RuleHome:
    """A home with the bundled vocabulary."""
    return RuleHome(home)
