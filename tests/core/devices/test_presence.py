"""A device is missed when it is really gone, and not before."""

import logging

import pytest
from tests.core.devices.homes import ENTITIES, reopened

from inglenook.clock import VirtualClock
from inglenook.home import Home
from inglenook.model import Event
from inglenook.restore import keep_states
from inglenook.testing import FakeDevice


def changes(home: Home) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def note(event: Event) -> None:
        new = event.data["new_state"]
        found.append((event.data["entity_id"], new.state if new else "removed"))

    home.bus.listen("state_changed", note)
    return found


def state_of(home: Home, entity_id: str) -> str:
    state = home.states.get(entity_id)
    assert state is not None
    return state.state


async def test_a_short_reconnect_is_invisible(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp="on")
    seen = changes(home)
    hall.drop()
    await home.clock.sleep(9)
    hall.connect()
    await home.clock.sleep(20)

    assert seen == []


async def test_after_the_grace_period_its_entities_are_unavailable(
    home: Home, hall: FakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    hall.report(lamp="on", motion=True)
    hall.drop()

    await home.clock.sleep(10.1)

    assert {state.state for state in home.states} == {"unavailable"}
    assert [r.levelno for r in caplog.records if "does not come back" in r.message] == [logging.WARNING]


async def test_a_resumed_session_shows_what_it_last_was(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp={"state": "on", "attributes": {"brightness": 7}})
    hall.drop()
    await home.clock.sleep(60)

    welcome = hall.connect()

    assert welcome["resumed"]
    lamp = home.states.get("light.hall_lamp")
    assert lamp is not None
    assert (lamp.state, lamp.attributes["brightness"]) == ("on", 7)


async def test_a_device_that_starts_anew_is_shown_when_it_says_what_it_is(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp="on", motion=True)
    hall.drop()
    await home.clock.sleep(60)
    seen = changes(home)

    hall.connect(session=None)
    hall.describe(ENTITIES)
    before = state_of(home, "light.hall_lamp")
    hall.report(lamp="off")

    assert before == "unavailable"
    assert ("light.hall_lamp", "off") in seen
    assert ("light.hall_lamp", "on") not in seen
    assert state_of(home, "binary_sensor.hall_motion") == "on"
    assert state_of(home, "button.hall_chime") == "unknown"


async def test_a_device_that_never_says_what_it_is_is_shown_as_it_was(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp="on")
    hall.drop()
    await home.clock.sleep(60)
    hall.connect(session=None)
    hall.describe(ENTITIES)

    await home.clock.sleep(11)

    assert state_of(home, "light.hall_lamp") == "on"


async def test_a_silent_socket_is_closed_and_its_device_missed_at_once(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp="on")

    await home.clock.sleep(1.5 * 30 - 1)
    closed_early = hall.closed
    await home.clock.sleep(3)

    assert closed_early is None
    assert hall.closed is not None
    assert hall.closed[0] == 4408
    assert state_of(home, "light.hall_lamp") == "unavailable"


async def test_any_frame_is_a_sign_of_life(home: Home, hall: FakeDevice) -> None:
    for _ in range(10):
        await home.clock.sleep(30)
        hall.say(type="ping")

    assert hall.closed is None


async def test_a_device_chooses_its_heartbeat(home: Home) -> None:
    home.devices.start()
    device = FakeDevice(home, "slow")

    welcome = device.connect(heartbeat_s=300)
    await home.clock.sleep(400)
    still_open = device.closed
    await home.clock.sleep(100)

    assert welcome["heartbeat_s"] == 300
    assert still_open is None
    assert device.closed is not None


async def test_a_sleeper_is_not_missed_before_half_as_long_again(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp="on")
    hall.say(type="bye", wake_in_s=600)
    hall.drop()

    await home.clock.sleep(899)
    before = state_of(home, "light.hall_lamp")
    await home.clock.sleep(2)

    assert hall.closed == (1000, "sleep well")
    assert before == "on"
    assert state_of(home, "light.hall_lamp") == "unavailable"


async def test_a_sleeper_that_wakes_is_a_normal_device_again(home: Home, hall: FakeDevice) -> None:
    hall.say(type="bye", wake_in_s=600)
    await home.clock.sleep(600)

    welcome = hall.connect()
    hall.drop()
    await home.clock.sleep(11)

    assert welcome["resumed"]
    assert state_of(home, "light.hall_lamp") == "unavailable"


async def test_a_sleeper_comes_and_goes_without_a_word_to_people(
    home: Home, hall: FakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    hall.say(type="bye", wake_in_s=600)
    await home.clock.sleep(600)

    hall.connect()
    while_it_slept = caplog.text
    hall.drop()

    assert while_it_slept == ""
    assert "device hall is gone" in caplog.text


async def test_a_newer_socket_takes_over_from_an_older_one(home: Home, hall: FakeDevice) -> None:
    old = hall.wire
    seen = changes(home)

    welcome = hall.connect()
    old_closed = old.closed
    hall.report(lamp="on")
    await home.clock.sleep(12)

    assert old_closed is not None
    assert old_closed[0] == 4409
    assert welcome["resumed"]
    assert seen == [("light.hall_lamp", "on")]
    assert home.devices.statistics()["connected"] == 1


async def test_after_a_restart_the_last_states_stand_until_the_device_speaks(home: Home, hall: FakeDevice) -> None:
    keep_states(home)
    hall.report(lamp={"state": "on", "attributes": {"brightness": 5}}, motion=True)
    await home.store.flush()

    again = reopened(home)
    seen = changes(again)
    restored = again.states.get("light.hall_lamp")
    device = FakeDevice(again, "hall", token=hall.token)
    device.session, device.seq = hall.session, hall.seq
    welcome = device.connect()
    device.report(lamp="on")
    device.report(motion=False)

    assert restored is not None
    assert (restored.state, restored.attributes["brightness"], restored.is_restored) == ("on", 5, True)
    assert (welcome["resumed"], welcome["received"]) == (True, 1)
    assert seen == [("binary_sensor.hall_motion", "off")]
    lamp = again.states.get("light.hall_lamp")
    assert lamp is not None
    assert (lamp.attributes["brightness"], lamp.is_restored) == (5, False)


async def test_after_a_restart_a_device_that_stays_away_is_missed_after_its_grace(home: Home, hall: FakeDevice) -> None:
    keep_states(home)
    hall.report(lamp="on")
    await home.store.flush()

    again = reopened(home)
    await home.clock.sleep(9)
    before = state_of(again, "light.hall_lamp")
    await home.clock.sleep(2)

    assert before == "on"
    assert state_of(again, "light.hall_lamp") == "unavailable"


async def test_what_an_unavailable_entity_was_survives_a_restart(home: Home, hall: FakeDevice) -> None:
    keep_states(home)
    hall.report(lamp={"state": "on", "attributes": {"brightness": 5}})
    await home.store.flush()
    hall.drop()
    await home.clock.sleep(60)
    await home.store.flush()

    again = reopened(home)
    await home.clock.sleep(60)
    device = FakeDevice(again, "hall", token=hall.token)
    device.session = hall.session
    welcome = device.connect()

    assert welcome["resumed"]
    lamp = again.states.get("light.hall_lamp")
    assert lamp is not None
    assert (lamp.state, lamp.attributes["brightness"]) == ("on", 5)


@pytest.mark.parametrize("seconds", [86_400, -86_400])
async def test_a_clock_that_is_set_moves_no_deadline(home: Home, hall: FakeDevice, seconds: float) -> None:
    hall.report(lamp="on")
    ticket = home.devices.send("hall", "lamp", "turn_off")
    hall.drop()
    assert isinstance(home.clock, VirtualClock)

    home.clock.jump(seconds)
    await home.clock.sleep(5)
    welcome = hall.connect()

    assert welcome["resumed"]
    assert [(c["command"], c["ttl_s"]) for c in welcome["commands"]] == [(ticket.id, 5.0)]
    assert state_of(home, "light.hall_lamp") == "on"


async def test_a_stopping_hub_says_1012_and_leaves_the_states(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp="on")
    stranger = FakeDevice(home, "stranger")
    stranger.open()

    home.devices.stop()
    await home.clock.sleep(100)

    assert hall.closed is not None
    assert hall.closed[0] == 1012
    assert stranger.closed is not None
    assert stranger.closed[0] == 1012
    assert state_of(home, "light.hall_lamp") == "on"


async def test_a_device_whose_stored_session_is_broken_introduces_itself_again(
    home: Home, hall: FakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    await home.store.flush()
    home.store.put("sessions", ("hall", "01J", 5, 0.0, "{broken"))
    await home.store.flush()

    again = reopened(home)
    device = FakeDevice(again, "hall", token=hall.token)
    welcome = device.connect()

    assert not welcome["resumed"]
    assert "device hall cannot be used" in caplog.text


async def test_a_new_token_for_a_device_that_is_away_leaves_it_its_grace(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp="on")
    hall.drop()

    home.devices.add("hall")
    at_once = state_of(home, "light.hall_lamp")
    await home.clock.sleep(11)

    assert at_once == "on"
    assert state_of(home, "light.hall_lamp") == "unavailable"
