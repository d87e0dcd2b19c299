"""The text of one file that holds rules: one of them changes, and of all others it must say what it said before."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from inglenook.config.editing import Editor, same
from inglenook.config.reading import Reading, decode, shown_path
from inglenook.errors import ConfigError, Position
from inglenook.server.rule_sources import AUTOMATION, SCRIPT


class RuleText:
    """What a file holds; made and asked in a thread, for a large file takes long to parse.

    Args:
        domain: of its rules: ``automation``, ``script`` or ``scene``.
        path: of the file.
        root: the configuration folder, which its includes may not leave.
        content: what it holds.

    Raises:
        ConfigError: it is no YAML, or no text.
    """

    def __init__(self, domain: str, path: Path, root: Path, content: bytes) -> None:
        self.content = content
        self._domain = domain
        self._path = path
        self._root = root
        self._shown = shown_path(path, root)
        self._editor = Editor(decode(content, self._shown), self._shown)

    def depth_of(self, position: Position) -> int:
        """Return how deep the rule at ``position`` stands: 0 if it is the whole file; -1 if none begins there."""
        return self._editor.depth_of(position)

    def changed(self, key: str, position: Position, old: Any, new: Mapping[str, Any] | None) -> str | None:
        """Return the text in which the rule ``key`` at ``position``, which was ``old``, is ``new``.

        Without ``new`` it is taken out; None if nothing is left then.

        Raises:
            ConfigError: that cannot be written without changing more.
        """
        is_whole = self.depth_of(position) == 0
        if new is None and is_whole:
            return None
        for text in self._attempts(position, old, new):
            if self._says(text, key, new, is_whole=is_whole):
                return text
        raise ConfigError("this cannot be changed without changing more; edit the file by hand", position)

    def appended(self, key: str, new: Mapping[str, Any]) -> str:
        """Return the text with one more rule at its end.

        Raises:
            ConfigError: nothing can be added to the file as it is written.
        """
        text = self._editor.appended({key: new} if self._domain == SCRIPT else [new])
        if not self._says(text, key, new, is_whole=False):
            message = f"nothing can be added to this file as it is written; add the {self._domain} by hand"
            raise ConfigError(message, Position(self._shown))
        return text

    def _attempts(self, position: Position, old: Any, new: Mapping[str, Any] | None) -> Iterator[str]:
        """Yield texts, the one that changes least first."""
        if new is None:
            yield self._editor.removed(position)
        else:
            yield self._editor.replaced(position, old, new)
            yield self._editor.rewritten(position, new)

    def _says(self, text: str, key: str, wanted: Mapping[str, Any] | None, *, is_whole: bool) -> bool:
        """True when ``text`` says of a rule what is wanted, and of all others what the file said before."""
        after = self._tree(text.encode())
        if is_whole:
            return same(after, wanted)
        rules = list(_entries(self._domain, after))
        before = _entries(self._domain, self._tree(self.content))
        if [rule for rule in rules if rule[0] != key] != [rule for rule in before if rule[0] != key]:
            return False
        mine = [raw for name, raw in rules if name == key]
        return not mine if wanted is None else len(mine) == 1 and same(mine[0], wanted)

    def _tree(self, content: bytes) -> Any:
        """Return what ``content`` says; None if it is not in order."""
        reading = Reading(self._root)
        document = reading.read(self._path, content)
        return None if document is None or reading.errors else document.tree


def _entries(domain: str, tree: Any) -> Iterator[tuple[str, Any]]:
    """Yield id and tree of each rule that a file holds."""
    if isinstance(tree, list):
        yield from ((str(one.get("id")) if isinstance(one, dict) else "", one) for one in tree)
    elif isinstance(tree, dict) and domain == AUTOMATION:
        for name, value in tree.items():
            yield from _entries(domain, value) if isinstance(value, list) else [(f"{name}: ", value)]
    elif isinstance(tree, dict):
        yield from ((str(name), value) for name, value in tree.items())
