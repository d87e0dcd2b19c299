"""Routes about services: what there is to call, and call one."""

import logging
from collections.abc import Awaitable
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from inglenook.auth import Permission, may
from inglenook.errors import InglenookError, InvalidServiceData, ServiceNotFound, ServiceValidationError, Unauthorized
from inglenook.model import Context
from inglenook.web.admin_services import asks_for_admin
from inglenook.web.descriptions import services_of
from inglenook.web.rest.routes import ApiError, Call, Routes

_log = logging.getLogger(__name__)

ROUTES: Final = Routes()


@ROUTES.route("GET", "/api/services", Permission.READ)
def every_service(call: Call) -> list[dict[str, Any]]:
    """Return all services, domain by domain."""
    return [{"domain": domain, "services": names} for domain, names in services_of(call.house.home).items()]


@ROUTES.route("POST", "/api/services/{domain}/{service}", Permission.CONTROL)
async def call_service(call: Call) -> Any:
    """Call a service; answer, once it has ended, with the states that it changed, and its response if asked for."""
    domain, name = call.path("domain").lower(), call.path("service").lower()
    if asks_for_admin(domain, name) and not may(call.user, Permission.ADMIN):
        raise web.HTTPUnauthorized
    data = await call.mapping(refusal="Data should be valid JSON.")
    wants_response = "return_response" in call.request.query
    context = call.context()
    with call.house.feeds.changed.under(context) as changed:
        response = await _response(call, domain, name, data, context, wants_response)
    await call.wait_until_kept()
    return {"changed_states": changed, "service_response": response} if wants_response else changed


async def _response(
    call: Call, domain: str, name: str, data: dict[str, Any], context: Context, wants_response: bool
) -> Any:
    """Run the call to its end.

    Raises:
        HTTPBadRequest: there is no such service, or the data does not fit.
        HTTPUnauthorized: the service is not for this user.
        ApiError: 400 with what the service says is wrong, 500 with what else went wrong.
    """
    try:
        response = call.house.home.services.start(
            domain, name, data, context=context, return_response=wants_response, wants_ack=True
        )
        return await response if isinstance(response, Awaitable) else response
    except (ServiceNotFound, InvalidServiceData) as error:
        _log.warning("%s.%s called over HTTP: %s", domain, name, error)  # the answer does not say it
        raise web.HTTPBadRequest from error
    except Unauthorized as error:
        raise web.HTTPUnauthorized from error
    except ServiceValidationError as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, str(error)) from error
    except InglenookError as error:
        raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, str(error)) from error
