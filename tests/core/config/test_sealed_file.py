"""Tests of files that are read as they were written, or not at all."""

from pathlib import Path

import pytest

from inglenook.config.sealed_file import SealedFile

HEADER = b"a house 1\n"


@pytest.fixture
def file(tmp_path: Path) -> SealedFile:
    return SealedFile(tmp_path / "data" / "kept", HEADER, max_bytes=10)


def test_what_was_written_is_read_and_only_its_owner_may(file: SealedFile) -> None:
    file.write(b"1234567890")

    assert file.read() == b"1234567890"
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.path.parent.iterdir()] == ["kept"]


def test_a_file_knows_whether_it_holds_something(file: SealedFile) -> None:
    assert not file.holds(b"one")

    file.write(b"one")

    assert file.holds(b"one")
    assert not file.holds(b"two")


def test_nothing_is_read_of_a_file_that_is_not_there(file: SealedFile) -> None:
    assert file.read() is None


@pytest.mark.parametrize("wrong", ["empty", "foreign", "cut off", "changed"])
def test_nothing_is_read_of_what_is_damaged_or_foreign(file: SealedFile, wrong: str) -> None:
    file.write(b"content")
    whole = file.path.read_bytes()
    damaged = {
        "empty": b"",
        "foreign": b"another 1\n" + whole[len(HEADER) :],
        "cut off": whole[:-1],
        "changed": whole[:-1] + b"?",
    }

    file.path.write_bytes(damaged[wrong])

    assert file.read() is None


def test_nothing_is_read_of_what_is_too_long(file: SealedFile) -> None:
    file.write(b"12345678901")

    assert file.read() is None


def test_what_cannot_be_written_leaves_what_was_there(file: SealedFile) -> None:
    file.write(b"before")
    (file.path.parent / "kept.new").mkdir()

    with pytest.raises((IsADirectoryError, PermissionError)):
        file.write(b"after")

    assert file.read() == b"before"
