"""A file of ``.storage``: JSON that knows where each value stands, if somebody asks."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from inglenook.config.reading import MAX_FILE_BYTES
from inglenook.config.trees import ConfigDict, ConfigList, Mark, Source, make_dict, make_list, pack
from inglenook.errors import ConfigError, Position

FOLDER: Final = ".storage"
WHOLE: Final = ""  # the key of the entries of a file whose data are a list themselves

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\],:"]+')
_SPACE: Final = re.compile(r"\s*")
_scan: Final = json.JSONDecoder().raw_decode


class JsonFile:
    """One file that could be read.

    Args:
        shown: its path as a person is shown it.
        text: what it holds, valid JSON.
        data: the value of its member ``data``.
        problems: takes what is wrong with its entries: one warning a file.
    """

    def __init__(self, shown: str, text: str, data: Mapping[str, Any], problems: list[ConfigError]) -> None:
        self.shown = shown
        self.text = text
        self.data = data
        self._problems = problems
        self._left_out = 0
        self._starts: dict[str, list[int]] = {}

    def entries(self, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield number and value of each mapping in the list ``data.KEY``; what is none is left out."""
        found = self.data.get(key, [])
        if not isinstance(found, list):
            self._problems.append(ConfigError(f"expected a list of {key}; it is left out", Position(self.shown)))
            return
        for index, entry in enumerate(found):
            if isinstance(entry, dict):
                yield index, entry
            else:
                self.leave_out(key, index, "expected a mapping")

    def leave_out(self, key: str, index: int, why: str) -> None:
        """Note that an entry cannot be used; the first of a file is told with its place, the others are counted."""
        self._left_out += 1
        if self._left_out == 1:
            self._problems.append(ConfigError(f"{why}; this entry is left out", self.position(key, index)))
        else:
            first = next(one for one in self._problems if one.position and one.position.path == self.shown)
            message = first.message.partition("; this entry is left out")[0]
            more = f"{message}; this entry is left out, as are {self._left_out - 1} more of this file"
            self._problems[self._problems.index(first)] = ConfigError(more, first.position)

    def position(self, key: str, index: int) -> Position:
        """Return where an entry of ``data.KEY`` begins."""
        return self._source.position(self._mark(self._starts_of(key)[index]))

    def tree(self, key: str, index: int) -> ConfigDict:
        """Return an entry of ``data.KEY``, which is a mapping, as a tree that knows where each part stands.

        Raises:
            ConfigError: it is nested too deep.
        """
        start = self._starts_of(key)[index]
        tokens = _TOKEN.finditer(self.text, start)
        next(tokens)
        try:
            return self._mapping(tokens, start)
        except RecursionError:
            raise ConfigError("nested too deep", self.position(key, index)) from None

    # -- places ---------------------------------------------------------------------------------------------------

    @cached_property
    def _source(self) -> Source:
        return Source(self.shown)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def _mark(self, offset: int) -> int:
        line = bisect_right(self._lines, offset) - 1
        return pack(line, offset - self._lines[line])

    def _starts_of(self, key: str) -> list[int]:
        if key not in self._starts:
            data = _member(self.text, _skip(self.text, 0), "data")
            self._starts[key] = _items(self.text, data if key == WHOLE else _member(self.text, data, key))
        return self._starts[key]

    # -- trees ----------------------------------------------------------------------------------------------------

    def _value(self, token: re.Match[str], tokens: Iterator[re.Match[str]]) -> tuple[Any, Mark]:
        start = token.start()
        if token[0] == "{":
            return self._mapping(tokens, start), self._mark(start)
        if token[0] == "[":
            return self._list(tokens, start), self._mark(start)
        return _scalar(token[0]), self._mark(start)

    def _mapping(self, tokens: Iterator[re.Match[str]], start: int) -> ConfigDict:
        items: dict[Any, tuple[Any, Mark, Mark]] = {}
        for token in tokens:
            if token[0] == "}":
                break
            key, place = self._value(token, tokens)
            items[key] = (*self._value(next(tokens), tokens), place)
        marks = [mark for _, value_mark, key_mark in items.values() for mark in (key_mark, value_mark)]
        return make_dict({key: item[0] for key, item in items.items()}, self._source, self._mark(start), marks)

    def _list(self, tokens: Iterator[re.Match[str]], start: int) -> ConfigList:
        found: list[tuple[Any, Mark]] = []
        for token in tokens:
            if token[0] == "]":
                break
            found.append(self._value(token, tokens))
        return make_list([item for item, _ in found], self._source, self._mark(start), [mark for _, mark in found])


def read_json(folder: Path, name: str, problems: list[ConfigError], *, version: int = 1) -> JsonFile | None:
    """Return the file ``name`` of the folder's ``.storage``; None if there is none, or none that can be read.

    Args:
        folder: the configuration folder.
        name: of the file.
        problems: takes what is wrong: one warning a file.
        version: the newest major version of the file that is known; minor ones differ in what may be ignored.
    """
    shown = f"{FOLDER}/{name}"
    path = folder / FOLDER / name
    try:
        text = _text(path, Position(shown))
        return JsonFile(shown, text, _data(json.loads(text), version, Position(shown)), problems)
    except FileNotFoundError:
        return None
    except json.JSONDecodeError as error:
        problems.append(_left_out(f"no JSON: {error.msg}", Position(shown, error.lineno, error.colno)))
    except ConfigError as error:
        problems.append(_left_out(error.message, error.position or Position(shown)))
    except (OSError, ValueError, RecursionError) as error:
        problems.append(_left_out(f"cannot be read: {error}", Position(shown)))
    return None


def _text(path: Path, place: Position) -> str:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ConfigError(f"expected a file of at most {MAX_FILE_BYTES // 2**20} MiB", place)
    return path.read_text("utf-8-sig")


def _data(document: Any, version: int, place: Position) -> Mapping[str, Any]:
    if not isinstance(document, dict) or not isinstance(document.get("data"), dict | list):
        raise ConfigError("expected a mapping with the key data, as Home Assistant writes it", place)
    found = document.get("version", 1)
    if not isinstance(found, int) or found > version:
        raise ConfigError(f"expected version {version} of this file, got {found}", place)
    data: Any = document["data"]
    return {WHOLE: data} if isinstance(data, list) else data


def _scalar(token: str) -> Any:
    """Return a value; in text, halves of characters that are no text become question marks."""
    value = json.loads(token)
    return value.encode("utf-8", "replace").decode() if "\\u" in token else value


def _left_out(message: str, place: Position) -> ConfigError:
    return ConfigError(f"{message}; the file is left out", place)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    assert match is not None
    return match.end()


def _member(text: str, at: int, name: str) -> int:
    """Return where the value of a member begins; ``at`` is the brace of a mapping that has it. The last one counts."""
    found = at
    at = _skip(text, at + 1)
    while text[at] != "}":
        key, at = _scan(text, at)
        at = _skip(text, _skip(text, at) + 1)
        if key == name:
            found = at
        _, at = _scan(text, at)
        at = _after_comma(text, at)
    return found


def _items(text: str, at: int) -> list[int]:
    """Return where each item of a list begins; ``at`` is its bracket."""
    starts: list[int] = []
    at = _skip(text, at + 1)
    while text[at] != "]":
        starts.append(at)
        _, at = _scan(text, at)
        at = _after_comma(text, at)
    return starts


def _after_comma(text: str, at: int) -> int:
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at
