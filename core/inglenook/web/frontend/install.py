"""Fetch a version of the frontend: pip downloads its wheel, which is checked and of which the files are kept.

The wheel is an archive of plain files, so that it does not matter for which Python it says it is. What browsers of old
would load is left out, as are the maps for debuggers.
"""

import base64
import csv
import errno
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from inglenook.errors import InglenookError
from inglenook.web.frontend.versions import INDEX, Versions, is_version

PACKAGE: Final = "home-assistant-frontend"
DEFAULT_VERSION: Final = "20261028.4"  # of the time of the version of Home Assistant that clients are told
_ROOT: Final = "hass_frontend"
_FOLDERS: Final = ("frontend_latest", "static")
_FILES: Final = (
    INDEX, "authorize.html", "robots.txt", "service_worker.js", "sw-modern.js", "sw-legacy.js", "manifest.json",
)  # fmt: skip
_SPACE: Final = 450 * 1024 * 1024  # what a download and its files need at the same time
_LARGEST: Final = 64 * 1024 * 1024  # no file of it is near that
_MOST: Final = 60_000
_TIMEOUT_S: Final = 1_800.0


class InstallError(InglenookError):
    """A version of the frontend cannot be installed; says why, and what helps."""


def install(versions: Versions, version: str = DEFAULT_VERSION) -> Path:
    """Fetch ``version`` and serve it from now on; return its folder. Blocking; what is there stays if it fails.

    Raises:
        InstallError: there is no such version, no network, no pip, no room, or the files are not what they should be.
    """
    if not is_version(version):
        raise InstallError(f"expected a version like {DEFAULT_VERSION}, got {version!r:.60}")
    try:
        versions.folder.mkdir(parents=True, exist_ok=True)
        _check_room(versions.folder)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=versions.folder) as folder:
            wheel = download(Path(folder), version)
            files = Path(folder) / "files"
            unpack(wheel, files)
            versions.add(files, version)
    except OSError as error:
        raise InstallError(_told(error, versions.folder)) from error
    return versions.folder / version


def download(folder: Path, version: str) -> Path:
    """Have pip download the wheel of ``version`` into ``folder``; return its path. It asks the index that pip asks.

    Raises:
        InstallError: it cannot.
    """
    command = [
        sys.executable, "-m", "pip", "download", "--no-deps", "--ignore-requires-python", "--only-binary=:all:",
        "--no-cache-dir", "--no-input", "--disable-pip-version-check", "--progress-bar=off", "--retries=1",
        "--timeout=30", f"--dest={folder}", f"{PACKAGE}=={version}",
    ]  # fmt: skip
    environment = {**os.environ, "TMPDIR": str(folder)}  # pip unpacks nothing, but keeps what it loads there
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=_TIMEOUT_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise InstallError(f"the download took longer than {_TIMEOUT_S / 60:.0f} minutes; try again") from error
    if done.returncode != 0:
        raise InstallError(_explain(done.stderr, version))
    found = sorted(folder.glob("*.whl"))
    if len(found) != 1:
        raise InstallError(f"expected one wheel of {PACKAGE} {version}, got {len(found)}")
    return found[0]


def unpack(wheel: Path, folder: Path) -> None:
    """Write the files of ``wheel`` that browsers load into ``folder``, each checked against the wheel's own list.

    Raises:
        InstallError: it is no wheel of the frontend, or damaged.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            hashes = _hashes(archive)
            wanted = [info for info in archive.infolist() if _is_wanted(info.filename)]
            if len(wanted) > _MOST or any(info.file_size > _LARGEST for info in wanted):
                raise InstallError(f"{wheel.name} holds more than a frontend")
            for info in wanted:
                _write(archive, info, hashes, folder)
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, EOFError) as error:
        raise InstallError(f"{wheel.name} is damaged: {error}; install it again") from error
    if not (folder / INDEX).is_file() or not (folder / "frontend_latest").is_dir():
        raise InstallError(f"{wheel.name} is no frontend: it holds no {_ROOT}/{INDEX}")


def _is_wanted(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if name.endswith((".map", "/")) or len(parts) < 2 or parts[0] != _ROOT or not all(map(_is_plain, parts)):
        return False
    return parts[1] in _FOLDERS or (len(parts) == 2 and parts[1] in _FILES)


def _is_plain(part: str) -> bool:
    return part not in ("", ".", "..") and not re.search(r"[\\/:\x00-\x1f]", part)


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, hashes: dict[str, str], folder: Path) -> None:
    content = archive.read(info)
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    if hashes.get(info.filename) != digest:
        raise InstallError(f"{info.filename} is not what the list of the wheel says; install it again")
    path = folder.joinpath(*PurePosixPath(info.filename).parts[1:])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _hashes(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the SHA-256 of each file, as the wheel lists it."""
    record = next((name for name in archive.namelist() if name.endswith(".dist-info/RECORD")), None)
    if record is None:
        raise InstallError("it is no wheel: it lists no files")
    rows = csv.reader(io.StringIO(archive.read(record).decode()))
    return {row[0]: row[1].removeprefix("sha256=") for row in rows if len(row) >= 2}


def _check_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < _SPACE:
        need = f"this needs {_SPACE >> 20} MB, of which about 150 stay taken"
        raise InstallError(f"{folder} has {free >> 20} MB of room; {need}")


def _told(error: OSError, folder: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{folder} has no room left; nothing was changed"
    return f"{folder} cannot be written: {error.strerror or error}"


def _explain(stderr: str, version: str) -> str:
    """Return in our own words what pip says went wrong."""
    if "No module named pip" in stderr:
        return (
            f"{sys.executable} has no pip; install it with: {sys.executable} -m ensurepip, or the package python3-pip"
        )
    if "No space left" in stderr or "Disk quota" in stderr:
        return "there is no room left on the disk; nothing was changed"
    versions = re.search(r"from versions: ([^)]*)\)", stderr)
    if versions is not None and versions[1].strip() not in ("", "none"):
        newest = ", ".join(versions[1].split(", ")[-3:])
        return f"there is no {PACKAGE} {version}; the newest are {newest}"
    if versions is not None:
        cause = re.search(r"connection broken by [\"'](.{1,200}?)[\"']?: /", stderr)
        said = cause[1] if cause else _last_line(stderr)
        return f"pip finds no {PACKAGE}: is there a network? It said: {said}"
    return f"pip could not download {PACKAGE} {version}: {_last_line(stderr)}"


def _last_line(text: str) -> str:
    told = [
        line.strip() for line in text.splitlines() if line.strip() and not line.startswith(("[notice]", "ERROR: No"))
    ]
    return told[-1][:300] if told else "nothing"
