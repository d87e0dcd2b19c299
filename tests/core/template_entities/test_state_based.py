"""Template entities that follow what their templates look at."""

import pytest
from tests.core.template_entities.conftest import TemplateHome

from inglenook.model import Context, State

SUM = """
- sensor:
    - name: Sum
      unit_of_measurement: W
      state: "{{ states('sensor.a') | float + states('sensor.b') | float }}"
      attributes:
        larger: "{{ [states('sensor.a'), states('sensor.b')] | map('float', 0) | max }}"
"""


async def test_it_follows_every_entity_that_it_looks_at(house: TemplateHome) -> None:
    await house.set("sensor.a", "1")
    await house.set("sensor.b", "2")
    house.load(SUM)
    first = house.state("sensor.sum")

    await house.set("sensor.b", "5")

    assert (first, house.state("sensor.sum")) == ("3.0", "6.0")
    assert house.attributes("sensor.sum") == {
        "friendly_name": "Sum", "unit_of_measurement": "W", "larger": 5.0,
    }  # fmt: skip


async def test_one_change_writes_one_state(house: TemplateHome) -> None:
    await house.set("sensor.a", "1")
    await house.set("sensor.b", "2")
    house.load(SUM)
    writes: list[str] = []
    house.home.states.watch("sensor.sum", lambda _id, _old, new, _context: writes.append(new.state if new else ""))

    await house.set("sensor.a", "7")

    assert writes == ["9.0"]


async def test_it_is_unknown_until_the_home_has_started(house: TemplateHome) -> None:
    house.load("[{sensor: {name: X, state: '{{ 5 }}'}}]", start=False)
    before = house.state("sensor.x")

    house.entities.start()

    assert (before, house.state("sensor.x")) == ("unknown", "5")


async def test_an_attribute_that_cannot_be_rendered_is_none(house: TemplateHome) -> None:
    house.load("[{sensor: {name: X, state: '1', attributes: {a: '{{ 1 / 0 }}', b: '{{ 2 }}'}}}]")

    assert (house.state("sensor.x"), house.attributes("sensor.x")) == ("1", {"friendly_name": "X", "a": None, "b": 2})


async def test_a_select_that_is_none_of_its_options_is_unknown(house: TemplateHome) -> None:
    await house.set("sensor.a", "1")
    house.load("[{select: {name: X, state: \"{{ states('sensor.a') }}\", options: \"{{ ['1', '2'] }}\"}}]")
    first = house.state("select.x")

    await house.set("sensor.a", "3")

    assert (first, house.state("select.x")) == ("1", "unknown")


async def test_a_state_that_cannot_be_rendered_makes_it_unavailable(house: TemplateHome) -> None:
    await house.set("sensor.a", "1")
    await house.set("sensor.b", "x")
    house.load(SUM)
    broken = house.state("sensor.sum")

    await house.set("sensor.b", "2")

    assert (broken, house.state("sensor.sum")) == ("unavailable", "3.0")


async def test_availability_is_asked_first(house: TemplateHome) -> None:
    await house.set("sensor.a", "off")
    house.load("[{sensor: {name: X, state: '{{ 1 / 0 }}', availability: \"{{ is_state('sensor.a', 'on') }}\"}}]")
    off = house.state("sensor.x")

    await house.set("sensor.a", "on")

    assert (off, house.state("sensor.x")) == ("unavailable", "unknown")


@pytest.mark.parametrize(
    ("keys", "template", "expected"),
    [
        ("", "{{ none }}", "unknown"),
        ("", "", ""),
        ("", "{{ true }}", "True"),
        ("", "{{ [1, 2] }}", "[1, 2]"),
        ("unit_of_measurement: W,", "abc", "unknown"),
        ("state_class: measurement,", "{{ 3 }}", "3"),
        ("device_class: timestamp,", "2026-03-10T12:00:00+01:00", "2026-03-10T11:00:00+00:00"),
        ("device_class: timestamp,", "2026-03-10T12:00:00", "unknown"),
        ("device_class: date,", "2026-03-10", "2026-03-10"),
        ("device_class: enum,", "red", "red"),
    ],
)
async def test_what_becomes_of_a_result(house: TemplateHome, keys: str, template: str, expected: str) -> None:
    house.load(f"[{{sensor: {{name: X, {keys} state: '{template}'}}}}]")

    assert house.state("sensor.x") == expected


async def test_name_icon_and_picture_may_change(house: TemplateHome) -> None:
    await house.set("sensor.a", "low")
    house.load(
        """
        - sensor:
            - name: "Level {{ states('sensor.a') }}"
              default_entity_id: sensor.level
              icon: "mdi:battery-{{ states('sensor.a') }}"
              picture: "/local/{{ states('sensor.a') }}.png"
              state: ok
        """
    )

    await house.set("sensor.a", "high")

    assert house.attributes("sensor.level") == {
        "friendly_name": "Level high", "icon": "mdi:battery-high", "entity_picture": "/local/high.png",
    }  # fmt: skip


async def test_one_template_may_give_all_attributes(house: TemplateHome) -> None:
    house.load("[{sensor: {name: X, state: ok, attributes: \"{{ {'a': 1, 'b': [2]} }}\"}}]")

    assert house.attributes("sensor.x") == {"friendly_name": "X", "a": 1, "b": [2]}


async def test_variables_of_the_block_and_of_the_entity(house: TemplateHome) -> None:
    house.load("[{variables: {k: 3}, sensor: {name: X, variables: {m: '{{ k * 2 }}'}, state: '{{ k + m }}'}}]")

    assert house.state("sensor.x") == "9"


async def test_it_may_look_at_itself_as_long_as_it_settles(house: TemplateHome) -> None:
    house.load("[{sensor: {name: X, state: \"{{ states('sensor.a') }}\", attributes: {me: '{{ this.state }}'}}}]")

    await house.set("sensor.a", "5")

    assert (house.state("sensor.x"), house.attributes("sensor.x")["me"]) == ("5", 5)


async def test_one_that_never_settles_is_left_alone(house: TemplateHome, caplog: pytest.LogCaptureFixture) -> None:
    house.load("[{sensor: {name: X, state: \"{{ states('sensor.x') | int(0) + 1 }}\"}}]")
    await house.settle()

    assert int(house.state("sensor.x")) < 5
    assert "never settles" in caplog.text


async def test_it_bears_the_context_of_its_cause(house: TemplateHome) -> None:
    house.load("[{sensor: {name: X, state: \"{{ states('sensor.a') }}\"}}]")

    await house.set("sensor.a", "5")

    assert house.of("sensor.x").context == house.of("sensor.a").context


async def test_names_make_ids_and_ids_outlive_names(house: TemplateHome) -> None:
    house.load("[{unique_id: block, sensor: [{unique_id: one, name: First, state: a}, {state: b}]}]")
    house.load("[]")

    house.load("[{unique_id: block, sensor: [{unique_id: one, name: Second, state: c}]}]")

    assert (house.state("sensor.first"), house.home.states.get("sensor.template_sensor")) == ("c", None)


# -- binary sensors -------------------------------------------------------------------------------------------------

WARM = "- binary_sensor: {name: Warm, state: \"{{ states('sensor.a') | float(0) > 25 }}\", %s}"


async def test_a_delay_waits_for_a_change_to_last(house: TemplateHome) -> None:
    house.load(WARM % "delay_on: '00:00:10', delay_off: {seconds: 5}")
    seen = []
    for value, seconds in (("30", 9), ("20", 5), ("30", 10), ("20", 4), ("30", 5), ("20", 5)):
        await house.set("sensor.a", value)
        await house.advance(seconds)
        seen.append(house.state("binary_sensor.warm"))

    assert seen == ["unknown", "off", "on", "on", "on", "off"]


async def test_a_delay_may_be_a_template(house: TemplateHome) -> None:
    await house.set("sensor.a", "20")
    house.load(WARM % "delay_on: \"{{ states('sensor.wait') | int }}\"")
    await house.set("sensor.wait", "3")

    await house.set("sensor.a", "30")
    before = house.state("binary_sensor.warm")
    await house.advance(3)

    assert (before, house.state("binary_sensor.warm")) == ("off", "on")


async def test_a_removed_sensor_waits_for_nothing(house: TemplateHome) -> None:
    house.load(WARM % "delay_on: 5")
    await house.set("sensor.a", "30")

    house.load("[]")
    await house.advance(10)

    assert house.home.states.get("binary_sensor.warm") is None


async def test_one_that_a_person_disables_watches_nothing_until_it_is_enabled(house: TemplateHome) -> None:
    await house.set("sensor.a", "1")
    house.load("- sensor: {name: Same, unique_id: same, state: \"{{ states('sensor.a') }}\"}")
    entries = house.home.registry.entities
    entries.update("sensor.same", disabled_by="user")

    await house.set("sensor.a", "2")
    is_there = "sensor.same" in house.home.states
    entries.update("sensor.same", disabled_by=None)
    enabled = house.state("sensor.same")
    await house.set("sensor.a", "3")

    assert (is_there, enabled, house.state("sensor.same")) == (False, "2", "3")


async def test_with_a_delay_it_begins_with_what_it_last_was(house: TemplateHome) -> None:
    at = house.home.clock.now() - 60
    house.home.states.restore(State("binary_sensor.warm", "on", {"friendly_name": "Warm"}, Context(""), at, at, at))
    await house.set("sensor.a", "30")
    changes: list[str] = []
    house.home.bus.listen("state_changed", lambda event: changes.append(event.data["entity_id"]))

    house.load(WARM % "delay_on: 5")
    await house.advance(6)

    assert house.state("binary_sensor.warm") == "on"
    assert changes == []
