"""A cache of parsed files by their content: what has not changed since the last start is not parsed again.

Only what the text of a file says is kept, never what ``!secret`` or ``!include`` brought in, so nothing but the text
makes an entry stale, and no secret is copied. Damaged, foreign and old caches are ignored.
"""

import contextlib
import logging
from collections.abc import Iterable
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
_DIGEST_BYTES: Final = 32
_FORMAT: Final = 1  # raise it when builder, scalars or trees change what they make of the same text
_HEADER: Final = f"inglenook {__version__} parsed YAML {_FORMAT}, PyYAML {yaml.__version__}\n".encode()

_encoder: Final = msgspec.msgpack.Encoder()
_decode_payload: Final = msgspec.msgpack.Decoder(tuple[dict[bytes, bytes], set[bytes]]).decode
_decode_entry: Final = msgspec.msgpack.Decoder().decode


class ParseCache:
    """Documents by the SHA-256 of their text, in one file.

    Args:
        path: the file; read at once if it is there, written by :meth:`save`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stored, self._stored_good = _read(path)
        self._used: dict[bytes, bytes] = {}
        self._good: set[bytes] = set()

    def get(self, content: bytes, path: str) -> Document | None:
        """Return the document that ``content``, shown to people as ``path``, was parsed to; None if it is unknown."""
        digest = sha256(content).digest()
        entry = self._used.get(digest) or self._stored.get(digest)
        if entry is None:
            return None
        document = _unpack_document(entry, path)
        self._used[digest] = entry
        return document

    def put(self, content: bytes, document: Document) -> None:
        """Keep a document as it was built, before its holes are filled. One with aliases is not kept."""
        if document.is_shared:
            return
        with contextlib.suppress(OverflowError):  # a number of more than 64 bits: parsed anew each time
            self._used[sha256(content).digest()] = _pack_document(document)

    def is_good(self, digest: bytes) -> bool:
        """True when the content of this SHA-256 passed every check at an earlier start."""
        return digest in self._stored_good

    def add_good(self, digest: bytes) -> None:
        """Note that the content of this SHA-256, which includes nothing, passes every check."""
        self._good.add(digest)

    def save(self) -> None:
        """Write what this process used, in place of what was there, if that differs; says so if it cannot."""
        if self._used.keys() == self._stored.keys() and self._good == self._stored_good:
            return
        payload = _encoder.encode((self._used, self._good))
        if len(payload) > MAX_BYTES:
            _log.info("%s is not written: %s bytes are more than %s", self._path, len(payload), MAX_BYTES)
            return
        try:
            _write(self._path, _HEADER + sha256(payload).digest() + payload)
        except OSError as error:
            _log.warning("cannot write %s, the next start will be slower: %s", self._path, error.strerror)
            return
        self._stored, self._stored_good = dict(self._used), set(self._good)


def _read(path: Path) -> tuple[dict[bytes, bytes], set[bytes]]:
    try:
        content = path.read_bytes() if path.stat().st_size <= MAX_BYTES + 1024 else b""
    except OSError:
        content = b""
    start = len(_HEADER) + _DIGEST_BYTES
    if not content.startswith(_HEADER) or sha256(content[start:]).digest() != content[len(_HEADER) : start]:
        return {}, set()
    return _decode_payload(content[start:])


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".new")
    temporary.touch(mode=0o600)  # rules tell much about a home
    temporary.write_bytes(content)
    temporary.replace(path)


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
    tree, holes = _unpack_tree(tree, table, source)
    return Document(
        tree=tree,
        start=source.position(start),
        holes=holes,
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
    """Return the tree and its holes. One function with all at hand: a start walks a hundred thousand containers."""
    holes: list[tuple[Tree, Any]] = []
    has_tags = any(isinstance(item, Tag) for item in table)
    scalar = table.__getitem__

    def unpack(node: Any) -> Tree:
        values = [table[item] if item.__class__ is int else unpack(item) for item in node[-1]]
        tree = ConfigDict(zip(map(scalar, node[2]), values, strict=True)) if len(node) == 4 else ConfigList(values)
        tree.source, tree.start, tree.marks = source, node[0], node[1]
        if has_tags:
            keys = tree if isinstance(tree, ConfigDict) else range(len(values))
            holes.extend((tree, key) for key, value in zip(keys, values, strict=True) if isinstance(value, Tag))
        return tree

    return (table[node] if isinstance(node, int) else unpack(node)), holes


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
