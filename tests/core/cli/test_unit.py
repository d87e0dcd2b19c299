"""The systemd unit, read by systemd itself."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from inglenook.cli.unit import render_unit
from inglenook.errors import ConfigError

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")

PYTHON = Path(sys.executable)
CONFIG = Path("/etc/inglenook")
DATA = Path("/var/lib/inglenook")


def analyze(verb: str, unit: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    path = folder / "inglenook.service"
    path.write_text(unit)
    command = ["systemd-analyze", verb, *options, str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def lines_of(unit: str) -> list[str]:
    return unit.splitlines()


@needs_systemd
@pytest.mark.parametrize("user", ["inglenook", ""])
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path, user: str) -> None:
    checked = analyze("verify", render_unit(PYTHON, CONFIG, DATA, user), tmp_path, "--recursive-errors=no")

    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@needs_systemd
def test_the_service_is_shut_in_tightly(tmp_path: Path) -> None:
    checked = analyze("security", render_unit(PYTHON, CONFIG, DATA), tmp_path, "--offline=yes", "--threshold=20")

    assert checked.returncode == 0, checked.stdout


@needs_systemd
def test_a_path_with_marks_that_systemd_expands_stays_one_word(tmp_path: Path) -> None:
    odd = tmp_path / "my $HOME %h \"home\" and 'more'"

    unit = render_unit(PYTHON, odd, DATA)

    escaped = str(tmp_path) + "/my $$HOME %%h \\\"home\\\" and 'more'"
    assert f'--config "{escaped}" --data /var/lib/inglenook' in unit
    assert analyze("verify", unit, tmp_path, "--recursive-errors=no").returncode == 0


def test_data_below_var_lib_is_a_folder_that_systemd_makes() -> None:
    unit = lines_of(render_unit(PYTHON, CONFIG, Path("/var/lib/homes/mine")))

    assert "StateDirectory=homes/mine" in unit
    assert "User=inglenook" in unit
    assert not any(line.startswith("ReadWritePaths") for line in unit)


def test_data_elsewhere_is_the_one_place_that_may_be_written() -> None:
    unit = lines_of(render_unit(PYTHON, CONFIG, Path("/srv/data"), "ann"))

    assert "ReadWritePaths=/srv/data" in unit
    assert "User=ann" in unit


@pytest.mark.parametrize(("config", "expected"), [("/home/ann/inglenook", "read-only"), ("/etc/inglenook", "yes")])
def test_homes_are_seen_only_by_a_service_that_lives_in_one(config: str, expected: str) -> None:
    unit = lines_of(render_unit(Path("/usr/bin/python3"), Path(config), DATA))

    assert f"ProtectHome={expected}" in unit


@pytest.mark.parametrize(
    ("python", "config", "data", "user", "message"),
    [
        ("python3", "/c", "/d", "ann", "interpreter 'python3': expected an absolute path"),
        ("/p", "/c\nExecStartPre=/bin/evil", "/d", "ann", "control characters"),
        ("/p", "/c", "/srv/data", "", "keeps its data below /var/lib"),
        ("/p", "/c", "/d", "ann\nGroup=root", "user 'ann"),
    ],
)
def test_what_a_unit_cannot_say_is_refused(python: str, config: str, data: str, user: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        render_unit(Path(python), Path(config), Path(data), user)
