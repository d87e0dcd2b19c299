"""A door bell that greets: one entity, one service, one event, settings of its own."""

from typing import Any

import voluptuous as vol

from inglenook import Button, Home, PluginScope, ServiceCall, hookimpl


class DoorBell(Button):
    """A button that fires an event when it is pressed."""

    name = "Door bell"
    unique_id = "door-bell"

    def __init__(self, home: Home, greeting: str) -> None:
        self._home = home
        self._greeting = greeting

    def press(self) -> None:
        """Ring: tell the house that somebody is at the door."""
        self._home.bus.fire("hello_greeting", {"text": f"{self._greeting}, visitor!"})


@hookimpl
def config_schema() -> vol.Schema:
    """Return what may stand under ``plugins: hello:``."""
    return vol.Schema({vol.Optional("greeting", default="Hello"): str})


@hookimpl
def setup(home: Home, config: dict[str, Any], scope: PluginScope) -> None:
    """Add the door bell and the service; ``scope`` takes both away again when the plugin ends."""
    greeting = config["greeting"]

    def greet(call: ServiceCall) -> dict[str, str]:
        return {"text": f"{greeting}, {call.data['name']}!"}

    scope.add_entity(DoorBell(home, greeting))
    scope.register_service("hello", "greet", greet, vol.Schema({vol.Required("name"): str}), supports_response="only")
