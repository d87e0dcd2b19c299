"""``lovelace:``: dashboards that people write in files, and where the cards of these come from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

import voluptuous as vol

from inglenook.config.schema import optional, valid_parts
from inglenook.config.sections import Sections
from inglenook.config.values import boolean, ensure_list, icon, shown, string
from inglenook.errors import ConfigError

DOMAIN: Final = "lovelace"
DEFAULT_FILE: Final = "ui-lovelace.yaml"
RESOURCE_TYPES: Final = ("module", "js", "css", "html")
_MODES: Final = ("storage", "yaml")
_URL_PATH: Final = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class FileDashboard:
    """A dashboard that stands in a file.

    Attributes:
        url_path: its address below ``/``; ``lovelace`` is the one that every home has.
        filename: relative to the configuration folder.
    """

    url_path: str
    filename: str
    title: str | None = None
    icon: str | None = None
    show_in_sidebar: bool = True
    require_admin: bool = False


@dataclass(frozen=True, slots=True)
class Lovelace:
    """What a configuration says of dashboards.

    Attributes:
        dashboards: those in files, by url path.
        resources: ``url`` and ``type`` of the code that is loaded; None if clients choose that.
    """

    dashboards: Mapping[str, FileDashboard] = field(default_factory=dict)
    resources: tuple[Mapping[str, str], ...] | None = None


def read_lovelace(sections: Sections) -> tuple[Lovelace, list[ConfigError]]:
    """Return what ``sections`` say of dashboards, and what is wrong with it; what is wrong is left out."""
    dashboards: dict[str, FileDashboard] = {}
    resources: list[Mapping[str, str]] = []
    is_written = False
    problems: list[ConfigError] = []
    for given in valid_parts(sections, DOMAIN, _SCHEMA, problems):
        if given.get("mode") == "yaml":
            dashboards[DOMAIN] = FileDashboard(DOMAIN, DEFAULT_FILE)
        for path, about in given.get("dashboards", {}).items():
            dashboards[path] = FileDashboard(path, **{key: value for key, value in about.items() if key != "mode"})
        is_written = is_written or given.get("resource_mode", given.get("mode")) == "yaml"
        resources += given.get("resources", [])
    if resources and not is_written:
        message = "lovelace.resources has no effect without resource_mode: yaml; clients choose resources"
        problems.append(ConfigError(message, sections.positions.get(DOMAIN)))
    return Lovelace(dashboards, tuple(resources) if is_written else None), problems


def _url_path(value: Any) -> str:
    if isinstance(value, str) and _URL_PATH.fullmatch(value) and ("-" in value or value == DOMAIN):
        return value
    raise vol.Invalid(f"expected lower-case words with a hyphen (-) between them, or lovelace, got {shown(value)}")


def _filename(value: Any) -> str:
    name = string(value)
    path = PurePosixPath(name)
    if path.suffix in (".yaml", ".yml") and not path.is_absolute() and ".." not in path.parts:
        return name
    raise vol.Invalid(f"expected a YAML file in the configuration folder, like {DEFAULT_FILE}, got {shown(value)}")


_DASHBOARD: Final = {
    vol.Required("filename"): _filename,
    vol.Required("title"): string,
    vol.Optional("mode", default="yaml"): vol.Equal("yaml", "expected yaml; other dashboards are made in the frontend"),
    "icon": icon,
    "show_in_sidebar": boolean,
    "require_admin": boolean,
}
_RESOURCE: Final = {vol.Required("url"): string, vol.Required("type"): vol.In(RESOURCE_TYPES)}
_SCHEMA: Final = vol.Schema(
    optional(
        {
            "mode": vol.In(_MODES),
            "resource_mode": vol.In(_MODES),
            "resources": vol.All(ensure_list, [_RESOURCE]),
            "dashboards": optional({_url_path: _DASHBOARD}),
        }
    )
)
