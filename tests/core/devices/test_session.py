"""What a device numbers reaches the bus once and in order, and is acknowledged when it is safe."""

from typing import Any

import pytest
from tests.core.devices.homes import ENTITIES

from inglenook.devices.inventory import MAX_NEW_ENTITIES
from inglenook.home import Home
from inglenook.model import Event
from inglenook.protocol.device_frames import MAX_SEQ
from inglenook.testing import FakeDevice


def heard(home: Home, event_type: str) -> list[Event]:
    events: list[Event] = []
    home.bus.listen(event_type, events.append)
    return events


def state_of(home: Home, entity_id: str) -> str:
    state = home.states.get(entity_id)
    assert state is not None
    return state.state


async def test_a_described_entity_gets_its_id_from_the_device_and_the_key(home: Home, hall: FakeDevice) -> None:
    lamp, motion = home.states.get("light.hall_lamp"), home.states.get("binary_sensor.hall_motion")

    assert lamp is not None
    assert lamp.state == "unknown"
    assert lamp.name == "hall lamp"
    assert motion is not None
    assert motion.attributes == {"device_class": "motion", "friendly_name": "Hall motion"}


async def test_a_person_may_rename_an_entity_and_it_still_is_the_devices(home: Home, hall: FakeDevice) -> None:
    home.registry.entities.update("light.hall_lamp", entity_id="light.ceiling")

    hall.report(lamp="on")
    ticket = home.devices.send("hall", "lamp", "turn_off")

    assert state_of(home, "light.ceiling") == "on"
    assert ticket.entity_id == "light.ceiling"
    assert home.states.get("light.hall_lamp") is None


@pytest.mark.parametrize(
    ("value", "state"),
    [("on", "on"), (True, "on"), (False, "off"), (21.5, "21.5"), (7, "7"), (None, "unknown"), ("", "")],
)
async def test_a_value_becomes_a_states_text(home: Home, hall: FakeDevice, value: Any, state: str) -> None:
    hall.report(motion=value)

    assert state_of(home, "binary_sensor.hall_motion") == state


async def test_attributes_replace_the_former_ones_and_a_plain_value_keeps_them(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp={"state": "on", "attributes": {"brightness": 1, "effect": "x"}})
    hall.report(lamp={"state": "on", "attributes": {"brightness": 2}})
    hall.report(lamp="off")
    hall.report(lamp={"attributes": {"brightness": 3}})

    state = home.states.get("light.hall_lamp")
    assert state is not None
    assert state.state == "off"
    assert state.attributes["brightness"] == 3
    assert "effect" not in state.attributes


async def test_the_changes_of_one_frame_carry_one_new_context(home: Home, hall: FakeDevice) -> None:
    changes = heard(home, "state_changed")

    hall.report(lamp="on", motion=True)
    hall.report(lamp="off")

    first, second, third = (event.context for event in changes)
    assert first == second
    assert first.id != third.id


async def test_an_ack_comes_once_it_is_durable_and_covers_everything_up_to_it(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp="on")
    hall.report(lamp="off")
    acks_before = hall.count("ack")

    await home.store.flush()

    assert acks_before == 0
    assert hall.take("ack") == {"type": "ack", "seq": 2}
    assert home.store.load("sessions")[0][:3] == ("hall", hall.session, 2)


async def test_who_sleeps_afterwards_does_not_wait_for_a_busy_store(home: Home, hall: FakeDevice) -> None:
    await home.clock.sleep(1)
    home.store._pause_s = 0.2  # as after a batch that took a while
    hall.report(motion="on")
    await home.clock.sleep(0.1)
    awake = hall.count("ack")
    await home.clock.sleep(1)
    hall.describe(ENTITIES, queue=True)
    await home.clock.sleep(1)
    while hall.count("ack"):
        hall.take("ack")
    home.store._pause_s = 0.2

    hall.report(motion="off")
    await home.clock.sleep(0.1)

    assert awake == 0
    assert hall.take("ack") == {"type": "ack", "seq": 2}


async def test_a_store_that_cannot_write_withholds_acks_and_nothing_else(home: Home, hall: FakeDevice) -> None:
    await home.store.flush()
    connection = home.store._connection
    assert connection is not None
    connection.execute("PRAGMA query_only=1")

    hall.report(lamp="on")
    await home.store.flush()
    acks_meanwhile = hall.count("ack")
    connection.execute("PRAGMA query_only=0")
    await home.clock.sleep(6)

    assert state_of(home, "light.hall_lamp") == "on"
    assert acks_meanwhile == 0
    assert hall.take("ack")["seq"] == 1


async def test_a_number_that_was_there_does_nothing_but_is_acknowledged_again(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp="on")
    await home.store.flush()
    hall.take("ack")

    hall.say(type="state", seq=1, states={"lamp": "off"})
    await home.store.flush()

    assert state_of(home, "light.hall_lamp") == "on"
    assert hall.take("ack")["seq"] == 1


async def test_a_gap_is_accepted_counted_and_shown(home: Home, hall: FakeDevice) -> None:
    no_sensor = home.states.get("sensor.hall_gaps")
    hall.report(lamp="on")

    hall.say(type="state", seq=5, states={"lamp": "off"})

    assert no_sensor is None
    assert state_of(home, "light.hall_lamp") == "off"
    assert state_of(home, "sensor.hall_gaps") == "3"
    session = home.devices.get("hall")
    assert session is not None
    assert (session.statistics().gaps, session.statistics().lost) == (1, 3)
    entry = home.registry.entities.get("sensor.hall_gaps")
    assert entry is not None
    assert entry.entity_category == "diagnostic"


@pytest.mark.parametrize("seq", [0, -1, MAX_SEQ + 1])
async def test_a_number_out_of_range_is_refused(home: Home, hall: FakeDevice, seq: int) -> None:
    hall.say(type="state", seq=seq, states={"lamp": "on"})

    assert hall.take("error")["field"] == "seq"
    assert state_of(home, "light.hall_lamp") == "unknown"


async def test_an_unknown_key_is_refused_by_name_and_the_others_are_applied(home: Home, hall: FakeDevice) -> None:
    hall.report({"ghost": 1, "lamp": "on", "motion": "x" * 256})

    assert state_of(home, "light.hall_lamp") == "on"
    errors = [hall.take("error"), hall.take("error")]
    assert [(error["code"], error["field"]) for error in errors] == [
        ("unknown_entity", "states.ghost"),
        ("too_long", "states.motion"),
    ]


async def test_a_broken_frame_is_refused_and_the_connection_goes_on(home: Home, hall: FakeDevice) -> None:
    hall.say(b"{broken")
    hall.report(lamp="on")

    assert hall.take("error")["code"] == "not_json"
    assert hall.closed is None
    assert state_of(home, "light.hall_lamp") == "on"


async def test_a_second_hello_on_one_socket_is_refused(hall: FakeDevice) -> None:
    hall.say(type="hello", version=1, device="hall", token=hall.token)

    assert hall.take("error")["code"] == "unexpected"
    assert hall.closed is None


async def test_an_event_is_an_entity_that_changes_and_an_event_on_the_bus(home: Home, hall: FakeDevice) -> None:
    events = heard(home, "inglenook_device_event")

    hall.say(type="event", seq=1, entity="bell", event="press", data={"count": 2}, at=5.0)

    state = home.states.get("event.hall_bell")
    assert state is not None
    assert state.state == "2026-03-10T11:00:00.000+00:00"
    assert state.attributes["event_type"] == "press"
    assert state.attributes["count"] == 2
    device_id = home.registry.device_of("device", "hall")
    assert device_id is not None
    assert events[0].data == {
        "device_id": device_id.id, "device": "hall", "entity_id": "event.hall_bell", "event": "press",
        "data": {"count": 2}, "at": 5.0,
    }  # fmt: skip


async def test_two_presses_of_one_moment_are_two_changes(home: Home, hall: FakeDevice) -> None:
    changes = heard(home, "state_changed")

    hall.say(type="event", seq=1, entity="bell", event="press")
    hall.say(type="event", seq=2, entity="bell", event="press")

    assert len(changes) == 2


async def test_an_event_of_a_type_that_was_not_described_is_refused(home: Home, hall: FakeDevice) -> None:
    events = heard(home, "inglenook_device_event")

    hall.say(type="event", seq=1, entity="bell", event="wave")
    hall.say(type="event", seq=2, entity="ghost", event="press")

    assert [hall.take("error")["field"], hall.take("error")["field"]] == ["event", "entity"]
    assert events == []


async def test_the_device_is_in_the_registry_with_what_it_says_of_itself(home: Home) -> None:
    home.devices.start()
    device = FakeDevice(home, "plug")
    device.connect(firmware="1.0", manufacturer="Acme")

    device.describe({"power": {"domain": "sensor"}}, name="Plug", model="P1", manufacturer="Acme", area="Kitchen")

    entry = home.registry.device_of("device", "plug")
    assert entry is not None
    assert (entry.name, entry.model, entry.manufacturer, entry.area_id) == ("Plug", "P1", "Acme", "kitchen")
    entity = home.registry.entities.get("sensor.plug_power")
    assert entity is not None
    assert entity.device_id == entry.id


async def test_a_new_description_adds_replaces_and_removes(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp="on", motion=True)

    hall.describe({"lamp": {"domain": "light"}, "temp": {"domain": "sensor", "unit_of_measurement": "°C"}})

    assert state_of(home, "light.hall_lamp") == "on"
    assert state_of(home, "sensor.hall_temp") == "unknown"
    assert home.states.get("binary_sensor.hall_motion") is None


async def test_a_wrong_description_changes_nothing(home: Home, hall: FakeDevice) -> None:
    hall.describe({"lamp": {"domain": "light"}, "temp": {"domain": "sensr"}})

    assert hall.take("error")["field"] == "entities.temp.domain"
    assert home.states.get("binary_sensor.hall_motion") is not None


async def test_a_device_that_makes_up_entities_without_end_is_stopped(home: Home, hall: FakeDevice) -> None:
    for number in range(MAX_NEW_ENTITIES):
        hall.describe({f"made_up_{number}": {"domain": "sensor"}})
        await home.clock.sleep(0.05)

    assert hall.take("error")["code"] == "too_many"
    assert len(home.registry.entities) == MAX_NEW_ENTITIES
    assert hall.closed is None


async def test_a_session_goes_on_after_a_new_socket(home: Home, hall: FakeDevice) -> None:
    hall.report(lamp="on")
    await home.store.flush()
    hall.drop()

    welcome = hall.connect()
    hall.report(lamp="off")

    assert (welcome["resumed"], welcome["received"]) == (True, 1)
    assert state_of(home, "light.hall_lamp") == "off"
    session = home.devices.get("hall")
    assert session is not None
    assert session.statistics().reconnects == 1


async def test_a_resumed_device_is_told_only_what_is_safe_and_what_it_repeats_is_not_doubled(
    home: Home, hall: FakeDevice
) -> None:
    await home.store.flush()
    changes = heard(home, "state_changed")
    hall.report(lamp="on")
    hall.drop()

    welcome = hall.connect()
    hall.say(type="state", seq=1, states={"lamp": "on"})
    hall.report(lamp="off")

    assert welcome["received"] == 0
    assert [event.data["new_state"].state for event in changes] == ["on", "off"]


@pytest.mark.parametrize("session", [None, "01JUNKNOWN"])
async def test_without_the_right_session_numbering_starts_again(
    home: Home, hall: FakeDevice, session: str | None
) -> None:
    hall.report(lamp="on")
    hall.drop()
    hall.session = session

    welcome = hall.connect()
    hall.report(lamp="off")

    assert (welcome["resumed"], welcome["received"]) == (False, 0)
    assert state_of(home, "light.hall_lamp") == "off"


async def test_a_session_is_over_after_an_hour_without_a_socket(home: Home, hall: FakeDevice) -> None:
    hall.drop()

    await home.clock.sleep(3601)

    assert hall.connect()["resumed"] is False


async def test_a_ping_is_answered_with_the_hubs_time(home: Home, hall: FakeDevice) -> None:
    hall.say(type="ping")

    assert hall.take("pong")["time"] == home.clock.now()


async def test_the_lag_of_a_device_with_a_clock_is_known(home: Home, hall: FakeDevice) -> None:
    hall.say(type="state", seq=1, states={"lamp": "on"}, at=home.clock.now() - 2.5)

    session = home.devices.get("hall")
    assert session is not None
    statistics = session.statistics()
    assert statistics.lag_s == pytest.approx(2.5)
    assert statistics.messages == 3
    assert statistics.bytes > 100
    assert statistics.last_seen == home.clock.now()
