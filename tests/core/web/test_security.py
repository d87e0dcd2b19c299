"""Who reaches what: every route asks for a token unless it is open, proxies, origins, headers, bans."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import ClientSession, web

from inglenook.auth import Permission, Role
from inglenook.auth.signed_paths import sign_path
from inglenook.config.settings import Http
from inglenook.testing.gateway import Gateway, running_gateway
from inglenook.web.security import ADMISSION, address_of, is_open_to_all, open_to_all, require, user_of

PROXY = Http(use_x_forwarded_for=True, trusted_proxies=(ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")))


def add_routes(app: web.Application) -> None:
    """Routes as others add them."""

    async def who(request: web.Request) -> web.Response:
        user = user_of(request)
        return web.json_response({"name": user.name if user else None, "address": address_of(request)})

    async def admin(request: web.Request) -> web.Response:
        require(request, Permission.ADMIN)
        return web.Response(text="secret")

    app.router.add_get("/api/who", who)
    app.router.add_post("/api/who", who)
    app.router.add_get("/api/admin", admin)
    app.router.add_get("/api/hook/{hook_id}", who)
    open_to_all(app, "/api/hook/{hook_id}")
    app.router.add_get("/other", who)


@asynccontextmanager
async def serving(http: Http | None = None) -> AsyncIterator[tuple[Gateway, ClientSession]]:
    async with (
        running_gateway(http=http, prepare=add_routes) as gateway,
        ClientSession(f"http://127.0.0.1:{gateway.server.port}") as session,
    ):
        yield gateway, session


async def token_for(gateway: Gateway, role: Role = Role.OWNER) -> dict[str, str]:
    user = await gateway.auth.create_user(role.value, role=role)
    return {"Authorization": f"Bearer {gateway.auth.create_long_lived(user, 'test')}"}


async def status_of(session: ClientSession, path: str, method: str = "GET", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with session.request(method, path, headers=named, allow_redirects=False) as answer:
        return answer.status


async def test_every_route_asks_for_a_token_unless_it_is_listed_here() -> None:
    listed = {
        "/.well-known/oauth-authorization-server", "/api/device", "/api/health", "/api/onboarding",
        "/api/onboarding/installation_type", "/api/onboarding/users", "/api/ready", "/api/webhook/{webhook_id}",
        "/api/websocket", "/auth/login_flow", "/auth/login_flow/{flow_id}", "/auth/providers", "/auth/revoke",
        "/auth/token", "/healthz", "/metrics",
        "/onboarding", "/onboarding.html", "/auth/authorize", "/auth/pages/{name}", "/", "/page/{name}",
        # the page of a frontend and its files, which are the same for everybody
        "/static/{name}", "/frontend_latest/{name}", "/local/{name}", "/{panel}", "/{panel}/{rest}",
        "/developer-tools{rest}", "/config/developer-tools{rest}", "/.well-known/change-password", "/manifest.json",
        "/robots.txt", "/service_worker.js", "/sw-modern.js", "/sw-legacy.js",
    }  # fmt: skip
    async with running_gateway() as gateway:
        paths = {resource.canonical for resource in gateway.app.router.resources()}

        opened = {path for path in paths if is_open_to_all(gateway.app, path)}

        assert opened <= listed


@pytest.mark.parametrize("path", ["/api/who", "/api/admin", "/other"])
@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Bearer a.b.c", "bearer null", "x" * 7000]
)
async def test_nobody_gets_in_without_a_token(path: str, given: str | None) -> None:
    async with serving() as (_, session):
        headers = {} if given is None else {"Authorization": given}

        async with session.get(path, headers=headers) as answer:
            assert (answer.status, await answer.text()) == (401, "401: Unauthorized")


async def test_who_has_a_token_is_known_and_may_what_the_role_allows() -> None:
    async with serving() as (gateway, session):
        owner, user = await token_for(gateway), await token_for(gateway, Role.USER)

        async with session.get("/api/who", headers=owner) as answer:
            assert await answer.json() == {"name": "owner", "address": "127.0.0.1"}
        assert await status_of(session, "/api/admin", **owner) == 200
        assert await status_of(session, "/api/who", **user) == 200
        assert await status_of(session, "/api/admin", **user) == 401
        assert gateway.auth.tokens()[0].last_used_ip == "127.0.0.1"


@pytest.mark.parametrize(
    "path",
    [
        "/api/hook/../who", "/api/hook/%2e%2e/who", "/api/hook/..%2fwho", "/api/hook/..;/who", "//api/who",
        "/api//who", "/healthz/../api/who", "/healthz/%2e%2e/api/who", "/api/who/", "/API/who", "/api/who%00",
        "/api/./who",
        "/auth/token/../../api/who", "/api/websocket/../who", "/api/%77ho", "/healthz;/api/who", "/other%3f",
    ],
)  # fmt: skip
async def test_no_trick_with_a_path_leads_past_the_guard(path: str) -> None:
    from yarl import URL

    async with serving() as (gateway, session):
        url = URL(f"http://127.0.0.1:{gateway.server.port}{path}", encoded=True)

        async with session.get(url) as answer:
            body = await answer.text()

        assert answer.status in (401, 404) or '"address"' in body
        if answer.status == 200:
            assert url.path.startswith("/api/hook/")


async def test_a_signed_path_opens_what_was_signed_and_nothing_else() -> None:
    async with serving() as (gateway, session):
        await token_for(gateway)
        token, now = gateway.auth.tokens()[0], gateway.home.clock.now()
        signed = sign_path(token, "/api/who?a=1&b=é", now)
        signature = signed.partition("authSig=")[2]

        assert await status_of(session, signed) == 200
        assert await status_of(session, signed + "&width=100") == 200
        assert await status_of(session, signed, "HEAD") == 200
        assert await status_of(session, signed, "POST") == 401
        assert await status_of(session, signed + "&c=1") == 401
        assert await status_of(session, signed.replace("a=1", "a=2")) == 401
        assert await status_of(session, f"/api/who?authSig={signature}") == 401
        assert await status_of(session, signed.replace("/api/who", "/api/admin")) == 401
        assert await status_of(session, f"{signed}&authSig={signature}") == 401
        assert await status_of(session, sign_path(token, "/api/who", now - 31)) == 401
        assert await status_of(session, "/api/who", Authorization=f"Bearer {signature}") == 401
        gateway.auth.revoke(token.id)
        assert await status_of(session, signed) == 401


@pytest.mark.parametrize("path", ["api/who", "//evil.example/x", "https://evil.example/x", ""])
async def test_only_a_path_of_ours_is_signed(gateway: Gateway, path: str) -> None:
    await token_for(gateway)

    with pytest.raises(ValueError, match="a path on this server"):
        sign_path(gateway.auth.tokens()[0], path, 0)


@pytest.mark.parametrize(
    ("http", "forwarded", "expected"),
    [
        (Http(), "192.0.2.7", "127.0.0.1"),
        (Http(trusted_proxies=PROXY.trusted_proxies), "192.0.2.7", "127.0.0.1"),
        (Http(use_x_forwarded_for=True, trusted_proxies=(ip_network("10.0.0.1"),)), "192.0.2.7", "127.0.0.1"),
        (PROXY, None, "127.0.0.1"),
        (PROXY, "192.0.2.7", "192.0.2.7"),
        (PROXY, "127.0.0.1, 192.0.2.7, 10.0.0.5", "192.0.2.7"),
        (PROXY, "2001:db8::1", "2001:db8::1"),
        (PROXY, "10.0.0.7, 10.0.0.5", "10.0.0.7"),
    ],
)
async def test_a_proxy_is_believed_if_it_is_trusted(http: Http, forwarded: str | None, expected: str) -> None:
    async with serving(http) as (_, session):
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}

        async with session.get("/api/hook/x", headers=headers) as answer:
            assert (await answer.json())["address"] == expected


@pytest.mark.parametrize("forwarded", ["", "unknown", "192.0.2.7:80", "192.0.2.7,,", "<script>"])
async def test_a_trusted_proxy_that_names_nobody_is_refused(forwarded: str) -> None:
    async with serving(PROXY) as (_, session):
        assert await status_of(session, "/api/hook/x", X_Forwarded_For=forwarded) == 400


async def test_an_address_that_is_shut_out_reaches_nothing() -> None:
    async with serving(PROXY) as (gateway, session):
        owner = await token_for(gateway)
        for _ in range(10):
            gateway.app[ADMISSION].attempts.fail("192.0.2.7")

        for path in ("/api/who", "/healthz", "/api/device", "/auth/providers", "/nothing"):
            assert await status_of(session, path, X_Forwarded_For="192.0.2.7", **owner) == 403
        assert await status_of(session, "/api/who", X_Forwarded_For="192.0.2.8", **owner) == 200


@pytest.mark.parametrize(("path", "status"), [("/api/who", 401), ("/healthz", 200), ("/nothing", 404)])
async def test_every_answer_has_headers_that_keep_browsers_safe(path: str, status: int) -> None:
    async with serving() as (_, session), session.get(path) as answer:
        assert answer.status == status
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Server"] == ""
        assert "Set-Cookie" not in answer.headers


PAGE = "https://dashboard.example"


async def preflight(session: ClientSession, path: str, origin: str) -> tuple[int, str | None]:
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    async with session.options(path, headers=headers) as answer:
        return answer.status, answer.headers.get("Access-Control-Allow-Origin")


async def test_a_page_of_another_origin_uses_the_api_only_if_it_is_allowed() -> None:
    async with serving(Http(cors_allowed_origins=(PAGE,))) as (gateway, session):
        owner = await token_for(gateway)

        assert await preflight(session, "/api/who", PAGE) == (200, PAGE)
        assert await preflight(session, "/api/who", "https://evil.example") == (403, None)
        assert await preflight(session, "/api/who", f"{PAGE}.evil.example") == (403, None)
        assert await preflight(session, "/auth/token", "https://evil.example") == (200, "https://evil.example")
        for origin, allowed in ((PAGE, PAGE), ("https://evil.example", None), ("null", None)):
            async with session.get("/api/who", headers={"Origin": origin, **owner}) as answer:
                assert answer.headers.get("Access-Control-Allow-Origin") == allowed
                assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/auth/login_flow", "/auth/login_flow/x", "/api/onboarding/users", "/api/websocket"])
async def test_a_page_of_another_origin_cannot_guess_from_inside(path: str) -> None:
    async with serving(Http(cors_allowed_origins=(PAGE,))) as (gateway, session):
        own = f"http://127.0.0.1:{gateway.server.port}"
        gateway.home.settings.external_url = "https://home.example"

        for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "https://home.example.evil.example", ""):
            assert await status_of(session, path, "POST", Origin=origin) == 403
        for origin in (own, PAGE, "https://home.example", "https://home.example:443"):
            assert await status_of(session, path, "POST", Origin=origin) != 403


async def test_a_failed_log_in_leaves_a_message() -> None:
    async with serving() as (gateway, _):
        told: list[Any] = []
        gateway.home.services.register("persistent_notification", "create", lambda call: told.append(call.data))

        gateway.app[ADMISSION].attempts.fail("192.0.2.7")

        assert told[0]["notification_id"] == "http-login"
        assert "192.0.2.7" in told[0]["message"]


async def test_what_is_no_http_leaves_no_trace_in_the_log(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.server.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 20_000 + b"\r\n\r\n")
    answer = await asyncio.wait_for(reader.readline(), 5)
    writer.close()

    assert b" 400 " in answer
    assert [record for record in caplog.records if record.levelno >= logging.INFO] == []
