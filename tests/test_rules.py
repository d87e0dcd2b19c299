"""The example rules speak of the demo home: what they name and call is there, and they do what they say."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from inglenook.clock import VirtualClock
from inglenook.config.rule_files import read_rules
from inglenook.config.values import is_template
from inglenook.entities import ALL, register_domains
from inglenook.entity import Entity
from inglenook.home import Home
from inglenook.model import Context
from inglenook.rules import RuleEngine
from inglenook.templates import Templates
from inglenook_demo.household import KINDS

RULES = Path(__file__).parents[1] / "rules"
FILES = sorted(RULES.glob("*.yaml"))
DEMO = {
    f"{description['domain']}.{kind.id}_{key}" for kind in KINDS.values() for key, description in kind.entities.items()
}
ENTITY_ID = re.compile(rf"(?<![.\w])(?:{'|'.join(domain.name for domain in ALL)})\.[a-z0-9_]+")
SERVICES = {f"{domain.name}.{service.name}" for domain in ALL for service in domain.services}


def mappings(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping of a tree."""
    if isinstance(tree, dict):
        yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from mappings(child)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rule_names_only_what_the_demo_home_has(path: Path) -> None:
    named = set(ENTITY_ID.findall(path.read_text())) - SERVICES

    assert named <= DEMO, named - DEMO


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_calls_of_a_rule_exist_and_take_its_data(home: Home, path: Path) -> None:
    register_domains(home)
    calls = [mapping for mapping in mappings(yaml.safe_load(path.read_text())) if "action" in mapping]

    for call in calls:
        domain, _, name = call["action"].partition(".")
        data = {key: value for key, value in call.get("data", {}).items() if not is_template(value)}
        if data == call.get("data", {}):
            home.services.validate(home.services.get(domain, name), data)
        else:
            assert set(call["data"]) <= set(home.services.get(domain, name).fields)


def test_every_rule_has_an_id_of_its_own_and_a_name() -> None:
    rules = [rule for path in FILES for rule in yaml.safe_load(path.read_text())]
    ids = [rule["id"] for rule in rules]

    assert len(rules) >= 8
    assert len(set(ids)) == len(ids)
    assert all(rule["alias"] for rule in rules)


def test_the_rules_show_the_dialect() -> None:
    shown = "\n".join(path.read_text() for path in FILES)

    for word in (
        "trigger: state", "trigger: numeric_state", "trigger: event", "trigger: time", "trigger: time_pattern",
        "trigger: sun", "trigger: template", "trigger: homeassistant", "condition: state", "condition: numeric_state",
        "condition: time", "condition: template", "or:", "choose:", "if:", "repeat:", "parallel:", "variables:",
        "delay:", "wait_template:", "wait_for_trigger:", "event:", "for:", "mode: restart", "mode: queued",
    ):  # fmt: skip
        assert word in shown, word


# -- what they do -----------------------------------------------------------------------------------------------------


class Prop(Entity):
    """Stands in for a device: takes every command and shows on and off."""

    def __init__(self, entity_id: str, told: list[tuple[str, str, dict[str, Any]]]) -> None:
        self.entity_id = entity_id
        self.domain = entity_id.partition(".")[0]  # type: ignore[misc]  # a device's entity has it from its description
        self.state = {"light": "off", "binary_sensor": "off", "switch": "on", "climate": "heat"}.get(self.domain, "30")
        self._told = told

    def perform(self, service: str, data: Mapping[str, Any], context: Context) -> None:
        self._told.append((self.entity_id, service, dict(data)))
        self.become(
            {"turn_on": "heat" if self.domain == "climate" else "on", "turn_off": "off"}.get(service, self.state)
        )

    def become(self, state: Any) -> None:
        self.state = state
        self.write()


class Stage:
    """A home with the example rules and a prop for each entity of the demo."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.told: list[tuple[str, str, dict[str, Any]]] = []
        self.messages: list[str] = []
        register_domains(home)
        for entity_id in sorted(DEMO):
            home.entities.add(Prop(entity_id, self.told), "test")
        home.bus.listen("house_reminder", lambda event: self.messages.append(event.data["message"]))
        engine = RuleEngine(home, Templates(home))
        for path in FILES:
            read = read_rules(path, RULES)
            assert not read.warnings
            engine.swap(path.name, [engine.check(raw, position) for raw, position in read.rules])
        engine.start()

    def set(self, entity_id: str, state: Any) -> None:
        prop = self.home.entities.get(entity_id)
        assert isinstance(prop, Prop)
        prop.become(state)

    async def passes(self, seconds: float) -> None:
        assert isinstance(self.home.clock, VirtualClock)
        await self.home.clock.advance(seconds)


def at(home: Home, hour: int, minute: int = 0) -> None:
    """Set the clock on the wall."""
    assert isinstance(home.clock, VirtualClock)
    wanted = datetime(2026, 3, 10, hour, minute, tzinfo=ZoneInfo("Europe/Amsterdam")).timestamp()
    home.clock.jump(wanted - home.clock.now())


@pytest.mark.parametrize(("hour", "brightness"), [(12, 178), (23, 26)])
async def test_the_hall_is_lit_while_somebody_is_there(home: Home, hour: int, brightness: int) -> None:
    at(home, hour)
    stage = Stage(home)

    stage.set("binary_sensor.hall_motion", "on")
    await stage.passes(60)
    stage.set("binary_sensor.hall_motion", "off")
    await stage.passes(4)
    stage.set("binary_sensor.hall_motion", "on")
    stage.set("binary_sensor.hall_motion", "off")
    await stage.passes(4)
    before = list(stage.told)
    await stage.passes(2)

    on = ("light.hall_lamp", "turn_on", {"brightness": brightness})
    assert before == [on, on]
    assert stage.told == [on, on, ("light.hall_lamp", "turn_off", {})]


async def test_the_front_door_lights_the_porch_reminds_and_stops_the_heating(home: Home) -> None:
    stage = Stage(home)

    stage.set("binary_sensor.front_door", "on")
    await stage.passes(10)
    stage.set("binary_sensor.front_door", "off")
    await stage.passes(10)

    assert stage.told == [
        ("light.porch_lamp", "turn_on", {}),
        ("climate.heating_living_room", "turn_off", {}),
        ("climate.heating_living_room", "turn_on", {}),
        ("light.porch_lamp", "turn_off", {}),
    ]
    assert stage.messages == ["The front door has been open for 3 seconds."]


@pytest.mark.parametrize("lamp", ["on", "off"])
async def test_the_lamp_blinks_when_tea_is_ready_and_is_left_as_it_was(home: Home, lamp: str) -> None:
    stage = Stage(home)
    stage.set("light.living_room_lamp", lamp)

    stage.set("sensor.kitchen_power", 1950)
    await stage.passes(240)
    boiling = list(stage.told)
    stage.set("sensor.kitchen_power", 0.8)
    await stage.passes(10)

    there, back = ("turn_off", "turn_on") if lamp == "on" else ("turn_on", "turn_off")
    assert boiling == []
    assert [service for _, service, _ in stage.told] == [there, back]
    assert stage.messages == ["Tea is ready: 30 kWh so far."]


async def test_the_heating_follows_sun_and_clock(home: Home) -> None:
    at(home, 22, 29)
    stage = Stage(home)

    await stage.passes(9 * 3600)

    warm, cool = {"temperature": 20.5, "hvac_mode": "heat"}, {"temperature": 18.0, "hvac_mode": "heat"}
    heating = [data for entity_id, _, data in stage.told if entity_id == "climate.heating_living_room"]
    assert heating == [cool, warm]


@pytest.mark.parametrize(
    ("press", "told"),
    [
        ("single", [("light.living_room_lamp", "turn_on", {})]),
        (
            "double",
            [(lamp, "turn_off", {}) for lamp in ("light.hall_lamp", "light.living_room_lamp", "light.porch_lamp")]
            + [("switch.kitchen_plug", "turn_off", {})],
        ),
    ],
)
async def test_the_button_beside_the_bed(home: Home, press: str, told: list[tuple[str, str, dict[str, Any]]]) -> None:
    stage = Stage(home)

    home.bus.fire("inglenook_device_event", {"entity_id": "event.bedside_button", "event": press})
    await stage.passes(1)

    assert stage.told == told


async def test_the_plug_that_was_off_is_on_again_when_somebody_is_up(home: Home) -> None:
    at(home, 12)
    stage = Stage(home)
    stage.set("sensor.hall_illuminance", 90)
    stage.set("switch.kitchen_plug", "off")

    stage.set("binary_sensor.hall_motion", "on")

    assert stage.told == [("switch.kitchen_plug", "turn_on", {})]


async def test_the_garden_is_watched_closely_when_frost_is_near(home: Home) -> None:
    stage = Stage(home)

    stage.set("sensor.garden_temperature", 3.9)
    stage.set("sensor.garden_temperature", 5)
    stage.set("sensor.garden_temperature", 6.1)
    stage.set("sensor.garden_battery", 19)

    assert [data for _, _, data in stage.told] == [{"value": 5.0}, {"value": 15.0}]
    assert stage.messages == ["The battery in the garden is at 19 %."]


async def test_the_house_reports_twice_a_minute(home: Home) -> None:
    stage = Stage(home)
    reports: list[Mapping[str, Any]] = []
    home.bus.listen("house_report", lambda event: reports.append(event.data))
    stage.set("light.porch_lamp", "on")

    await stage.passes(59)

    assert len(reports) == 2
    assert reports[0]["lights_on"] == ["porch lamp"]
