"""What the frontend has the home remember: data of each user, data of all, dashboards and resources; stored at once."""

from collections.abc import Callable, Collection
from typing import Any, Final

import msgspec

from inglenook.bus import Unsubscribe
from inglenook.config.frontend import MODES, Frontend
from inglenook.home import Home
from inglenook.web.listeners import Listeners

_TABLE: Final = "settings"
_OURS: Final = "frontend."
_SYSTEM: Final = "system"
_USER: Final = "user."
_THEME: Final = "theme."
NO_THEME: Final = "default"
# The dashboard of all entities is the page at / until somebody chooses another.
_DEFAULTS: Final[dict[str, Any]] = {"core": {"default_panel": "lovelace"}}
MAX_VALUE: Final = 4 * 1024 * 1024
MAX_OF_USER: Final = 1024 * 1024  # bytes, of all that is kept for one user


class FrontendMemory:
    """What is remembered, each value under a key; one for a home.

    Attributes:
        frontend: what the configuration says; replaced when that is read again.
    """

    def __init__(self, home: Home, frontend: Frontend | None = None) -> None:
        self.frontend = frontend or Frontend()
        self._store = home.store
        self._values: dict[str, Any] = {}
        self._watchers: dict[str, Listeners[[]]] = {}
        for key, text in home.store.load(_TABLE):
            if key.startswith(_OURS):
                self._values[key.removeprefix(_OURS)] = msgspec.json.decode(text)

    def get(self, key: str, otherwise: Any = None) -> Any:
        """Return the value of ``key``."""
        return self._values.get(key, otherwise)

    def set(self, key: str, value: Any) -> None:
        """Keep ``value`` under ``key``, and tell who watches it; None forgets it."""
        if value is None:
            self._values.pop(key, None)
            self._store.delete(_TABLE, _OURS + key)
        else:
            self._values[key] = value
            self._store.put(_TABLE, (_OURS + key, msgspec.json.encode(value).decode()))
        if key in self._watchers:
            self._watchers[key].tell()

    def watch(self, key: str, tell: Callable[[], object]) -> Unsubscribe:
        """Call ``tell`` whenever the value of ``key`` is set."""
        watchers = self._watchers.setdefault(key, Listeners(f"what is kept under {key}"))
        forget = watchers.add(tell)

        def unwatch() -> None:
            forget()
            if not watchers and self._watchers.get(key) is watchers:
                del self._watchers[key]

        return unwatch

    def themes(self) -> dict[str, Any]:
        """Return the themes of the configuration and the names of those that everybody has who chose none."""
        chosen = {mode: self.get(_THEME + mode) for mode in MODES}
        known = {mode: name for mode, name in chosen.items() if name in self.frontend.themes}
        return {
            "themes": dict(self.frontend.themes),
            "default_theme": known.get("light", NO_THEME),
            "default_dark_theme": known.get("dark"),
        }

    def choose_theme(self, mode: str, name: str | None) -> None:
        """Let everybody who chose no theme have ``name`` in ``mode``, ``light`` or ``dark``; None for the usual one."""
        self.set(_THEME + mode, name)

    # -- by the names of what is kept -----------------------------------------------------------------------------

    def user_data(self, user_id: str) -> dict[str, Any]:
        """Return what is kept for a user, by key."""
        return dict(self.get(user_key(user_id), {}))

    def set_user_data(self, user_id: str, key: str, value: Any) -> None:
        """Keep something for a user."""
        self.set(user_key(user_id), {**self.user_data(user_id), key: value})

    def forget_others(self, user_ids: Collection[str]) -> None:
        """Forget what was kept for users who are none of ``user_ids``: they are gone."""
        known = {user_key(user_id) for user_id in user_ids}
        for key in [key for key in self._values if key.startswith(_USER) and key not in known]:
            self.set(key, None)

    def system_data(self, key: str) -> Any:
        """Return what is kept under ``key`` for all users; None if nothing is."""
        kept = self.get(_SYSTEM, {})
        return kept[key] if key in kept else _DEFAULTS.get(key)

    def set_system_data(self, key: str, value: Any) -> None:
        """Keep something for all users."""
        self.set(_SYSTEM, {**self.get(_SYSTEM, {}), key: value})

    def watch_system_data(self, tell: Callable[[], object]) -> Unsubscribe:
        """Call ``tell`` whenever something is kept for all users."""
        return self.watch(_SYSTEM, tell)


def user_key(user_id: str) -> str:
    """Return the key under which the data of a user is kept."""
    return _USER + user_id
