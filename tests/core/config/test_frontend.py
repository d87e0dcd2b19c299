"""``frontend:``: themes and modules; what is wrong is told with its place and left out."""

from pathlib import Path

import pytest

from inglenook.config.configuration import read_configuration
from inglenook.config.frontend import Frontend, read_frontend


def read(folder: Path, text: str) -> tuple[Frontend, list[str]]:
    (folder / "configuration.yaml").write_text(text)
    frontend, problems = read_frontend(read_configuration(folder).sections)
    return frontend, [str(problem) for problem in problems]


def test_themes_and_modules_of_all_places_come_together(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "sea.yaml").write_text(
        "sea: {primary-color: '#048', modes: {dark: {primary-color: '#026'}}}\n"
    )

    frontend, problems = read(
        tmp_path,
        "homeassistant: {packages: {more: {frontend: {extra_module_url: /local/b.js}}}}\n"
        "frontend:\n  themes: !include_dir_merge_named themes\n  extra_module_url: [/local/a.js]\n",
    )

    assert problems == []
    assert frontend.themes == {"sea": {"primary-color": "#048", "modes": {"dark": {"primary-color": "#026"}}}}
    assert set(frontend.modules) == {"/local/a.js", "/local/b.js"}


@pytest.mark.parametrize("text", ["frontend:\n", "", "frontend: {themes: }\n"])
def test_nothing_is_nothing(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == (Frontend(), [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("frontend:\n  extra_module_url: 'x\"); alert(1)'\n", "configuration.yaml:2:21"),
        ("frontend:\n  extra_module_url: //elsewhere.example/x.js\n", "expected a path like /local/card.js"),
        ("frontend:\n  themes:\n    sea:\n      primary-color: [1]\n", "configuration.yaml:4:22"),
        ("frontend: 3\n", "frontend"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    frontend, problems = read(tmp_path, text)

    assert frontend == Frontend()
    assert len(problems) == 1
    assert told in problems[0]
