"""The panels of the frontend: what can be opened, and what the sidebar shows."""

from typing import Any, Final

from inglenook.home import Home
from inglenook.web.frontend.dashboards import Dashboards
from inglenook.web.frontend.file_dashboards import DEFAULT

# Panels by url path: their title, which the frontend translates, and their icon.
_ALWAYS: Final = {
    "home": ("home", "mdi:home"),
    "light": ("light", "mdi:lamps"),
    "climate": ("climate", "mdi:home-thermometer"),
    "security": ("security", "mdi:security"),
    "maintenance": ("maintenance", "mdi:wrench"),
    "history": ("history", "mdi:chart-box"),
    "logbook": ("logbook", "mdi:format-list-bulleted-type"),
    "energy": ("energy", "mdi:lightning-bolt"),
    "map": ("map", "mdi:tooltip-account"),
    "config": ("config", "mdi:cog"),
    "profile": (None, None),
    "notfound": (None, None),
}
# Those that need entities of a domain.
_WITH: Final = {
    "todo": ("todo", "mdi:clipboard-list"),
    "calendar": ("calendar", "mdi:calendar"),
    "media-browser": ("media_browser", "mdi:play-box-multiple"),
}
_DOMAINS: Final = {"media-browser": "media_player"}  # where the path is no domain
_HIDDEN: Final = frozenset({"home", "light", "climate", "security", "maintenance", "map"})
_FOR_ADMINS: Final = frozenset({"config"})


def panels_of(home: Home, dashboards: Dashboards, *, is_admin: bool) -> dict[str, dict[str, Any]]:
    """Return the panels that a user may open, by url path, as clients read them."""
    found = {DEFAULT: _panel(DEFAULT, "states", "mdi:view-dashboard", config={"mode": "storage"})}
    found.update((path, _panel(path, *about)) for path, about in _ALWAYS.items())
    here = set(home.states.domains())
    for path, about in _WITH.items():
        if _DOMAINS.get(path, path) in here:
            found[path] = _panel(path, *about)
    for one in dashboards.shown():
        found[one["url_path"]] = _of_dashboard(one)
    return {path: panel for path, panel in found.items() if is_admin or not panel["require_admin"]}


def has_page(path: str, dashboards: Dashboards) -> bool:
    """True for the first part of the address of any panel."""
    made = {one["url_path"] for one in dashboards.shown()}
    return path == DEFAULT or path in _ALWAYS or path in _WITH or path in made


def _panel(path: str, title: str | None, icon: str | None, *, config: Any = None) -> dict[str, Any]:
    return {
        "component_name": path,
        "config": config,
        "config_panel_domain": None,
        "default_visible": path not in _HIDDEN,
        "icon": icon,
        "require_admin": path in _FOR_ADMINS,
        "show_in_sidebar": icon is not None,
        "title": title,
        "url_path": path,
    }


def _of_dashboard(one: dict[str, Any]) -> dict[str, Any]:
    title = one["title"] or "states"  # the one that is always there, without a title of its own
    panel = _panel(one["url_path"], title, one.get("icon") or "mdi:view-dashboard", config={"mode": one["mode"]})
    more = {"require_admin": one["require_admin"], "show_in_sidebar": one["show_in_sidebar"]}
    return {**panel, **more, "component_name": DEFAULT}
