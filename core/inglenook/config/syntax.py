"""Syntax errors in words for a person: what stands there, what YAML expects, and the line with a caret."""

import re
from typing import Final

import yaml

from inglenook.errors import ConfigError, Position

# PyYAML's C parser and its Python twin word the same fault differently; each pattern takes both.
_MESSAGES: Final[tuple[tuple[str, str], ...]] = (
    (r"mapping values are not allowed", "unexpected ':'; expected one key a line, at the depth of its neighbours, and "
     "text with ': ' in quotes"),
    (r"sequence entries are not allowed", "unexpected '-'; expected the list to begin on a line of its own"),
    (r"tab character", "a tab is used for indentation; expected spaces"),
    (r"found character .*cannot start|found character that cannot start", "no value may begin with {character}; "
     "quote the text"),
    (r"expected '-' indicator", "expected another list item ('- …') or the end of the list"),
    (r"could not find expected ':'", "expected ':' after the key"),
    (r"expected ',' or '\]'", "expected ',' or ']': the list that opens at {opened} does not end"),
    (r"expected ',' or '\}'", "expected ',' or '}}': the mapping that opens at {opened} does not end"),
    (r"unexpected end of stream", "the quoted text that opens at {opened} does not end"),
    (r"unexpected ':'", "unexpected ':'; expected a space after the colon, or the text in quotes"),
    (r"undefined tag handle", "unknown tag; quote the text if the '!' belongs to it"),
    (r"unknown escape character", "unknown escape in double quotes; write \\\\ for a backslash, or use single quotes"),
    (r"comment or line break|chomping or indentation", "expected a line break after '|' or '>'"),
    (r"expected '?<document start>", "expected the end of the file; is this line indented less than the first one?"),
    (r"incompatible YAML document", "expected YAML 1.1; remove the %YAML line"),
    (r"did not find expected key|expected <block end>, but found '[<?]", "expected a key at the depth of its "
     "neighbours, or the end of the value before; check indentation and quotes"),
)  # fmt: skip


def syntax_error(error: yaml.YAMLError, path: str, text: str) -> ConfigError:
    """Return what PyYAML says of ``text``, the content of ``path``, in our words."""
    if isinstance(error, yaml.reader.ReaderError):
        return _unreadable(error, path, text)
    if not isinstance(error, yaml.MarkedYAMLError):
        return ConfigError(f"expected YAML: {error}", Position(path))
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return ConfigError(f"expected YAML: {error.problem}", Position(path))
    lines = text.splitlines() or [""]
    line, column = mark.line, mark.column
    if line >= len(lines):  # the end of the file: its last line can be shown, the one after it cannot
        line, column = len(lines) - 1, len(lines[-1])
    return ConfigError(_message(error, lines[line], column), Position(path, line + 1, column + 1))


def excerpt(text: str, position: Position) -> str:
    """Return the line of ``text`` that ``position`` names, with a caret below; nothing when it has no such line."""
    lines = text.splitlines()
    if not 0 < position.line <= len(lines):
        return ""
    line = lines[position.line - 1]
    before = re.sub(r"[^\t]", " ", line[: max(position.column - 1, 0)])
    gutter = f"{position.line:>5} | "
    return f"{gutter}{line}\n{' ' * (len(gutter) - 2)}| {before}^"


def _message(error: yaml.MarkedYAMLError, line: str, column: int) -> str:
    problem, context, opened = error.problem or "", error.context or "", error.context_mark
    if line[: column + 1].lstrip(" ").startswith("\t"):
        problem = "tab character"
    elif "block collection" in context and "block end" in problem:  # libyaml tells a list from a mapping, its twin not
        problem = "expected '-' indicator"
    for pattern, message in _MESSAGES:
        if re.search(pattern, problem):
            return message.format(
                character=repr(line[column : column + 1]),
                opened=f"{opened.line + 1}:{opened.column + 1}" if opened else "its start",
            )
    return f"expected YAML: {problem}"


def _unreadable(error: yaml.reader.ReaderError, path: str, text: str) -> ConfigError:
    before = text[: error.position]
    line, column = before.count("\n"), error.position - (before.rfind("\n") + 1)
    code = error.character if isinstance(error.character, int) else ord(error.character[:1] or b"\0")
    return ConfigError(
        f"the control character U+{code:04X} is not allowed in YAML; remove it",
        Position(path, line + 1, column + 1),
    )
