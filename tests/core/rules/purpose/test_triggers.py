"""The table of purpose-specific triggers: what each kind takes for a beginning, from one state to another."""

from typing import Any

import pytest
from tests.core.rules.house import RuleHome

State = tuple[str, dict[str, Any]]

CASES: list[tuple[str, str, State, State]] = [
    ("motion.cleared", "binary_sensor.x", ("on", {"device_class": "motion"}), ("off", {"device_class": "motion"})),
    ("illuminance.detected", "binary_sensor.x", ("off", {"device_class": "light"}), ("on", {"device_class": "light"})),
    ("air_quality.smoke_detected", "binary_sensor.x", ("off", {"device_class": "smoke"}),
     ("on", {"device_class": "smoke"})),
    ("battery.started_charging", "binary_sensor.x", ("off", {"device_class": "battery_charging"}),
     ("on", {"device_class": "battery_charging"})),
    ("garage_door.opened", "cover.x", ("closed", {"device_class": "garage", "is_closed": True}),
     ("opening", {"device_class": "garage", "is_closed": False})),
    ("window.closed", "binary_sensor.x", ("on", {"device_class": "window"}), ("off", {"device_class": "window"})),
    ("cover.blind_opened", "cover.x", ("closed", {"device_class": "blind"}), ("open", {"device_class": "blind"})),
    ("valve.closed", "valve.x", ("open", {}), ("closed", {})),
    ("switch.turned_on", "input_boolean.x", ("off", {}), ("on", {})),
    ("climate.turned_on", "climate.x", ("off", {}), ("heat", {})),
    ("climate.turned_off", "climate.x", ("cool", {}), ("off", {})),
    ("water_heater.turned_on", "water_heater.x", ("off", {}), ("eco", {})),
    ("media_player.stopped_playing", "media_player.x", ("paused", {}), ("idle", {})),
    ("media_player.turned_on", "media_player.x", ("off", {}), ("idle", {})),
    ("media_player.muted", "media_player.x", ("on", {"volume_level": 0.5}), ("on", {"volume_level": 0})),
    ("media_player.unmuted", "media_player.x", ("on", {"is_volume_muted": True}), ("on", {"is_volume_muted": False})),
    ("alarm_control_panel.armed_away", "alarm_control_panel.x", ("arming", {"supported_features": 3}),
     ("armed_away", {"supported_features": 3})),
    ("alarm_control_panel.triggered", "alarm_control_panel.x", ("armed_home", {}), ("triggered", {})),
    ("lock.opened", "lock.x", ("unlocked", {}), ("open", {})),
    ("vacuum.returned_to_dock", "vacuum.x", ("returning", {}), ("docked", {})),
    ("lawn_mower.became_idle", "lawn_mower.x", ("mowing", {}), ("idle", {})),
    ("timer.finished", "timer.x", ("active", {"last_transition": "started"}),
     ("idle", {"last_transition": "finished"})),
    ("counter.incremented", "counter.x", ("1", {}), ("3", {})),
    ("counter.decremented", "counter.x", ("1", {}), ("0", {})),
    ("counter.maximum_reached", "counter.x", ("9", {"maximum": 10}), ("10", {"maximum": 10})),
    ("counter.reset", "counter.x", ("9", {"initial": 0}), ("0", {"initial": 0})),
    ("update.became_available", "update.x", ("off", {}), ("on", {})),
    ("schedule.block_started", "schedule.x", ("off", {}), ("on", {})),
    ("scene.activated", "scene.x", ("unknown", {}), ("2026-03-10T12:00:00", {})),
    ("doorbell.rang", "event.x", ("unknown", {"device_class": "doorbell"}),
     ("2026-03-10T12:00:00", {"device_class": "doorbell", "event_type": "ring"})),
    ("humidifier.started_humidifying", "humidifier.x", ("on", {"action": "idle"}), ("on", {"action": "humidifying"})),
]  # fmt: skip

NOT_CASES: list[tuple[str, str, State, State]] = [
    ("switch.turned_on", "switch.x", ("on", {}), ("on", {"power": 3})),
    ("climate.turned_on", "climate.x", ("heat", {}), ("cool", {})),
    ("garage_door.opened", "cover.x", ("opening", {"device_class": "garage"}), ("open", {"device_class": "garage"})),
    ("alarm_control_panel.armed", "alarm_control_panel.x", ("armed_home", {}), ("armed_away", {})),
    ("alarm_control_panel.armed_away", "alarm_control_panel.x", ("arming", {"supported_features": 1}),
     ("armed_away", {"supported_features": 1})),
    ("media_player.muted", "media_player.x", ("on", {}), ("on", {"media_title": "x"})),
    ("counter.incremented", "counter.x", ("3", {}), ("1", {})),
    ("doorbell.rang", "event.x", ("unknown", {"device_class": "doorbell"}),
     ("2026-03-10T12:00:00", {"device_class": "doorbell", "event_type": "motion"})),
]  # fmt: skip


async def _fires(house: RuleHome, trigger: str, entity_id: str, old: State, new: State) -> bool:
    await house.set(entity_id, old[0], **old[1])
    house.watch(trigger)
    await house.set(entity_id, new[0], **new[1])
    return bool(house.heard)


@pytest.mark.parametrize(("kind", "entity_id", "old", "new"), CASES, ids=[case[0] for case in CASES])
async def test_it_begins(house: RuleHome, kind: str, entity_id: str, old: State, new: State) -> None:
    assert await _fires(house, f"trigger: {kind}\ntarget: {{entity_id: {entity_id}}}", entity_id, old, new)


@pytest.mark.parametrize(("kind", "entity_id", "old", "new"), NOT_CASES, ids=[case[0] for case in NOT_CASES])
async def test_it_does_not_begin(house: RuleHome, kind: str, entity_id: str, old: State, new: State) -> None:
    assert not await _fires(house, f"trigger: {kind}\ntarget: {{entity_id: {entity_id}}}", entity_id, old, new)


@pytest.mark.parametrize(
    ("kind", "options", "entity_id", "old", "new"),
    [
        ("climate.hvac_mode_changed", "hvac_mode: [cool, heat]", "climate.x", ("off", {}), ("heat", {})),
        ("event.received", "event_type: press", "event.x", ("unknown", {}), ("2026-03-10", {"event_type": "press"})),
        ("zone.entered", "zone: zone.work", "person.x", ("home", {"in_zones": ["zone.home"]}),
         ("Work", {"in_zones": ["zone.work"]})),
        ("zone.left", "zone: zone.work", "person.x", ("Work", {"in_zones": ["zone.work"]}), ("not_home", {})),
    ],
)  # fmt: skip
async def test_options_say_which(
    house: RuleHome, kind: str, options: str, entity_id: str, old: State, new: State
) -> None:
    trigger = f"trigger: {kind}\ntarget: {{entity_id: {entity_id}}}\noptions: {{{options}}}"

    assert await _fires(house, trigger, entity_id, old, new)


async def test_somebody_comes_into_a_zone(house: RuleHome) -> None:
    trigger = "trigger: zone.occupancy_detected\noptions: {zone: zone.home}"

    assert await _fires(house, trigger, "zone.home", ("0", {}), ("2", {}))


async def test_a_timer_has_little_time_left(house: RuleHome) -> None:
    await house.set("timer.t", "idle")
    house.watch("trigger: timer.remaining_time_reached\ntarget: {entity_id: timer.t}\noptions: {remaining: 10}")
    ends = house.home.clock.utc().timestamp() + 60
    finishes_at = house.home.clock.utc().fromtimestamp(ends, house.home.clock.utc().tzinfo).isoformat()

    await house.set("timer.t", "active", finishes_at=finishes_at)
    await house.advance(49)
    before = len(house.heard)
    await house.advance(1)

    assert (before, len(house.heard)) == (0, 1)


async def test_a_paused_timer_does_not_run_down(house: RuleHome) -> None:
    house.watch("trigger: timer.remaining_time_reached\ntarget: {entity_id: timer.t}\noptions: {remaining: 10}")
    await house.set("timer.t", "active", finishes_at="2026-03-10T12:01:00+00:00")

    await house.set("timer.t", "paused")
    await house.advance(120)

    assert house.heard == []
