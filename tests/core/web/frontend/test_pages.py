"""The frontend's page under every panel, its files with types and packed siblings, and nothing from beside them."""

import base64
import gzip
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession

from inglenook.auth import Role
from inglenook.testing.gateway import Gateway, running_gateway
from inglenook.web.frontend.install import unpack
from inglenook.web.frontend.versions import Versions

from .wheels import CODE, make_wheel


class Visitor:
    """Asks without a token, and follows no redirect."""

    def __init__(self, session: ClientSession, gateway: Gateway) -> None:
        self._session = session
        self.gateway = gateway
        self.body = b""  # of the last answer

    async def get(self, path: str, **headers: str) -> ClientResponse:
        url = f"http://127.0.0.1:{self.gateway.server.port}{path}"
        async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
            self.body = await answer.read()
            return answer


@asynccontextmanager
async def visiting(folder: Path, *, is_installed: bool = True, has_owner: bool = True) -> AsyncIterator[Visitor]:
    if is_installed:
        versions = Versions(folder)
        versions.folder.mkdir()
        unpack(make_wheel(folder, "20261028.4"), folder / "files")
        versions.add(folder / "files", "20261028.4")
    async with running_gateway(data=folder) as gateway, ClientSession(auto_decompress=False) as session:
        if has_owner:
            await gateway.auth.create_user("Ann", role=Role.OWNER)
        yield Visitor(session, gateway)


async def test_the_page_stands_at_every_panel_and_nowhere_else(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        panels = ("/lovelace", "/lovelace/0", "/map", "/config/tools/template", "/profile", "/media-browser/browser")
        for path in ("/", *panels):
            answer = await visitor.get(path)
            assert answer.status == 200, path
            assert answer.content_type == "text/html"
            assert 'content="#18BCF2"' in await answer.text()
        for path in ("/nowhere", "/lovelace2/x", "/api/nowhere", "/auth/nowhere", "/static", "/frontend_es5/x.js"):
            assert (await visitor.get(path)).status == 404, path


async def test_a_dashboard_that_is_made_has_its_page_at_once(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        assert (await visitor.get("/my-rooms/0")).status == 404
        surface = visitor.gateway.surface
        surface.dashboards.create({"url_path": "my-rooms", "title": "Rooms"})

        assert (await visitor.get("/my-rooms/0")).status == 200


async def test_before_somebody_looks_after_the_home_it_begins_with_that(tmp_path: Path) -> None:
    async with visiting(tmp_path, has_owner=False) as visitor:
        for path in ("/", "/lovelace/0"):
            answer = await visitor.get(path)
            assert (answer.status, answer.headers["Location"]) == (302, "/onboarding.html")
        assert (await visitor.get("/onboarding.html")).status == 200


async def test_without_a_frontend_there_are_no_panels_and_the_log_in_is_our_own(tmp_path: Path) -> None:
    async with visiting(tmp_path, is_installed=False) as visitor:
        for path in ("/lovelace", "/static/icons/favicon-192x192.png", "/manifest.json", "/service_worker.js"):
            assert (await visitor.get(path)).status == 404, path
        assert "/auth/pages/authorize.js" in await (await visitor.get("/auth/authorize")).text()


async def test_a_frontend_brings_its_own_log_in(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        answer = await visitor.get("/auth/authorize?client_id=x")

        assert "the frontend's log-in" in await answer.text()
        assert "'unsafe-eval'" not in answer.headers["Content-Security-Policy"]


async def test_only_the_scripts_of_the_page_itself_may_run(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        answer = await visitor.get("/")
        policy = answer.headers["Content-Security-Policy"]
        scripts = re.search(r"script-src ([^;]*)", policy)
        code = re.findall(r"<script>(.*?)</script>", await answer.text(), re.DOTALL)

        assert scripts is not None
        assert "unsafe" not in scripts[1].replace("'wasm-unsafe-eval'", "")
        for text in code:
            assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in scripts[1]
        assert "frame-ancestors 'self'" in policy


async def test_cards_that_people_added_may_run_too(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        visitor.gateway.surface.dashboards.add_resource("module", "https://cards.example:8443/card.js?v=1")

        policy = (await visitor.get("/")).headers["Content-Security-Policy"]

        assert "https://cards.example:8443 'unsafe-eval'" in policy


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/frontend_latest/core.1a2b.js", "text/javascript"),
        ("/static/translations/en.json", "application/json"),
        ("/static/icons/favicon-192x192.png", "image/png"),
        ("/static/fonts/roboto.woff2", "font/woff2"),
    ],
)
async def test_files_come_with_their_type_and_are_kept_for_good(tmp_path: Path, path: str, content_type: str) -> None:
    async with visiting(tmp_path) as visitor:
        answer = await visitor.get(path)

        assert answer.status == 200
        assert answer.content_type == content_type
        assert answer.headers["Cache-Control"] == "public, max-age=2678400"
        assert "'none'" not in answer.headers["Content-Security-Policy"].partition(";")[0]


async def test_who_takes_packed_files_gets_them(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        packed = await visitor.get("/frontend_latest/core.1a2b.js", **{"Accept-Encoding": "gzip, deflate"})
        assert gzip.decompress(visitor.body) == CODE
        plain = await visitor.get("/frontend_latest/core.1a2b.js", **{"Accept-Encoding": "identity"})

        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.content_type == "text/javascript"
        assert visitor.body == CODE
        assert "Content-Encoding" not in plain.headers
        known = {"If-None-Match": plain.headers["ETag"], "Accept-Encoding": "identity"}
        again = await visitor.get("/frontend_latest/core.1a2b.js", **known)
        assert again.status == 304


@pytest.mark.parametrize(
    "name",
    ["../index.html", "%2e%2e/index.html", "..%2findex.html", "x/../../index.html", "/etc/passwd", "%2fetc%2fpasswd",
     "..%5cindex.html", "icons", "", ".hidden", "%00"],
)  # fmt: skip
async def test_no_file_is_reached_from_beside_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / ".hidden").write_text("secret")
    async with visiting(tmp_path) as visitor:
        for folder in ("static", "frontend_latest", "local"):
            answer = await visitor.get(f"/{folder}/{name}")
            assert answer.status in (400, 404), folder


async def test_what_lies_in_www_is_at_local_and_a_link_out_of_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "card.js").write_text("export default 1")
    (tmp_path / "secrets.yaml").write_text("password: x")
    (tmp_path / "www" / "out").symlink_to(tmp_path / "secrets.yaml")
    async with visiting(tmp_path, is_installed=False) as visitor:
        answer = await visitor.get("/local/card.js")

        assert (answer.status, answer.content_type) == (200, "text/javascript")
        assert answer.headers["Cache-Control"] == "no-cache"
        assert (await visitor.get("/local/out")).status == 404


async def test_former_addresses_lead_to_where_things_are_now(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        for path, target in (
            ("/developer-tools", "/config/tools"),
            ("/developer-tools/template", "/config/tools/template"),
            ("/config/developer-tools/action?x=1", "/config/tools/action?x=1"),
            ("/.well-known/change-password", "/profile"),
        ):
            answer = await visitor.get(path)
            assert (answer.status, answer.headers["Location"]) == (302, target)


async def test_browsers_find_what_they_ask_for_beside_the_page(tmp_path: Path) -> None:
    async with visiting(tmp_path) as visitor:
        manifest = await (await visitor.get("/manifest.json")).json(content_type=None)
        worker = await visitor.get("/service_worker.js")

        assert manifest["start_url"].startswith("/")
        assert (await visitor.get(manifest["icons"][0]["src"])).status == 200
        assert "Cache-Control" not in worker.headers
        assert "Disallow: /" in await (await visitor.get("/robots.txt")).text()


async def test_a_version_that_is_chosen_while_the_home_runs_is_served(tmp_path: Path) -> None:
    async with visiting(tmp_path, is_installed=False) as visitor:
        assert (await visitor.get("/lovelace")).status == 404
        versions = Versions(tmp_path)
        versions.folder.mkdir()
        unpack(make_wheel(tmp_path, "20261028.5"), tmp_path / "files")
        versions.add(tmp_path / "files", "20261028.5")

        assert (await visitor.get("/lovelace")).status == 200
        versions.remove("20261028.5")
        assert (await visitor.get("/lovelace")).status == 404
