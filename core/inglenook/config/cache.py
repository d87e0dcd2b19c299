"""A cache of parsed files by their content: what has not changed since the last start is not parsed again.

Only what the text of a file says is kept, never what ``!secret`` or ``!include`` brought in, so nothing but the text
makes an entry useless, and no secret is copied. Damaged, foreign and old caches are ignored.
"""

import contextlib
import logging
import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from inglenook.config.builder import Document, Tag
from inglenook.config.trees import ConfigDict, ConfigList, Input, Source, Tree, pack
from inglenook.errors import ConfigError, Position
from inglenook.version import __version__

_log = logging.getLogger(__name__)

FILE_NAME: Final = "parsed.cache"
MAX_BYTES: Final = 64 * 1024 * 1024
KEPT_BYTES: Final = 8 * 1024 * 1024  # of what only earlier starts used
MAX_GOOD: Final = 10_000
_DIGEST_BYTES: Final = 32
_LENGTH_BYTES: Final = 8
_FORMAT: Final = 2  # raise it when builder, scalars or trees change what they make of the same text
_HEADER: Final = f"inglenook {__version__} parsed YAML {_FORMAT}, PyYAML {yaml.__version__}\n".encode()

_encoder: Final = msgspec.msgpack.Encoder()
_decode_entry: Final = msgspec.msgpack.Decoder().decode


class ParseCache:
    """Documents by the SHA-256 of their text, in one file.

    Args:
        path: the file; read at once if it is there, written by :meth:`save`.
        is_empty: it is not read.
    """

    def __init__(self, path: Path, *, is_empty: bool = False) -> None:
        self._path = path
        self._stored, self._stored_good = ({}, set()) if is_empty else _read_index(path)
        self._used: dict[bytes, bytes] = {}
        self._unpacked: dict[bytes, Document] = {}
        self._good: set[bytes] = set()

    def get(self, content: bytes, path: str) -> Document | None:
        """Return the document that ``content``, shown to people as ``path``, was parsed to; None if it is unknown."""
        digest = sha256(content).digest()
        if digest in self._unpacked:
            self._pack(digest, self._unpacked.pop(digest))
        entry = self._used.get(digest)
        if entry is None and digest in self._stored:
            entry = _read_entry(self._path, self._stored[digest])
        if entry is None:
            return None
        document = _unpack_document(entry, path)
        self._used[digest] = entry
        return document

    def put(self, content: bytes, document: Document) -> None:
        """Keep a document as it was built, before its tags are filled in. One with aliases is not kept."""
        if document.is_shared:
            return
        digest = sha256(content).digest()
        if document.tags:
            self._pack(digest, document)
        else:  # it stays as it is, so that there is no hurry
            self._unpacked[digest] = document

    def is_good(self, digest: bytes) -> bool:
        """True when the content of this SHA-256 passed every check at an earlier start."""
        return digest in self._stored_good

    def add_good(self, digest: bytes) -> None:
        """Note that the content of this SHA-256, which includes nothing, passes every check."""
        self._good.add(digest)

    def save(self) -> None:
        """Write what this process used to what was there, if it adds anything; says so if it cannot.

        What earlier starts used stays as long as there is room: who goes back to an earlier version finds it.
        """
        while self._unpacked:
            self._pack(*self._unpacked.popitem())
        if self._used.keys() <= self._stored.keys() and self._good <= self._stored_good:
            return
        good = self._good | set(tuple(self._stored_good)[:MAX_GOOD])
        entries = {**self._older(), **self._used}
        if (size := sum(map(len, entries.values()))) > MAX_BYTES:
            _log.info("%s is not written: %s bytes are more than %s", self._path, size, MAX_BYTES)
            return
        try:
            self._stored = _write(self._path, entries, good)
        except OSError as error:
            _log.warning("cannot write %s, the next start will be slower: %s", self._path, error.strerror)
            return
        self._stored_good = good

    def _older(self) -> dict[bytes, bytes]:
        """Return what earlier starts used and this one did not, the newest of it, as far as there is room."""
        places = {digest: place for digest, place in self._stored.items() if digest not in self._used}
        room = KEPT_BYTES - sum(place.size for place in places.values())
        while places and room < 0:
            room += places.pop(next(iter(places))).size
        entries = {digest: _read_entry(self._path, place) for digest, place in places.items()}
        return {digest: entry for digest, entry in entries.items() if entry is not None}

    def close(self) -> None:
        """Save, and forget everything: it is in the file."""
        self.save()
        self._stored, self._used, self._stored_good = {}, {}, set()

    def _pack(self, digest: bytes, document: Document) -> None:
        with contextlib.suppress(OverflowError):  # a number of more than 64 bits: parsed anew each time
            self._used[digest] = _pack_document(document)


class _Place(msgspec.Struct, array_like=True, frozen=True):
    """Where an entry stands in the file, and its SHA-256."""

    offset: int
    size: int
    digest: bytes


_decode_index: Final = msgspec.msgpack.Decoder(tuple[dict[bytes, _Place], set[bytes]]).decode


def _read_index(path: Path) -> tuple[dict[bytes, _Place], set[bytes]]:
    """Return where each entry stands, by the digest of its text, and what is good."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_HEADER) + _LENGTH_BYTES + _DIGEST_BYTES)
            length = int.from_bytes(start[len(_HEADER) : len(_HEADER) + _LENGTH_BYTES])
            index = file.read(length) if start.startswith(_HEADER) and length <= MAX_BYTES else b""
    except OSError:
        return {}, set()
    if not index or sha256(index).digest() != start[-_DIGEST_BYTES:]:
        return {}, set()
    return _decode_index(index)


def _read_entry(path: Path, place: _Place) -> bytes | None:
    """Return an entry; None when it is not there as it was written."""
    try:
        with path.open("rb") as file:
            file.seek(-place.offset, os.SEEK_END)
            entry = file.read(place.size)
    except OSError:
        return None
    return entry if sha256(entry).digest() == place.digest else None


def _write(path: Path, entries: Mapping[bytes, bytes], good: set[bytes]) -> dict[bytes, _Place]:
    """Write the file: index, then entries, whose places count from the end; return the places."""
    left = sum(map(len, entries.values()))
    places = {}
    for digest, entry in entries.items():
        places[digest] = _Place(left, len(entry), sha256(entry).digest())
        left -= len(entry)
    index = _encoder.encode((places, good))
    temporary = path.with_suffix(".new")
    temporary.touch(mode=0o600)  # rules tell much about a home
    with temporary.open("wb") as file:
        file.write(_HEADER + len(index).to_bytes(_LENGTH_BYTES) + sha256(index).digest() + index)
        file.writelines(entries.values())
    temporary.replace(path)
    return places


# -- a document as an entry: a table of its different scalars, and containers that hold indexes into it -------------


def _pack_document(document: Document) -> bytes:
    packer = _Packer()
    tree = packer.pack(document.tree)
    warnings = [(warning.message, _mark(warning.position)) for warning in document.warnings]
    return _encoder.encode((packer.table, tree, _mark(document.start), document.nodes, warnings))


def _unpack_document(entry: bytes, path: str) -> Document:
    table, tree, start, nodes, warnings = _decode_entry(entry)
    source = Source(path)
    table = [_scalar(item, source) if isinstance(item, list) else item for item in table]
    tree, tags = _unpack_tree(tree, table, source)
    return Document(
        tree=tree,
        start=source.position(start),
        tags=tags,
        warnings=[ConfigError(message, source.position(mark)) for message, mark in warnings],
        nodes=nodes,
    )


class _Packer:
    def __init__(self) -> None:
        self.table: list[Any] = []
        self._indexes: dict[Any, int] = {}

    def pack(self, node: Any) -> Any:
        if isinstance(node, ConfigDict):
            return node.start, node.marks, self._all(node), self._all(node.values())
        if isinstance(node, ConfigList):
            return node.start, node.marks, self._all(node)
        return self._scalar(node)

    def _all(self, nodes: Iterable[Any]) -> list[Any]:
        return [self.pack(node) for node in nodes]

    def _scalar(self, value: Any) -> int:
        kind = value.__class__  # True is not 1, 1 is not 1.0, and 0.0 is not -0.0
        key = kind, value if kind is not float else repr(value)
        index = self._indexes.get(key)
        if index is None:
            index = self._indexes[key] = len(self.table)
            self.table.append(_packed_scalar(value))
        return index


def _unpack_tree(node: Any, table: list[Any], source: Source) -> tuple[Any, list[tuple[Tree, Any]]]:
    """Return the tree and its tags. One function with all at hand: a start walks a hundred thousand containers."""
    tags: list[tuple[Tree, Any]] = []
    has_tags = any(isinstance(item, Tag) for item in table)
    scalar = table.__getitem__

    def unpack(node: Any) -> Tree:
        values = [table[item] if item.__class__ is int else unpack(item) for item in node[-1]]
        tree = ConfigDict(zip(map(scalar, node[2]), values, strict=True)) if len(node) == 4 else ConfigList(values)
        tree.source, tree.start, tree.marks = source, node[0], node[1]
        if has_tags:
            keys = tree if isinstance(tree, ConfigDict) else range(len(values))
            tags.extend((tree, key) for key, value in zip(keys, values, strict=True) if isinstance(value, Tag))
        return tree

    return (table[node] if isinstance(node, int) else unpack(node)), tags


def _packed_scalar(value: Any) -> Any:
    if isinstance(value, Tag):
        return "tag", value.name, value.text, _mark(value.position)
    if isinstance(value, Input):
        return "input", value.name
    if isinstance(value, datetime):
        return "datetime", value.isoformat()
    if isinstance(value, date):
        return "date", value.isoformat()
    return value


def _scalar(item: list[Any], source: Source) -> Any:
    match item:
        case ["tag", name, text, mark]:
            return Tag(name, text, source.position(mark))
        case ["input", name]:
            return Input(name)
        case ["datetime", form]:
            return datetime.fromisoformat(form)
        case [_, form]:
            return date.fromisoformat(form)


def _mark(position: Position | None) -> int:
    return pack(position.line - 1, position.column - 1) if position else 0
