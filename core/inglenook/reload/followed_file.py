"""One rule file that is followed: how it is read, what of it runs, and what was told of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from inglenook.config.cache import ParseCache
from inglenook.config.rule_files import RawRule, RuleFile, Rules
from inglenook.config.stamps import Stamp, stamp_of
from inglenook.errors import ConfigError

Rule = TypeVar("Rule")


@dataclass(slots=True)
class Version(Generic[Rule]):
    """What a file said at one time.

    Attributes:
        running: the rules that are in order, by the identity of the tree that each was read as, which lives as long.
        stand_ins: what stands for those that are not.
        errors: what is wrong with the latter.
    """

    running: dict[int, tuple[RawRule, Rule]] = field(default_factory=dict)
    stand_ins: list[Rule] = field(default_factory=list)
    errors: list[ConfigError] = field(default_factory=list)

    @property
    def rules(self) -> list[Rule]:
        """What the engine gets."""
        return [*(rule for _, rule in self.running.values()), *self.stand_ins]


class FollowedFile(Generic[Rule]):
    """One rule file.

    Args:
        reader: reads it.
        source: how it is shown to people.

    Attributes:
        version: what of it was taken in last.
        told: content and faults that were logged last, while something in it is wrong.
    """

    def __init__(self, reader: RuleFile, source: str) -> None:
        self.reader = reader
        self.source = source
        self.stamps: dict[Path, Stamp | None] = {}  # of every file that had a part in it, when it was read
        self.parts: frozenset[Path] = frozenset()  # what its rules are made of beside what it says itself
        self.version: Version[Rule] = Version()
        self.told: tuple[bytes, str] | None = None

    @property
    def files(self) -> frozenset[Path]:
        """Every file that had a part in it."""
        return self.reader.files | self.parts if self.parts else self.reader.files

    def would_lose(self, version: Version[Rule]) -> bool:
        """Whether rules run, and something is wrong in ``version`` that is not in theirs."""
        return bool(self.version.running and _faults(version) - _faults(self.version))

    def note_parts(self, parts: Iterable[frozenset[Path]]) -> None:
        """Take note of what its rules are made of."""
        self.parts = frozenset().union(*parts)
        self.stamps |= {path: stamp_of(path) for path in self.parts}

    def is_stale(self) -> bool:
        """True when a file is not what it was at the last reading."""
        return any(stamp_of(path) != stamp for path, stamp in self.stamps.items())

    def read(self, cache: ParseCache | None = None) -> Rules:
        """Return the rules that the file holds now; errors as of ``RuleFile.read``."""
        stamp = stamp_of(self.reader.path)
        try:
            return self.reader.read(cache)
        finally:
            others = self.reader.files - {self.reader.path}
            self.stamps = {self.reader.path: stamp, **{path: stamp_of(path) for path in others}}


def _faults(version: Version[Rule]) -> Counter[tuple[str, str]]:
    """Return what is wrong, wherever in the file it stands."""
    return Counter((error.where, error.message) for error in version.errors)
