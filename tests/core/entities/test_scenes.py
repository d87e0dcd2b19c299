"""Scenes: what brings entities to the states that a person declared, or that were there before."""

import re
from pathlib import Path
from typing import Any

import pytest
import voluptuous as vol

from inglenook.config.yaml import loads
from inglenook.entities import register_domains
from inglenook.entities.reproduction import BY_DOMAIN, Wanted
from inglenook.entities.scenes import Scenes, scene_config
from inglenook.errors import InvalidServiceData, ServiceError, ServiceValidationError
from inglenook.home import Home
from inglenook.model import Context, ServiceCall, State

GUIDE = (Path(__file__).parents[3] / "docs" / "scripts.md").read_text(encoding="utf-8")


class SceneHome:
    """A home with scenes, and what is called in it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        register_domains(home)
        self.scenes = Scenes(home)
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        for name in (
            "light.turn_on",
            "light.turn_off",
            "switch.turn_on",
            "switch.turn_off",
            "cover.set_cover_position",
        ):
            domain, _, service = name.partition(".")
            home.services.register(domain, service, self.note)
        home.states.set("light.a", "off")
        home.states.set("switch.b", "on")

    def note(self, call: ServiceCall) -> None:
        (entity_id,) = call.target.entity_id
        self.calls.append((f"{call.domain}.{call.service}", entity_id, dict(call.data)))

    def load(self, *scenes: str) -> None:
        self.scenes.load([scene_config(loads(text)) for text in scenes])

    async def call(self, service: str, **data: Any) -> None:
        await self.home.services.call("scene", service, data, context=Context("cause"))

    def state(self, entity_id: str) -> State:
        found = self.home.states.get(entity_id)
        assert found is not None
        return found


@pytest.fixture
def house(home: Home) -> SceneHome:
    return SceneHome(home)


# -- declared ---------------------------------------------------------------------------------------------------------


async def test_only_what_differs_is_called_for(house: SceneHome) -> None:
    house.load("{name: Film Night, icon: 'mdi:x', id: '7', entities: {light.a: on, switch.b: on}}")

    await house.call("turn_on", entity_id="scene.film_night", transition=2)

    assert house.calls == [("light.turn_on", "light.a", {"transition": 2.0})]


async def test_its_state_is_when_it_was_last_turned_on(house: SceneHome) -> None:
    house.load("{name: Film, id: '7', entities: {light.a: on}}")
    before = house.state("scene.film")

    await house.call("turn_on", entity_id="scene.film")

    assert before.state == "unknown"
    assert before.attributes["entity_id"] == ["light.a"]
    assert before.attributes["id"] == "7"
    assert house.state("scene.film").state == house.home.clock.utc().isoformat()


async def test_that_outlives_a_restart(house: SceneHome) -> None:
    house.home.states.restore(State("scene.film", "2026-01-01T00:00:00+00:00", {}, Context("a"), 0, 0, 0))

    house.load("{name: Film, entities: {light.a: on}}")

    assert house.state("scene.film").state == "2026-01-01T00:00:00+00:00"


async def test_what_it_calls_for_bears_the_context_of_its_call(house: SceneHome) -> None:
    contexts: list[Context] = []
    house.home.services.register("light", "turn_on", lambda call: contexts.append(call.context))
    house.load("{name: Film, entities: {light.a: on}}")

    await house.call("turn_on", entity_id="scene.film")

    assert [context.id for context in contexts] == ["cause"]


async def test_a_group_stands_for_its_members(house: SceneHome) -> None:
    house.home.states.set("group.all", "on", {"entity_id": ["light.a", "switch.b"]})

    await house.call("apply", entities={"group.all": "off"})

    assert house.calls == [("switch.turn_off", "switch.b", {})]


async def test_what_cannot_be_set_is_told_and_the_rest_comes_about(
    house: SceneHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.home.states.set("sensor.x", "1")
    entities = {"light.none": "on", "sensor.x": "2", "light.a": "blue", "switch.b": "off"}

    await house.call("apply", entities=entities)

    assert house.calls == [("switch.turn_off", "switch.b", {})]
    assert "there is no entity light.none" in caplog.text
    assert "the state of sensor.x cannot be set" in caplog.text
    assert "light.a: expected one of off, on, got 'blue'" in caplog.text


async def test_a_call_that_fails_is_raised_once_the_others_have_ended(house: SceneHome) -> None:
    async def fail(_: ServiceCall) -> None:
        await house.home.clock.sleep(1)
        raise ServiceError("broken bulb")

    house.home.services.register("light", "turn_on", fail)

    with pytest.raises(ServiceError, match="broken bulb"):
        await house.call("apply", entities={"light.a": "on", "switch.b": "off"})

    assert house.calls == [("switch.turn_off", "switch.b", {})]


async def test_the_calls_of_one_entity_follow_each_other(house: SceneHome) -> None:
    async def late(call: ServiceCall) -> None:
        await house.home.clock.sleep(1)
        house.note(call)

    house.home.services.register("fan", "turn_on", late)
    house.home.services.register("fan", "set_percentage", house.note)
    house.home.states.set("fan.f", "off", {"percentage": 0})

    await house.call("apply", entities={"fan.f": {"state": "on", "percentage": 40}})

    assert [name for name, _, _ in house.calls] == ["fan.turn_on", "fan.set_percentage"]


async def test_one_that_says_the_same_stays_when_all_are_loaded_again(house: SceneHome) -> None:
    house.load("{name: A, entities: {light.a: on}}", "{name: B, entities: {light.a: on}}")
    await house.call("turn_on", entity_id=["scene.a", "scene.b"])

    house.load("{name: A, entities: {light.a: on}}", "{name: B, entities: {light.a: off}}", "{name: C, entities: {}}")

    assert house.state("scene.a").state != "unknown"
    assert house.state("scene.b").state == "unknown"
    assert house.state("scene.c").attributes["entity_id"] == []


# -- made by rules ----------------------------------------------------------------------------------------------------


async def test_a_snapshot_brings_back_what_was(house: SceneHome) -> None:
    house.home.states.set("light.a", "on", {"brightness": 80, "color_mode": "hs", "hs_color": [1, 2]})
    await house.call("create", scene_id="before", snapshot_entities="light.a", entities={"switch.b": "off"})
    house.home.states.set("light.a", "off", {"brightness": None})

    await house.call("turn_on", entity_id="scene.before")

    assert house.calls == [
        ("switch.turn_off", "switch.b", {}),
        ("light.turn_on", "light.a", {"brightness": 80, "hs_color": [1, 2]}),
    ]


async def test_one_made_anew_replaces_the_one_before_but_never_a_declared_one(
    house: SceneHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.load("{name: Declared, entities: {light.a: on}}")

    await house.call("create", scene_id="made", entities={"light.a": "on"})
    await house.call("create", scene_id="made", entities={"switch.b": "on"})
    await house.call("create", scene_id="declared", entities={"switch.b": "on"})

    assert house.state("scene.made").attributes["entity_id"] == ["switch.b"]
    assert house.state("scene.declared").attributes["entity_id"] == ["light.a"]
    assert "scene.declared already" in caplog.text


async def test_a_snapshot_of_nothing_is_not_made(house: SceneHome, caplog: pytest.LogCaptureFixture) -> None:
    await house.call("create", scene_id="made", snapshot_entities=["light.none"])

    assert "scene.made" not in house.home.states
    assert "light.none" in caplog.text


async def test_only_what_was_made_can_be_deleted(house: SceneHome) -> None:
    house.load("{name: Declared, entities: {light.a: on}}")
    await house.call("create", scene_id="made", entities={"light.a": "on"})

    await house.call("delete", entity_id="scene.made")

    assert "scene.made" not in house.home.states
    with pytest.raises(ServiceValidationError, match=r"scene\.declared was not made"):
        await house.call("delete", entity_id="scene.declared")
    with pytest.raises(ServiceValidationError, match=r"there is no scene scene\.made"):
        await house.call("delete", entity_id="scene.made")


@pytest.mark.parametrize(
    ("service", "data", "error"),
    [
        ("apply", {"entities": {"light.a": 5}}, r"entities\.light\.a: expected a state as text, got 5"),
        ("apply", {"entities": {"light": "on"}}, "expected an entity id"),
        ("apply", {}, "required key"),
        ("create", {"scene_id": "x"}, "at least one of"),
        ("create", {"scene_id": "X y", "entities": {"light.a": "on"}}, "scene_id"),
        ("create", {"scene_id": "x", "entities": {"light.a": "on"}, "snapshot_entities": ["light.a"]}, "not in both"),
        ("delete", {}, "needs a target"),
    ],
)
async def test_a_call_that_makes_no_sense_is_refused(
    house: SceneHome, service: str, data: dict[str, Any], error: str
) -> None:
    with pytest.raises(InvalidServiceData, match=error):
        await house.call(service, **data)


def test_the_scenes_of_the_guide_are_in_order() -> None:
    (text,) = [text for text in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL) if text.startswith("scene:")]

    (scene,) = [scene_config(raw) for raw in loads(text)["scene"]]

    assert scene.entities["light.tv"] == Wanted("on", {"brightness": 30})


def test_the_guide_names_every_domain_that_a_scene_can_set() -> None:
    named = re.findall(r"`(\w+)`", GUIDE.partition("Scenes can set:")[2])

    assert set(named) - {"group"} == set(BY_DOMAIN)


@pytest.mark.parametrize("text", ["{name: X}", "{entities: {}}", "{name: X, entities: {light.a: }}", "[]"])
def test_a_scene_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(vol.Invalid):
        scene_config(loads(text))
