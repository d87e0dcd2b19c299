"""Macros that all templates share."""

import logging
from pathlib import Path

import pytest

from inglenook.config.macros import MAX_BYTES, read_macros


def test_macros_are_named_as_templates_import_them(tmp_path: Path) -> None:
    folder = tmp_path / "custom_templates" / "tools"
    folder.mkdir(parents=True)
    (folder / "math.jinja").write_text("{% macro m() %}ü{% endmacro %}", encoding="utf-8")
    (folder / "notes.txt").write_text("not a macro")

    assert read_macros(tmp_path) == {"tools/math.jinja": "{% macro m() %}ü{% endmacro %}"}


def test_a_folder_without_macros_has_none(tmp_path: Path) -> None:
    assert read_macros(tmp_path) == {}


def test_what_cannot_be_used_is_named_and_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "custom_templates"
    folder.mkdir()
    (folder / "latin.jinja").write_bytes(b"\xff")
    (folder / "large.jinja").write_bytes(b" " * (MAX_BYTES + 1))
    (folder / "out.jinja").symlink_to("/etc/hostname")
    (folder / "good.jinja").write_text("fine")

    with caplog.at_level(logging.WARNING):
        found = read_macros(tmp_path)

    assert found == {"good.jinja": "fine"}
    assert all(name in caplog.text for name in ("latin.jinja", "large.jinja", "out.jinja"))
