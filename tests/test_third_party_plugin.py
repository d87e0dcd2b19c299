"""A stranger's plugin, installed with pip into an environment of its own, is loaded like a bundled one."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLUGIN = ROOT / "docs" / "examples" / "inglenook-hello"


@pytest.fixture
def fresh_python(tmp_path: Path) -> Path:
    """The interpreter of a new environment that sees the packages installed here, though not this checkout."""
    folder = tmp_path / "fresh"
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    paths = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", vars=paths))
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def run(*command: str | Path, cwd: Path) -> str:
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd, env=environ, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_plugin_that_was_installed_with_pip_works(fresh_python: Path, tmp_path: Path) -> None:
    pip = (sys.executable, "-m", "pip", "--python", fresh_python, "--disable-pip-version-check")
    run(*pip, "install", "-q", "--no-deps", "--no-index", "--no-build-isolation", ROOT, PLUGIN, cwd=tmp_path)

    where = run(fresh_python, "-c", "import inglenook; print(inglenook.__file__)", cwd=tmp_path)
    tested = run(fresh_python, "-m", "pytest", "-p", "no:cacheprovider", PLUGIN, cwd=PLUGIN)

    assert where.startswith(str(tmp_path))
    assert "3 passed" in tested
