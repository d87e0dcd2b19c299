"""Rule files: which files of a folder count, what rules stand in one, and how it is read again after an edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from inglenook.config.cache import ParseCache
from inglenook.config.list_parts import Part, parts_of, read_changed
from inglenook.config.reading import SECRETS, FaultyTag, Reading, decode, read_bytes, yaml_files
from inglenook.config.trees import ConfigDict, ConfigList, holds, key_position, start_of, value_position
from inglenook.config.values import shown
from inglenook.config.yaml import absolute
from inglenook.errors import ConfigError, ConfigErrors, Position

SUFFIXES: Final = (".yaml", ".yml")
_OF_A_RULE: Final = frozenset({"id", "alias", "trigger", "triggers", "action", "actions", "use_blueprint"})


class RawRule(NamedTuple):
    """One automation as it was read, and where it begins."""

    raw: ConfigDict
    position: Position


@dataclass(frozen=True, slots=True)
class Rules:
    """What a rule file holds.

    Attributes:
        rules: its rules in order.
        files: those that had a part in it.
        warnings: what is seldom meant.
        faulty_tags: those in which an error was found, its own or one within.
        strays: what is wrong with items that are no rules.
    """

    rules: tuple[RawRule, ...]
    files: frozenset[Path]
    warnings: tuple[ConfigError, ...]
    faulty_tags: tuple[FaultyTag, ...] = ()
    strays: tuple[ConfigError, ...] = ()

    @property
    def unread(self) -> list[ConfigError]:
        """What is wrong with its tags, like ``!include`` and ``!secret``, and with items that are no rules."""
        return [*(tag.error for tag in self.faulty_tags if tag.is_outermost), *self.strays]

    def unread_in(self, rule: RawRule) -> list[ConfigError]:
        """Return those of ``unread`` for which ``rule`` lacks something."""
        return [tag.error for tag in self.faulty_tags if tag.is_empty and holds(rule.raw, tag.holder)]


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
    rules = RuleFile(path, root).read(cache)
    if rules.unread:
        raise ConfigErrors(rules.unread)
    return rules


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
        self._parts: list[Part] = []  # of the last reading; empty when the file is not a plain list

    def read(self, cache: ParseCache | None = None) -> Rules:
        """Return the rules that the file holds now. Argument and errors as of :func:`read_rules`, less ``unread``."""
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
        if document is None:
            raise ConfigErrors(reading.errors)
        faulty_tags = tuple(reading.faulty_tags)
        strays: list[ConfigError] = []
        rules = list(_rules(document.tree, reading, strays))
        if any(all(error is not tag.error for tag in faulty_tags) for error in reading.errors):
            raise ConfigErrors(reading.errors)
        self._parts = [] if faulty_tags or strays else parts_of(decode(content, document.start.path), document)
        return Rules(tuple(rules), self.files, tuple(reading.warnings), faulty_tags, tuple(strays))

    def _read_changed(self, content: bytes, shown_path: str) -> Rules | None:
        """Read the items that changed since the last time; None when the file has to be read as a whole."""
        warnings: list[ConfigError] = []
        try:
            parts = read_changed(self._parts, decode(content, shown_path), shown_path, warnings)
        except ConfigError:
            return None
        if not parts:
            return None
        self._parts = parts
        rules = tuple(RawRule(part.tree, _start(part.tree)) for part in self._parts)
        return Rules(rules, self.files, tuple(warnings))


def _rules(tree: Any, reading: Reading, strays: list[ConfigError]) -> Iterator[RawRule]:
    """Yield the automations; an item that is none goes to ``strays``, all else to the errors of ``reading``."""
    if isinstance(tree, ConfigDict) and _is_of_sections(tree):
        has_rules = any(_domain(key) == "automation" for key in tree)
        told = reading.warnings if has_rules else reading.errors  # an error keeps what ran before
        for key, value in tree.items():
            if _domain(key) == "automation":
                yield from _rules(value, reading, strays)
            else:
                message = f"{key} has no effect in a rule file; only automation: has. It belongs in the configuration"
                told.append(ConfigError(message, key_position(tree, key)))
    elif isinstance(tree, ConfigDict):
        if tree:
            yield RawRule(tree, _start(tree))
    elif isinstance(tree, ConfigList):
        yield from _items(tree, reading, strays)
    elif tree is not None:
        reading.errors.append(_no_rule(tree, None))


def _items(tree: ConfigList, reading: Reading, strays: list[ConfigError]) -> Iterator[RawRule]:
    for index, item in enumerate(tree):
        if isinstance(item, ConfigDict):
            yield RawRule(item, _start(item))
        elif item is not None or not reading.faulty_tags:  # else an include that failed, which has been told
            strays.append(_no_rule(item, value_position(tree, index)))


def _is_of_sections(tree: ConfigDict) -> bool:
    """True for a mapping of sections, like ``automation:`` and ``script:``, rather than one automation."""
    return any(_domain(key) == "automation" for key in tree) or bool(tree and _OF_A_RULE.isdisjoint(tree))


def _no_rule(value: Any, position: Position | None) -> ConfigError:
    return ConfigError(f"expected an automation (a mapping with triggers and actions), got {shown(value)}", position)


def _domain(key: Any) -> str:
    return str(key).partition(" ")[0]


def _start(tree: ConfigDict) -> Position:
    position = start_of(tree)
    assert position is not None, "a tree from a file has a place"
    return position
