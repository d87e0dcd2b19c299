"""What the interface was told of the home itself (``core.config``): its name, its place, its units."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import voluptuous as vol

from inglenook.config.settings import HOMEASSISTANT
from inglenook.config.storage.json_file import FOLDER, read_json
from inglenook.errors import ConfigError, Position

FILE: Final = "core.config"

_NAMES: Final[Mapping[str, str]] = {"location_name": "name", "unit_system_v2": "unit_system"}


def read_core_config(folder: Path, problems: list[ConfigError]) -> dict[str, Any]:
    """Return the settings of the home that ``core.config`` tells, by their names under ``homeassistant:``.

    A value that is none is left out with a warning.
    """
    file = read_json(folder, FILE, problems)
    found: dict[str, Any] = {}
    for key, value in (file.data if file is not None else {}).items():
        name = _NAMES.get(key, key)
        if name not in HOMEASSISTANT or key == "unit_system" or value is None:
            continue
        try:
            found[name] = vol.Schema(HOMEASSISTANT[name])(value)
        except vol.Invalid as error:
            problems.append(ConfigError(f"{error}; it is left out", Position(f"{FOLDER}/{FILE}"), key))
    return found
