"""Macros that all templates share: the files of ``custom_templates/`` in the configuration folder."""

import logging
from pathlib import Path
from typing import Final

FOLDER: Final = "custom_templates"
MAX_BYTES: Final = 5 * 1024 * 1024

_log = logging.getLogger(__name__)


def read_macros(folder: Path) -> dict[str, str]:
    """Return the text of each ``*.jinja`` below ``folder/custom_templates`` by the name that templates import.

    One that is too large, cannot be read or leads out of the folder is logged and left out.
    """
    root = folder / FOLDER
    found: dict[str, str] = {}
    for path in sorted(root.rglob("*.jinja")):
        name = path.relative_to(root).as_posix()
        try:
            if not path.resolve().is_relative_to(root.resolve()):
                _log.warning("%s leads out of %s and is left out", path, root)
            elif path.stat().st_size > MAX_BYTES:
                _log.warning("%s has more than %d bytes and is left out", path, MAX_BYTES)
            else:
                found[name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            _log.warning("%s cannot be read and is left out: %s", path, error)
    return found
