"""Which files of a configuration hold what: those of the rules can be read again by themselves."""

from collections.abc import Collection, Iterator
from typing import Any

from inglenook.config.configuration import Configuration
from inglenook.config.trees import ConfigList, start_of


def files_of_sections(configuration: Configuration, sections: Collection[str]) -> set[str]:
    """Return the files, as people see them, in which something of ``sections`` stands and nothing else.

    The configuration's own file and packages are none of them; an included file without an entry yet is one.
    """
    trees = configuration.sections.trees
    mine = {path for name in sections for tree in trees.get(name, ()) for path in _files(tree)}
    others = {path for name in trees if name not in sections for tree in trees[name] for path in _files(tree)}
    return mine - others - {configuration.path.name}


def _files(tree: Any) -> Iterator[str]:
    parts = [tree, *(tree if isinstance(tree, ConfigList) else tree.values() if isinstance(tree, dict) else ())]
    yield from (place.path for place in map(start_of, parts) if place is not None)
