"""The items of a list file, each by its text: after an edit only those that changed are parsed."""

import re
import sys
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import Final, NamedTuple

from inglenook.config.builder import Document, build
from inglenook.config.trees import ConfigDict, ConfigList, Source, relocate
from inglenook.errors import ConfigError

_ITEM: Final = re.compile(r"^-(?=[ \t\r\n]|\Z)", re.MULTILINE)
_NO_CONTENT: Final = re.compile(r"(?:[ \r]*(?:#[^\n]*)?\n)*")
_NOT_PLAIN: Final = ("\x85", "\u2028", "\u2029", "\n---", "\n...")  # more ends of lines, and ends of the document
_DIGEST_BYTES: Final = 16


class Part(NamedTuple):
    """One item of a list of rules: the digest of its text, the line its text begins at (from 0), and its tree."""

    digest: bytes
    line: int
    tree: ConfigDict

    @property
    def start(self) -> int:
        """The line, from 1, on which the item itself begins."""
        return self.tree.source.position(self.tree.start).line

    def moved(self, line: int) -> "Part":
        """Return the part as it is when its text begins at ``line``."""
        if line == self.line:
            return self
        source = self.tree.source
        relocate(self.tree, Source(source.path, source.first_line + line - self.line))
        return self._replace(line=line)


def parts_of(text: str, document: Document) -> list[Part]:
    """Return the parts of a file that was read as a whole; nothing when its text does not show where items begin."""
    tree = document.tree
    if not isinstance(tree, ConfigList) or document.tags or document.is_shared:
        return []
    split = list(_split(text))
    if not split or len(split) != len(tree) or not all(isinstance(item, ConfigDict) for item in tree):
        return []
    ends = [line for line, _, _ in split[1:]] + [sys.maxsize]
    parts = [Part(digest, line, item) for (line, _, digest), item in zip(split, tree, strict=True)]
    agrees = all(part.line < part.start <= end for part, end in zip(parts, ends, strict=True))
    return parts if agrees else []


def read_changed(parts: Sequence[Part], text: str, path: str, warnings: list[ConfigError]) -> list[Part]:
    """Return the parts of ``text``, an edited version of what ``parts`` were read from; only new ones are parsed.

    Args:
        parts: of the version before; they move to where they stand now.
        text: the whole file.
        path: as people see it.
        warnings: takes what is seldom meant in the new parts.

    Returns:
        Nothing when the file has to be read as a whole.
    """
    known: dict[bytes, list[Part]] = {}
    for part in parts:
        known.setdefault(part.digest, []).append(part)
    try:
        items = [
            (known[digest].pop(0) if known.get(digest) else _build(item, digest, line, path, warnings), line)
            for line, item, digest in (_split(text) if parts else ())
        ]
    except ConfigError:
        return []  # the whole file tells all that is wrong, and some faults only look like one in their part
    return [part.moved(line) for part, line in items]


def _split(text: str) -> Iterator[tuple[int, str, bytes]]:
    """Yield line (from 0), text and digest of each item of a list that begins at the left margin; else nothing."""
    starts = [match.start() for match in _ITEM.finditer(text)]
    if not starts or not _NO_CONTENT.fullmatch(text, 0, starts[0]) or not _is_plain(text):
        return
    line = text.count("\n", 0, starts[0])
    for start, end in pairwise([*starts, len(text)]):
        part = text[start:end]
        yield line, part, blake2b(part.encode(), digest_size=_DIGEST_BYTES).digest()
        line += part.count("\n")


def _is_plain(text: str) -> bool:
    """True when line feeds alone end lines, and no mark ends the document."""
    return not any(mark in text for mark in _NOT_PLAIN) and text.count("\r") == text.count("\r\n")


def _build(text: str, digest: bytes, line: int, shown_path: str, warnings: list[ConfigError]) -> Part:
    document = build(text, shown_path, first_line=line)
    tree = document.tree
    if document.tags or document.is_shared or not isinstance(tree, ConfigList) or not isinstance(tree[0], ConfigDict):
        raise ConfigError("expected a plain item of a list", document.start)
    warnings += document.warnings
    return Part(digest, line, tree[0])
