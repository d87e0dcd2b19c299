"""The route that renders a template."""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from inglenook.auth import Permission
from inglenook.errors import TemplateError
from inglenook.web.rest.routes import ApiError, Call, Routes

ROUTES: Final = Routes()


@ROUTES.route("POST", "/api/template", Permission.ADMIN)
async def render(call: Call) -> web.Response:
    """Answer with what a template gives, as text."""
    body = await call.mapping()
    template, variables = body.get("template"), body.get("variables") or {}
    if not isinstance(template, str) or not isinstance(variables, dict):
        raise _refusal("expected a text under template, and an object or nothing under variables")
    try:
        text = call.house.engine.workshop.templates.compile(template).render_text(variables)
    except TemplateError as error:
        raise _refusal(error) from error
    return web.Response(body=text.encode("utf-8", "replace"), content_type="text/plain", charset="utf-8")


def _refusal(why: object) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, f"Error rendering template: {why}")
