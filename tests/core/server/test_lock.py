"""One home a data folder."""

import os
from pathlib import Path

import pytest

from inglenook.errors import StoreError
from inglenook.server.lock import DataLock, is_running


def test_a_second_home_on_the_same_folder_is_refused_with_the_first_ones_process(tmp_path: Path) -> None:
    first, second = DataLock(tmp_path), DataLock(tmp_path)
    first.acquire()

    with pytest.raises(StoreError, match=rf"is in use by a running home \(process {os.getpid()}\)"):
        second.acquire()

    assert is_running(tmp_path)
    first.release()


def test_a_released_folder_can_be_taken_again(tmp_path: Path) -> None:
    first, second = DataLock(tmp_path / "new"), DataLock(tmp_path / "new")
    first.acquire()
    first.release()

    second.acquire()

    assert is_running(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o77 == 0
    second.release()
    assert not is_running(tmp_path / "new")
    assert not is_running(tmp_path / "never")


def test_a_folder_that_cannot_be_made_says_what_helps(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match=r"cannot be written .*name another one with --data"):
        DataLock(tmp_path / "file").acquire()
