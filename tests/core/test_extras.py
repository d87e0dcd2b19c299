"""What installs an extra is said for the Python that misses it."""

import sys
from pathlib import Path

import pytest

from inglenook import extras
from inglenook.extras import install_command


@pytest.fixture
def is_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as the system's own Python."""
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)


def test_a_clone_is_what_a_clone_installs(is_system: None) -> None:
    root = Path(__file__).parents[2]

    assert install_command("tls") == f"pip install -e '{root}[tls]'"


def test_an_installed_package_is_installed_by_its_name(
    is_system: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "_CHECKOUT", tmp_path)

    assert install_command("tls") == "pip install 'inglenook[tls]'"


def test_a_virtual_environment_has_its_own_pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "prefix", "/opt/inglenook")
    monkeypatch.setattr(extras, "_CHECKOUT", tmp_path)

    assert install_command("tls") == "/opt/inglenook/bin/pip install 'inglenook[tls]'"
