"""One browser for all tests of a module: to start it takes longer than they do."""

import asyncio
from collections.abc import Iterator

import pytest
from tests.browser.chromium import Page, chromium


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A browser; each test shows a home of its own in it, so that none finds what another has left."""
    loop = asyncio.new_event_loop()
    context = chromium(tmp_path_factory.mktemp("browser"))
    page = loop.run_until_complete(context.__aenter__())
    try:
        yield page
    finally:
        loop.run_until_complete(context.__aexit__(None, None, None))
        loop.close()
