"""Routes about what people wrote: automations, scripts and scenes, read from and written to their files."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from inglenook.auth import Permission
from inglenook.errors import ConfigError, ConfigErrors, ServiceValidationError, UnknownEntry
from inglenook.web.encoding import jsonable
from inglenook.web.rest.routes import ApiError, Call, Routes, json_response
from inglenook.web.stores import RuleStore

ROUTES: Final = Routes()
_DOMAINS: Final = ("automation", "script", "scene")
_OK: Final = {"result": "ok"}


def config(call: Call) -> web.Response:
    """Answer with a rule as it was written."""
    domain, key, rules = _asked(call)
    found = rules.config(domain, key)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "Resource not found")
    return json_response(jsonable(found))


async def save(call: Call) -> dict[str, Any]:
    """Write a rule; it runs when the answer comes."""
    domain, key, rules = _asked(call)
    given = await call.json()
    if not isinstance(given, dict):
        raise ApiError(HTTPStatus.BAD_REQUEST, "Message malformed: expected an object")
    try:
        await rules.save(domain, key, given)
    except ConfigErrors as errors:
        raise ApiError(HTTPStatus.BAD_REQUEST, f"Message malformed: {'; '.join(map(str, errors.errors))}") from errors
    except (ConfigError, ServiceValidationError) as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, str(error)) from error
    return _OK


async def remove(call: Call) -> dict[str, Any]:
    """Take a rule away, with its entity."""
    domain, key, rules = _asked(call)
    try:
        await rules.remove(domain, key)
    except (UnknownEntry, ConfigError, ServiceValidationError) as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, str(error)) from error
    return _OK


def _asked(call: Call) -> tuple[str, str, RuleStore]:
    """Return domain and id of the rule, and where rules are kept."""
    rules = call.house.stores.rules
    if rules is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "Resource not found")
    domain = call.request.path.split("/")[3]
    return domain, call.request.match_info["key"], rules


for _domain in _DOMAINS:
    for _method, _answer in (("GET", config), ("POST", save), ("DELETE", remove)):
        ROUTES.route(_method, f"/api/config/{_domain}/config/{{key}}", Permission.ADMIN)(_answer)
