"""The route that Prometheus scrapes."""

from ipaddress import ip_address
from typing import Final

from aiohttp import web

from inglenook.auth import Permission, may
from inglenook.web.rest.routes import Call, Routes
from inglenook.web.security import address_of, is_direct

ROUTES: Final = Routes()


@ROUTES.route("GET", "/metrics", None)
def metrics(call: Call) -> web.Response:
    """Answer with the home's numbers: to admins, and to the addresses that the configuration names."""
    if not (call.visitor is not None and may(call.visitor, Permission.ADMIN)) and not _is_named(call):
        raise web.HTTPUnauthorized
    from inglenook.web.metrics import CONTENT_TYPE, Metrics  # noqa: PLC0415 - a home nobody scrapes starts faster

    if call.house.diagnostics.metrics is None:
        call.house.diagnostics.metrics = Metrics(call.house.diagnostics.vitals.snapshot).page
    return web.Response(body=call.house.diagnostics.metrics(), headers={"Content-Type": CONTENT_TYPE})


def _is_named(call: Call) -> bool:
    """True when the request comes from a network that may scrape, and not through somebody who only stands there."""
    networks = call.house.http.metrics_from
    if not networks or not is_direct(call.request):
        return False
    try:
        address = ip_address(address_of(call.request))
    except ValueError:
        return False
    return any(address in network for network in networks)
