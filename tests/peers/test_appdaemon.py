"""AppDaemon with an app that listens, calls services, reads the past and renders templates."""

import json
import queue
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from tests.peers.conftest import Home, Process, program, until

APP = Path(__file__).parent / "appdaemon" / "peer.py"


class Stream:
    """What the app fires, read from the home's stream of events."""

    def __init__(self, home: Home) -> None:
        self._heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self._home = home
        self.listen()

    def listen(self) -> None:
        """Begin to read the stream of the home that runs now."""
        home = self._home
        headers = {"Authorization": f"Bearer {home.token}"}
        request = Request(f"{home.url}/api/stream?restrict=app_tells", headers=headers)  # noqa: S310 - our own
        answer = urlopen(request, timeout=120)  # noqa: S310 - our own
        threading.Thread(target=self._read, args=(answer,), daemon=True).start()

    def _read(self, answer: Any) -> None:
        for line in answer:
            if line.startswith(b"data: {"):
                self._heard.put(json.loads(line[6:])["data"])

    def hears(self, what: str, seconds: float = 20.0) -> Any:
        """Return the data of the next thing of that name."""
        while True:
            heard = self._heard.get(timeout=seconds)
            if heard["what"] == what:
                return heard["data"]

    def ask(self, what: str) -> Any:
        """Ask the app for something; return what it tells."""
        self._home.ask("POST", "/api/events/ask_the_app", {"what": what})
        return self.hears(what)


@pytest.fixture(scope="module")
def app(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stream]:
    path = program("appdaemon", "appdaemon")
    folder = tmp_path_factory.mktemp("appdaemon")
    (folder / "apps").mkdir()
    shutil.copy(APP, folder / "apps")
    (folder / "apps" / "apps.yaml").write_text("peer: {module: peer, class: Peer}\n")
    plugin = {"type": "hass", "ha_url": home.url, "token": home.token}
    settings = {"latitude": 52, "longitude": 4, "elevation": 0, "time_zone": "Europe/Amsterdam"}
    (folder / "appdaemon.yaml").write_text(json.dumps({"appdaemon": {**settings, "plugins": {"HASS": plugin}}}))
    stream = Stream(home)
    with Process(path, "-c", str(folder), folder=folder) as process:
        try:
            told = stream.hears("ready", 60)
        except queue.Empty:
            pytest.fail("".join(process.lines))
        assert "light.hall" in told["lights"]
        assert told["services"] > 50
        yield stream
    lines = [line for line in process.lines if "connection lost" not in line]  # that is said of a restart
    problems = [line for line in lines if " ERROR " in line or "Traceback" in line]
    assert not problems, "".join(process.lines)


def test_it_hears_of_changes_and_calls_services(app: Stream, home: Home) -> None:
    home.call("input_boolean", "turn_off", "input_boolean.lamp")
    home.call("input_boolean", "turn_on", "input_boolean.lamp")

    until(lambda: home.state("input_text.note") == "input_boolean.lamp off on")


def test_it_reads_the_past(app: Stream, home: Home) -> None:
    home.call("input_boolean", "turn_off", "input_boolean.lamp")

    (history,) = app.ask("history")
    logbook = app.ask("logbook")

    assert history[-1]["entity_id"] == "input_boolean.lamp"
    assert history[-1]["state"] == "off"
    assert logbook[-1]["state"] == "off"
    assert logbook[-1]["name"] == "Lamp"


def test_it_renders_templates(app: Stream, home: Home) -> None:
    home.call("input_select", "select_option", "input_select.mode", option="home")

    assert app.ask("template") == "home 5"


def test_it_runs_scripts_and_is_told_what_fails(app: Stream, home: Home) -> None:
    answered = app.ask("response")
    assert answered["success"] is True
    assert home.state("input_select.mode") == "night"

    failed = app.ask("failure")

    assert failed["success"] is False
    assert "99" in json.dumps(failed)


def test_it_writes_states_and_switches(app: Stream, home: Home) -> None:
    state = app.ask("state")
    assert state["state"] == "5"
    assert home.ask("GET", "/api/states/sensor.by_app")["attributes"] == {"unit": "W"}

    app.ask("switch")

    assert until(lambda: home.state("light.hall") == "on")
    assert home.state("input_select.mode") == "away"
    assert float(home.state("input_number.target")) == 22.0


def test_it_comes_again_after_a_restart_of_the_home(app: Stream, home: Home) -> None:
    home.restart()
    app.listen()
    app.hears("ready", 60)

    home.call("input_boolean", "turn_off", "input_boolean.lamp")
    home.call("input_boolean", "turn_on", "input_boolean.lamp")

    until(lambda: home.state("input_text.note") == "input_boolean.lamp off on")
