"""The home's own page in a real browser: logging in, seeing, doing, and what it says when the home is away."""

import asyncio
import logging
from typing import Any, Final

import pytest
from aiohttp import WSCloseCode
from tests.browser.chromium import Page, needs_chromium
from tests.browser.visit import Visit, base_of, tab_of, visit

from inglenook.auth import Role
from inglenook.config.yaml import loads
from inglenook.protocol import DeviceInfo, Reading
from inglenook.testing.gateway import running_gateway
from inglenook.web.app import CLIENTS
from inglenook.web.security import ADMISSION

pytestmark = needs_chromium

TAB, ENTER, SPACE = "\ue004", "\ue007", " "
SCRIPT: Final = "<img src=x onerror='hacked=1'><script>hacked=1</script>"
ENTITIES: Final[dict[str, dict[str, Any]]] = {
    "lamp": {"domain": "light", "name": "Lamp", "supported_color_modes": ["brightness"]},
    "plug": {"domain": "switch", "name": "Plug"},
    "note": {"domain": "sensor", "name": SCRIPT},
    "door": {"domain": "binary_sensor", "name": "Door", "device_class": "door"},
    "power": {"domain": "sensor", "name": "Battery", "device_class": "battery", "unit_of_measurement": "%"},
}
CONTROLLED: Final[dict[str, dict[str, Any]]] = {
    "blind": {"domain": "cover", "name": "Blind"},
    "door": {"domain": "lock", "name": "Door"},
    "bell": {"domain": "button", "name": "Bell"},
    "fan": {"domain": "fan", "name": "Fan"},
    "level": {"domain": "number", "name": "Level", "min": 0, "max": 10, "step": 1},
    "mode": {"domain": "select", "name": "Mode", "options": ["calm", "party"]},
    "heating": {"domain": "climate", "name": "Heating", "hvac_modes": ["off", "heat"]},
}
ASKED: Final[list[tuple[str, dict[str, Any]]]] = [
    ("open_cover", {}),
    ("unlock", {}),
    ("press", {}),
    ("set_percentage", {"percentage": 60}),
    ("set_value", {"value": 7}),
    ("select_option", {"option": "party"}),
    ("set_temperature", {"temperature": 21.0}),
]
LAMP, DOOR = '[data-entity="light.hall_lamp"]', '[data-entity="binary_sensor.hall_door"]'
RULES: Final = """
- id: hall
  alias: Hall
  triggers: {trigger: event, event_type: go}
  actions: [{event: done}]
- id: bad
  alias: "<b>Bad</b>"
  triggers: {trigger: event, event_type: go}
  actions: [{event: before}, {action: light.nothing_like_it}]
"""


def take_rules(seen: Visit) -> None:
    engine = seen.gateway.engine
    engine.swap("rules.yaml", [engine.check(raw) for raw in loads(RULES, "rules.yaml")])
    seen.gateway.home.bus.fire("go")


async def test_the_first_person_takes_the_home_over_logs_in_and_logs_out(browser: Page) -> None:
    async with running_gateway() as gateway, tab_of(browser) as page:
        code = gateway.app[ADMISSION].onboarding.code
        assert code is not None
        await page.open(base_of(gateway))
        await page.write("input[name=code]", code)
        for name in ("name", "username", "password", "again"):
            await page.write(f"input[name={name}]", "ann" if name.endswith("name") else "a long password")
        await page.click("button")
        await page.click("a", text="Go to the home")
        await page.write("input[name=username]", "ann")
        await page.write("input[name=password]", "a long password")
        await page.click("button")
        await page.wait_for("#connection", text="Connected")
        assert (await page.url()).endswith(f"{base_of(gateway)}/")
        await page.open(base_of(gateway))
        await page.wait_for("#connection", text="Connected")
        (token,) = gateway.auth.tokens()

        await page.click("#leave")
        await page.wait_for("input[name=password]")

        assert gateway.auth.token(token.id) is None
        assert await page.run("return localStorage.length;") == 0


async def test_states_are_live_and_what_is_clicked_is_done_and_comes_back(browser: Page) -> None:
    async with visit(browser, ENTITIES) as seen:
        page, device = seen.page, seen.device
        device.set(lamp="off", plug="off", door="off")
        await seen.shows("light.hall_lamp", "Off")
        await seen.shows("binary_sensor.hall_door", "Closed")
        await page.run("window.door = find(arguments[0])[0];", DOOR)

        device.set(door="on")
        await seen.shows("binary_sensor.hall_door", "Open")
        await page.click(f"{LAMP} [role=switch]")
        await page.wait_for(f"{LAMP} [aria-checked=true]")

        assert seen.heard == [("turn_on", {})]
        state = seen.gateway.home.states.get("light.hall_lamp")
        assert state is not None
        assert (state.state, state.context.user_id) == ("on", seen.token.user.id)
        assert await page.run("return window.door === find(arguments[0])[0];", DOOR)  # changed, not made anew
        await page.wait_for(".summary", text="1 light on · 1 open")


async def test_every_kind_of_control_asks_for_what_it_says(browser: Page) -> None:
    async with visit(browser, CONTROLLED) as seen:
        page = seen.page
        warm = Reading("heat", {"temperature": 20.0, "current_temperature": 18.5})
        fast = Reading("on", {"percentage": 20})
        seen.device.set(blind="closed", door="locked", fan=fast, level="4", mode="calm", heating=warm)
        await page.wait_for('[data-entity="select.hall_mode"] option', text="party")
        choose = "const [one] = find(arguments[0]); one.value = arguments[1]; one.oninput?.(); one.onchange();"

        await page.click('[data-entity="cover.hall_blind"] button', text="Open")
        await page.click('[data-entity="lock.hall_door"] button', text="Unlock")
        await page.click('[data-entity="button.hall_bell"] button', text="Press")
        await page.run(choose, '[data-entity="fan.hall_fan"] input', 60)
        await page.run(choose, '[data-entity="number.hall_level"] input', 7)
        await page.run(choose, '[data-entity="select.hall_mode"] select', "party")
        await page.click('[data-entity="climate.hall_heating"] button', text="+")
        await page.click('[data-entity="climate.hall_heating"] button', text="+")
        async with asyncio.timeout(10):
            while len(seen.heard) < len(ASKED):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.05)

        assert sorted(seen.heard, key=str) == sorted(ASKED, key=str)


async def test_entities_stand_in_their_areas_and_follow_when_these_change(browser: Page) -> None:
    async with visit(browser, ENTITIES, info=DeviceInfo(area="Hall")) as seen:
        page, registry = seen.page, seen.gateway.home.registry
        seen.device.set(lamp="on", plug="off")
        await page.wait_for(".area", text="Hall")
        await page.wait_for(f".area {LAMP}")
        assert await page.count(".area:not([hidden])") == 1
        area = registry.area_named("Hall")
        assert area is not None

        registry.areas.update(area.id, name="Corridor")
        await page.wait_for(".area h2", text="Corridor")
        await page.click(".area .quiet", text="Lights off")
        await page.wait_for(f"{LAMP} [aria-checked=false]")
        await page.write("[type=search]", "plug")
        await page.wait_gone(LAMP)

        assert seen.heard == [("turn_off", {})]
        assert await page.count(".row") == 1


async def test_script_in_names_states_rules_and_the_log_is_shown_as_text(browser: Page) -> None:
    async with visit(browser, ENTITIES) as seen:
        page = seen.page
        seen.device.set(note=SCRIPT)
        take_rules(seen)
        logging.getLogger("inglenook.test").warning("said %s", SCRIPT)
        entity = '[data-entity^="sensor."]'
        await page.wait_for(f"{entity} .name", text=SCRIPT)
        await page.wait_for(f"{entity} .state", text=SCRIPT)
        await page.click(f"{entity} .name", text=SCRIPT)
        await page.wait_for("dialog .facts", text=SCRIPT)
        await page.click("dialog .close")
        await seen.see("Rules")
        await page.wait_for("h2", text="<b>Bad</b>")
        await seen.see("Log")
        await page.wait_for(".message", text=f"said {SCRIPT}")

        assert await page.run("return window.hacked === undefined;")
        assert await page.count("main b, main img, main script") == 0
        assert not [line for line in await page.log() if "Content Security Policy" in line]


async def test_rules_show_their_last_run_step_by_step_and_are_turned_off_and_run(browser: Page) -> None:
    async with visit(browser, ENTITIES) as seen:
        page, home = seen.page, seen.gateway.home
        take_rules(seen)
        await seen.see("Rules")
        bad, hall = '[data-entity="automation.b_bad_b"]', '[data-entity="automation.hall"]'
        await page.wait_for(f"{bad} .badge", text="error")
        await page.wait_for(f"{bad} .error", text="nothing_like_it")
        await page.click(f"{bad} summary")
        await page.wait_for(f"{bad} .steps", text="action/1")
        await page.wait_for(f"{hall} .badge", text="finished")
        done: list[object] = []
        home.bus.listen("done", done.append)

        await page.click(f"{hall} button", text="Run")
        await page.click(f"{hall} [role=switch]")
        await page.wait_for(f"{hall} [aria-checked=false]")

        assert len(done) == 1
        state = home.states.get("automation.hall")
        assert state is not None
        assert state.state == "off"


async def test_devices_and_figures_go_on(browser: Page) -> None:
    async with visit(browser, ENTITIES) as seen:
        page = seen.page
        seen.device.set(power="12")
        await seen.see("Devices")
        device = '[data-device="hall"]'
        await page.wait_for(f"{device} .badge", text="connected")
        await page.wait_for(f"{device} .battery", text="Battery 12 %")
        await page.wait_for(".summary", text="1 device · 1 connected · 1 with a low battery")

        await seen.see("Figures")
        await page.wait_for("figcaption", text="devices 1 · clients 1")
        await page.wait_until("return find('path.line').some((line) => line.getAttribute('d')?.includes('L'));")


async def test_the_page_says_that_the_home_is_away_and_comes_back_by_itself(browser: Page) -> None:
    async with visit(browser, ENTITIES) as seen:
        page, device = seen.page, seen.device
        device.set(door="off")
        await seen.shows("binary_sensor.hall_door", "Closed")
        said = "new MutationObserver(() => window.said.push(find('#connection')[0].textContent))"
        await page.run(f"window.said = []; {said}.observe(find('#connection')[0], {{ childList: true }});")
        for connection in tuple(seen.gateway.app[CLIENTS].connections):
            connection.close(WSCloseCode.GOING_AWAY, "the home stops")
        await page.wait_for("#connection", text="The home does not answer")
        device.set(door="on")

        await page.wait_for("#connection", text="Connected")
        await seen.shows("binary_sensor.hall_door", "Open")
        seen.gateway.auth.revoke(seen.token.id)
        await page.wait_for("input[name=password]")


async def test_who_may_only_look_sees_no_log_and_is_told_why_nothing_happens(browser: Page) -> None:
    async with visit(browser, ENTITIES, Role.READ_ONLY) as seen:
        seen.device.set(lamp="off")
        await seen.page.click(f"{LAMP} [role=switch]")
        await seen.page.wait_for("#notices", text="Unauthorized")

        assert await seen.page.text("nav") == "Home Rules Devices"
        assert seen.heard == []


async def test_everything_is_reached_with_the_keyboard_alone(browser: Page) -> None:
    async with visit(browser, {"lamp": ENTITIES["lamp"]}) as seen:
        page = seen.page
        seen.device.set(lamp="off")
        await seen.shows("light.hall_lamp", "Off")
        focused = "return document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent;"
        reached = []
        for _ in range(10):
            await page.key(TAB)
            reached.append(await page.run(focused))
        assert reached[:7] == ["To the content", "Log out", "Home", "Rules", "Devices", "Figures", "Log"]
        assert reached[-2:] == ["Lamp", "Lamp"]  # what it is called, and its switch

        await page.key(SPACE)
        await page.wait_for(f"{LAMP} [aria-checked=true]")
        assert await page.run("return document.activeElement.matches('[role=switch]');")
        await page.run("find('nav a')[1].focus();")
        await page.key(ENTER)
        await page.wait_for("section[aria-label=Rules]")
        assert await page.run("return document.activeElement.id;") == "content"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_is_readable_in_every_view(browser: Page, width: int, scheme: str) -> None:
    async with visit(browser, ENTITIES) as seen:
        await seen.emulate(width=width, height=800, scheme=scheme)
        seen.device.set(lamp="on", plug="off", door="on", note=SCRIPT, power="12")
        take_rules(seen)
        await seen.shows("light.hall_lamp", "On")
        found = {"Home": await seen.faults()}
        for view, there in {"Rules": ".rule .error", "Devices": ".device", "Figures": ".now", "Log": "main"}.items():
            await seen.see(view)
            await seen.page.wait_for(there)
            found[view] = await seen.faults()

        assert found == {view: [] for view in found}


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_newest_line_of_the_log_is_in_view(browser: Page, width: int) -> None:
    at = "const at = find('.log li:last-child')[0].getBoundingClientRect();"
    in_view = f"{at} return at.top > 0 && at.bottom < innerHeight;"
    async with visit(browser, {"lamp": ENTITIES["lamp"]}) as seen:
        await seen.emulate(width=width, height=800, scheme="light")
        await seen.shows("light.hall_lamp", "")
        for number in range(200):
            logging.getLogger("test").warning("line %d of many", number)
        await seen.see("Log")

        await seen.page.wait_for(".log li:last-child", text="line 199 of many")
        assert await seen.page.run(in_view)
        logging.getLogger("test").warning("one more")
        await seen.page.wait_for(".log li:last-child", text="one more")
        assert await seen.page.run(in_view)


async def test_charts_begin_with_what_was_before_somebody_looked(browser: Page) -> None:
    async with visit(browser, {"lamp": ENTITIES["lamp"]}) as seen:
        figures = seen.gateway.app[CLIENTS].house.diagnostics.figures
        for _ in range(4):
            figures._tick()  # as the time before would have
        await seen.see("Figures")

        await seen.page.wait_for(".now", text="/s")
        path = await seen.page.run("return find('path.line')[0].getAttribute('d');")

        assert path.count("L") >= 3
