"""What files were read as: read again, what did not change is the same tree as before, and is not parsed."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from inglenook.config.builder import Document
from inglenook.config.list_parts import Part, parts_of, read_changed
from inglenook.config.trees import Mark, Source, make_list
from inglenook.errors import ConfigError


class ReadMemory:
    """Documents by the file that they were read from, without those that something is filled into."""

    def __init__(self) -> None:
        self._lock = RLock()  # a reload reads in a thread
        self._known: dict[Path, _Known] = {}
        self._fresh: dict[Path, str] = {}  # texts whose parts are not known yet

    def recall(self, path: Path, text: str, shown: str) -> Document | None:
        """Return what ``text``, which stands in the file now and is shown as ``shown``, is; None if it must be parsed.

        Of a list, the items whose text did not change are the same objects as before.
        """
        with self._lock:
            self.settle()
            known = self._known.get(path)
            return self._recalled(known, path, text, shown) if known else None

    def note(self, path: Path, text: str, document: Document) -> None:
        """Keep what ``text`` was parsed to."""
        with self._lock:
            self._fresh.pop(path, None)
            if document.tags or document.is_shared:
                self._known.pop(path, None)
            else:
                self._known[path] = _Known(b"", replace(document), [])
                self._fresh[path] = text

    def settle(self) -> None:
        """Take the texts that were noted apart, and forget them; for a moment when there is time."""
        with self._lock:
            while self._fresh:
                path, text = self._fresh.popitem()
                document = self._known[path].document
                self._known[path] = _Known(_digest(text), document, parts_of(text, document))

    def _recalled(self, known: "_Known", path: Path, text: str, shown: str) -> Document | None:
        if known.digest == _digest(text):
            return replace(known.document)
        warnings: list[ConfigError] = []
        parts = read_changed(known.parts, text, shown, warnings)
        if not parts:
            return None
        marks: list[Mark] = [part.tree.source.position(part.tree.start) for part in parts]
        source = Source(shown)
        tree = make_list([part.tree for part in parts], source, known.document.tree.start, marks)
        document = replace(known.document, tree=tree, warnings=warnings)
        self._known[path] = _Known(_digest(text), document, parts)
        return replace(document)


class _Known(NamedTuple):
    digest: bytes
    document: Document
    parts: list[Part]


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
