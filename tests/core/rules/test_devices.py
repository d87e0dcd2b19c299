"""What editors write for devices: triggers, conditions and actions of the house's own domains."""

import logging

import pytest
from tests.core.rules.house import RuleHome

from inglenook.registry import DeviceEntry


@pytest.fixture
def device_id(house: RuleHome) -> str:
    """A device that is there."""
    return house.home.registry.ensure_device("test", "thing", name="Thing").id


@pytest.mark.parametrize(
    ("domain", "type_", "more", "old", "new"),
    [
        ("light", "turned_on", "", "off", "on"),
        ("switch", "changed_states", "", "on", "off"),
        ("binary_sensor", "motion", "", "off", "on"),
        ("binary_sensor", "not_opened", "", "on", "off"),
        ("sensor", "humidity", ", above: 60", "50", "70"),
        ("cover", "opening", "", "closed", "opening"),
        ("lock", "unlocked", "", "locked", "unlocked"),
        ("media_player", "playing", "", "idle", "playing"),
        ("alarm_control_panel", "triggered", "", "armed_home", "triggered"),
        ("climate", "hvac_mode_changed", ", to: heat", "off", "heat"),
        ("select", "current_option_changed", ", from: a", "a", "b"),
        ("button", "pressed", "", "unknown", "2026-03-10T12:00:00"),
        ("vacuum", "docked", "", "returning", "docked"),
    ],
)
async def test_a_trigger_means_one_on_its_entity(
    house: RuleHome, device_id: str, domain: str, type_: str, more: str, old: str, new: str
) -> None:
    await house.set(f"{domain}.x", old)
    house.watch(
        f"{{trigger: device, device_id: {device_id}, domain: {domain}, type: {type_}, entity_id: {domain}.x{more}}}",
        "{p: '{{ trigger.platform }}', e: '{{ trigger.entity_id }}'}",
    )

    await house.set(f"{domain}.x", new)

    assert house.heard == [{"p": "device", "e": f"{domain}.x"}]


async def test_an_entity_may_be_named_by_its_entry_and_has_to_hold(house: RuleHome, device_id: str) -> None:
    entry = house.home.registry.ensure_entity("switch", "test", "one", suggested_object_id="one")
    await house.set(entry.entity_id, "off")
    trigger = f"trigger: device, device_id: {device_id}, domain: switch, type: turned_on, entity_id: {entry.id}"
    house.watch(
        f"{{{trigger}, for: {{minutes: 1}}, id: here, variables: {{v: 5}}}}", "{v: '{{ v }}', id: '{{ trigger.id }}'}"
    )

    await house.set(entry.entity_id, "on")
    before = len(house.heard)
    await house.advance(60)

    assert (before, house.heard) == (0, [{"v": 5, "id": "here"}])


async def test_an_entity_that_is_named_by_its_entry_is_found_under_its_new_id(house: RuleHome, device_id: str) -> None:
    registry = house.home.registry
    entry = registry.ensure_entity("switch", "test", "one", suggested_object_id="one")
    house.load(
        f"""
        - alias: Rule
          triggers:
            - trigger: device
              device_id: {device_id}
              domain: switch
              type: changed_states
              entity_id: {entry.id}
          conditions:
            - {{condition: device, device_id: {device_id}, domain: switch, type: is_on, entity_id: {entry.id}}}
          actions: [{{event: hit}}]
        """
    )
    await house.set("switch.one", "off")
    await house.set("switch.one", "on")
    before = len(house.heard)

    registry.entities.update("switch.one", entity_id="switch.two")
    await house.set("switch.two", "off")
    await house.set("switch.one", "on")
    away = len(house.heard)
    await house.set("switch.two", "on")

    assert (before, away, len(house.heard)) == (1, 1, 2)


async def test_somebody_comes_home(house: RuleHome, device_id: str) -> None:
    await house.set("zone.home", "0", latitude=52.0, longitude=5.0, radius=100)
    await house.set("device_tracker.x", "not_home", latitude=53.0, longitude=5.0)
    more = "type: enters, entity_id: device_tracker.x, zone: zone.home"
    house.watch(f"{{trigger: device, device_id: {device_id}, domain: device_tracker, {more}}}")

    await house.set("device_tracker.x", "home", latitude=52.0, longitude=5.0)

    assert len(house.heard) == 1


@pytest.mark.parametrize(
    ("domain", "type_", "more", "state", "expected"),
    [
        ("light", "is_on", "", "on", True),
        ("fan", "is_off", "", "on", False),
        ("binary_sensor", "is_open", "", "on", True),
        ("binary_sensor", "is_no_motion", "", "off", True),
        ("sensor", "is_power", ", above: 100", "150", True),
        ("cover", "is_closed", "", "open", False),
        ("vacuum", "is_cleaning", "", "returning", True),
        ("climate", "is_hvac_mode", ", hvac_mode: 'off'", "off", True),
        ("select", "selected_option", ", option: a", "b", False),
    ],
)
async def test_a_condition_means_one_on_its_entity(
    house: RuleHome, device_id: str, domain: str, type_: str, more: str, state: str, expected: bool
) -> None:
    await house.set(f"{domain}.x", state)
    house.ask(
        f"{{condition: device, device_id: {device_id}, domain: {domain}, type: {type_}, entity_id: {domain}.x{more}}}"
    )

    assert await house.holds() is expected


async def test_an_action_means_a_call(house: RuleHome, device_id: str) -> None:
    house.act(f"- {{device_id: {device_id}, domain: light, type: turn_on, entity_id: light.x, brightness_pct: 40}}")

    await house.go()

    assert house.calls == [("light.turn_on", {"entity_id": ["light.x"], "brightness_pct": 40})]


# -- what is not there ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        "triggers: [{trigger: device, %s, type: turned_on}], actions: []",
        "triggers: [], conditions: [{or: [{condition: device, %s, type: is_on}]}], actions: []",
        "triggers: [], actions: [{choose: [], default: [{%s, type: turn_on}]}]",
    ],
)
async def test_a_rule_for_a_device_that_is_not_there_is_unavailable_until_it_comes(house: RuleHome, rule: str) -> None:
    house.load(f"[{{alias: Rule, {rule % 'device_id: abc, domain: light, entity_id: light.x'}}}]")
    before = house.state()

    house.home.registry.devices.add(DeviceEntry("abc"))

    assert (before, house.state()) == ("unavailable", "on")


async def test_a_device_that_only_an_action_names_that_is_disabled_need_not_be_there(house: RuleHome) -> None:
    house.act("- {device_id: abc, domain: light, type: turn_on, entity_id: light.x, enabled: false}\n- event: hit")

    await house.go()

    assert house.heard == [{}]


async def test_a_trigger_of_another_domain_waits_for_its_plugin(
    house: RuleHome, device_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        house.watch(f"{{trigger: device, device_id: {device_id}, domain: zha, type: press, subtype: button_1}}")

    assert house.state() == "on"
    assert "zha.press waits for the plugin of that device" in caplog.text


@pytest.mark.parametrize(
    ("device", "problem"),
    [("domain: light, type: is_on", "there is no device"), ("domain: zha, type: is_on", "it takes the plugin")],
)
async def test_a_condition_without_its_device_has_no_answer(
    house: RuleHome, device_id: str, device: str, problem: str, caplog: pytest.LogCaptureFixture
) -> None:
    await house.set("light.x", "on")
    house.ask(f"{{not: [{{condition: device, device_id: {device_id}, {device}, entity_id: light.x}}]}}")
    if "light" in device:
        house.home.registry.devices.remove(device_id)

    assert not await house.holds()
    assert problem in caplog.text


@pytest.mark.parametrize(
    ("device", "problem"),
    [
        ("domain: light, type: turn_on", "there is no device"),
        ("domain: mobile_app, type: notify, message: hi", "it takes the plugin of that device"),
    ],
)
async def test_an_action_without_its_device_ends_the_run(
    house: RuleHome, device_id: str, device: str, problem: str, caplog: pytest.LogCaptureFixture
) -> None:
    house.act(f"- {{device_id: {device_id}, {device}, entity_id: light.x}}\n- event: hit")
    if "light" in device:
        house.home.registry.devices.remove(device_id)

    await house.go()

    assert house.heard == []
    assert problem in caplog.text


@pytest.mark.parametrize(
    ("trigger", "error"),
    [
        ("{trigger: device, domain: light}", "device_id: this key is required"),
        ("{trigger: device, device_id: 5, domain: light}", "device_id: expected text, got 5"),
        ("{trigger: device, device_id: a, domain: sensor, type: power, entity_id: sensor.x}", "at least one of above"),
    ],
)
def test_what_is_wrong_is_told(house: RuleHome, trigger: str, error: str) -> None:
    assert error in house.errors(f"triggers: {trigger}\nactions: []")[0]


async def test_a_rule_that_is_unavailable_for_want_of_a_device_says_where_it_is_named(
    house: RuleHome, caplog: pytest.LogCaptureFixture
) -> None:
    house.act("- {device_id: abc, domain: light, type: turn_on, entity_id: light.x}")

    assert "rule Rule: rules.yaml:4:19: actions[0].device_id: there is no device abc; it is unavailable" in caplog.text
