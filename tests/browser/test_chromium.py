"""The browser of the tests: finds what stands in shadow roots, clicks, types, and shows what it sees."""

from pathlib import Path

from aiohttp import web
from tests.browser.chromium import chromium, needs_chromium

from inglenook.testing import running_gateway

DOCUMENT = """<!doctype html><title>Test</title><x-form></x-form><p id="said"></p><script>
customElements.define("x-form", class extends HTMLElement {
  connectedCallback() {
    this.attachShadow({ mode: "open" }).innerHTML = "<input><button>Say <b>it</b></button>";
    const [input, button] = this.shadowRoot.children;
    button.onclick = () => setTimeout(() => { document.getElementById("said").textContent = input.value; }, 50);
  }
});
console.error("was here");
</script>"""


async def _page(request: web.Request) -> web.Response:
    del request
    headers = {"Content-Security-Policy": "default-src 'unsafe-inline'"}
    return web.Response(text=DOCUMENT, content_type="text/html", headers=headers)


@needs_chromium
async def test_a_page_is_driven_through_its_shadow_roots(tmp_path: Path) -> None:
    def add(app: web.Application) -> None:
        app.router.add_get("/auth/pages/test/page", _page)
        from inglenook.web.security import open_to_all

        open_to_all(app, "/auth/pages/test/page")

    async with running_gateway(prepare=add) as gateway, chromium(tmp_path) as page:
        await page.open(f"http://127.0.0.1:{gateway.server.port}/auth/pages/test/page")
        await page.write("x-form >>> input", "hello")
        await page.click("button", text="Say it")
        await page.wait_for("#said", text="hello")
        await page.screenshot(tmp_path / "seen.png")

        assert await page.count("b") == 1
        assert await page.text("x-form") == "Say it"
        assert any("was here" in line for line in await page.log())
        assert (tmp_path / "seen.png").read_bytes().startswith(b"\x89PNG")
