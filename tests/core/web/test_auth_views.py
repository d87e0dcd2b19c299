"""Logging in over HTTP, as clients do it; first start, tokens, and what is refused."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, FormData, WSMsgType

from inglenook.auth import Role, User
from inglenook.auth.attempts import FREE
from inglenook.config.settings import Http
from inglenook.testing.gateway import Gateway, running_gateway

LOCAL_ONLY = "the user may log in from the home's own network only"
RIGHT = {"username": "ann", "password": "open sesame"}


class Browser:
    """Speaks to a gateway over HTTP."""

    def __init__(self, gateway: Gateway, session: ClientSession) -> None:
        self.gateway = gateway
        self.session = session
        self.url = f"http://127.0.0.1:{gateway.server.port}"
        self.client_id = f"{self.url}/"

    async def ask(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        async with self.session.request(method, self.url + path, allow_redirects=False, **options) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if answer.content_type == "application/json" else text

    async def post(self, path: str, body: dict[str, Any], **options: Any) -> tuple[int, Any]:
        """Send JSON as browsers do: as plain text."""
        return await self.ask("POST", path, data=json.dumps(body), **options)

    async def sent_to(self, path: str) -> str:
        """Return where a browser that opens ``path`` is sent."""
        headers = {"Accept": "text/html,application/xhtml+xml"}
        async with self.session.get(self.url + path, allow_redirects=False, headers=headers) as answer:
            assert answer.status == 302
            return answer.headers["Location"]

    async def start(self, **more: Any) -> tuple[int, Any]:
        body = {"client_id": self.client_id, "redirect_uri": self.client_id, "handler": ["homeassistant", None]}
        return await self.post("/auth/login_flow", {**body, "response_type": "code", **more})

    async def log_in(self, *, start: dict[str, Any] | None = None, **fields: str) -> tuple[int, Any]:
        _, flow = await self.start(**(start or {}))
        path = f"/auth/login_flow/{flow['flow_id']}"
        return await self.post(path, {**RIGHT, **fields, "client_id": self.client_id})

    async def code(self, **start: Any) -> str:
        status, done = await self.log_in(start=start)
        assert (status, done["type"]) == (200, "create_entry")
        code: str = done["result"]
        return code

    async def token(self, **form: str) -> tuple[int, Any]:
        return await self.ask("POST", "/auth/token", data={"client_id": self.client_id, **form})

    async def tokens(self) -> dict[str, Any]:
        status, tokens = await self.token(grant_type="authorization_code", code=await self.code())
        assert status == 200
        result: dict[str, Any] = tokens
        return result


@asynccontextmanager
async def browsing(gateway: Gateway) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(gateway, session)


async def make_user(gateway: Gateway, role: Role = Role.OWNER) -> User:
    return await gateway.auth.create_user("Ann", username="ann", password=RIGHT["password"], role=role)


async def test_a_client_logs_in_and_uses_its_tokens(gateway: Gateway) -> None:
    await make_user(gateway)
    async with browsing(gateway) as browser:
        assert await browser.ask("GET", "/auth/providers") == (
            200,
            {
                "providers": [{"name": "Home Assistant Local", "id": None, "type": "homeassistant"}],
                "preselect_remember_me": True,
            },
        )
        status, form = await browser.start()
        assert status == 200
        assert form.pop("flow_id")
        assert form == {
            "type": "form",
            "handler": ["homeassistant", None],
            "step_id": "init",
            "data_schema": [
                {"type": "string", "name": "username", "required": True},
                {"type": "string", "name": "password", "required": True},
            ],
            "errors": {},
            "description_placeholders": None,
            "last_step": None,
            "preview": None,
        }

        tokens = await browser.tokens()

        assert {key: tokens[key] for key in ("token_type", "expires_in", "ha_auth_provider")} == {
            "token_type": "Bearer",
            "expires_in": 1800,
            "ha_auth_provider": "homeassistant",
        }
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert (await browser.ask("POST", "/api/onboarding/analytics", headers=bearer))[0] == 403  # done; but let in
        status, again = await browser.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
        assert status == 200
        assert set(again) == {"access_token", "token_type", "expires_in"}

        closed: list[bool] = []
        gateway.auth.on_revoked(gateway.auth.tokens()[0].id, lambda: closed.append(True))
        assert await browser.ask("POST", "/auth/revoke", data={"token": tokens["refresh_token"]}) == (200, "")
        assert await browser.ask("POST", "/auth/revoke", data={"token": "never was"}) == (200, "")
        assert closed
        assert (await browser.ask("POST", "/api/onboarding/analytics", headers=bearer))[0] == 401
        refresh = await browser.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
        assert refresh == (400, {"error": "invalid_grant"})


async def test_a_form_may_be_multipart_as_browsers_send_it(gateway: Gateway) -> None:
    await make_user(gateway)
    async with browsing(gateway) as browser:
        form = FormData(default_to_multipart=True)
        for name, value in (
            ("client_id", browser.client_id),
            ("grant_type", "authorization_code"),
            ("code", await browser.code()),
        ):
            form.add_field(name, value)

        status, tokens = await browser.ask("POST", "/auth/token", data=form)

        assert status == 200
        form = FormData(default_to_multipart=True)
        form.add_field("action", "revoke")
        form.add_field("token", tokens["refresh_token"])
        assert await browser.ask("POST", "/auth/token", data=form) == (200, "")
        assert gateway.auth.tokens() == []


async def test_wrong_answers_are_the_same_for_who_is_there_and_who_is_not(gateway: Gateway) -> None:
    await make_user(gateway)
    async with browsing(gateway) as browser:
        answers = [await browser.log_in(password="wrong"), await browser.log_in(username="nobody")]

        for _, body in answers:
            assert body.pop("flow_id")
        assert answers[0] == answers[1]
        assert answers[0][1]["errors"] == {"base": "invalid_auth"}


async def test_who_tries_too_often_is_told_when_to_come_again(gateway: Gateway) -> None:
    await make_user(gateway)
    async with browsing(gateway) as browser:
        for _ in range(4):
            status, body = await browser.log_in(password="wrong")

        assert status == 403
        assert body["type"] == "form"
        assert body["errors"] == {"base": "too_many_attempts"}
        assert "try again in 1 s" in body["message"]


async def test_a_client_with_a_challenge_has_to_prove_who_it_is(gateway: Gateway) -> None:
    await make_user(gateway)
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    start = {"code_challenge": challenge, "code_challenge_method": "S256"}
    async with browsing(gateway) as browser:
        _, metadata = await browser.ask("GET", "/.well-known/oauth-authorization-server")
        assert metadata["code_challenge_methods_supported"] == ["S256"]
        assert metadata["token_endpoint"] == f"{browser.url}/auth/token"

        refused = await browser.token(grant_type="authorization_code", code=await browser.code(**start))
        status, _ = await browser.token(
            grant_type="authorization_code", code=await browser.code(**start), code_verifier=verifier
        )

        assert refused == (400, {"error": "invalid_request", "error_description": "Invalid code"})
        assert status == 200
        assert (await browser.start(code_challenge="x", code_challenge_method="plain"))[0] == 400


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"redirect_uri": "https://evil.example/"}, 403),
        ({"redirect_uri": "javascript:alert(1)"}, 403),
        ({"client_id": "javascript:alert(1)"}, 400),
        ({"client_id": "https://evil.example/"}, 403),
        ({"client_id": None}, 400),
        ({"handler": ["trusted_networks", None]}, 400),
        ({"handler": "x"}, 400),
    ],
)
async def test_a_log_in_for_a_client_that_is_not_what_it_says_is_refused(
    gateway: Gateway, more: dict[str, Any], status: int
) -> None:
    await make_user(gateway)
    async with browsing(gateway) as browser:
        assert (await browser.start(**more))[0] == status


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"client_id": 1}'])
async def test_what_is_no_json_is_refused_with_words(gateway: Gateway, body: bytes) -> None:
    await make_user(gateway)
    async with browsing(gateway) as browser:
        for path in ("/auth/login_flow", "/auth/login_flow/x", "/api/onboarding/users"):
            status, told = await browser.ask("POST", path, data=body)
            assert status == 400
            assert "message" in told


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x", "client_id": ""}, 400, "invalid_request"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": ""}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x\x00y"}, 400, "invalid_grant"),
    ],
)
async def test_a_wrong_grant_is_refused(gateway: Gateway, form: dict[str, str], status: int, error: str) -> None:
    await make_user(gateway)
    async with browsing(gateway) as browser:
        answer = await browser.token(**form)

        assert answer[0] == status
        assert answer[1]["error"] == error


async def test_tokens_are_their_clients_and_of_active_users_alone(gateway: Gateway) -> None:
    await gateway.auth.create_user("Root", username="root", password="open sesame", role=Role.OWNER)
    ann = await make_user(gateway)
    async with browsing(gateway) as browser:
        tokens, code = await browser.tokens(), await browser.code()
        refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}

        assert await browser.token(**refresh, client_id="http://other.example/") == (400, {"error": "invalid_request"})
        long_lived = gateway.auth.create_long_lived(ann, "x")
        assert (await browser.token(grant_type="refresh_token", refresh_token=long_lived))[0] == 400
        gateway.auth.update_user(ann, is_active=False)
        assert (await browser.token(**refresh))[0] == 403
        assert (await browser.token(grant_type="authorization_code", code=code))[0] == 403


async def test_a_log_in_can_be_ended(gateway: Gateway) -> None:
    await make_user(gateway)
    async with browsing(gateway) as browser:
        _, flow = await browser.start()
        path = f"/auth/login_flow/{flow['flow_id']}"

        assert await browser.ask("DELETE", path) == (200, {"message": "Flow aborted"})
        assert await browser.post(path, {**RIGHT, "client_id": browser.client_id}) == (
            404,
            {"message": "Invalid flow specified"},
        )
        assert (await browser.ask("DELETE", path))[0] == 404


async def test_a_browser_with_a_wrong_code_gets_the_page_that_says_so(gateway: Gateway) -> None:
    async with browsing(gateway) as browser:
        for _ in range(FREE):
            assert await browser.sent_to("/onboarding?code=wrong") == "/onboarding.html#wrong"
        assert await browser.sent_to("/onboarding?code=wrong") == "/onboarding.html#wait"


async def test_the_first_person_takes_the_home_over_with_the_code_of_the_console(gateway: Gateway) -> None:
    from inglenook.web.security import ADMISSION

    code = gateway.app[ADMISSION].onboarding.code
    assert code is not None
    async with browsing(gateway) as browser:
        user = {"name": "Ann", **RIGHT, "client_id": browser.client_id, "language": "en"}
        assert (await browser.ask("GET", "/auth/providers"))[1]["code"] == "onboarding_required"
        status, steps = await browser.ask("GET", "/api/onboarding")
        assert (status, [step["done"] for step in steps]) == (200, [False] * 4)
        assert (await browser.post("/api/onboarding/users", user))[0] == 403
        assert (await browser.post("/api/onboarding/users", {**user, "code": "AAAA-AAAA-AAAA"}))[0] == 403
        assert (await browser.post("/api/onboarding/analytics", {}))[0] == 401

        assert (await browser.ask("GET", "/onboarding?code=wrong"))[0] == 403
        assert await browser.sent_to("/onboarding") == "/onboarding.html"
        assert (await browser.ask("GET", f"/onboarding?code={code}"))[0] == 302
        status, made = await browser.post("/api/onboarding/users", user)

        assert status == 200
        assert [user.is_owner for user in gateway.auth.users()] == [True]
        status, tokens = await browser.token(grant_type="authorization_code", code=made["auth_code"])
        assert status == 200
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        for step in ("core_config", "analytics"):
            assert await browser.post(f"/api/onboarding/{step}", {}, headers=bearer) == (200, {})
            assert (await browser.post(f"/api/onboarding/{step}", {}, headers=bearer))[0] == 403
        evil = {"client_id": browser.client_id, "redirect_uri": "https://evil.example/"}
        assert (await browser.post("/api/onboarding/integration", evil, headers=bearer))[0] == 400
        last = {"client_id": browser.client_id, "redirect_uri": browser.client_id}
        assert (await browser.post("/api/onboarding/integration", last, headers=bearer))[0] == 200
        assert (await browser.ask("GET", "/api/onboarding"))[0] == 404
        assert (await browser.post("/api/onboarding/users", {**user, "code": code}))[0] == 403
        assert await browser.sent_to(f"/onboarding?code={code}") == "/onboarding.html#taken"


AWAY = {"X-Forwarded-For": "203.0.113.9"}
BEHIND_A_PROXY = Http(use_x_forwarded_for=True, trusted_proxies=(ip_network("127.0.0.0/8"),))


@pytest.mark.parametrize("http", [Http(), BEHIND_A_PROXY])
async def test_a_local_user_comes_in_from_the_own_network_only(http: Http) -> None:
    """The address counts that is known for sure; who says to ask for another is taken for nobody of the own network."""
    async with running_gateway(http=http) as gateway, browsing(gateway) as browser:
        user = await make_user(gateway)
        near = {"X-Forwarded-For": "192.168.1.5"} if http is BEHIND_A_PROXY else {}
        gateway.auth.update_user(user, local_only=True)
        flow = (await browser.start())[1]["flow_id"]
        fields = {**RIGHT, "client_id": browser.client_id}

        blocked, told = await browser.post(f"/auth/login_flow/{flow}", fields, headers=AWAY)
        over, _ = await browser.post(f"/auth/login_flow/{flow}", fields, headers=near)
        form = {"grant_type": "authorization_code", "code": await browser.code(), "client_id": browser.client_id}
        not_here, _ = await browser.ask("POST", "/auth/token", data=form, headers=AWAY)
        _, tokens = await browser.ask("POST", "/auth/token", data={**form, "code": await browser.code()}, headers=near)
        form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        refresh = {**form, "client_id": browser.client_id}
        far, _ = await browser.ask("POST", "/auth/token", data=refresh, headers=AWAY)
        here, _ = await browser.ask("POST", "/auth/token", data=refresh, headers=near)
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}

        assert (blocked, told) == (403, {"message": "Login blocked: " + LOCAL_ONLY})
        assert (over, not_here, far, here) == (404, 403, 403, 200)
        assert (await browser.ask("GET", "/api/", headers=bearer | AWAY))[0] == 401
        assert (await browser.ask("GET", "/api/", headers=bearer | near))[0] == 200
        assert await first_answer(browser, tokens["access_token"], AWAY) == "auth_invalid"
        assert await first_answer(browser, tokens["access_token"], near) == "auth_ok"


async def test_who_becomes_local_while_away_is_out(gateway: Gateway) -> None:
    user = await make_user(gateway)
    token = gateway.auth.create_long_lived(user, "test")
    async with browsing(gateway) as browser, browser.session.ws_connect(browser.url + "/api/websocket") as socket:
        await socket.send_json({"type": "auth", "access_token": token})
        assert [(await socket.receive_json())["type"] for _ in range(2)] == ["auth_required", "auth_ok"]

        gateway.auth.update_user(user, local_only=True)

        assert (await socket.receive(timeout=5)).type is WSMsgType.CLOSE
        assert await first_answer(browser, token, {}) == "auth_ok"


async def test_a_local_user_is_local_after_a_restart(tmp_path: Path) -> None:
    async with running_gateway(data=tmp_path) as gateway:
        gateway.auth.update_user(await make_user(gateway), local_only=True)
    async with running_gateway(data=tmp_path) as gateway:
        assert [user.local_only for user in gateway.auth.users()] == [True]


async def first_answer(browser: Browser, token: str, headers: dict[str, str]) -> str:
    """Return what the socket says to a token."""
    async with browser.session.ws_connect(browser.url + "/api/websocket", headers=headers) as socket:
        await socket.send_json({"type": "auth", "access_token": token})
        assert (await socket.receive_json())["type"] == "auth_required"
        answer: str = (await socket.receive_json())["type"]
        return answer


@pytest.mark.parametrize(
    ("host", "internal", "external", "issuer"),
    [
        ("evil.example", None, None, "OWN"), ("OWN", None, None, "OWN"),
        ("evil.example", "http://in:1", None, "http://in:1"),
        ("in:1", "http://in:1", "https://out.example/", "http://in:1"),
        ("OWN", "http://in:1", "https://out.example", "OWN"),
        ("out.example", "http://in:1", "https://out.example/", "https://out.example"),
        ("evil.example", "http://in:1", "https://out.example/", "https://out.example"),
        ("out.example.evil.example", "http://in:1", "https://out.example/", "https://out.example"),
    ],
)  # fmt: skip
async def test_what_a_request_calls_the_home_is_not_repeated(
    gateway: Gateway, host: str, internal: str | None, external: str | None, issuer: str
) -> None:
    own = f"127.0.0.1:{gateway.server.port}"
    gateway.home.settings.internal_url, gateway.home.settings.external_url = internal, external
    async with browsing(gateway) as browser:
        headers = {"Host": host.replace("OWN", own)}

        _, metadata = await browser.ask("GET", "/.well-known/oauth-authorization-server", headers=headers)

    expected = issuer.replace("OWN", f"http://{own}")
    assert metadata["issuer"] == expected
    assert metadata["token_endpoint"] == f"{expected}/auth/token"
    assert "evil" not in str(metadata)
