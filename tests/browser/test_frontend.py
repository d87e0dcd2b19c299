"""Home Assistant's own web frontend on our home, in a real browser: log-in, dashboard, a lamp, and the tools."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyotp
import pytest
from tests.browser.chromium import Page, chromium, needs_chromium

from inglenook.auth import Role
from inglenook.config.configuration import read_configuration
from inglenook.device import Device
from inglenook.protocol import Reading
from inglenook.server.running import HomeServer
from inglenook.web.frontend.versions import FOLDER, Versions

INSTALLED = Versions(Path(sys.prefix))  # `make test` installs a frontend into the virtual environment
needs_frontend = pytest.mark.skipif(
    not INSTALLED.all(), reason="no frontend is installed; `make test` fetches one where there is a network"
)
CONFIGURATION = """
homeassistant: {name: Test}
http: {port: 0}
input_boolean:
  guests: {name: Guests}
"""
ESCAPE = "\ue00c"
SWITCH = "return find('hui-toggle-entity-row{Lamp} >>> ha-entity-toggle >>> ha-switch')[0].checked === arguments[0];"
LAMP = {"lamp": {"domain": "light", "name": "Lamp", "supported_color_modes": ["brightness"]}}


@asynccontextmanager
async def running(folder: Path, more: str = "") -> AsyncIterator[tuple[HomeServer, str]]:
    (folder / "configuration.yaml").write_text(CONFIGURATION + more)
    (folder / "data").mkdir()
    (folder / "data" / FOLDER).symlink_to(INSTALLED.folder)
    server = HomeServer(read_configuration(folder))
    await server.start()
    try:
        await server.auth.create_user("Ann", username="ann", password="correct horse", role=Role.OWNER)
        yield server, f"http://127.0.0.1:{server.gateway.port}"
    finally:
        await server.stop()


@asynccontextmanager
async def a_lamp(server: HomeServer) -> AsyncIterator[Device]:
    url = f"ws://127.0.0.1:{server.gateway.port}/api/device"
    lamp = Device(url, "hall", server.home.devices.add("hall"), LAMP)

    @lamp.on_command("lamp")
    async def carry_out(service: str, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"lamp": {"state": "off" if service == "turn_off" else "on", "attributes": dict(data)}}

    lamp.set(lamp="off")
    async with lamp:
        await lamp.delivered()
        yield lamp


async def log_in(page: Page, base: str) -> None:
    await page.open(base)
    await page.write("input[name=username]", "ann")
    await page.write("input[name=password]", "correct horse")
    await page.click("ha-authorize >>> ha-button", text="Log in")
    await page.wait_for("home-assistant-main")


def complaints(log: list[str]) -> list[str]:
    """Return what the browser held back or could not load, but for the pictures of brands, which no home has."""
    return [
        line
        for line in log
        if re.search("Content Security Policy|Failed to load|MIME", line) and "/api/brands/" not in line
    ]


async def state_is(server: HomeServer, entity_id: str, wanted: str) -> None:
    """Wait until the hub holds a state."""
    seen = asyncio.Event()

    def look(_: object = None) -> None:
        state = server.home.states.get(entity_id)
        if state is not None and state.state == wanted:
            seen.set()

    stop = server.home.bus.listen("state_changed", look)
    look()
    await asyncio.wait_for(seen.wait(), 10)
    stop()


@needs_chromium
@needs_frontend
async def test_a_person_logs_in_and_lives_with_the_home(tmp_path: Path) -> None:
    async with running(tmp_path) as (server, base), a_lamp(server) as lamp, chromium(tmp_path) as page:
        await log_in(page, base)
        await page.wait_for("hui-toggle-entity-row", text="Lamp")
        assert (await page.url()).startswith(f"{base}/lovelace")

        await page.click("hui-toggle-entity-row{Lamp} >>> ha-entity-toggle")
        await state_is(server, "light.hall_lamp", "on")

        lamp.set(lamp="off")
        await page.wait_until(SWITCH, False, what="the lamp is off")
        lamp.set(lamp=Reading("on", {"brightness": 51}))
        await page.wait_until(SWITCH, True, what="the lamp is on")

        await page.click("hui-toggle-entity-row{Lamp} >>> state-badge")
        await page.wait_for("ha-more-info-dialog >>> ha-more-info-state-header", text="20%")
        await page.key(ESCAPE)
        await page.wait_gone("ha-more-info-dialog >>> ha-more-info-state-header")

        server.home.services.start("persistent_notification", "create", {"message": "Dinner is ready"})
        await page.wait_for("ha-sidebar", text="Notifications 1")

        assert complaints(await page.log()) == []


@needs_chromium
@needs_frontend
async def test_the_tools_offer_actions_with_their_fields_and_render_templates(tmp_path: Path) -> None:
    async with running(tmp_path) as (server, base), a_lamp(server), chromium(tmp_path) as page:
        await log_in(page, base)

        await page.open(f"{base}/developer-tools/action")
        await page.click("ha-service-picker >>> ha-picker-field")
        await page.write("ha-picker-combo-box >>> input", "light.turn_on")
        await page.click("ha-picker-combo-box >>> ha-combo-box-item{light.turn_on}")
        await page.wait_for("ha-service-control", text="Brightness per cent")
        await page.click("ha-target-picker >>> ha-button")
        await page.click("ha-target-picker >>> ha-combo-box-item{Lamp}")
        await page.wait_for("ha-target-picker-item-row")
        await page.click("tools-action >>> ha-progress-button", text="Perform action")
        await state_is(server, "light.hall_lamp", "on")

        await page.open(f"{base}/config/tools/template")
        await page.wait_for("ha-code-editor", text="Imitate available variables")
        await page.wait_for("tools-template", text="The temperature is 25")

        assert complaints(await page.log()) == []


@needs_chromium
@needs_frontend
async def test_a_person_makes_a_helper_in_the_settings(tmp_path: Path) -> None:
    async with running(tmp_path) as (server, base), chromium(tmp_path) as page:
        await log_in(page, base)

        await page.open(f"{base}/config/helpers")
        await page.click("ha-config-helpers >>> ha-button{Create helper}")
        await page.click("dialog-helper-detail >>> ha-list-item{Toggle}")
        await page.write("ha-input_boolean-form >>> input", "Quiet")
        await page.click("dialog-helper-detail >>> ha-button{Create}")

        await state_is(server, "input_boolean.quiet", "off")
        await page.wait_for("ha-config-helpers", text="input_boolean.quiet")
        assert complaints(await page.log()) == []


@needs_chromium
@needs_frontend
async def test_the_pages_of_the_settings_are_answered(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, base), chromium(tmp_path) as page:
        await log_in(page, base)
        for path, element, text in (
            ("network", "ha-config-http-form >>> ha-form", "Server port"),
            ("backup", "ha-config-backup-overview", "Automatic backups are not scheduled"),
            ("energy", "ha-config-energy", "Add device"),
            ("labs", "ha-config-labs", "No preview features available"),
            ("entity-id-format", "ha-config-entity-id-format", "thermostat_temperature"),
        ):
            await page.open(f"{base}/config/{path}")
            await page.wait_for(element, text=text)
            assert "Unknown command" not in await page.text()
        assert complaints(await page.log()) == []


@needs_chromium
@needs_frontend
async def test_a_dashboard_in_a_file_is_shown_and_follows_it(tmp_path: Path) -> None:
    board = tmp_path / "ui-lovelace.yaml"
    board.write_text("views: [{title: Home, cards: [{type: markdown, content: First words}]}]\n")
    async with running(tmp_path, "lovelace: {mode: yaml}\n") as (_, base), chromium(tmp_path) as page:
        await log_in(page, base)
        await page.wait_for("hui-markdown-card", text="First words")
        board.write_text("views: [{title: Home, cards: [{type: markdown, content: Other words}]}]\n")
        await page.open(f"{base}/lovelace/0")
        await page.wait_for("hui-markdown-card", text="Other words")
        assert complaints(await page.log()) == []


@needs_chromium
@needs_frontend
async def test_a_person_names_a_tag(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, base), chromium(tmp_path) as page:
        await log_in(page, base)
        await page.open(f"{base}/config/tags")
        await page.click("ha-config-tags >>> ha-button{Add tag}")
        await page.write("dialog-tag-detail >>> ha-input >>> input", "Front door")
        await page.click("dialog-tag-detail >>> ha-button{Create}")
        await page.wait_for("ha-config-tags >>> ha-data-table", text="Front door")
        assert complaints(await page.log()) == []


@needs_chromium
@needs_frontend
async def test_a_person_sets_up_an_authenticator_app(tmp_path: Path) -> None:
    async with running(tmp_path) as (server, base), chromium(tmp_path) as page:
        await log_in(page, base)
        await page.open(f"{base}/profile/security")
        await page.click("ha-mfa-modules-card >>> ha-button{Enable}")
        await page.wait_for("ha-mfa-module-setup-flow >>> ha-markdown-element >>> svg")
        said = await page.text("ha-mfa-module-setup-flow >>> ha-markdown-element")
        secret = re.search(r"\b[A-Z2-7]{32}\b", said)
        assert secret is not None, said
        code = pyotp.TOTP(secret[0]).at(int(server.home.clock.now()))
        await page.write("ha-mfa-module-setup-flow >>> input", code)
        await page.click("ha-mfa-module-setup-flow >>> ha-button{Submit}")
        await page.wait_for("ha-mfa-module-setup-flow", text="Authenticator app")

        (user,) = server.auth.users()
        assert user.totp_secret == secret[0]
        assert complaints(await page.log()) == []
