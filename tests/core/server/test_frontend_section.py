"""``frontend.set_theme`` and ``frontend.reload_themes``; what the configuration gets wrong is an issue."""

from pathlib import Path

import pytest

from inglenook.config.configuration import read_configuration
from inglenook.errors import ServiceError, ServiceValidationError
from inglenook.home import Home
from inglenook.server.checking import check_configuration
from inglenook.server.frontend_section import FrontendSection

SEA = "frontend: {themes: {sea: {primary-color: '#048'}}}\n"


def section(home: Home, folder: Path, text: str) -> FrontendSection:
    (folder / "configuration.yaml").write_text(text)
    return FrontendSection(home, read_configuration(folder), tuple)


async def test_a_theme_is_chosen_for_all_and_given_up(home: Home, tmp_path: Path) -> None:
    memory = section(home, tmp_path, SEA).surface.memory
    told: list[object] = []
    home.bus.listen("themes_updated", told.append)

    await home.services.call("frontend", "set_theme", {"name": "sea"})
    await home.services.call("frontend", "set_theme", {"name": "sea", "mode": "dark"})
    assert (memory.themes()["default_theme"], memory.themes()["default_dark_theme"]) == ("sea", "sea")
    await home.services.call("frontend", "set_theme", {"name": "default"})

    assert memory.themes()["default_theme"] == "default"
    assert len(told) == 3
    with pytest.raises(ServiceValidationError, match="there is no theme 'forest'"):
        await home.services.call("frontend", "set_theme", {"name": "forest"})


async def test_themes_are_read_again_and_stay_if_they_are_wrong(home: Home, tmp_path: Path) -> None:
    memory = section(home, tmp_path, SEA).surface.memory
    (tmp_path / "configuration.yaml").write_text(SEA.replace("sea", "forest"))

    await home.services.call("frontend", "reload_themes")

    assert list(memory.themes()["themes"]) == ["forest"]
    (tmp_path / "configuration.yaml").write_text("frontend: {themes: [sea]}\n")
    with pytest.raises(ServiceError, match=r"frontend\.themes"):
        await home.services.call("frontend", "reload_themes")
    assert list(memory.themes()["themes"]) == ["forest"]


async def test_a_check_tells_what_is_wrong_with_themes_and_dashboards(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("frontend: {themes: [sea]}\nlovelace: {mode: yaml}\n")

    result = await check_configuration(tmp_path)

    theme, dashboard = map(str, result.warnings)
    assert "frontend.themes" in theme
    assert "ui-lovelace.yaml is not there" in dashboard
