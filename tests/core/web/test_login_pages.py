"""Our own pages of the log-in: what they are served with, and that they show only text."""

import re
from pathlib import Path

import pytest
from aiohttp import ClientSession

from inglenook.testing.gateway import Gateway
from inglenook.web import login_pages

PAGES = sorted((Path(login_pages.__file__).parent / "pages").iterdir())


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/auth/authorize", "text/html"),
        ("/onboarding.html", "text/html"),
        ("/auth/pages/form.js", "text/javascript"),
        ("/auth/pages/authorize.js", "text/javascript"),
        ("/auth/pages/onboarding.js", "text/javascript"),
        ("/auth/pages/login.css", "text/css"),
    ],
)
async def test_everybody_gets_the_pages_and_they_load_from_the_home_alone(
    gateway: Gateway, path: str, content_type: str
) -> None:
    async with ClientSession(f"http://127.0.0.1:{gateway.server.port}") as session, session.get(path) as answer:
        text = await answer.text()

        assert answer.status == 200
        assert answer.content_type == content_type
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        for loaded in re.findall(r'(?:src|href|from)\s*=?\s*"(/[^"]+)"', text):
            async with session.get(loaded) as other:
                assert loaded == "/" or other.status == 200, loaded


@pytest.mark.parametrize("name", ["", "x", "../app.py", "%2e%2e%2fapp.py", "authorize.html", "..;/login.css"])
async def test_no_other_file_is_served(gateway: Gateway, name: str) -> None:
    from yarl import URL

    url = URL(f"http://127.0.0.1:{gateway.server.port}/auth/pages/{name}", encoded=True)
    async with ClientSession() as session, session.get(url) as answer:
        assert answer.status in (401, 404)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_makes_nothing_but_text_of_what_it_is_told(page: Path) -> None:
    text = page.read_text()

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|\son\w+=\"|javascript:", text)
    assert not re.search(r"<script(?![^>]*src=)|<style|style=", text)
