"""What clients send to the routes of the log-in: JSON and forms, checked field by field."""

from typing import Any, TypeVar

import msgspec
from aiohttp import web

_Body = TypeVar("_Body")


async def read_json(request: web.Request, kind: type[_Body]) -> _Body:
    """Return the body as a ``kind``, whatever content type it claims: browsers send JSON as plain text.

    Raises:
        HTTPBadRequest: it is no JSON, or not what is expected; says what.
    """
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request(f"Message format incorrect: {error}") from error


async def read_form(request: web.Request) -> dict[str, str]:
    """Return the texts of a form, urlencoded or multipart; files in it are left out.

    Raises:
        HTTPBadRequest: it is no form.
    """
    try:
        form = await request.post()
    except (ValueError, LookupError, AssertionError) as error:
        raise bad_request("Message format incorrect: expected a form") from error
    return {name: value for name, value in form.items() if isinstance(value, str)}


def bad_request(message: str) -> web.HTTPBadRequest:
    """Return what to raise for a request that is not as it should be."""
    return web.HTTPBadRequest(text=body_of({"message": message}).decode(), content_type="application/json")


def forbidden(message: str) -> web.HTTPForbidden:
    """Return what to raise for what nobody, or not this one, may do."""
    return web.HTTPForbidden(text=body_of({"message": message}).decode(), content_type="application/json")


def too_many(retry_after_s: float, more: dict[str, Any] | None = None, *, status: int = 429) -> web.Response:
    """Return the answer to who tries too often, with ``more`` in its body."""
    message = f"Too many attempts; try again in {max(1, round(retry_after_s))} s"
    response = json_answer({"message": message, **(more or {})}, status=status)
    response.headers["Retry-After"] = str(max(1, round(retry_after_s)))
    return response


def json_answer(value: Any, status: int = 200) -> web.Response:
    """Return ``value`` as JSON."""
    return web.Response(body=body_of(value), status=status, content_type="application/json")


def body_of(value: Any) -> bytes:
    """Return the bytes of ``value`` as JSON."""
    return msgspec.json.encode(value)
