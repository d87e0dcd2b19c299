"""A home as people have one, run as a process of its own, for the programs of others to speak to."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import Request, urlopen

import pytest

PROGRAMS = Path(__file__).parents[2] / ".venv-peers"
NODE_RED = Path(__file__).parent / "node-red"
PASSWORD = "open sesame"
COMMAND = (sys.executable, "-m", "inglenook")
Value = TypeVar("Value")

FILES = {
    "configuration.yaml": """
        default_config:
        homeassistant:
          name: Peers
          latitude: 52.37
          longitude: 4.89
          time_zone: Europe/Amsterdam
        plugins:
          demo:
        input_boolean:
          lamp: {name: Lamp}
          holiday: {name: Holiday, initial: false}
        input_number:
          target: {name: Target, min: 5, max: 30, step: 0.5, initial: 20}
        input_select:
          mode: {name: Mode, options: [home, away, night], initial: home}
        input_text:
          note: {name: Note, initial: hello}
        counter:
          heard: {name: Heard}
        template:
          - light:
              - name: Hall
                unique_id: hall_light
                state: "{{ is_state('input_boolean.lamp', 'on') }}"
                turn_on: {action: input_boolean.turn_on, target: {entity_id: input_boolean.lamp}}
                turn_off: {action: input_boolean.turn_off, target: {entity_id: input_boolean.lamp}}
          - sensor:
              - name: Twice the target
                unique_id: twice
                unit_of_measurement: "°C"
                device_class: temperature
                state_class: measurement
                state: "{{ states('input_number.target') | float * 2 }}"
        automation: !include automations.yaml
        script: !include scripts.yaml
        scene: !include scenes.yaml
    """,
    "automations.yaml": """
        # counts what is heard
        - id: count
          alias: Count
          triggers: [{trigger: event, event_type: from_a_peer}]
          actions: [{action: counter.increment, target: {entity_id: counter.heard}}]
    """,
    "scripts.yaml": """
        good_night:
          alias: Good night
          sequence:
            - action: input_select.select_option
              target: {entity_id: input_select.mode}
              data: {option: night}
    """,
    "scenes.yaml": """
        - id: evening
          name: Evening
          entities: {input_number.target: "18"}
    """,
}


class Home:
    """A running home, and what a person would look at to see what it does."""

    def __init__(self, folder: Path, token: str) -> None:
        self.folder = folder
        self.token = token
        self.lines: list[str] = []
        self._process = self._start(0)
        self.url = self._process.says(r"listening on (http://127\.0\.0\.1:\d+)")[1]

    def _start(self, port: int) -> "Process":
        process = Process(*COMMAND, "run", "--config", str(self.folder), "--port", str(port), folder=self.folder)
        process.start()
        return process

    def stop(self) -> None:
        """Stop it as a service manager does."""
        self._process.stop()
        self.lines += self._process.lines

    def restart(self) -> None:
        """Stop it and start it again where it was."""
        self.stop()
        self._process = self._start(int(self.url.rpartition(":")[2]))
        self._process.says("listening on")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Speak to it over HTTP; return what it answers, read as JSON."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = Request(f"{self.url}{path}", data, headers, method=method)  # noqa: S310 - our own
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - our own
            return json.loads(answer.read())

    def state(self, entity_id: str) -> str:
        """Return a state."""
        state: str = self.ask("GET", f"/api/states/{entity_id}")["state"]
        return state

    def call(self, domain: str, service: str, entity_id: str, **data: Any) -> None:
        """Call a service."""
        self.ask("POST", f"/api/services/{domain}/{service}", {"entity_id": entity_id, **data})


def until(look: Callable[[], Value], seconds: float = 20.0) -> Value:
    """Look again and again until there is something; return it.

    Raises:
        AssertionError: nothing after so many seconds.
    """
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"nothing after {seconds:.0f} s: {found!r}"
        time.sleep(0.1)
    return found


def program(name: str, command: str) -> str:
    """Return where a program of others is; skips the test when it was not installed."""
    path = PROGRAMS / name / "bin" / command
    if not path.exists():
        pytest.skip(f"{name} is not here; `make peers` installs it")
    return str(path)


def free_port() -> int:
    """Return a port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Process:
    """A program that runs until the end of the block; its lines are read as they come."""

    def __init__(self, *command: str, folder: Path, **environment: str) -> None:
        self._process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "200", **environment},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)

    def _read(self) -> None:
        assert self._process.stdout is not None
        self.lines.extend(iter(self._process.stdout.readline, ""))

    def __enter__(self) -> "Process":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to read what it says."""
        self._reader.start()

    def stop(self) -> None:
        """End it, by force if need be."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def says(self, pattern: str, seconds: float = 60.0) -> re.Match[str]:
        """Wait for what it says; return it as far as it fits ``pattern``."""

        def look() -> re.Match[str] | None:
            text = "".join(self.lines)
            assert self._process.poll() is None or re.search(pattern, text), f"it ended:\n{text}"
            return re.search(pattern, text)

        try:
            found = until(look, seconds)
        except AssertionError as error:
            raise AssertionError(f"it did not say {pattern!r}:\n{''.join(self.lines)}") from error
        assert found is not None
        return found


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("home")
    for name, text in FILES.items():
        lines = text.strip("\n").splitlines()
        (folder / name).write_text("\n".join(line[8:] for line in lines) + "\n")

    def tell(*words: str, text: str = "") -> str:
        done = subprocess.run(
            [*COMMAND, *words, "--config", str(folder)], input=text, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    tell("user", "add", "ann", "--owner", "--password-stdin", text=PASSWORD)
    token = tell("token", "create", "peers", "--user", "ann")
    running = Home(folder, token)
    yield running
    running.stop()
    assert not [line for line in running.lines if "Traceback" in line], "".join(running.lines)
