"""Rule files: which files of a folder count, what rules stand in one, and how it is read again after an edit."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b, sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from inglenook.config.builder import build
from inglenook.config.cache import ParseCache
from inglenook.config.reading import SECRETS, Reading, decode, read_bytes, yaml_files
from inglenook.config.trees import ConfigDict, ConfigList, Source, key_position, relocate, start_of, value_position
from inglenook.config.values import shown
from inglenook.config.yaml import absolute
from inglenook.errors import ConfigError, ConfigErrors, Position

SUFFIXES: Final = (".yaml", ".yml")

_ITEM: Final = re.compile(r"^-(?=[ \t\r\n]|\Z)", re.MULTILINE)
_NO_CONTENT: Final = re.compile(r"(?:[ \r]*(?:#[^\n]*)?\n)*")
_NOT_PLAIN: Final = ("\x85", "\u2028", "\u2029", "\n---", "\n...")  # more ends of lines, and ends of the document
_DIGEST_BYTES: Final = 16


class RawRule(NamedTuple):
    """One automation as it was read, and where it begins."""

    raw: ConfigDict
    position: Position


@dataclass(frozen=True, slots=True)
class Rules:
    """What a rule file holds: its rules in order, the files that had a part in it, and what is seldom meant."""

    rules: tuple[RawRule, ...]
    files: frozenset[Path]
    warnings: tuple[ConfigError, ...]


def is_rule_file(name: str) -> bool:
    """True when a file of this name is read from a rules folder; editors' swap and backup files are not."""
    return name.endswith(SUFFIXES) and not name.startswith((".", "#", "~")) and name != SECRETS


def rule_files(folder: Path) -> Iterator[Path]:
    """Yield the rule files below ``folder``: of each folder its files by name, then its folders by name."""
    return (path for path in yaml_files(absolute(folder), SUFFIXES) if is_rule_file(path.name))


def read_rules(path: Path, root: Path, cache: ParseCache | None = None) -> Rules:
    """Read one rule file: a list of automations, one automation, or a mapping with ``automation:``.

    Args:
        path: the file.
        root: the folder that its includes may not leave, and that people see its path relative to.
        cache: where parsed files are kept.

    Raises:
        ConfigErrors: all that is wrong, each with its place.
    """
    return RuleFile(path, root).read(cache)


class RuleFile:
    """A rule file that is read more than once: an item whose text did not change keeps its tree.

    So after an edit of one rule among a thousand that rule is parsed alone, and the others are the same objects.

    Args:
        path: the file.
        root: the folder that its includes may not leave.
        base: the folder that people see its path relative to; ``root`` when it is not given.

    Attributes:
        digest: SHA-256 of the content at the last reading, good or bad.
        files: every file that had a part in the last reading, good or bad.
    """

    def __init__(self, path: Path, root: Path, base: Path | None = None) -> None:
        self.path = absolute(path)
        self.root = absolute(root)
        self._base = absolute(base or root)
        self.digest = b""
        self.files: frozenset[Path] = frozenset({self.path})
        self._parts: list[_Part] = []  # of the last reading; empty when the file is not a plain list

    def read(self, cache: ParseCache | None = None) -> Rules:
        """Return the rules that the file holds now. Argument and errors as of :func:`read_rules`."""
        reading = Reading(self.root, cache, self._base)
        shown_path = reading.shown(self.path)
        try:
            content = read_bytes(self.path, Position(shown_path))
        except ConfigError as error:
            raise ConfigErrors([error]) from error
        self.digest = sha256(content).digest()
        return self._read_changed(content, shown_path) or self._read_whole(content, reading)

    def _read_whole(self, content: bytes, reading: Reading) -> Rules:
        document = reading.read(self.path, content)
        self.files = frozenset(reading.files)
        rules: list[RawRule] = []
        if document is not None and not reading.errors:
            rules = list(_rules(document.tree, reading))
        if document is None or reading.errors:
            raise ConfigErrors(reading.errors)
        is_plain = isinstance(document.tree, ConfigList) and not document.holes and not document.is_shared
        self._parts = _parts(content, document.tree) if is_plain else []
        return Rules(tuple(rules), self.files, tuple(reading.warnings))

    def _read_changed(self, content: bytes, shown_path: str) -> Rules | None:
        """Read the items that changed since the last time; None when the file has to be read as a whole."""
        if not self._parts:
            return None
        known: dict[bytes, list[_Part]] = {}
        for part in self._parts:
            known.setdefault(part.digest, []).append(part)
        warnings: list[ConfigError] = []
        try:
            items = [
                (known[digest].pop(0) if known.get(digest) else _build(text, digest, line, shown_path, warnings), line)
                for line, text, digest in _split(decode(content, shown_path))
            ]
        except ConfigError:
            return None  # the whole file tells all that is wrong, and some faults only look like one in their part
        if not items:
            return None
        self._parts = [part.moved(line) for part, line in items]
        rules = tuple(RawRule(part.tree, _start(part.tree)) for part in self._parts)
        return Rules(rules, self.files, tuple(warnings))


class _Part(NamedTuple):
    """One item of a list of rules: the digest of its text, the line its text begins at (from 0), and its tree."""

    digest: bytes
    line: int
    tree: ConfigDict

    def moved(self, line: int) -> "_Part":
        """Return the part as it is when its text begins at ``line``."""
        if line == self.line:
            return self
        source = self.tree.source
        relocate(self.tree, Source(source.path, source.first_line + line - self.line))
        return self._replace(line=line)


def _rules(tree: Any, reading: Reading) -> Iterator[RawRule]:
    """Yield the automations of a file; what is none becomes an error of ``reading``."""
    if isinstance(tree, ConfigDict) and any(_domain(key) == "automation" for key in tree):
        for key, value in tree.items():
            if _domain(key) == "automation":
                yield from _rules(value, reading)
            else:
                message = f"{key} has no effect in a rule file; only automation: has"
                reading.warnings.append(ConfigError(message, key_position(tree, key)))
    elif isinstance(tree, ConfigDict):
        if tree:
            yield RawRule(tree, _start(tree))
    elif isinstance(tree, ConfigList):
        for index, item in enumerate(tree):
            if isinstance(item, ConfigDict):
                yield RawRule(item, _start(item))
            else:
                reading.errors.append(_no_rule(item, value_position(tree, index)))
    elif tree is not None:
        reading.errors.append(_no_rule(tree, None))


def _no_rule(value: Any, position: Position | None) -> ConfigError:
    return ConfigError(f"expected an automation (a mapping with triggers and actions), got {shown(value)}", position)


def _domain(key: Any) -> str:
    return str(key).partition(" ")[0]


def _start(tree: ConfigDict) -> Position:
    position = start_of(tree)
    assert position is not None, "a tree from a file has a place"
    return position


def _parts(content: bytes, tree: ConfigList) -> list[_Part]:
    """Return the parts of a file that was read as a whole; nothing when its text does not show where items begin."""
    split = list(_split(decode(content, tree.source.path)))
    if not split or len(split) != len(tree):
        return []
    ends = [line for line, _, _ in split[1:]] + [sys.maxsize]
    parts = [_Part(digest, line, item) for (line, _, digest), item in zip(split, tree, strict=True)]
    agrees = all(part.line < _start(part.tree).line <= end for part, end in zip(parts, ends, strict=True))
    return parts if agrees else []


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


def _build(text: str, digest: bytes, line: int, shown_path: str, warnings: list[ConfigError]) -> _Part:
    document = build(text, shown_path, first_line=line)
    tree = document.tree
    if document.holes or document.is_shared or not isinstance(tree, ConfigList) or not isinstance(tree[0], ConfigDict):
        raise ConfigError("expected a plain item of a list", document.start)
    warnings += document.warnings
    return _Part(digest, line, tree[0])
