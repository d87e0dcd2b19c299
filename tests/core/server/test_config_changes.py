"""Who saves the configuration is told what takes it in."""

from pathlib import Path

import pytest
from tests.core.server.homes import running_home, until

BEFORE = """
homeassistant: {name: One}
http: {port: 0}
input_boolean: {guests: }
sensor: [{platform: min_max, name: M, entity_ids: [sensor.a, sensor.b]}]
plugins: {mine: {a: 1}}
"""
PLUGIN = "from inglenook.plugins import hookimpl\n@hookimpl\ndef setup(): pass\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("guests: ", "guests: , pets: ", "input_boolean.reload or homeassistant.reload_all takes it in"),
        ("sensor.b", "sensor.c", "min_max.reload or homeassistant.reload_all takes it in"),
        ("name: One", "name: Two", "homeassistant.reload_core_config or homeassistant.reload_all takes it in"),
        ("port: 0", "port: 81", "what stands under http takes a restart"),
        ("a: 1", "a: 2", "what stands under mine takes a restart"),
        ("mine: {a: 1}", "other: ", "what stands under plugins takes a restart"),
        ("http:", "timer: {t: }\nhttp:", "what stands under timer takes a restart"),
        (
            "guests: }",
            "pets: }\nscript: {go: {sequence: []}}\nhistory: {max: 9}",
            "input_boolean.reload, script.reload or homeassistant.reload_all takes it in; what stands under history "
            "takes a restart",
        ),
        ("http:", "# nothing\nhttp:", "it says the same"),
    ],
)
async def test_a_change_says_what_it_asks_for(
    tmp_path: Path, old: str, new: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins/mine.py").write_text(PLUGIN)
    (tmp_path / "configuration.yaml").write_text(BEFORE)

    async with running_home(tmp_path):
        (tmp_path / "configuration.yaml").write_text(BEFORE.replace(old, new))
        await until(lambda: "configuration.yaml changed" in caplog.text)

    assert f"configuration.yaml changed: {told}" in [record.getMessage() for record in caplog.records]


async def test_a_slip_is_told_as_soon_as_it_is_saved(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "configuration.yaml").write_text("http: {port: 0}\n")

    async with running_home(tmp_path):
        (tmp_path / "configuration.yaml").write_text("http: {port: 0\n")
        await until(lambda: "cannot be read; what runs stays:\nconfiguration.yaml:1:" in caplog.text)
