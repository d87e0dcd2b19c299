"""A disk that is full, a folder that is read-only, a database that is damaged: told clearly, and nothing else stops."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from inglenook.cli import main
from inglenook.clock import VirtualClock
from inglenook.home import Home
from inglenook.restore import keep_states
from inglenook.testing import FakeDevice


def limit_pages(home: Home, pages: int) -> None:
    connection = home.store._connection
    assert connection is not None
    connection.execute(f"PRAGMA max_page_count={pages}")


async def test_a_full_disk_withholds_acknowledgements_and_stops_nothing_else(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    assert isinstance(home.clock, VirtualClock)
    keep_states(home)
    home.devices.start()
    device = FakeDevice(home)
    device.connect()
    device.describe({"note": {"domain": "sensor"}})
    await home.store.flush()
    limit_pages(home, 1)  # SQLite raises it to what the file has now

    for number in range(40):
        device.report(note={"state": str(number), "attributes": {"text": "x" * 4000}})
        await home.clock.advance(1)
    acked_on_full_disk = device.count("ack")
    state = home.states.get("sensor.hall_note")
    limit_pages(home, 100_000)
    await home.clock.advance(60)
    acks = [frame["seq"] for frame in device.heard if frame["type"] == "ack"]

    assert state is not None
    assert state.state == "39"
    assert acked_on_full_disk < 40
    assert acks[-1] == device.seq
    assert caplog.text.count("no room left to write") == 1
    assert "works again" in caplog.text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text("http: {port: 0}\n")
    return tmp_path


def test_a_data_folder_that_cannot_be_written_is_named_with_what_helps(folder: Path) -> None:
    result = CliRunner().invoke(main, ["run", "--config", str(folder), "--data", "/proc/inglenook"])

    assert result.exit_code == 1
    assert "data folder /proc/inglenook cannot be written" in result.stderr
    assert "--data" in result.stderr


def test_a_damaged_database_is_named_with_what_helps(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "inglenook.db").write_text("not a database at all, only its name" * 100)

    result = CliRunner().invoke(main, ["run", "--config", str(folder)])

    assert result.exit_code == 1
    assert "inglenook.db is damaged" in result.stderr
    assert "move it away to start afresh" in result.stderr


def test_a_port_in_use_is_named_with_what_helps(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        result = CliRunner().invoke(main, ["run", "--config", str(folder), "--port", str(port)])

    assert result.exit_code == 1
    assert f"('127.0.0.1', {port}): address already in use" in result.stderr
    assert "choose another port with --port" in result.stderr
