"""The dashboards of the frontend, what each shows, and the resources that their cards come from."""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import msgspec

from inglenook.bus import EventBus
from inglenook.errors import InvalidEntry, UnknownEntry
from inglenook.registry.naming import first_free
from inglenook.web.frontend.file_dashboards import DEFAULT, EVENT_UPDATED, FileDashboards
from inglenook.web.frontend.memory import MAX_VALUE, FrontendMemory

EVENT_PANELS: Final = "panels_updated"
# All entities by area, until somebody makes a dashboard of their own.
GENERATED: Final = {"strategy": {"type": "original-states"}}
TAKEN: Final = frozenset(
    {
        "api", "auth", "calendar", "climate", "config", "energy", "frontend_es5", "frontend_latest", "history", "home",
        "light", "local", "logbook", "lovelace", "maintenance", "manifest", "map", "media-browser", "onboarding",
        "profile", "security", "static", "todo",
    }
)  # fmt: skip
_LIST: Final = "dashboards"
_RESOURCES: Final = "resources"
_URL_PATH: Final = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")


class Dashboards:
    """The dashboards of one home.

    Args:
        memory: where they are kept.
        bus: hears of their changes.
        files: those that people write in files.
    """

    def __init__(self, memory: FrontendMemory, bus: EventBus, files: FileDashboards) -> None:
        self.files = files
        self._memory = memory
        self._bus = bus

    # -- the dashboards themselves --------------------------------------------------------------------------------

    def all(self) -> list[dict[str, Any]]:
        """Return all that people made: ``id``, ``url_path``, ``title``, ``icon`` and who sees it where."""
        return [dict(one) for one in self._memory.get(_LIST, [])]

    def shown(self) -> list[dict[str, Any]]:
        """Return these and those in files, which have a ``filename`` and no ``id``."""
        return [*({"mode": "yaml", **dataclasses.asdict(one)} for one in self.files), *self.all()]

    def create(self, given: Mapping[str, Any], *, allows_word: bool = False) -> dict[str, Any]:
        """Add a dashboard and return it.

        Raises:
            InvalidEntry: its url path is none, has no hyphen though it must, or is taken.
        """
        path = given["url_path"]
        if not _URL_PATH.fullmatch(path) or not (allows_word or "-" in path):
            raise InvalidEntry(
                f"Url path needs to be lower-case words with a hyphen (-) between them, got {path!r:.80}"
            )
        others = self.all()
        if path in TAKEN or any(one["url_path"] == path for one in self.shown()):
            raise InvalidEntry(f"Url path {path} is taken")
        ident = first_free(path.replace("-", "_"), {one["id"] for one in others}.__contains__)
        made = {
            "id": ident, "icon": None, "show_in_sidebar": True, "require_admin": False, **given,
            "mode": "storage",
        }  # fmt: skip
        self._keep([*others, made])
        return made

    def update(self, ident: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change a dashboard and return it.

        Raises:
            UnknownEntry: there is none of that id.
        """
        found = self._find(ident)
        changed = {**found, **changes}
        self._keep([changed if one["id"] == ident else one for one in self.all()])
        return changed

    def delete(self, ident: str) -> None:
        """Forget a dashboard and what it shows.

        Raises:
            UnknownEntry: there is none of that id.
        """
        found = self._find(ident)
        self._memory.set(_key(found["url_path"]), None)
        self._keep([one for one in self.all() if one["id"] != ident])

    # -- what they show -------------------------------------------------------------------------------------------

    def config(self, url_path: str | None) -> Any:
        """Return what a dashboard shows; None if nobody has said that yet.

        Raises:
            UnknownEntry: there is no such dashboard.
        """
        path = self._known(url_path)
        return self._memory.get(_key(path), GENERATED if path == DEFAULT else None)

    def save(self, url_path: str | None, config: Any) -> None:
        """Keep what a dashboard shows; None makes it as new. Fires ``lovelace_updated``.

        Raises:
            UnknownEntry: there is no such dashboard.
            InvalidEntry: it is larger than 4 MiB.
        """
        path = self._known(url_path)
        if config is not None and len(msgspec.json.encode(config)) > MAX_VALUE:
            raise InvalidEntry(f"A dashboard may have {MAX_VALUE >> 20} MiB")
        self._memory.set(_key(path), config)
        self._bus.fire(EVENT_UPDATED, {"url_path": None if path == DEFAULT else path, "mode": "storage"})

    # -- where their cards come from ------------------------------------------------------------------------------

    def resources(self) -> list[dict[str, Any]]:
        """Return the resources: ``id``, ``type`` and ``url``."""
        if self.files.resources is not None:
            return [{"id": one["url"], **one} for one in self.files.resources]
        return [dict(one) for one in self._memory.get(_RESOURCES, [])]

    def add_resource(self, kind: str, url: str) -> dict[str, Any]:
        """Add a resource and return it.

        Raises:
            InvalidEntry: they stand in the configuration.
        """
        self._require_ours()
        made = {"id": uuid4().hex, "type": kind, "url": url}
        self._memory.set(_RESOURCES, [*self.resources(), made])
        return made

    def update_resource(self, ident: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change a resource and return it.

        Raises:
            UnknownEntry: there is none of that id.
            InvalidEntry: they stand in the configuration.
        """
        self._require_ours()
        found = _one(self.resources(), ident, "resource")
        changed = {**found, **changes}
        self._memory.set(_RESOURCES, [changed if one["id"] == ident else one for one in self.resources()])
        return changed

    def delete_resource(self, ident: str) -> None:
        """Forget a resource.

        Raises:
            UnknownEntry: there is none of that id.
            InvalidEntry: they stand in the configuration.
        """
        self._require_ours()
        _one(self.resources(), ident, "resource")
        self._memory.set(_RESOURCES, [one for one in self.resources() if one["id"] != ident])

    # -- the machinery --------------------------------------------------------------------------------------------

    def _require_ours(self) -> None:
        if self.files.resources is not None:
            raise InvalidEntry("resources stand in the configuration under lovelace:; change them there")

    def _find(self, ident: str) -> dict[str, Any]:
        return _one(self.all(), ident, "dashboard")

    def _known(self, url_path: str | None) -> str:
        path = url_path or DEFAULT
        if path != DEFAULT and all(one["url_path"] != path for one in self.all()):
            raise UnknownEntry(f"Unknown config specified: {path}")
        return path

    def _keep(self, dashboards: list[dict[str, Any]]) -> None:
        self._memory.set(_LIST, dashboards)
        self._bus.fire(EVENT_PANELS)


def _one(entries: list[dict[str, Any]], ident: str, what: str) -> dict[str, Any]:
    for entry in entries:
        if entry["id"] == ident:
            return entry
    raise UnknownEntry(f"Unable to find {what} {ident:.80}")


def _key(url_path: str) -> str:
    return f"dashboard.{url_path}"
