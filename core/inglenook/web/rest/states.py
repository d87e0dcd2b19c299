"""Routes about states: read them, write them, take them away."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from inglenook.auth import Permission
from inglenook.model import MAX_STATE_LENGTH, State
from inglenook.states import is_entity_id
from inglenook.web.rest.routes import ApiError, Call, Routes, json_response, message

ROUTES: Final = Routes()
_ONE: Final = "/api/states/{entity_id}"


@ROUTES.route("GET", "/api/states", Permission.READ)
def every_state(call: Call) -> list[dict[str, Any]]:
    """Return all states."""
    return [state.as_dict() for state in call.house.home.states]


@ROUTES.route("GET", _ONE, Permission.READ)
def one_state(call: Call) -> dict[str, Any]:
    """Return the state of one entity."""
    return _found(call).as_dict()


@ROUTES.route("POST", _ONE, Permission.ADMIN)
async def write_state(call: Call) -> web.Response:
    """Write what an entity is; its attributes are replaced as a whole."""
    entity_id, states = call.path("entity_id").lower(), call.house.home.states
    body = await call.mapping()
    state, attributes = _text_of(body), body.get("attributes") or {}
    if not is_entity_id(entity_id):
        raise ApiError(HTTPStatus.BAD_REQUEST, "Invalid entity ID specified.")
    if not isinstance(attributes, dict):
        raise ApiError(HTTPStatus.BAD_REQUEST, "Invalid attributes specified: expected an object.")
    is_new = entity_id not in states
    force_update = body.get("force_update") is True
    written = states.set(entity_id, state, attributes, call.context(), force_update=force_update)
    response = json_response(written.as_dict(), HTTPStatus.CREATED if is_new else HTTPStatus.OK)
    await call.wait_until_kept()
    response.headers["Location"] = f"/api/states/{entity_id}"
    return response


@ROUTES.route("DELETE", _ONE, Permission.ADMIN)
async def remove_state(call: Call) -> web.Response:
    """Forget the state of an entity, until something writes it again."""
    call.house.home.states.remove(_found(call).entity_id, call.context())
    await call.wait_until_kept()
    return message("Entity removed.")


def _found(call: Call) -> State:
    state = call.house.home.states.get(call.path("entity_id").lower())
    if state is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "Entity not found.")
    return state


def _text_of(body: dict[str, Any]) -> str:
    """Return the state as text: what is a number or true becomes what Home Assistant writes for it."""
    given = body.get("state")
    if given is None:
        raise ApiError(HTTPStatus.BAD_REQUEST, "No state specified.")
    state = str(given)
    if isinstance(given, dict | list) or len(state) > MAX_STATE_LENGTH:
        what = f"expected a text of at most {MAX_STATE_LENGTH} characters"
        raise ApiError(HTTPStatus.BAD_REQUEST, f"Invalid state specified: {what}.")
    return state
