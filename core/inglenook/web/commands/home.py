"""Commands about the home: its states, services and configuration, calling a service, firing an event."""

from collections.abc import Awaitable, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission, may
from inglenook.config.home_settings import FIELDS
from inglenook.errors import ServiceNotFound, Unauthorized
from inglenook.model import EVENT_STATE_CHANGED, Context
from inglenook.web.admin_services import asks_for_admin
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import event_type, mapping, target
from inglenook.web.descriptions import config_of, services_of
from inglenook.web.encoding import context_as_dict

COMMANDS: Final = Commands()


@COMMANDS.command("get_states", Permission.READ)
def get_states(request: Request) -> list[dict[str, Any]]:
    """Return every state in full."""
    return [state.as_dict() for state in request.home.states]


@COMMANDS.command("get_config", Permission.READ)
def get_config(request: Request) -> dict[str, Any]:
    """Return the configuration of the home."""
    return config_of(request.home, request.house.run_state)


@COMMANDS.command("get_services", Permission.READ)
def get_services(request: Request) -> dict[str, dict[str, Any]]:
    """Return every service by domain and name."""
    return services_of(request.home)


@COMMANDS.command(
    "call_service",
    Permission.CONTROL,
    {
        vol.Required("domain"): str,
        vol.Required("service"): str,
        vol.Optional("service_data", default=dict): mapping,
        vol.Optional("target", default=dict): target,
        vol.Optional("return_response", default=False): bool,
    },
)
def call_service(request: Request) -> Awaitable[None] | None:
    """Call a service, and answer once it has ended and its devices have acknowledged: at once if nothing waits."""
    data, context = request.data, request.context()
    domain, name, wants_response = data["domain"].lower(), data["service"].lower(), data["return_response"]
    if asks_for_admin(domain, name) and not may(request.user, Permission.ADMIN):
        raise Unauthorized("Unauthorized")
    given = {**data["service_data"], **data["target"]}
    try:
        response = request.home.services.start(
            domain, name, given, context=context, return_response=wants_response, wants_ack=True
        )
    except ServiceNotFound as error:
        raise _not_found(error) from error
    if isinstance(response, Awaitable):
        return _called(request, response, context)
    request.answer_once_kept(_answer(response, context, wants_response=wants_response))
    return None


async def _called(request: Request, pending: Awaitable[Any], context: Context) -> None:
    try:
        response = await pending
    except ServiceNotFound as error:
        raise _not_found(error) from error
    request.answer_once_kept(_answer(response, context, wants_response=request.data["return_response"]))


def _answer(response: Any, context: Context, *, wants_response: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {"context": context_as_dict(context)}
    return {**answer, "response": response} if wants_response else answer


@COMMANDS.command(
    "fire_event",
    Permission.ADMIN,
    {
        vol.Required("event_type"): event_type,
        vol.Optional("event_data", default=dict): mapping,
    },
)
def fire_event(request: Request) -> Mapping[str, Any]:
    """Fire an event."""
    if request.data["event_type"] == EVENT_STATE_CHANGED:
        raise CommandError("invalid_format", "This event tells of a state: write that")
    context = request.context()
    request.home.bus.fire(request.data["event_type"], request.data["event_data"], context)
    return {"context": context_as_dict(context)}


@COMMANDS.command(
    "config/core/update",
    Permission.ADMIN,
    {**{vol.Optional(name): object for name in FIELDS}, vol.Optional("update_units", default=False): bool},
)
async def update_settings(request: Request) -> None:
    """Say what the home is called, where it is, and in which units, time, money and language it thinks."""
    said = {name: value for name, value in request.data.items() if name in FIELDS}
    await request.house.stores.settings.update(request.home, said, request.context())


@COMMANDS.command("config/core/detect", Permission.ADMIN)
def detect(request: Request) -> dict[str, Any]:
    """Return what is known of the place by the address of the home: nothing, since no stranger is asked for it."""
    del request
    return {}


def _not_found(error: ServiceNotFound) -> CommandError:
    return CommandError(
        "not_found",
        f"Service {error.domain}.{error.service} not found.",
        translation_key="service_not_found",
        translation_domain="homeassistant",
        translation_placeholders={"domain": error.domain, "service": error.service},
    )
