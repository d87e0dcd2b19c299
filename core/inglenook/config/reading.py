"""One reading of configuration files: each parsed once, its ``!include``, ``!secret`` and ``!env_var`` filled in."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from inglenook.config.builder import MAX_NODES, Document, Tag, build
from inglenook.config.cache import ParseCache
from inglenook.config.memory import ReadMemory
from inglenook.config.trees import ConfigDict, ConfigList, Mark, Source, Tree, make_dict, make_list, pack
from inglenook.config.values import near_miss, shown
from inglenook.errors import ConfigError, Position

MAX_FILE_BYTES: Final = 32 * 1024 * 1024
MAX_CHAIN: Final = 10  # files that include one another, one within the other
SECRETS: Final = "secrets.yaml"


class FaultyTag(NamedTuple):
    """A tag that an error was found in while it was filled in: its own, or one within what it includes.

    Attributes:
        holder: the mapping or list in which the tag stood.
        key: where: a key or an index.
        error: what is wrong.
        name: of the tag, like ``!include``.
        is_outermost: it stands in the file that was read first.
    """

    holder: Tree
    key: Any
    error: ConfigError
    name: str
    is_outermost: bool

    @property
    def is_empty(self) -> bool:
        """True when the error is the tag's own: null stands in its place."""
        return self.holder[self.key] is None


class Disk:
    """Files as they stand now."""

    def content(self, path: Path, position: Position) -> bytes:
        """Return what stands in a file. Arguments and errors as of :func:`read_bytes`."""
        return read_bytes(path, position)

    def is_there(self, path: Path) -> bool:
        """True when there is something of that name."""
        return path.exists()

    def yaml_files(self, top: Path) -> Iterator[Path]:
        """Yield the files below the folder ``top`` in the order of :func:`yaml_files`."""
        return yaml_files(top)


DISK: Final = Disk()


class Reading:
    """Reads files below ``root``, the configuration folder; collects what is wrong instead of stopping at the first.

    Args:
        root: no include leaves it.
        cache: where parsed files are kept.
        base: the folder that people see paths relative to; ``root`` when it is not given.
        memory: of what the files were when they were read before.
        disk: where the files are.
        last_good: returns the texts that files had when they last could be read; one that cannot be counts as these.

    Attributes:
        files: every file that was read, or looked for in vain, as it was named.
        texts: what stands in those that were read.
        stale: what is wrong with files in whose place the last good ones were read.
        errors: what is wrong so far.
        faulty_tags: one for each error in each tag, from the inside outwards.
        warnings: what is legal and seldom meant.
    """

    def __init__(
        self,
        root: Path,
        cache: ParseCache | None = None,
        base: Path | None = None,
        memory: ReadMemory | None = None,
        disk: Disk = DISK,
        last_good: Callable[[], Mapping[Path, bytes]] = dict,
    ) -> None:
        self.root = root
        self._memory = memory
        self._sum = sha256()
        self._base = base or root
        self._disk = disk
        self._last_good = last_good
        self.files: set[Path] = set()
        self.texts: dict[Path, bytes] = {}
        self.stale: list[ConfigError] = []
        self.errors: list[ConfigError] = []
        self.faulty_tags: list[FaultyTag] = []
        self.warnings: list[ConfigError] = []
        self._cache = cache
        self._open: list[Path] = []  # the chain of includes that leads to the file being read
        self._documents: dict[Path, Document] = {}
        self._nodes = 0
        self._fill: dict[str, Callable[[Tag, Path], Any]] = {
            "!include": self._include,
            "!include_dir_list": self._include_dir_list,
            "!include_dir_named": self._include_dir_named,
            "!include_dir_merge_list": self._include_dir_merge_list,
            "!include_dir_merge_named": self._include_dir_merge_named,
            "!secret": self._secret,
            "!env_var": self._env_var,
        }

    def read(self, path: Path, content: bytes | None = None) -> Document | None:
        """Return the file with every tag filled in; None when it cannot be read, and ``errors`` says why.

        ``content`` is what the file holds, when the caller has read it already.
        """
        try:
            return self._read(path, content)
        except ConfigError as error:
            self.errors.append(error)
            return None

    @property
    def digest(self) -> bytes:
        """What everything that was read so far depends on: the content of files, and variables of the environment."""
        return self._sum.digest()

    def shown(self, path: Path) -> str:
        """Return ``path`` as a person is shown it."""
        return shown_path(path, self._base)

    def _read(self, path: Path, content: bytes | None = None) -> Document:
        known = self._documents.get(path)
        document = known or self._parse(path, content)
        self._nodes += document.nodes
        if self._nodes > MAX_NODES:
            raise ConfigError(f"includes make the configuration larger than {MAX_NODES:,} values", document.start)
        if known is None:
            before = self._nodes
            self._open.append(path)
            self._fill_tags(document, path.parent)
            self._open.pop()
            document.nodes += self._nodes - before
            self._documents[path] = document
        return document

    def _parse(self, path: Path, content: bytes | None = None) -> Document:
        shown = self.shown(path)
        self.files.add(path)
        try:
            content = self._content(path, Position(shown)) if content is None else content
            document = self._known(path, content, shown)
        except ConfigError as error:
            if path not in self._last_good():
                raise
            content = self._last_good()[path]
            document = self._known(path, content, shown)
            self.stale.append(error)
        self._sum.update(sha256(content).digest())
        self.texts[path] = content
        self.warnings += document.warnings
        return document

    def _content(self, path: Path, position: Position) -> bytes:
        content = self._disk.content(path, position)
        if not content and not self._open and self._last_good().get(path):  # as a power cut leaves a file
            raise ConfigError("the file is empty, which it was not", position)
        return content

    def _known(self, path: Path, content: bytes, shown: str) -> Document:
        """Return what ``content`` is, parsed only if nobody remembers it."""
        is_secret = path.name == SECRETS
        text = decode(content, shown)
        document = self._memory.recall(path, text, shown) if self._memory and not is_secret else None
        if document is not None:
            return document
        cache = self._cache if not is_secret else None
        document = cache.get(content, shown) if cache else None
        if document is None:
            document = build(text, shown)
            if cache:
                cache.put(content, document)
        if self._memory and not is_secret:
            self._memory.note(path, text, document)
        return document

    def _fill_tags(self, document: Document, folder: Path) -> None:
        for tree, key in document.tags:
            told, tag = len(self.errors), tree[key]
            tree[key] = self._value(tag, folder)
            if len(self.errors) > told:
                name = tag.name if isinstance(tag, Tag) else ""
                found = self.errors[told:]
                self.faulty_tags += [FaultyTag(tree, key, error, name, len(self._open) == 1) for error in found]
        if isinstance(document.tree, Tag):
            document.tree = self._value(document.tree, folder)

    def _value(self, tag: Tag, folder: Path) -> Any:
        if not isinstance(tag, Tag):  # an alias: filled in where it was marked
            return tag
        try:
            return self._fill[tag.name](tag, folder)
        except ConfigError as error:
            self.errors.append(error)
            return None

    # -- includes -------------------------------------------------------------------------------------------------

    def _include(self, tag: Tag, folder: Path) -> Any:
        path = self._inside(tag, folder)
        if not self._disk.is_there(path) and path not in self._last_good():
            self.files.add(path)
            raise ConfigError(f"!include: there is no file {tag.text}", tag.position)
        return self._included(path, tag).tree

    def _included(self, path: Path, tag: Tag) -> Document:
        """Return the file, an empty one as an empty mapping."""
        if path in self._open:
            chain = " → ".join(map(self.shown, (*self._open[self._open.index(path) :], path)))
            raise ConfigError(f"{tag.name}: the file includes itself: {chain}", tag.position)
        if len(self._open) > MAX_CHAIN:
            raise ConfigError(f"{tag.name}: expected at most {MAX_CHAIN} includes, one within the other", tag.position)
        document = self._read(path)
        if document.tree is None:
            document.tree = make_dict({}, Source(document.start.path), 0, [])
        return document

    def _include_dir_list(self, tag: Tag, folder: Path) -> Tree:
        documents = [document for _, document in self._folder(tag, folder) if document.nodes]
        return _list(tag, [document.tree for document in documents], [document.start for document in documents])

    def _include_dir_named(self, tag: Tag, folder: Path) -> Tree:
        items: dict[Any, Any] = {}
        marks: dict[Any, tuple[Mark, Mark]] = {}
        for path, document in self._folder(tag, folder):
            items[path.stem] = document.tree
            marks[path.stem] = document.start, document.start
        return _dict(tag, items, marks)

    def _include_dir_merge_list(self, tag: Tag, folder: Path) -> Tree:
        items: list[Any] = []
        marks: list[Mark] = []
        for _, document in self._folder(tag, folder):
            if isinstance(document.tree, ConfigList):
                items += document.tree
                marks += document.tree.positions()
        return _list(tag, items, marks)

    def _include_dir_merge_named(self, tag: Tag, folder: Path) -> Tree:
        items: dict[Any, Any] = {}
        marks: dict[Any, tuple[Mark, Mark]] = {}
        for _, document in self._folder(tag, folder):
            if isinstance(document.tree, ConfigDict):
                items |= document.tree
                places = document.tree.positions()
                marks |= zip(document.tree, zip(places[::2], places[1::2], strict=True), strict=True)
        return _dict(tag, items, marks)

    def _folder(self, tag: Tag, folder: Path) -> Iterator[tuple[Path, Document]]:
        """Read each ``*.yaml`` of the tag's folder, its files by name, then its folders by name."""
        top = self._inside(tag, folder)
        if not top.is_dir():
            self.warnings.append(ConfigError(f"{tag.name}: there is no folder {tag.text}", tag.position))
        for path in self._disk.yaml_files(top):
            self._check_inside(path, tag)
            try:
                yield path, self._included(path, tag)
            except ConfigError as error:
                self.errors.append(error)

    def _inside(self, tag: Tag, folder: Path) -> Path:
        path = Path(os.path.normpath(folder / tag.text))
        self._check_inside(path, tag)
        return path

    def _check_inside(self, path: Path, tag: Tag) -> None:
        """Refuse what really lies elsewhere, by ``..`` or by a symbolic link."""
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.root)):
            raise ConfigError(f"{tag.name}: {self.shown(path)} lies outside the configuration folder", tag.position)

    # -- secrets --------------------------------------------------------------------------------------------------

    def _secret(self, tag: Tag, folder: Path) -> Any:
        """Return the secret from the nearest ``secrets.yaml`` that has it, from the file's folder up to the root."""
        names: set[str] = set()
        for level in self._levels(folder):
            secrets = self._secrets(level / SECRETS)
            if tag.text in secrets:
                return secrets[tag.text]
            names.update(map(str, secrets))
        self.files.update(level / SECRETS for level in self._levels(folder))  # where it may come
        where = f"{SECRETS} has none of that name" if names else f"there is no {SECRETS}"
        raise ConfigError(f"!secret {tag.text}: {where}{near_miss(tag.text, names)}", tag.position)

    def _levels(self, folder: Path) -> Iterator[Path]:
        for level in (folder, *folder.parents):
            if level != self.root and not level.is_relative_to(self.root):
                break
            yield level
        if not folder.is_relative_to(self.root):
            yield from (folder, self.root)

    def _secrets(self, path: Path) -> dict[Any, Any]:
        if path not in self._documents:
            if not self._disk.is_there(path):
                return {}
            document = self._documents[path] = self._parse(path)
            if document.tags or isinstance(document.tree, Tag):
                raise ConfigError(f"{SECRETS} holds plain values only, no tags", document.start)
        tree = self._documents[path].tree
        if tree is None or isinstance(tree, dict):
            return tree or {}
        raise ConfigError(f"expected a mapping of names to secrets, got {shown(tree)}", self._documents[path].start)

    def _env_var(self, tag: Tag, folder: Path) -> str:
        del folder
        name, *default = tag.text.split() or [""]
        value = os.environ.get(name, " ".join(default) if default else None)
        if value is None:
            raise ConfigError(f"!env_var {name}: it is not set, and no default follows the name", tag.position)
        self._sum.update(f"{name}={value}".encode())
        return value


def shown_path(path: Path, root: Path) -> str:
    """Return ``path`` relative to ``root`` if it lies there; both are absolute."""
    return str(path).removeprefix(f"{root}{os.sep}")


def read_bytes(path: Path, position: Position) -> bytes:
    """Return the file's content.

    Raises:
        ConfigError: it cannot be read, is no plain file, or is larger than ``MAX_FILE_BYTES``.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ConfigError(f"expected a file, got {'a folder' if path.is_dir() else 'a device'}", position)
        if found.st_size > MAX_FILE_BYTES:
            raise ConfigError(f"expected at most {MAX_FILE_BYTES:,} bytes, got {found.st_size:,}", position)
        return path.read_bytes()
    except FileNotFoundError:
        raise ConfigError("there is no such file", position) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", position) from error


def decode(content: bytes, path: str) -> str:
    """Return the text of a file, without a byte order mark, its lines ended as they were.

    Raises:
        ConfigError: it is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        byte = content[error.start]
        raise ConfigError(
            f"expected UTF-8, got the byte 0x{byte:02x}; save the file as UTF-8", Position(path, line, column)
        ) from None


def yaml_files(top: Path, suffixes: tuple[str, ...] = (".yaml",)) -> Iterator[Path]:
    """Yield the YAML files below ``top``: of each folder its files by name, then its folders by name.

    Names that begin with a dot and ``secrets.yaml`` do not count; linked folders are not entered.
    """
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(suffixes) and not name.startswith(".") and name != SECRETS:
                yield Path(folder, name)


def _list(tag: Tag, items: list[Any], marks: list[Mark]) -> ConfigList:
    return make_list(items, Source(tag.position.path), _start(tag), marks)


def _dict(tag: Tag, items: dict[Any, Any], marks: dict[Any, tuple[Mark, Mark]]) -> ConfigDict:
    return make_dict(items, Source(tag.position.path), _start(tag), [mark for key in items for mark in marks[key]])


def _start(tag: Tag) -> int:
    return pack(tag.position.line - 1, tag.position.column - 1)
