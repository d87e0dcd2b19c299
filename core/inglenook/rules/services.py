"""The services of automations: ``automation.turn_on``, ``turn_off``, ``toggle`` and ``trigger``."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import boolean
from inglenook.home import Home
from inglenook.model import ServiceCall
from inglenook.rules.automation import AutomationEntity
from inglenook.rules.reach import reached
from inglenook.services import Stoppable

DOMAIN: Final = "automation"

Find = Callable[[str], AutomationEntity | None]
Perform = Callable[[AutomationEntity, ServiceCall], Stoppable | None]

_TURN_OFF: Final = vol.Schema({"stop_actions": boolean})
_TRIGGER: Final = vol.Schema({"variables": {str: object}, "skip_condition": boolean})


def register_services(home: Home, find: Find, every: Callable[[], Iterable[AutomationEntity]]) -> None:
    """Offer the services.

    Args:
        home: offers them.
        find: returns the automation of an entity id, or None.
        every: returns all automations.
    """

    def offer(name: str, perform: Perform, schema: vol.Schema, fields: dict[str, Any]) -> None:
        def handle(call: ServiceCall) -> Awaitable[None] | None:
            pending = [
                waiting for one in reached(home, call, find, every) if (waiting := perform(one, call)) is not None
            ]
            return _all(pending) if pending else None

        home.services.register(DOMAIN, name, handle, schema, fields=fields)

    nothing = vol.Schema({})
    offer("turn_on", lambda one, call: one.turn_on(call.context), nothing, {})
    offer(
        "turn_off",
        lambda one, call: one.turn_off(call.context, **call.data),
        _TURN_OFF,
        {"stop_actions": {"required": False}},
    )
    offer("toggle", lambda one, call: one.toggle(call.context), nothing, {})
    offer(
        "trigger",
        lambda one, call: one.trigger(call.context, **call.data),
        _TRIGGER,
        {"variables": {"required": False}, "skip_condition": {"required": False}},
    )


def _all(pending: list[Stoppable]) -> Stoppable:
    def stop() -> None:
        for one in pending:
            one.stop()

    return Stoppable(_ends(pending), stop)


async def _ends(pending: list[Stoppable]) -> None:
    await asyncio.gather(*pending)
