"""Somebody who looks at a home in a browser, and what makes a page hard to read or to use."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import ClientSession, ClientTimeout
from tests.browser.chromium import Page

from inglenook.auth import RefreshToken, Role
from inglenook.device import Device
from inglenook.testing.gateway import Gateway, running_gateway

# Texts whose contrast to what lies behind them is below what WCAG's level AA asks for.
_FAINT: Final = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function rgba(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
}
function luminance(color) {
  const linear = (part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = color.map((part) => linear(part / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function behind(element) {
  for (let one = element; one; one = one.parentElement) {
    const color = rgba(getComputedStyle(one).backgroundColor);
    if (color[3] === 255) return color;
  }
  return [255, 255, 255];
}
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const faint = [];
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement, text = texts.currentNode.data.trim();
  if (!text || !element.checkVisibility() || element.closest(":disabled, noscript, .skip")) continue;
  const both = [luminance(rgba(getComputedStyle(element).color)), luminance(behind(element))];
  const contrast = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
  if (contrast < 4.5) faint.push(`${text}: ${contrast.toFixed(2)}`);
}
return faint;
"""
_NAMELESS: Final = """
const all = [...document.querySelectorAll("button, input, select, a, meter")].filter((one) => one.checkVisibility());
return all.filter((one) => !one.getAttribute("aria-label") && !one.labels?.length && !one.textContent.trim())
  .map((one) => one.outerHTML);
"""
_SWITCHED: Final = {"turn_on": "on", "turn_off": "off"}


class Visit:
    """A tab that shows a home.

    Attributes:
        heard: services that the home has asked of the device, with their data.
        token: with which the tab is logged in.
    """

    def __init__(self, gateway: Gateway, page: Page, device: Device, token: RefreshToken) -> None:
        self.gateway = gateway
        self.page = page
        self.device = device
        self.token = token
        self.heard: list[tuple[str, Mapping[str, Any]]] = []

    async def see(self, view: str) -> None:
        """Go to another view."""
        await self.page.click("nav a", text=view)

    async def shows(self, entity_id: str, text: str) -> None:
        """Wait until the entity shows ``text``."""
        await self.page.wait_for(f'[data-entity="{entity_id}"]', text=text)

    async def emulate(self, *, width: int, height: int, scheme: str) -> None:
        """Show the page on a screen of that size, ``light`` or ``dark``."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        await command(self.page, "Emulation.setDeviceMetricsOverride", **size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        await command(self.page, "Emulation.setEmulatedMedia", features=features)

    async def faults(self) -> list[str]:
        """Return what makes it hard to use: faint text, controls without a name, what is wider than the screen."""
        wide = "return document.documentElement.scrollWidth > innerWidth ? ['it is wider than the screen'] : [];"
        return [fault for script in (_FAINT, _NAMELESS, wide) for fault in await self.page.run(script)]


async def command(page: Page, name: str, **params: Any) -> Any:
    """Send a command of the browser's own protocol."""
    return await page._ask("POST", "goog/cdp/execute", {"cmd": name, "params": params})


@asynccontextmanager
async def tab_of(browser: Page) -> AsyncIterator[Page]:
    """Drive the browser from the running loop; it forgets what was emulated."""
    async with ClientSession(timeout=ClientTimeout(total=60)) as session:
        page = Page(session, browser._url)
        await command(page, "Emulation.clearDeviceMetricsOverride")
        await command(page, "Emulation.setEmulatedMedia", features=[])
        await page.log()
        yield page


def base_of(gateway: Gateway) -> str:
    """Return where browsers find the home."""
    return f"http://127.0.0.1:{gateway.server.port}"


@asynccontextmanager
async def visit(
    browser: Page, entities: Mapping[str, Mapping[str, Any]], role: Role = Role.OWNER, **options: Any
) -> AsyncIterator[Visit]:
    """Run a home with one device, which does what it is told, and look at it as somebody of that role.

    ``options`` as of :class:`inglenook.device.Device`.
    """
    async with running_gateway() as gateway, tab_of(browser) as page:
        auth, base = gateway.auth, base_of(gateway)
        await auth.create_user("Owner", role=Role.OWNER)
        token, secret = auth.create_refresh_token(await auth.create_user("Ann", role=role), f"{base}/")
        device = gateway.device("hall", entities, **options)
        seen = Visit(gateway, page, device, token)

        def obey(key: str) -> None:
            @device.on_command(key)
            async def perform(service: str, data: Mapping[str, Any]) -> dict[str, Any]:
                seen.heard.append((service, data))
                return {key: _SWITCHED[service]} if service in _SWITCHED else {}

        for key in entities:
            obey(key)
        async with device:
            kept = {"access": auth.access_token(token), "refresh": secret, "ends": 4e12}
            await page.open(f"{base}/page/icon.svg")
            await page.run("localStorage.setItem('inglenook_tokens', arguments[0]);", json.dumps(kept))
            await page.open(base)
            yield seen
            await page.open("about:blank")
