"""One home a data folder: a lock that ends with the process, however it ends."""

import fcntl
import os
from pathlib import Path
from typing import Final

from inglenook.errors import StoreError

FILE_NAME: Final = "inglenook.lock"


class DataLock:
    """Holds the data folder for one running home."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock and write this process's id into it; a data folder that is new is its owner's alone.

        Raises:
            StoreError: another home runs on the folder, or the folder cannot be written.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"data folder {self._path.parent} cannot be written ({error.strerror}); "
                "check its owner and mode, or name another one with --data"
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.read(file, 32).decode().strip()
            os.close(file)
            raise StoreError(
                f"data folder {self._path.parent} is in use by a running home (process {owner or 'unknown'}); "
                "stop that one, or give this one another folder with --data"
            ) from error
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        self._file = file

    def release(self) -> None:
        """Give the lock back; the file stays. Calling it twice does nothing."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def is_running(data_dir: Path) -> bool:
    """True when a home runs on ``data_dir``."""
    try:
        file = os.open(data_dir / FILE_NAME, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False
