"""How much is logged, as ``logger:`` and the services say."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inglenook.config.configuration import read_configuration
from inglenook.config.log_levels import read_log_levels
from inglenook.errors import InvalidServiceData
from inglenook.home import Home
from inglenook.server.log_section import LogSection


@contextmanager
def section(home: Home, folder: Path, text: str) -> Iterator[list[str]]:
    """Let ``logger:`` say ``text``; yield what is wrong with it."""
    (folder / "configuration.yaml").write_text(f"logger: {text}\n")
    levels, problems = read_log_levels(read_configuration(folder).sections)
    it = LogSection(home, levels)
    try:
        yield [str(problem) for problem in problems]
    finally:
        it.stop()


def level(name: str = "") -> str:
    return logging.getLevelName(logging.getLogger(name).getEffectiveLevel())


async def test_levels_are_those_of_the_configuration_until_the_home_stops(home: Home, tmp_path: Path) -> None:
    before = level(), level("inglenook.rules"), level("custom_components.x")

    text = "{default: error, logs: {homeassistant.components.rules: debug, custom_components.x: Info}}"
    with section(home, tmp_path, text) as problems:
        meanwhile = level(), level("inglenook.rules"), level("custom_components.x"), level("inglenook.web")

    assert problems == []
    assert meanwhile == ("ERROR", "DEBUG", "INFO", "ERROR")
    assert (level(), level("inglenook.rules"), level("custom_components.x")) == before


async def test_services_change_the_levels(home: Home, tmp_path: Path) -> None:
    with section(home, tmp_path, "") as problems:
        await home.services.call("logger", "set_default_level", {"level": "critical"})
        await home.services.call("logger", "set_level", {"homeassistant.rules": "warn", "x.y": "debug"})
        with pytest.raises(InvalidServiceData, match="expected debug, info"):
            await home.services.call("logger", "set_level", {"x.y": "loud"})

        assert (level(), level("inglenook.rules"), level("x.y")) == ("CRITICAL", "WARNING", "DEBUG")
    assert problems == []


async def test_what_a_filter_matches_is_not_logged(
    home: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with section(home, tmp_path, '{filters: {homeassistant.noisy: ["^again", "[0-9]{3}"]}}'):
        for message in ("again and again", "once", "code 404"):
            logging.getLogger("inglenook.noisy").warning(message)

    assert [record.getMessage() for record in caplog.records] == ["once"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{default: loud}", "1:19: logger.default: expected debug, info, warning, error, fatal or critical"),
        ("{logs: {a: 5}}", "1:20: logger.logs.a: expected debug, info"),
        ("{filters: {a: '('}}", "logger.filters.a"),
        ("{lgos: {}}", "1:10: logger.lgos: unknown key"),
    ],
)
async def test_what_is_wrong_is_told_with_its_place(home: Home, tmp_path: Path, text: str, problem: str) -> None:
    with section(home, tmp_path, text) as problems:
        assert len(problems) == 1
        assert problem in problems[0]
