"""Every hook a plugin may implement: a signature, its contract, and its heading in docs/plugins.md."""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any

import pluggy

from inglenook.home import Home
from inglenook.plugins.scope import PluginScope

hookspec = pluggy.HookspecMarker("inglenook")
hookimpl = pluggy.HookimplMarker("inglenook")


@hookspec
def config_schema(home: Home) -> Any:
    """Return the voluptuous schema of this plugin's settings; they are checked with position before ``setup``.

    ``home`` has its settings and nothing that runs: where a configuration is only checked, it is not a running one.
    """


@hookspec
def platform_schemas(home: Home) -> Mapping[str, Any] | None:
    """Return the voluptuous schemas of the items that stand under other keys with ``platform: NAME``, by the key."""


@hookspec
def client_items() -> str | None:
    """For the plugin of a section: say that clients may make, change and remove its items, and how these stand.

    ``"named"`` if they stand under their ids, as in ``timer: {tea: …}``; ``"listed"`` if each stands in a list with its
    ``id``. What clients make comes to ``setup`` and to the function of ``scope.on_reload`` among the others, and
    ``scope.editable`` holds the ids of those that they may change.
    """


@hookspec
def config_warnings(home: Home, config: Any) -> Iterable[tuple[Sequence[Any], str]] | None:
    """Return what is right in form in this plugin's settings, and has no effect or is seldom meant.

    Each is the path from the settings to what it is about, empty for all of them, and what to say of it; people are
    told with file, line and column.
    """


@hookspec
def service_names(home: Home, config: Any, items: Mapping[str, list[Any]]) -> Iterable[str] | None:
    """Return the services, like ``hue.pair``, that ``setup`` offers.

    So a check knows them, where nothing is set up. Those of ``register_entity_domains`` and ``NAME.reload`` are known
    anyway. ``config`` is what ``setup`` would get, and ``items`` what ``scope.items`` would hold.
    """


@hookspec
def setup(home: Home, config: Any, scope: PluginScope) -> Awaitable[None] | None:
    """Register services, listeners, entities and tasks. Called once, before the rules are loaded; may be ``async``.

    ``config`` is what stands under the plugin's name, as its schema made it; ``scope`` gives back by itself whatever is
    taken through it.
    """


@hookspec
def teardown(home: Home) -> Awaitable[None] | None:
    """Give back what ``setup`` took other than through ``scope``. Called once, at the end; may be ``async``."""


@hookspec
def register_triggers() -> Mapping[str, Any] | None:
    """Return trigger kinds by the name that stands after ``trigger:``."""


@hookspec
def register_conditions() -> Mapping[str, Any] | None:
    """Return condition kinds by the name that stands after ``condition:``."""


@hookspec
def register_actions() -> Mapping[str, Any] | None:
    """Return action kinds by the key that marks them in a list of actions."""


@hookspec
def register_entity_domains() -> Mapping[str, Any] | None:
    """Return entity domains (``inglenook.Domain``) by name, beside those of the house, each with its services."""


@hookspec
def register_commands() -> Mapping[str, Any] | None:
    """Return commands of WebSocket clients (``inglenook.Command``) by their type, like ``hue/lights``."""
