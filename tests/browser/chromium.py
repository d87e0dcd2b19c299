"""A real browser for tests: Chromium without a window, driven over WebDriver.

    async with chromium(tmp_path) as page:
        await page.open("http://127.0.0.1:8123/")
        await page.write("input[name=username]", "ann")
        await page.click("button")
        await page.wait_for("ha-panel-lovelace")

Selectors are of CSS; each is looked for in the document and in every shadow root below it. A chain of them, separated
by ``>>>``, looks for each within what the one before found; ``{Kitchen}`` behind one takes only what shows this text.
"""

import asyncio
import base64
import contextlib
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import ClientSession, ClientTimeout

BROWSER: Final = shutil.which("chromium")
DRIVER: Final = shutil.which("chromedriver")
needs_chromium = pytest.mark.skipif(
    BROWSER is None or DRIVER is None,
    reason="chromium and chromium-driver are not installed; `make test` installs them where it may",
)
WAIT_S: Final = 20.0
_POLL_S: Final = 0.05  # no browser tells from outside when its page changes
_STARTED: Final = re.compile(rb"started successfully on port (\d+)")
_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"  # the key of the WebDriver standard
_FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
    "--window-size=1280,900", "--lang=en-US",
)  # fmt: skip
_FIND: Final = """
function within(root, selector, found) {
  for (const one of root.querySelectorAll(selector)) found.push(one);
  for (const one of root.querySelectorAll("*")) if (one.shadowRoot) within(one.shadowRoot, selector, found);
  return found;
}
function find(chain) {
  let roots = [document];
  for (const part of chain.split(">>>")) {
    const [, selector, text] = /^([^{]*)(?:\\{(.*)\\})?$/.exec(part.trim());
    roots = roots.flatMap((root) => [
      ...within(root, selector, []), ...(root.shadowRoot ? within(root.shadowRoot, selector, []) : [])
    ]).filter((one) => !text || shownBy(one).includes(text));
  }
  return roots;
}
"""
_TEXT: Final = """
function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (["STYLE", "SCRIPT", "TEMPLATE"].includes(node.nodeName)) return "";
  const parts = node.nodeName === "SLOT" && node.assignedNodes().length ? node.assignedNodes()
    : (node.shadowRoot ?? node).childNodes;
  return [...parts].map(textOf).join(" ");
}
function shownBy(node) { return textOf(node).replace(/\\s+/g, " "); }
"""


class DriverError(Exception):
    """What the driver refuses: its word for it, and its message."""


class Page:
    """The only tab of a browser."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def open(self, url: str) -> None:
        """Go to ``url`` and wait until the document is loaded."""
        await self._ask("POST", "url", {"url": url})

    async def url(self) -> str:
        """Return where the page is."""
        return str(await self._ask("GET", "url"))

    async def run(self, script: str, *arguments: Any) -> Any:
        """Return what ``script``, the body of a function of ``arguments``, returns; it may await.

        In it ``find(selectors)`` returns the elements of a chain of selectors, ``textOf(element)`` what it shows.
        """
        body = f"{_FIND}{_TEXT}\nreturn (async function () {{ {script} }}).apply(this, arguments);"
        return await self._ask("POST", "execute/sync", {"script": body, "args": list(arguments)})

    async def count(self, selectors: str) -> int:
        """Return how many elements there are."""
        return int(await self.run("return find(arguments[0]).length;", selectors))

    async def text(self, selectors: str = "body") -> str:
        """Return what the first of these elements shows, everything below it included; nothing if there is none."""
        script = "const [first] = find(arguments[0]); return first ? textOf(first) : '';"
        return " ".join(str(await self.run(script, selectors)).split())

    async def wait_for(self, selectors: str, *, text: str = "", timeout_s: float = WAIT_S) -> None:
        """Wait until there is such an element, one that shows ``text``."""
        script = """
            return find(arguments[0]).some((one) => shownBy(one).includes(arguments[1]));
        """
        await self.wait_until(script, selectors, text, what=f"{selectors} with {text!r}", timeout_s=timeout_s)

    async def wait_gone(self, selectors: str, *, timeout_s: float = WAIT_S) -> None:
        """Wait until there is no such element."""
        await self.wait_until(
            "return !find(arguments[0]).length;", selectors, what=f"no {selectors}", timeout_s=timeout_s
        )

    async def wait_until(self, script: str, *arguments: Any, what: str = "", timeout_s: float = WAIT_S) -> None:
        """Wait until ``script``, as of :meth:`run`, returns something true.

        Raises:
            AssertionError: it does not within ``timeout_s``; tells ``what`` was waited for, and what the page shows.
        """
        try:
            async with asyncio.timeout(timeout_s):
                while not await self._is_true(script, arguments):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            shown = f"{await self.url()} shows {await self.text()!r:.2000}"
            raise AssertionError(f"waited for {what or script}; {shown}; it said {await self.log()}") from None

    async def click(self, selectors: str, *, text: str = "") -> None:
        """Wait for an element that can be seen, with ``text``, and click in its middle as a person does."""
        await self._act(selectors, text, "click", {})

    async def write(self, selectors: str, text: str) -> None:
        """Wait for a field and type ``text`` into it."""
        await self._act(selectors, "", "value", {"text": text})

    async def key(self, key: str) -> None:
        """Press and release a key, one character; those of the WebDriver standard for the others (Enter: U+E007)."""
        presses = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        await self._ask("POST", "actions", {"actions": [{"type": "key", "id": "keyboard", "actions": presses}]})

    async def screenshot(self, path: Path) -> None:
        """Write what the page looks like, a PNG."""
        seen = base64.b64decode(await self._ask("GET", "screenshot"))
        await asyncio.to_thread(path.write_bytes, seen)

    async def log(self) -> list[str]:
        """Return what the browser said of the page since the last time: errors, and requests that failed."""
        entries = await self._ask("POST", "se/log", {"type": "browser"})
        return [f"{entry['level']} {entry['message']}" for entry in entries]

    async def _is_true(self, script: str, arguments: tuple[Any, ...]) -> bool:
        with contextlib.suppress(DriverError):  # the page may just go on to another
            return bool(await self.run(script, *arguments))
        return False

    async def _act(self, selectors: str, text: str, action: str, body: dict[str, Any]) -> None:
        """Do something with an element as soon as it is there, in sight, and nothing stands before it."""
        script = """
            const found = find(arguments[0]).find((one) =>
              one.getClientRects().length && shownBy(one).includes(arguments[1]));
            found?.scrollIntoView({ block: "nearest" });
            return found ?? null;
        """
        failure = "it is not there"
        try:
            async with asyncio.timeout(WAIT_S):
                while True:
                    try:
                        element = await self.run(script, selectors, text)
                        if element is not None:
                            await self._ask("POST", f"element/{element[_ELEMENT]}/{action}", body)
                            return
                    except DriverError as error:
                        failure = str(error)
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            shown = f"{await self.url()} shows {await self.text()!r:.2000}"
            raise AssertionError(f"{action} of {selectors} with {text!r}: {failure}; {shown}") from None

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        async with self._session.request(method, f"{self._url}/{path}", json=body) as response:
            value = (await response.json())["value"]
        if response.status != 200:
            raise DriverError(f"{value['error']}: {value['message']}")
        return value


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Page]:
    """Start a browser that knows nothing yet and keeps what it learns in ``folder``; end it afterwards."""
    assert DRIVER is not None
    driver = await asyncio.create_subprocess_exec(
        DRIVER, "--port=0", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        assert driver.stdout is not None
        while not (started := _STARTED.search(await driver.stdout.readline())):
            assert driver.returncode is None, "chromedriver does not start"
        url = f"http://127.0.0.1:{int(started[1])}/session"
        async with ClientSession(timeout=ClientTimeout(total=60)) as session:
            async with session.post(url, json={"capabilities": {"alwaysMatch": _wanted(folder)}}) as response:
                value = (await response.json())["value"]
                assert response.status == 200, value
            own = f"{url}/{value['sessionId']}"
            try:
                yield Page(session, own)
            finally:
                async with session.delete(own):
                    pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            driver.terminate()
        await driver.communicate()


def _wanted(folder: Path) -> dict[str, Any]:
    return {
        "browserName": "chrome",
        "goog:chromeOptions": {"binary": BROWSER, "args": [*_FLAGS, f"--user-data-dir={folder / 'chromium'}"]},
        "goog:loggingPrefs": {"browser": "ALL"},
        "timeouts": {"pageLoad": 30_000, "script": 10_000},
    }
