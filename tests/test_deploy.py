"""The files of deploy/ agree with the code and with each other."""

import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from inglenook.cli.unit import render_unit

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def container_lines() -> list[tuple[str, str]]:
    text = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, rest in lines]


def test_the_unit_to_copy_is_what_the_command_writes() -> None:
    rendered = render_unit(Path("/opt/inglenook/bin/python"), Path("/etc/inglenook"), Path("/var/lib/inglenook"))

    assert (DEPLOY / "inglenook.service").read_text() == rendered


def test_the_user_of_the_unit_is_made_by_sysusers() -> None:
    user = re.search(r"^User=(\w+)$", (DEPLOY / "inglenook.service").read_text(), re.MULTILINE)

    assert user is not None
    assert re.search(rf"^u {user[1]} - ", (DEPLOY / "sysusers.conf").read_text(), re.MULTILINE)


def test_the_image_is_built_apart_from_a_pinned_base_and_runs_as_nobody() -> None:
    lines = container_lines()
    bases = [rest for word, rest in lines if word == "FROM"]
    last_stage = lines[max(i for i, (word, _) in enumerate(lines) if word == "FROM") :]
    words = dict(last_stage)

    assert len(bases) == 2
    assert all(re.fullmatch(r"docker\.io/library/python:3\.\d+-slim( AS build)?", base) for base in bases)
    assert int(words["USER"].partition(":")[0]) > 0
    assert "/healthz" in words["HEALTHCHECK"]
    assert "pip" not in words["RUN"]


def test_what_the_image_is_built_from_is_there_and_is_all_that_the_wheel_needs() -> None:
    copied = {
        source
        for word, rest in container_lines()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = build["project"]
    wheel = build["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {project["readme"], *project["license-files"], *wheel["force-include"]}
    needed |= {Path(package).parts[0] for package in wheel["packages"]}

    assert all((ROOT / source).exists() for source in copied)
    assert needed <= copied


@pytest.mark.parametrize("is_abstract", [False, True])
def test_a_service_manager_hears_the_home_start_live_and_stop(tmp_path: Path, is_abstract: bool) -> None:
    name = f"inglenook-{os.getpid()}-deploy" if is_abstract else str(tmp_path / "notify")
    (tmp_path / "configuration.yaml").write_text("homeassistant:\n  name: Test\n")
    environ = {**os.environ, "NOTIFY_SOCKET": f"@{name}" if is_abstract else name, "WATCHDOG_USEC": "200000"}
    command = [sys.executable, "-m", "inglenook", "run", "--config", str(tmp_path), "--data", str(tmp_path / "data")]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"\0{name}" if is_abstract else name)
        manager.settimeout(20)

        with subprocess.Popen(
            [*command, "--port", "0"], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as home:
            heard = [manager.recv(1024).decode() for _ in range(3)]
            home.send_signal(signal.SIGTERM)
            while not heard[-1].startswith("STOPPING=1"):
                heard.append(manager.recv(1024).decode())
            status = home.wait(10)

    assert heard[0].startswith("READY=1\n")
    assert {line.partition("\n")[0] for line in heard[1:-1]} == {"WATCHDOG=1"}
    assert status == 0
