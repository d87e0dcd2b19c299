"""The demo plugin: a simulated home whose devices are real clients of the gateway.

Nothing here reaches around the protocol: each device has a token of its own, opens a WebSocket, reports what it is and
carries out commands, as one on a shelf would.
"""

from typing import Any

import voluptuous as vol

from inglenook import Home, PluginScope, hookimpl
from inglenook_demo.household import KINDS, Household


@hookimpl
def config_schema() -> vol.Schema:
    """Return the settings.

    ``speed``: how many simulated seconds pass in one. ``devices``: which are there, all by default. ``url``: the
    gateway's address; by default the home's own. ``seed``: the same number gives the same day.
    """
    return vol.Schema(
        {
            vol.Optional("speed", default=60.0): vol.All(vol.Coerce(float), vol.Range(min=0.1, max=10_000)),
            vol.Optional("devices", default=list(KINDS)): [vol.In(KINDS)],
            vol.Optional("url"): vol.All(str, vol.Match(r"wss?://")),
            vol.Optional("seed", default=None): vol.Any(None, int),
        }
    )


@hookimpl
def setup(home: Home, config: dict[str, Any], scope: PluginScope) -> None:
    """Switch the devices on and let people in."""
    household = Household(home, config["devices"], config["speed"], config["seed"], config.get("url"))
    scope.listen("homeassistant_start", lambda event: household.open())
    for appliance in household.appliances.values():
        scope.create_task(appliance.device.run, f"{appliance.id}: socket")
        scope.create_task(appliance.live, appliance.id)
    scope.create_task(household.live, "people")
