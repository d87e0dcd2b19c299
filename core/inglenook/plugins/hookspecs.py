"""Every hook a plugin may implement: a signature, its contract, and its heading in docs/plugins.md."""

from collections.abc import Awaitable, Mapping
from typing import Any

import pluggy

from inglenook.home import Home
from inglenook.plugins.scope import PluginScope

hookspec = pluggy.HookspecMarker("inglenook")
hookimpl = pluggy.HookimplMarker("inglenook")


@hookspec
def config_schema() -> Any:
    """Return the voluptuous schema of this plugin's settings; they are checked with position before ``setup``."""


@hookspec
def platform_schemas() -> Mapping[str, Any] | None:
    """Return the voluptuous schemas of the items that stand under other keys with ``platform: NAME``, by the key."""


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
