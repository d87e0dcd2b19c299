"""Plugins are found by entry point or file; what is missing is named with what mends it."""

import sys
from pathlib import Path

import pytest

from inglenook.errors import PluginError
from inglenook.plugins.finder import find_plugins


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages with one distribution: ``far-away``, whose plugin needs the extra ``radio``."""
    info = tmp_path / "site" / "far_away-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: far-away\nVersion: 1.2\n"
        "Requires-Dist: inglenook>=0.1\n"
        "Requires-Dist: no-such-radio>=3; extra == 'radio'\n"
        "Provides-Extra: radio\n"
    )
    (info / "entry_points.txt").write_text("[inglenook.plugins]\nfaraway = far_away_plugin\n")
    (tmp_path / "site" / "far_away_plugin.py").write_text("import no_such_radio\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return tmp_path


def test_a_missing_extra_is_named_with_the_pip_install_that_mends_it(site: Path) -> None:
    plugin = find_plugins(site)["faraway"]

    with pytest.raises(PluginError) as caught:
        plugin.load()

    assert plugin.source == "far-away 1.2"
    assert str(caught.value) == (
        "plugin faraway: needs no_such_radio, which is not installed; mend it with: pip install 'far-away[radio]'"
    )


def test_a_module_that_no_extra_brings_is_named(site: Path) -> None:
    (site / "site" / "far_away_plugin.py").write_text("import no_such_thing\n")

    with pytest.raises(
        PluginError, match=r"needs the module no_such_thing, which is not installed \(imported by far-away"
    ):
        find_plugins(site)["faraway"].load()


def test_a_file_of_ones_own_comes_before_an_installed_plugin(site: Path) -> None:
    (site / "plugins").mkdir()
    (site / "plugins" / "faraway.py").write_text("is_own = True\n")
    (site / "plugins" / "_private.py").write_text("")

    found = find_plugins(site)

    assert found["faraway"].load().is_own
    assert "_private" not in found


def test_a_file_that_fails_leaves_no_half_module_behind(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "sick.py").write_text("1 / 0\n")

    with pytest.raises(PluginError, match=r"plugin sick: cannot be imported from .*sick\.py: ZeroDivisionError"):
        find_plugins(tmp_path)["sick"].load()

    assert "inglenook_local_sick" not in sys.modules


def test_a_file_that_is_no_python_says_where(tmp_path: Path) -> None:
    path = tmp_path / "plugins" / "sick.py"
    path.parent.mkdir()
    path.write_text("import sys\ndef (:\n")

    with pytest.raises(PluginError) as caught:
        find_plugins(tmp_path)["sick"].load()

    assert str(caught.value) == f"plugin sick: is no Python: {path}:2:5: invalid syntax"
