"""``frontend:``: the themes of the web frontend, and modules that it loads beside its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import voluptuous as vol

from inglenook.config.schema import optional, valid_parts
from inglenook.config.sections import Sections
from inglenook.config.values import ensure_list, shown, string
from inglenook.errors import ConfigError

DOMAIN: Final = "frontend"
MODES: Final = ("light", "dark")
_ADDRESS: Final = re.compile(r"(https?://|/(?!/))[A-Za-z0-9._~:/?#@!$&()*+,;=%\[\]-]*")


@dataclass(frozen=True, slots=True)
class Frontend:
    """What a configuration says of the frontend.

    Attributes:
        themes: by name: its variables, each a text, and under ``modes`` those for ``light`` and ``dark``.
        modules: addresses of modules to load, on this home or on others.
        scripts: likewise for browsers that know no modules.
    """

    themes: Mapping[str, Any] = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


def read_frontend(sections: Sections) -> tuple[Frontend, list[ConfigError]]:
    """Return what ``sections`` say of the frontend, and what is wrong with it; what is wrong is left out."""
    themes: dict[str, Any] = {}
    modules: list[str] = []
    scripts: list[str] = []
    problems: list[ConfigError] = []
    for given in valid_parts(sections, DOMAIN, _SCHEMA, problems):
        themes.update(given.get("themes", {}))
        modules += given.get("extra_module_url", [])
        scripts += given.get("extra_js_url_es5", [])
    return Frontend(themes, tuple(dict.fromkeys(modules)), tuple(dict.fromkeys(scripts))), problems


def _address(value: Any) -> str:
    if isinstance(value, str) and _ADDRESS.fullmatch(value):
        return value
    raise vol.Invalid(f"expected a path like /local/card.js, or an address, got {shown(value)}")


_VARIABLES: Final = {string: string}
_THEME: Final = vol.Schema({"modes": {vol.Optional(mode): optional(_VARIABLES) for mode in MODES}, string: string})
_SCHEMA: Final = vol.Schema(
    optional(
        {
            "themes": optional({string: optional(_THEME)}),
            "extra_module_url": vol.All(ensure_list, [_address]),
            "extra_js_url_es5": vol.All(ensure_list, [_address]),
            "extra_html_url": object,
            "extra_html_url_es5": object,
            "development_repo": object,
            "javascript_version": object,
        }
    )
)
