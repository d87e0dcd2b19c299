"""Which versions of the frontend lie in the data folder, and which of them is served.

``<data>/frontend/<version>/`` holds the files of one, ``<data>/frontend/current`` the name of the one that is served. A
home that runs notices a change of that file by itself.
"""

import contextlib
import os
import re
import shutil
from pathlib import Path
from typing import Final

from inglenook.errors import UnknownEntry

FOLDER: Final = "frontend"
CURRENT: Final = "current"
INDEX: Final = "index.html"
_VERSION: Final = re.compile(r"[0-9]{4,8}(\.[0-9]{1,6})*((a|b|rc|\.dev)[0-9]{1,8})?")


def is_version(name: str) -> bool:
    """True for what can be the name of a version, like ``20261028.4``."""
    return _VERSION.fullmatch(name) is not None


class Versions:
    """The versions of one home.

    Args:
        data: the data folder; the folder of the versions in it need not be there.
    """

    def __init__(self, data: Path) -> None:
        self.folder = data / FOLDER
        self._seen: tuple[int, int] | None = None
        self._current: Path | None = None

    def all(self) -> list[str]:
        """Return what is installed, the oldest first."""
        names = [path.parent.name for path in self.folder.glob(f"*/{INDEX}")]
        return sorted(filter(is_version, names), key=_in_order)

    def current(self) -> Path | None:
        """Return the folder of the version that is served; None if none is. Asks the disk one short question."""
        try:
            stat = (self.folder / CURRENT).stat()
        except OSError:
            self._seen = None
            return None
        if self._seen != (seen := (stat.st_mtime_ns, stat.st_ino)):
            self._seen, self._current = seen, self._read()
        return self._current

    def use(self, version: str) -> None:
        """Serve ``version`` from now on.

        Raises:
            UnknownEntry: it is not installed.
        """
        self._require(version)
        new = self.folder / f".{CURRENT}-{os.getpid()}"
        new.write_text(f"{version}\n", encoding="ascii")
        new.replace(self.folder / CURRENT)

    def add(self, files: Path, version: str) -> None:
        """Move the folder ``files`` to where ``version`` belongs, in place of an older copy, and serve it.

        Raises:
            OSError: it cannot be moved; the older copy stays.
        """
        target = self.folder / version
        if target.exists():
            old = self.folder / f".old-{version}-{os.getpid()}"
            target.rename(old)
            try:
                files.rename(target)
            except OSError:
                old.rename(target)
                raise
            shutil.rmtree(old, ignore_errors=True)
        else:
            files.rename(target)
        self.use(version)

    def remove(self, version: str) -> None:
        """Delete ``version``; if it is the one that is served, the newest of the others is from now on, or none.

        Raises:
            UnknownEntry: it is not installed.
        """
        self._require(version)
        current = self.current()
        others = [name for name in self.all() if name != version]
        if current is not None and current.name == version:
            if others:
                self.use(others[-1])
            else:
                (self.folder / CURRENT).unlink()
        shutil.rmtree(self.folder / version)
        if not others:
            with contextlib.suppress(OSError):
                self.folder.rmdir()

    def _read(self) -> Path | None:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            name = (self.folder / CURRENT).read_text(encoding="ascii").strip()
            if is_version(name) and (self.folder / name / INDEX).is_file():
                return self.folder / name
        return None

    def _require(self, version: str) -> None:
        if version not in (known := self.all()):
            there = f"; there are: {', '.join(known)}" if known else ""
            raise UnknownEntry(f"frontend {version} is not installed{there}")


def _in_order(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"[0-9]+", version))
