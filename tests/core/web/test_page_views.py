"""The files of the home's own page: what they are served with, and that they show only text."""

import re
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from yarl import URL

from inglenook.auth import Role
from inglenook.testing.gateway import Gateway, running_gateway
from inglenook.web import page_views
from inglenook.web.page_views import FRONTEND

FILES = sorted((Path(page_views.__file__).parent / "page").iterdir())
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def base(gateway: Gateway) -> str:
    return f"http://127.0.0.1:{gateway.server.port}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
async def test_everybody_gets_each_file_with_its_type_and_a_policy(gateway: Gateway, file: Path) -> None:
    async with ClientSession(base(gateway)) as session, session.get(f"/page/{file.name}") as answer:
        assert (await answer.text()).splitlines() == file.read_text().splitlines()  # noqa: ASYNC240 - a small file
        assert answer.content_type == TYPES[file.suffix]
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_loads_only_what_is_there_and_makes_nothing_but_text_of_what_it_is_told(file: Path) -> None:
    text = file.read_text()

    for name in re.findall(r'"/page/([^"]+)"', text):
        assert (file.parent / name).is_file()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|\son\w+=\"|javascript:", text)
    assert not re.search(r"<script(?![^>]*src=)|<style|style=", text)


async def test_a_browser_that_has_a_file_gets_it_once(gateway: Gateway) -> None:
    async with ClientSession(base(gateway)) as session:
        async with session.get("/page/app.js") as first:
            etag = first.headers["ETag"]
            assert first.headers["Cache-Control"] == "no-cache"
            assert first.headers["Content-Encoding"] in ("gzip", "deflate")
        async with session.get("/page/app.js", headers={"If-None-Match": etag}) as again:
            assert again.status == 304
            assert await again.read() == b""
            assert again.headers["ETag"] == etag
        async with session.get("/page/app.js", headers={"If-None-Match": '"other"'}) as other:
            assert other.status == 200


@pytest.mark.parametrize(
    "name", ["", "x.js", "../app.py", "%2e%2e%2fapp.py", "%2e%2e/app.py", "..;/page.css", "/page.css"]
)
async def test_no_other_file_is_served(gateway: Gateway, name: str) -> None:
    url = URL(f"{base(gateway)}/page/{name}", encoded=True)
    async with ClientSession() as session, session.get(url) as answer:
        assert answer.status in (401, 404)


async def test_the_first_thing_is_onboarding_and_then_the_page(gateway: Gateway) -> None:
    async with ClientSession(base(gateway)) as session:
        async with session.get("/", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (302, "/onboarding.html")
        await gateway.auth.create_user("Ann", role=Role.OWNER)
        async with session.get("/") as answer:
            assert answer.status == 200
            assert "/page/app.js" in await answer.text()


async def test_an_installed_frontend_takes_the_place_of_the_page_while_it_is_there() -> None:
    installed: list[str] = []

    async def frontend(request: web.Request) -> web.StreamResponse | None:
        return web.Response(text=f"{installed[0]} at {request.path}") if installed else None

    def install(app: web.Application) -> None:
        app[FRONTEND] = frontend

    async with running_gateway(prepare=install) as gateway, ClientSession(base(gateway)) as session:
        await gateway.auth.create_user("Ann", role=Role.OWNER)
        async with session.get("/") as answer:
            assert "/page/app.js" in await answer.text()
        installed.append("another")
        async with session.get("/") as answer:
            assert await answer.text() == "another at /"
