"""``lovelace:``: dashboards in files; what is wrong is told with its place and left out."""

from pathlib import Path

import pytest

from inglenook.config.configuration import read_configuration
from inglenook.config.lovelace import FileDashboard, Lovelace, read_lovelace


def read(folder: Path, text: str) -> tuple[Lovelace, list[str]]:
    (folder / "configuration.yaml").write_text(text)
    lovelace, problems = read_lovelace(read_configuration(folder).sections)
    return lovelace, [str(problem) for problem in problems]


def test_dashboards_and_resources_stand_in_the_configuration(tmp_path: Path) -> None:
    lovelace, problems = read(
        tmp_path,
        "lovelace:\n  mode: yaml\n  resources: [{url: /local/a.js, type: module}]\n  dashboards:\n"
        "    up-stairs: {mode: yaml, filename: up.yaml, title: Up, icon: 'mdi:stairs', require_admin: true}\n",
    )

    assert problems == []
    assert lovelace.resources == ({"url": "/local/a.js", "type": "module"},)
    assert lovelace.dashboards == {
        "lovelace": FileDashboard("lovelace", "ui-lovelace.yaml"),
        "up-stairs": FileDashboard("up-stairs", "up.yaml", "Up", "mdi:stairs", require_admin=True),
    }


@pytest.mark.parametrize("text", ["", "lovelace:\n", "lovelace: {mode: storage}\n", "lovelace: {dashboards: }\n"])
def test_without_files_there_is_nothing_to_read(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == (Lovelace(), [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{mode: xml}", "configuration.yaml:1:18: lovelace.mode"),
        ("{dashboards: {word: {filename: a.yaml, title: A}}}", "lower-case words with a hyphen"),
        ("{dashboards: {a-b: {filename: ../a.yaml, title: A}}}", "a YAML file in the configuration folder"),
        ("{dashboards: {a-b: {filename: /etc/a.yaml, title: A}}}", "a YAML file in the configuration folder"),
        ("{dashboards: {a-b: {filename: a.yaml}}}", "title"),
        ("{dashboards: {a-b: {filename: a.yaml, title: A, mode: storage}}}", "expected yaml"),
        ("{resources: [{url: /local/a.js, type: module}]}", "has no effect without resource_mode: yaml"),
    ],
)
def test_what_is_wrong_is_told_and_left_out(tmp_path: Path, text: str, told: str) -> None:
    lovelace, (problem,) = read(tmp_path, f"lovelace: {text}\n")

    assert told in problem
    assert lovelace == Lovelace()
