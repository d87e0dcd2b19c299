"""YAML files in Home Assistant's dialect, read to trees that know where each value stands.

What other modules of the house use of reading YAML stands here: :func:`load`, :func:`loads`, :func:`position_of`.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inglenook.config.builder import build
from inglenook.config.cache import ParseCache
from inglenook.config.reading import SECRETS, Reading
from inglenook.config.storage.json_file import FOLDER
from inglenook.config.syntax import excerpt
from inglenook.config.trees import (
    ConfigDict,
    ConfigList,
    Input,
    Tree,
    key_position,
    position_of,
    start_of,
    value_position,
)
from inglenook.errors import ConfigError, ConfigErrors, Position

__all__ = [
    "ConfigDict",
    "ConfigList",
    "Input",
    "Loaded",
    "Tree",
    "key_position",
    "load",
    "loads",
    "position_of",
    "source_line",
    "start_of",
    "value_position",
]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds.

    Attributes:
        tree: a :class:`ConfigDict`, :class:`ConfigList` or scalar; None for an empty file.
        position: where it begins.
        files: every file that had a part in it.
        warnings: what is legal and seldom meant, with position.
    """

    tree: Any
    position: Position
    files: frozenset[Path]
    warnings: tuple[ConfigError, ...]


def load(path: Path, root: Path | None = None, cache: ParseCache | None = None) -> Loaded:
    """Read the file at ``path`` with all that it includes.

    Args:
        path: the file.
        root: the configuration folder, which no include may leave; the file's own when it is not given.
        cache: where parsed files are kept.

    Raises:
        ConfigErrors: all that is wrong, each with file, line and column.
    """
    path = absolute(path)
    reading = Reading(absolute(root) if root else path.parent, cache)
    document = reading.read(path)
    if reading.errors or document is None:
        raise ConfigErrors(reading.errors)
    return Loaded(document.tree, document.start, frozenset(reading.files), tuple(reading.warnings))


def loads(text: str, path: str = "<text>") -> Any:
    """Return the tree of a text that stands alone: ``!include``, ``!secret`` and ``!env_var`` are refused.

    Raises:
        ConfigError: it is no YAML of the dialect.
    """
    document = build(text, path)
    for tree, key in document.tags:
        raise ConfigError(f"{tree[key].name} needs a file", tree[key].position)
    return document.tree


def source_line(position: Position, root: Path) -> str:
    """Return the line that ``position`` names with a caret below it; nothing for secrets or an unreadable file.

    A line of ``.storage`` may hold a whole file, tokens included: it counts as a secret.
    """
    path = root / position.path
    if path.name == SECRETS or FOLDER in path.parts:
        return ""
    try:
        return excerpt(path.read_text("utf-8-sig"), position)
    except (OSError, UnicodeDecodeError):
        return ""


def absolute(path: Path) -> Path:
    """Return ``path`` from the root of the file system, links not followed."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps the ..
