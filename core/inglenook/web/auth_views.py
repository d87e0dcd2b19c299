"""Logging in over HTTP: the login flow, and what a client exchanges for tokens (OAuth 2, as Home Assistant has it)."""

from typing import Any, Final

import msgspec
from aiohttp import web

from inglenook.auth import RefreshToken, User, may_come_from
from inglenook.auth.clients import is_client_id, is_redirect_of
from inglenook.auth.login import Flow, Step
from inglenook.errors import NotLocal, TooManyAttempts, Unauthorized, UnknownEntry
from inglenook.home import Home
from inglenook.web.forms import bad_request, forbidden, json_answer, read_form, read_json, too_many
from inglenook.web.security import ADMISSION, AUTH, address_of, is_from_home, open_to_all

PROVIDER: Final = "homeassistant"  # the name by which clients know users with a password
HANDLER: Final = (PROVIDER, None)
_FLOW_ROUTE: Final = "/auth/login_flow/{flow_id}"
_FIELDS: Final = {Step.CREDENTIALS: ("username", "password"), Step.CODE: ("code",)}


class _Start(msgspec.Struct):
    client_id: str
    redirect_uri: str
    handler: tuple[str, str | None] = HANDLER
    code_challenge: str | None = None
    code_challenge_method: str | None = None


class _Answer(msgspec.Struct):
    client_id: str
    username: str = ""
    password: str = ""
    code: str = ""


def add_auth_views(app: web.Application, home: Home) -> None:
    """Add the routes to ``app``, which is protected already; they are open to all."""
    views = _AuthViews(app, home)
    routes = [
        web.get("/auth/providers", views.providers),
        web.post("/auth/login_flow", views.start),
        web.post(_FLOW_ROUTE, views.answer),
        web.delete(_FLOW_ROUTE, views.abort),
        web.post("/auth/token", views.token),
        web.post("/auth/revoke", views.revoke),
        web.get("/.well-known/oauth-authorization-server", views.metadata),
    ]
    app.add_routes(routes)
    open_to_all(app, *(route.path for route in routes))


class _AuthViews:
    def __init__(self, app: web.Application, home: Home) -> None:
        self._home = home
        self._auth = app[AUTH]
        self._admission = app[ADMISSION]

    async def providers(self, request: web.Request) -> web.Response:
        """Say how one logs in; who it could be is told to nobody."""
        del request
        if not self._auth.users():
            return json_answer({"message": "Onboarding not finished", "code": "onboarding_required"}, status=400)
        provider = {"name": "Home Assistant Local", "id": None, "type": PROVIDER}
        return json_answer({"providers": [provider], "preselect_remember_me": True})

    # -- the login flow -------------------------------------------------------------------------------------------

    async def start(self, request: web.Request) -> web.Response:
        """Begin to log in."""
        body = await read_json(request, _Start)
        if body.handler != HANDLER:
            raise bad_request("Invalid handler specified")
        if not is_client_id(body.client_id):
            raise bad_request("Invalid client id")
        if body.code_challenge is not None and body.code_challenge_method != "S256":
            raise bad_request("Expected code_challenge_method S256")
        try:
            flow = self._admission.login.start(
                body.client_id, body.redirect_uri, address_of(request), body.code_challenge
            )
        except Unauthorized as error:
            raise forbidden("Invalid redirect URI") from error
        return json_answer(_shown(flow))

    async def answer(self, request: web.Request) -> web.Response:
        """Take one step of a log-in."""
        body = await read_json(request, _Answer)
        flow_id, fields = request.match_info["flow_id"], msgspec.structs.asdict(body)
        login = self._admission.login
        try:
            flow = await login.answer(
                flow_id, body.client_id, fields, address_of(request), is_local=is_from_home(request)
            )
        except NotLocal as error:
            raise forbidden(f"Login blocked: {error}") from error
        except UnknownEntry as error:
            return json_answer({"message": str(error)}, status=404)
        except Unauthorized as error:
            raise bad_request("Invalid client id") from error
        except TooManyAttempts as error:
            waiting = login.flow(flow_id)
            waiting.error = "too_many_attempts"
            shown = _shown(waiting)
            return too_many(error.retry_after_s, shown, status=403)  # whose message the frontend's page shows; no 429's
        return json_answer(_shown(flow))

    async def abort(self, request: web.Request) -> web.Response:
        """End a log-in."""
        try:
            self._admission.login.abort(request.match_info["flow_id"])
        except UnknownEntry as error:
            return json_answer({"message": str(error)}, status=404)
        return json_answer({"message": "Flow aborted"})

    # -- tokens ---------------------------------------------------------------------------------------------------

    async def token(self, request: web.Request) -> web.Response:
        """Give tokens for an authorization code or a refresh token; ``action=revoke`` withdraws one."""
        form = await read_form(request)
        if form.get("action") == "revoke":
            return await self._revoke(form)
        grant = form.get("grant_type")
        if grant == "authorization_code":
            return await self._exchange(request, form)
        if grant == "refresh_token":
            return await self._refresh(request, form)
        return _refusal("unsupported_grant_type")

    async def revoke(self, request: web.Request) -> web.Response:
        """Withdraw a refresh token; the answer is the same for one that never was."""
        return await self._revoke(await read_form(request))

    async def metadata(self, request: web.Request) -> web.Response:
        """Describe the routes to clients (RFC 8414), so that they prove who they are at the exchange (PKCE)."""
        base = self._base(request)
        return json_answer(
            {
                "issuer": base,
                "authorization_endpoint": f"{base}/auth/authorize",
                "token_endpoint": f"{base}/auth/token",
                "revocation_endpoint": f"{base}/auth/revoke",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_methods_supported": ["none"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _base(self, request: web.Request) -> str:
        """Return under which of its addresses the home is asked; one that only the request names is none."""
        settings = self._home.settings
        known = [url.rstrip("/") for url in (settings.external_url, settings.internal_url, _own_url(request)) if url]
        return next((url for url in known if url.partition("://")[2] == request.host), known[0])

    async def _exchange(self, request: web.Request, form: dict[str, str]) -> web.Response:
        client_id, code = form.get("client_id", ""), form.get("code", "")
        if not is_client_id(client_id):
            return _refusal("invalid_request", "Invalid client id")
        user = self._admission.codes.exchange(code, client_id, form.get("code_verifier"))
        if user is None or self._auth.user(user.id) is None:
            return _refusal("invalid_request", "Invalid code")
        if denied := _denied(user, request):
            return denied
        token, secret = self._auth.create_refresh_token(user, client_id)
        access = self._auth.access_token(token)
        await self._home.store.flush()
        return json_answer({**_granted(token, access), "refresh_token": secret, "ha_auth_provider": PROVIDER})

    async def _refresh(self, request: web.Request, form: dict[str, str]) -> web.Response:
        if "refresh_token" not in form:
            return _refusal("invalid_request")
        token = self._auth.refresh_token(form["refresh_token"])
        if token is None:
            return _refusal("invalid_grant")
        if form.get("client_id") != token.client_id:
            return _refusal("invalid_request")
        if denied := _denied(token.user, request):
            return denied
        self._auth.touch(token, address_of(request))
        return json_answer(_granted(token, self._auth.access_token(token)))

    async def _revoke(self, form: dict[str, str]) -> web.Response:
        token = self._auth.refresh_token(form.get("token", ""))
        if token is not None:
            self._auth.revoke(token.id)
            await self._home.store.flush()
        return web.Response()


def authorize(request: web.Request, user: User, client_id: str, redirect_uri: str | None = None) -> str:
    """Return an authorization code for a client whose user is known without a log-in.

    Raises:
        HTTPBadRequest: the client's address, or where the user is to be sent, is not what it should be.
    """
    if not is_client_id(client_id) or (redirect_uri is not None and not is_redirect_of(client_id, redirect_uri)):
        raise bad_request("Invalid client id or redirect URI")
    return request.app[ADMISSION].codes.create(client_id, user)


def _granted(token: RefreshToken, access: str) -> dict[str, Any]:
    return {"access_token": access, "token_type": "Bearer", "expires_in": int(token.lifespan_s)}


def _refusal(error: str, description: str | None = None, *, status: int = 400) -> web.Response:
    more = {"error_description": description} if description else {}
    return json_answer({"error": error, **more}, status=status)


def _denied(user: User, request: web.Request) -> web.Response | None:
    """Return the answer to a user who gets no tokens, or not from where the request comes; None for who does."""
    if not user.is_active:
        return _refusal("access_denied", "User is not active", status=403)
    if not may_come_from(user, is_local=is_from_home(request)):
        return _refusal("access_denied", "User may come in from the home's own network only", status=403)
    return None


def _own_url(request: web.Request) -> str:
    """Return the address of the socket that the request came to, as a URL."""
    name = request.transport.get_extra_info("sockname") if request.transport is not None else None
    host, port = name[:2] if isinstance(name, tuple) else ("localhost", 0)
    return f"{request.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _shown(flow: Flow) -> dict[str, Any]:
    """Return a flow as the wire has it."""
    shown = {"flow_id": flow.id, "handler": HANDLER}
    if flow.step is Step.DONE:
        nothing = {"description": None, "description_placeholders": None}
        return {**shown, "type": "create_entry", "result": flow.code, **nothing}
    if flow.step is Step.ABORTED:
        return {**shown, "type": "abort", "reason": "too_many_retry", "description_placeholders": None}
    module = {"mfa_module_name": "Authenticator app", "mfa_module_id": "totp"} if flow.step is Step.CODE else None
    return {
        **shown,
        "type": "form",
        "step_id": flow.step.value,
        "data_schema": [{"type": "string", "name": name, "required": True} for name in _FIELDS[flow.step]],
        "errors": {"base": flow.error} if flow.error else {},
        "description_placeholders": module,
        "last_step": None,
        "preview": None,
    }
