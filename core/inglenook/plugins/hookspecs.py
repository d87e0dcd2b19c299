"""Every hook a plugin may implement: a function, its contract, and its heading in docs/plugins.md."""

from collections.abc import Awaitable, Mapping
from typing import Any

import pluggy

from inglenook.home import Home

hookspec = pluggy.HookspecMarker("inglenook")
hookimpl = pluggy.HookimplMarker("inglenook")


@hookspec
def config_schema() -> Any:
    """Return the voluptuous schema of this plugin's own settings, checked before ``setup`` with position."""


@hookspec
def setup(home: Home, config: Any, scope: Any) -> Awaitable[None] | None:
    """Register services, listeners, entities and tasks. Called once, before the rules are loaded."""


@hookspec
def teardown(home: Home) -> Awaitable[None] | None:
    """Give back what ``setup`` took and ``scope`` does not give back by itself. Called once, at the end."""


@hookspec
def register_triggers() -> Mapping[str, Any] | None:
    """Return trigger kinds by the name after ``trigger:``."""


@hookspec
def register_conditions() -> Mapping[str, Any] | None:
    """Return condition kinds by the name after ``condition:``."""


@hookspec
def register_actions() -> Mapping[str, Any] | None:
    """Return action kinds by the key that marks them."""
