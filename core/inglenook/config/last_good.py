"""The configuration as it last could be read: what a home starts with when somebody left a slip in a file.

Kept are the texts of all files, secrets included, in one file of the data folder that only its owner can read. Damaged,
foreign and old ones are ignored.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from inglenook.config.reading import SECRETS, Disk
from inglenook.config.sealed_file import SealedFile
from inglenook.config.settings import DEFAULT_DATA
from inglenook.errors import ConfigError, Position

_log = logging.getLogger(__name__)

FILE_NAME: Final = "configuration.good"
MAX_BYTES: Final = 64 * 1024 * 1024
_HEADER: Final = b"inglenook configuration 1\n"
_FOLDER: Final = re.compile(r"""\bfolder:\s*["']?([^\s"',}#]+)""")

_decode: Final = msgspec.msgpack.Decoder(dict[str, bytes]).decode


class LastGood:
    """The texts by their files, which lie below ``root``.

    Args:
        data: returns the data folder, once it is asked for.
        root: the configuration folder.
    """

    def __init__(self, data: Callable[[], Path], root: Path) -> None:
        self._data = data
        self._root = root

    @cached_property
    def _file(self) -> SealedFile:
        return SealedFile(self._data() / FILE_NAME, _HEADER, max_bytes=MAX_BYTES)

    @cached_property
    def texts(self) -> Mapping[Path, bytes]:
        """What was kept, by absolute paths."""
        content = self._file.read()
        if content is None:
            return {}
        try:
            return {self._root / name: text for name, text in _decode(content).items()}
        except msgspec.MsgspecError:
            return {}

    def keep(self, texts: Mapping[Path, bytes]) -> None:
        """Keep these, if they are others; says so if it cannot. More than ``MAX_BYTES`` are not kept."""
        named = {str(path.relative_to(self._root)): texts[path] for path in sorted(texts)}
        content = msgspec.msgpack.encode(named)
        if len(content) > MAX_BYTES or self._file.holds(content):
            return
        try:
            self._file.write(content)  # secrets are in it
        except OSError as error:
            where, why = self._file.path, error.strerror
            _log.warning("cannot write %s, which a start with a broken configuration needs: %s", where, why)


class LastGoodDisk(Disk):
    """Files as they were when they last could be read; there are no others.

    Args:
        texts: by absolute paths.
    """

    def __init__(self, texts: Mapping[Path, bytes]) -> None:
        self._texts = texts

    def content(self, path: Path, position: Position) -> bytes:
        """Return what stood in a file.

        Raises:
            ConfigError: there was none of that name.
        """
        if path not in self._texts:
            raise ConfigError("there was no such file", position)
        return self._texts[path]

    def is_there(self, path: Path) -> bool:
        """True when there was a file of that name."""
        return path in self._texts

    def yaml_files(self, top: Path) -> Iterator[Path]:
        """Yield those below the folder ``top`` in the order in which one is walked: files first, then folders."""
        below = [path for path in self._texts if path.is_relative_to(top) and path.suffix == ".yaml"]
        named = [path for path in below if path.name != SECRETS]
        yield from sorted(named, key=lambda path: [(part != path.name, part) for part in path.relative_to(top).parts])


def data_folder_in(text: str) -> str:
    """Return the data folder that a configuration file names which may be no YAML; the default if none can be seen."""
    inside = False
    for line in text.splitlines():
        if line[:1] not in ("", " ", "\t", "#"):
            inside = line.startswith("data:")
        if inside and (found := _FOLDER.search(line)):
            return found[1]
    return DEFAULT_DATA
