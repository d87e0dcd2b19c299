"""Versions that compare as versions do."""

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Any, Final

_PARTS: Final = re.compile(r"\d+|[a-zA-Z]+")
_MODIFIER: Final = re.compile(r"(?P<stage>dev|alpha|beta|rc|a|b)\d*", re.IGNORECASE)
_STAGES: Final = {"dev": 0, "a": 1, "alpha": 1, "b": 2, "beta": 2, "rc": 3}
_RELEASED: Final = 4


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """Which parts of two versions differ."""

    major: bool
    minor: bool
    patch: bool
    modifier: bool


@total_ordering
class Version:
    """A version that compares as versions do: ``2026.10`` after ``2026.9``, ``1.0b2`` before ``1.0``."""

    __slots__ = ("_key", "_text")

    def __init__(self, text: Any) -> None:
        self._text = str(text).strip()
        self._key = self._sort_key()

    def _sort_key(self) -> tuple[tuple[int, ...], tuple[int, int]]:
        numbers: list[int] = []
        stage, number = _RELEASED, 0
        for part in _PARTS.findall(self._text.lstrip("vV").partition("+")[0]):
            if not part.isdigit():
                stage = _STAGES.get(part.lower(), stage)
            elif stage == _RELEASED:
                numbers.append(int(part))
            else:
                number = int(part)
        while numbers and numbers[-1] == 0:
            numbers.pop()
        return tuple(numbers), (stage, number)

    @property
    def major(self) -> "Version | None":
        """The first number."""
        return self._section(0)

    @property
    def minor(self) -> "Version | None":
        """The second number, if there is one."""
        return self._section(1)

    @property
    def patch(self) -> "Version | None":
        """The third number, if there is one."""
        return self._section(2)

    @property
    def modifier(self) -> str | None:
        """What comes before a release, as in ``b1``; none in a release."""
        found = _MODIFIER.search(self._text)
        return found[0] if found else None

    @property
    def alpha(self) -> bool:
        """Whether it is an alpha version."""
        return self._stage in ("a", "alpha")

    @property
    def beta(self) -> bool:
        """Whether it is a beta version."""
        return self._stage in ("b", "beta")

    @property
    def dev(self) -> bool:
        """Whether it is a version of a day of development."""
        return self._stage == "dev"

    @property
    def release_candidate(self) -> bool:
        """Whether it is a candidate for a release."""
        return self._stage == "rc"

    @property
    def _stage(self) -> str | None:
        found = _MODIFIER.search(self._text)
        return found["stage"].lower() if found else None

    def _section(self, index: int) -> "Version | None":
        sections = re.findall(r"\d+", _MODIFIER.sub("", self._text.partition("+")[0]))
        return Version(sections[index]) if index < len(sections) else None

    def __sub__(self, other: Any) -> VersionDifference:
        them = Version(other)
        return VersionDifference(
            self.major != them.major,
            self.minor != them.minor,
            self.patch != them.patch,
            self.modifier != them.modifier,
        )

    def __eq__(self, other: object) -> bool:
        return other is not None and self._key == Version(other)._key

    def __lt__(self, other: object) -> bool:
        return self._key < Version(other)._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<Version {self._text}>"
