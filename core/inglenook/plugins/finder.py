"""Find plugins: installed ones by entry point, a person's own as single files in ``<config>/plugins``."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, EntryPoint, entry_points
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from inglenook.errors import PluginError

GROUP: Final = "inglenook.plugins"
SECTIONS: Final = "inglenook.sections"
FOLDER: Final = "plugins"

# The sections that a home has without a word in its configuration; a place comes before the people in it.
ALWAYS: Final = ("zone", "sun", "person", "persistent_notification")

# The sections that come with the key ``default_config``, with or without something in them.
BY_DEFAULT: Final = (
    "counter", "input_boolean", "input_button", "input_datetime", "input_number", "input_select", "input_text",
    "schedule", "timer",
)  # fmt: skip


class FoundPlugin(Struct, frozen=True):
    """A plugin that could be loaded. ``source``: the distribution and its version, or the file."""

    name: str
    source: str
    entry_point: EntryPoint | None = None
    path: Path | None = None

    def load(self) -> Any:
        """Import it and return the module.

        Raises:
            PluginError: it cannot be imported; names the package and the ``pip install`` that mends it, if one does.
        """
        try:
            return self.entry_point.load() if self.entry_point else _load_file(self.name, self.path or Path())
        except ModuleNotFoundError as error:
            raise PluginError(self.name, self._missing(error.name or "")) from error
        except SyntaxError as error:
            where = f"{error.filename}:{error.lineno}:{error.offset}"
            raise PluginError(self.name, f"is no Python: {where}: {error.msg}") from error
        except Exception as error:  # the wall around a plugin: importing it runs its code
            raise PluginError(self.name, f"cannot be imported from {self.source}: {error!r}") from error

    def _missing(self, module: str) -> str:
        distribution = self.entry_point.dist if self.entry_point else None
        extra = _extra_for(distribution, module) if distribution else None
        if distribution and extra:
            return f"needs {module}, which is not installed; mend it with: pip install '{distribution.name}[{extra}]'"
        return f"needs the module {module}, which is not installed (imported by {self.source})"


def find_plugins(config_dir: Path) -> dict[str, FoundPlugin]:
    """Return every plugin by name; a file in the configuration folder comes before an installed one of its name."""
    return {plugin.name: plugin for plugin in (*_installed(GROUP), *_files(config_dir))}


def find_sections() -> dict[str, FoundPlugin]:
    """Return the installed plugins that each handle a key of the configuration, by that key."""
    return {plugin.name: plugin for plugin in _installed(SECTIONS)}


def _installed(group: str) -> Iterator[FoundPlugin]:
    found = sorted(entry_points(group=group), key=lambda point: point.name)
    dists = {id(point.dist): point.dist for point in found if point.dist is not None}
    sources = {key: f"{dist.name} {dist.version}" for key, dist in dists.items()}  # each reads a file anew
    for entry_point in found:
        source = sources.get(id(entry_point.dist), entry_point.value)
        yield FoundPlugin(entry_point.name, source, entry_point=entry_point)


def _files(config_dir: Path) -> Iterator[FoundPlugin]:
    for path in sorted((config_dir / FOLDER).glob("*.py")):
        if not path.name.startswith(("_", ".")):
            yield FoundPlugin(path.stem, str(path), path=path)


def _load_file(name: str, path: Path) -> Any:
    module_name = f"inglenook_local_{name}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[module_name]
        raise
    return module


def _extra_for(distribution: Distribution, module: str) -> str | None:
    """Return the extra of ``distribution`` that requires the package of ``module``, judged by its name."""
    wanted = _normal(module.partition(".")[0])
    for requirement in distribution.requires or ():
        match = re.match(r"([\w.-]+).*;.*extra\s*==\s*['\"]([\w.-]+)['\"]", requirement)
        if match and _normal(match[1]) == wanted:
            return match[2]
    return None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
