"""What each platform of template entities shows and does."""

from typing import Any

import pytest
import yaml
from tests.core.template_entities.conftest import TemplateHome

from inglenook.entities.generic import register_generic_services
from inglenook.errors import ServiceValidationError

RECORD = "{action: test.record, data: {what: %s}}"


def _blocks(platform: str, keys: str) -> str:
    return f"[{{{platform}: {{name: X, {keys}}}}}]"


def _record(**data: str) -> str:
    shown = ", ".join(f"{key}: '{value}'" for key, value in data.items())
    return f"{{action: test.record, data: {{{shown}}}}}"


async def test_a_switch_shows_its_template_and_runs_its_actions(house: TemplateHome) -> None:
    await house.set("light.a", "off")
    actions = f"turn_on: {_record(do='on')}, turn_off: {_record(do='off')}"
    house.load(_blocks("switch", f"state: \"{{{{ is_state('light.a', 'on') }}}}\", {actions}"))

    await house.call("switch.turn_on", "switch.x")
    told = house.state("switch.x")
    await house.set("light.a", "on")
    await house.call("switch.toggle", "switch.x")

    assert (told, house.state("switch.x")) == ("off", "on")
    assert house.calls == [{"do": "on"}, {"do": "off"}]


async def test_a_switch_without_a_template_is_what_it_was_told(house: TemplateHome) -> None:
    house.load(_blocks("switch", f"turn_on: [{{delay: 5}}, {_record(do='on')}]"))

    await house.call("switch.turn_off", "switch.x")
    off = house.state("switch.x")
    await house.call("switch.turn_on", "switch.x")

    assert (off, house.state("switch.x"), house.calls) == ("off", "on", [{"do": "on"}])


@pytest.mark.parametrize("entity_id", ["switch.x", "[switch.x, switch.y]", "group.both"])
async def test_a_rule_that_starts_anew_ends_the_actions_it_waited_for(house: TemplateHome, entity_id: str) -> None:
    switches = [f"{{name: {name}, turn_on: [{_record(do=name)}, {{delay: 5}}]}}" for name in ("x", "y")]
    house.load(f"[{{switch: [{', '.join(switches)}]}}]")
    house.home.states.set("group.both", "off", {"entity_id": ["switch.x", "switch.y"]})
    step = {"action": "switch.turn_on", "target": {"entity_id": yaml.safe_load(entity_id)}}
    trigger = {"trigger": "event", "event_type": "go"}
    rule = house.engine.check({"alias": "A", "mode": "restart", "triggers": trigger, "actions": step})
    house.engine.swap("rules.yaml", [rule])
    house.engine.start()

    await house.fire("go")
    first = len(house.calls)
    await house.advance(1)
    await house.fire("go")

    assert house.calls == 2 * house.calls[:first] != []


LIGHT = (
    f"turn_on: {_record(do='on')}, turn_off: {_record(do='off')}, "
    f"set_level: {_record(level='{{ brightness }}')}, set_hs: {_record(hs='{{ hs }}', h='{{ h }}')}, "
    f"set_temperature: {_record(mireds='{{ color_temp }}')}"
)


@pytest.mark.parametrize(
    ("data", "call", "shown"),
    [
        ({}, {"do": "on"}, {}),
        ({"brightness": 100}, {"level": 100}, {"brightness": 100}),
        ({"hs_color": [30, 50]}, {"hs": (30, 50), "h": 30}, {"hs_color": (30, 50), "color_mode": "hs"}),
        ({"color_temp_kelvin": 4000}, {"mireds": 250}, {"color_temp_kelvin": 4000, "color_mode": "color_temp"}),
    ],
)
async def test_a_light_runs_the_actions_for_what_is_wanted(
    house: TemplateHome, data: dict[str, Any], call: dict[str, Any], shown: dict[str, Any]
) -> None:
    house.load(_blocks("light", LIGHT))

    await house.call("light.turn_on", "light.x", **data)

    assert house.state("light.x") == "on"
    assert house.calls == [call]
    assert {name: house.attributes("light.x")[name] for name in shown} == shown


async def test_a_light_shows_its_templates(house: TemplateHome) -> None:
    await house.set("sensor.level", "40")
    keys = "state: 'on', level: \"{{ states('sensor.level') }}\", rgb: '{{ (255, 0, 0) }}', effect: 'rain'"
    house.load(_blocks("light", f"{keys}, {LIGHT}, set_rgb: [], set_effect: [], effect_list: \"{{{{ ['rain'] }}}}\""))

    attributes = house.attributes("light.x")

    assert (attributes["brightness"], attributes["rgb_color"], attributes["effect"]) == (40, (255, 0, 0), "rain")
    assert attributes["effect_list"] == ["rain"]
    assert attributes["supported_color_modes"] == ["hs", "rgb", "color_temp"]


async def test_a_cover_that_can_be_sent_anywhere(house: TemplateHome) -> None:
    house.load(_blocks("cover", f"set_cover_position: {_record(to='{{ position }}')}, set_cover_tilt_position: []"))

    await house.call("cover.close_cover", "cover.x")
    closed = house.state("cover.x")
    await house.call("cover.set_cover_position", "cover.x", position=30)
    await house.call("cover.set_cover_tilt_position", "cover.x", tilt_position=80)

    assert closed == "closed"
    assert house.calls == [{"to": 0}, {"to": 30}]
    assert house.state("cover.x") == "open"
    assert house.attributes("cover.x")["current_position"] == 30
    assert house.attributes("cover.x")["current_tilt_position"] == 80


@pytest.mark.parametrize(
    ("keys", "state", "position"),
    [
        ("state: opening", "opening", None),
        ("state: 'true'", "open", None),
        ("state: 'closed'", "closed", None),
        ("position: 0", "closed", 0),
        ("position: 55", "open", 55),
        ("position: 155", "unknown", None),
    ],
)
async def test_what_a_cover_shows(house: TemplateHome, keys: str, state: str, position: int | None) -> None:
    house.load(_blocks("cover", f"{keys}, open_cover: [], close_cover: []"))

    assert house.state("cover.x") == state
    assert house.attributes("cover.x").get("current_position") == position
    assert house.attributes("cover.x")["supported_features"] == 3


async def test_a_fan_takes_speed_and_preset(house: TemplateHome) -> None:
    keys = f"turn_on: {_record(do='on')}, turn_off: {_record(do='off')}, speed_count: 4, preset_modes: [eco]"
    more = f"set_percentage: {_record(speed='{{ percentage }}')}, set_preset_mode: {_record(mode='{{ preset_mode }}')}"
    house.load(_blocks("fan", f"{keys}, {more}"))

    await house.call("fan.turn_on", "fan.x", percentage=50)
    fast = (house.state("fan.x"), house.attributes("fan.x")["percentage"])
    await house.call("fan.set_preset_mode", "fan.x", preset_mode="eco")
    await house.call("fan.turn_off", "fan.x")

    assert fast == ("on", 50)
    assert house.calls == [{"do": "on"}, {"speed": 50}, {"mode": "eco"}, {"do": "off"}]
    assert (house.state("fan.x"), house.attributes("fan.x")["preset_mode"]) == ("off", "eco")
    assert house.attributes("fan.x")["percentage_step"] == 25


async def test_a_lock_with_a_code(house: TemplateHome) -> None:
    keys = f"lock: {_record(code='{{ code }}')}, unlock: [], code_format: '[0-9]+'"
    house.load(_blocks("lock", keys))

    await house.call("lock.lock", "lock.x", code="1234")

    assert (house.state("lock.x"), house.calls) == ("locked", [{"code": 1234}])


@pytest.mark.parametrize(("template", "state"), [("jammed", "jammed"), ("on", "locked"), ("unlocked", "unlocked")])
async def test_what_a_lock_shows(house: TemplateHome, template: str, state: str) -> None:
    house.load(_blocks("lock", f"state: '{template}', lock: [], unlock: []"))

    assert house.state("lock.x") == state


async def test_a_number_has_limits_from_templates(house: TemplateHome) -> None:
    house.load(_blocks("number", f"min: 5, max: '{{{{ 5 * 4 }}}}', step: 0.5, set_value: {_record(to='{{ value }}')}"))

    await house.call("number.set_value", "number.x", value=12.5)

    assert (house.state("number.x"), house.calls) == ("12.5", [{"to": 12.5}])
    assert {name: house.attributes("number.x")[name] for name in ("min", "max", "step")} == {
        "min": 5.0, "max": 20.0, "step": 0.5,
    }  # fmt: skip


async def test_a_select_has_options_from_a_template(house: TemplateHome) -> None:
    keys = f"options: \"{{{{ ['red', 'blue'] }}}}\", select_option: {_record(to='{{ option }}')}"
    house.load(_blocks("select", keys))

    await house.call("select.select_option", "select.x", option="blue")

    assert (house.state("select.x"), house.calls) == ("blue", [{"to": "blue"}])
    assert house.attributes("select.x")["options"] == ["red", "blue"]


async def test_the_limits_of_a_number_are_those_of_its_templates_now(house: TemplateHome) -> None:
    await house.set("sensor.most", "1000")
    keys = f"min: 100, max: \"{{{{ states('sensor.most') }}}}\", set_value: {_record(to='{{ value }}')}"
    house.load(_blocks("number", keys))

    await house.call("number.set_value", "number.x", value=500)
    with pytest.raises(ServiceValidationError, match="50 is outside 100 to 1000"):
        await house.call("number.set_value", "number.x", value=50)
    await house.set("sensor.most", "200")
    with pytest.raises(ServiceValidationError, match="500 is outside 100 to 200"):
        await house.call("number.set_value", "number.x", value=500)

    assert house.calls == [{"to": 500.0}]


async def test_a_select_moves_among_the_options_of_its_template(house: TemplateHome) -> None:
    keys = f"options: \"{{{{ ['a', 'b', 'c'] }}}}\", select_option: {_record(to='{{ option }}')}"
    house.load(_blocks("select", keys))

    for service in ("select_last", "select_first", "select_next"):
        await house.call(f"select.{service}", "select.x")
    with pytest.raises(ServiceValidationError, match="zz"):
        await house.call("select.select_option", "select.x", option="zz")

    assert (house.state("select.x"), house.calls) == ("b", [{"to": "c"}, {"to": "a"}, {"to": "b"}])


async def test_a_lock_asks_for_the_code_that_its_template_says(house: TemplateHome) -> None:
    record = _record(code="{{ code }}")
    house.load(_blocks("lock", f"lock: {record}, unlock: {record}, code_format: \"{{{{ '^[0-9]{{4}}$' }}}}\""))

    for given in ({}, {"code": "12"}):
        with pytest.raises(ServiceValidationError, match="the code does not match"):
            await house.call("lock.unlock", "lock.x", **given)
    await house.call("lock.unlock", "lock.x", code="1234")

    assert (house.state("lock.x"), house.calls) == ("unlocked", [{"code": 1234}])
    assert house.attributes("lock.x")["code_format"] == "^[0-9]{4}$"


async def test_a_lock_without_a_code_gives_none_to_its_actions(house: TemplateHome) -> None:
    house.load(_blocks("lock", f"lock: {_record(code='{{ code }}')}, unlock: []"))

    await house.call("lock.lock", "lock.x")

    assert house.calls == [{"code": None}]


async def test_who_asks_for_an_update_has_it_rendered_again(house: TemplateHome) -> None:
    register_generic_services(house.home)
    house.load(
        """
        - sensor: {name: X, state: "{{ utcnow().timestamp() }}"}
        - triggers: {trigger: event, event_type: go}
          sensor: {name: Y, state: "1"}
        """
    )
    before = house.state("sensor.x")
    await house.advance(5)

    await house.call("homeassistant.update_entity", "sensor.x, sensor.y")

    assert float(house.state("sensor.x")) - float(before) == 5
    assert house.state("sensor.y") == "unknown"


async def test_a_button_runs_its_actions(house: TemplateHome) -> None:
    house.load(_blocks("button", f"press: {_record(do='press')}"))

    await house.call("button.press", "button.x")

    assert house.calls == [{"do": "press"}]
    assert house.state("button.x").startswith("2026-")


async def test_an_event_reports_each_time_its_trigger_fires(house: TemplateHome) -> None:
    house.load(
        """
        - triggers: {trigger: event, event_type: ping}
          event: {name: X, event_type: "{{ trigger.event.data.kind }}", event_types: "{{ ['single', 'double'] }}"}
        """
    )

    await house.fire("ping", kind="double")
    first = house.state("event.x")
    await house.advance(1)
    await house.fire("ping", kind="treble")

    assert house.state("event.x") == first
    assert house.attributes("event.x")["event_types"] == ["single", "double"]


@pytest.mark.parametrize(
    ("platform", "keys", "problem"),
    [
        (
            "sensor",
            "state: '1', device_class: powr",
            "no device class 'powr' of a sensor; did you mean 'power'?",
        ),
        ("binary_sensor", "state: '1', device_class: doorr", "did you mean 'door'?"),
        ("sensor", "state: '1', state_class: measuremnt", "did you mean 'measurement'?"),
        ("sensor", "state: '1', device_class: never_heard_of", "there is no device class 'never_heard_of' of a sensor"),
        ("sensor", "state: '1', device_class: Power", ""),
    ],
)
async def test_a_class_that_is_misspelt_is_told(house: TemplateHome, platform: str, keys: str, problem: str) -> None:
    problems = house.load(_blocks(platform, keys))

    assert bool(problems) is bool(problem)
    assert problem in "".join(problems)


async def test_a_light_with_colours_that_has_said_none_is_in_no_mode(house: TemplateHome) -> None:
    actions = f"turn_on: {RECORD % 'on'}, turn_off: {RECORD % 'off'}"
    house.load(_blocks("light", f"state: 'on', {actions}, set_hs: {RECORD % 'hs'}, set_rgb: {RECORD % 'rgb'}"))

    assert house.attributes("light.x")["color_mode"] == "unknown"
