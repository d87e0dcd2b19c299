"""A command reaches its device once, or its caller is told why not."""

import asyncio
from typing import Any

import pytest
from tests.core.devices.homes import reopened

from inglenook.devices import Outcome, Ticket
from inglenook.errors import CommandExpired, CommandFailed, DeviceUnavailable, UnknownEntry
from inglenook.home import Home
from inglenook.model import Context, Event, State
from inglenook.testing import FakeDevice


def failures(home: Home) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    home.bus.listen("command_failed", lambda event: found.append(dict(event.data)))
    return found


async def gone(home: Home, device: FakeDevice) -> None:
    """Lose the device for longer than its grace."""
    device.drop()
    await home.clock.sleep(home.devices.limits.grace_s + 1)


async def test_a_command_is_sent_at_once_and_its_result_brings_states(home: Home, hall: FakeDevice) -> None:
    context = Context("01JCAUSE")
    ticket = home.devices.send("hall", "lamp", "turn_on", {"brightness": 128}, context=context)

    command = hall.take("command")
    hall.answer(command, lamp={"state": "on", "attributes": {"brightness": 128}})

    assert command == {
        "type": "command", "command": ticket.id, "entity": "lamp", "service": "turn_on",
        "data": {"brightness": 128}, "ttl_s": 10.0,
    }  # fmt: skip
    states = await ticket
    assert set(states) == {"lamp"}
    state = home.states.get("light.hall_lamp")
    assert isinstance(state, State)
    assert (state.state, state.attributes["brightness"], state.context) == ("on", 128, context)


async def test_an_entity_performs_a_service_by_a_command(home: Home, hall: FakeDevice) -> None:
    lamp = home.entities.get("light.hall_lamp")
    assert lamp is not None

    ticket = lamp.perform("turn_off", {}, Context("01J"))

    assert isinstance(ticket, Ticket)
    assert hall.take("command")["service"] == "turn_off"


async def test_what_a_device_reports_soon_after_a_command_is_its_effect(home: Home, hall: FakeDevice) -> None:
    context = Context("01JCAUSE")
    contexts: list[Context] = []
    home.bus.listen("state_changed", lambda event: contexts.append(event.context))
    home.devices.send("hall", "lamp", "turn_on", context=context)

    hall.report(lamp="on", motion=True)
    await home.clock.sleep(5.1)
    hall.report(lamp="off")

    lamp_on, motion_on, lamp_off = contexts
    assert lamp_on == context
    assert motion_on != context
    assert lamp_off != context


async def test_a_device_that_could_not_fails_the_ticket(home: Home, hall: FakeDevice) -> None:
    failed = failures(home)
    ticket = home.devices.send("hall", "lamp", "turn_on")

    hall.answer(hall.take("command"), error="bulb is broken")

    with pytest.raises(CommandFailed, match=r"light.hall_lamp turn_on: bulb is broken"):
        await ticket
    assert failed[0]["reason"] == "bulb is broken"
    assert failed[0]["outcome"] == "failed"
    assert (failed[0]["device"], failed[0]["entity_id"]) == ("hall", "light.hall_lamp")


async def test_without_an_answer_a_command_expires_when_its_time_is_over(home: Home, hall: FakeDevice) -> None:
    failed = failures(home)
    ticket = home.devices.send("hall", "lamp", "turn_on", ttl_s=3)
    started = home.clock.monotonic()

    with pytest.raises(CommandExpired):
        await ticket

    assert home.clock.monotonic() - started == pytest.approx(3)
    assert failed[0]["outcome"] == "expired"


async def test_a_late_result_settles_nothing_but_its_states_hold(home: Home, hall: FakeDevice) -> None:
    ticket = home.devices.send("hall", "lamp", "turn_on")
    await home.clock.sleep(11)

    hall.answer(hall.take("command"), lamp="on")

    assert ticket.outcome is Outcome.EXPIRED
    state = home.states.get("light.hall_lamp")
    assert state is not None
    assert state.state == "on"


async def test_several_may_await_one_ticket_and_one_of_them_may_give_up(home: Home, hall: FakeDevice) -> None:
    ticket = home.devices.send("hall", "lamp", "turn_on")
    first, second = asyncio.ensure_future(ticket), asyncio.ensure_future(ticket)
    await asyncio.sleep(0)

    first.cancel()
    hall.answer(hall.take("command"), lamp="on")

    assert await second == {"lamp": "on"}


async def test_a_command_during_a_short_absence_waits_in_the_next_welcome(home: Home, hall: FakeDevice) -> None:
    hall.drop()
    ticket = home.devices.send("hall", "lamp", "turn_on")
    await home.clock.sleep(4)

    welcome = hall.connect()

    assert welcome["commands"] == [
        {"command": ticket.id, "entity": "lamp", "service": "turn_on", "data": {}, "ttl_s": 6.0}
    ]
    hall.answer(welcome["commands"][0])
    await ticket


async def test_a_sent_command_without_a_result_is_sent_again(home: Home, hall: FakeDevice) -> None:
    first = home.devices.send("hall", "lamp", "turn_on")
    second = home.devices.send("hall", "chime", "press")
    hall.drop()

    welcome = hall.connect()

    assert [command["command"] for command in welcome["commands"]] == [first.id, second.id]


async def test_a_press_is_not_repeated_to_a_device_that_has_forgotten(home: Home, hall: FakeDevice) -> None:
    light = home.devices.send("hall", "lamp", "turn_on")
    press = home.devices.send("hall", "chime", "press")
    hall.drop()

    welcome = hall.connect(session=None)

    assert [command["command"] for command in welcome["commands"]] == [light.id]
    with pytest.raises(CommandFailed, match="started anew"):
        await press


async def test_of_those_that_wait_the_newest_of_a_kind_is_sent(home: Home, hall: FakeDevice) -> None:
    hall.drop()
    older = home.devices.send("hall", "lamp", "turn_on", {"brightness": 1})
    newer = home.devices.send("hall", "lamp", "turn_off")
    other = home.devices.send("hall", "motion", "turn_on")

    welcome = hall.connect()
    for command in welcome["commands"]:
        hall.answer(command, lamp="off")

    assert [command["command"] for command in welcome["commands"]] == [newer.id, other.id]
    assert older.outcome is Outcome.REPLACED
    assert await older == {}
    assert await newer == {"lamp": "off"}


async def test_what_was_sent_keeps_its_place_when_a_newer_one_waits(home: Home, hall: FakeDevice) -> None:
    sent = home.devices.send("hall", "lamp", "turn_on")
    hall.drop()
    waiting = home.devices.send("hall", "lamp", "turn_off")

    assert [command["command"] for command in hall.connect()["commands"]] == [sent.id, waiting.id]


@pytest.mark.parametrize("service", ["toggle", "press", "select_next", "volume_up"])
async def test_what_depends_on_the_moment_is_never_kept(home: Home, hall: FakeDevice, service: str) -> None:
    hall.drop()

    with pytest.raises(DeviceUnavailable, match="not kept"):
        await home.devices.send("hall", "lamp", service, queue=True)


async def test_a_device_that_is_away_is_unavailable_at_once(home: Home, hall: FakeDevice) -> None:
    failed = failures(home)
    await gone(home, hall)

    ticket = home.devices.send("hall", "lamp", "turn_on")

    assert ticket.outcome is Outcome.UNAVAILABLE
    with pytest.raises(DeviceUnavailable, match="hall is away"):
        await ticket
    assert failed[0]["outcome"] == "unavailable"


async def test_a_call_may_ask_to_wait_for_a_device_that_is_away(home: Home, hall: FakeDevice) -> None:
    await gone(home, hall)

    ticket = home.devices.send("hall", "lamp", "turn_on", queue=True)
    await home.clock.sleep(3600)

    assert [command["command"] for command in hall.connect()["commands"]] == [ticket.id]


async def test_commands_for_a_queueing_device_wait_a_day_and_no_longer(home: Home, hall: FakeDevice) -> None:
    hall.describe({"lamp": {"domain": "light"}}, queue=True)
    await gone(home, hall)

    ticket = home.devices.send("hall", "lamp", "turn_on", ttl_s=1_000_000)
    await home.clock.sleep(86_399 - home.devices.limits.grace_s)
    outcome_before = ticket.outcome
    await home.clock.sleep(20)

    assert outcome_before is Outcome.WAITING
    assert ticket.outcome is Outcome.EXPIRED


async def test_a_sleeper_that_is_back_in_time_gets_its_command(home: Home, hall: FakeDevice) -> None:
    hall.say(type="bye", wake_in_s=60)

    too_short = home.devices.send("hall", "lamp", "turn_on", ttl_s=30)
    long_enough = home.devices.send("hall", "lamp", "turn_on", ttl_s=90)

    assert too_short.outcome is Outcome.UNAVAILABLE
    assert [command["command"] for command in hall.connect()["commands"]] == [long_enough.id]


async def test_at_most_64_commands_wait(home: Home, hall: FakeDevice) -> None:
    for number in range(64):
        home.devices.send("hall", "lamp", f"effect_{number}")

    refused = home.devices.send("hall", "lamp", "one_more")
    again = home.devices.send("hall", "lamp", "effect_3")

    assert refused.outcome is Outcome.UNAVAILABLE
    assert again.outcome is Outcome.WAITING
    assert home.devices.statistics()["commands"] == 64


async def test_what_does_not_fit_the_welcome_follows_it(home: Home, hall: FakeDevice) -> None:
    hall.drop()
    for number in range(40):
        home.devices.send("hall", "lamp", f"effect_{number}", {"text": "x" * 300})

    welcome = hall.connect()

    assert 10 < len(welcome["commands"]) < 40
    names = [command["service"] for command in [*welcome["commands"], *hall.heard]]
    assert names == [f"effect_{number}" for number in range(40)]


async def test_waiting_commands_survive_the_hub(home: Home, hall: FakeDevice) -> None:
    hall.drop()
    ticket = home.devices.send("hall", "lamp", "turn_on", {"brightness": 9}, context=Context("01JX"), ttl_s=600)
    done = home.devices.send("hall", "motion", "turn_on", ttl_s=600)
    await home.store.flush()
    session = home.devices.get("hall")
    assert session is not None
    session.dispatcher.take(done.id)
    await home.store.flush()

    again = reopened(home)
    device = FakeDevice(again, "hall", token=hall.token)
    device.session = hall.session
    welcome = device.connect()

    assert welcome["resumed"]
    assert [(c["command"], c["data"], c["ttl_s"]) for c in welcome["commands"]] == [(ticket.id, {"brightness": 9}, 600)]


async def test_a_stored_command_that_cannot_be_read_is_forgotten_and_the_others_wait(
    home: Home, hall: FakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    hall.drop()
    ticket = home.devices.send("hall", "lamp", "turn_on", ttl_s=600)
    home.store.put("commands", ("broken", "hall", "{"))
    await home.store.flush()

    again = reopened(home)
    await again.store.flush()
    device = FakeDevice(again, "hall", token=hall.token)
    device.session = hall.session

    assert [command["command"] for command in device.connect()["commands"]] == [ticket.id]
    assert [row[0] for row in again.store.load("commands")] == [ticket.id]
    assert "a command to device hall cannot be read" in caplog.text


async def test_a_command_that_is_answered_before_the_batch_is_written_leaves_no_row(
    home: Home, hall: FakeDevice
) -> None:
    await home.store.flush()
    rows_before = home.store.rows
    home.devices.send("hall", "lamp", "turn_on")
    hall.answer(hall.take("command"))

    await home.store.flush()

    assert home.store.rows == rows_before
    assert home.store.load("commands") == []


async def test_only_an_entity_that_a_device_described_takes_commands(home: Home, hall: FakeDevice) -> None:
    with pytest.raises(UnknownEntry, match="ghost"):
        home.devices.send("hall", "ghost", "turn_on")
    with pytest.raises(UnknownEntry, match="nobody"):
        home.devices.send("nobody", "lamp", "turn_on")


async def test_a_failed_command_event_carries_the_calls_context(home: Home, hall: FakeDevice) -> None:
    contexts: list[Context] = []

    def note(event: Event) -> None:
        contexts.append(event.context)

    home.bus.listen("command_failed", note)
    await gone(home, hall)

    home.devices.send("hall", "lamp", "turn_on", context=Context("01JCAUSE"))

    assert contexts == [Context("01JCAUSE")]


async def test_of_sent_commands_that_set_the_same_only_the_newest_survives_a_crash(
    home: Home, hall: FakeDevice
) -> None:
    for level in (10, 20, 30):
        home.devices.send("hall", "lamp", "turn_on", {"brightness": level})
    toggles = [home.devices.send("hall", "lamp", "toggle") for _ in range(2)]
    await home.store.flush()

    again = reopened(home)

    session = again.devices.get("hall")
    assert session is not None
    waiting = session.dispatcher.waiting()
    assert [dict(ticket.data) for ticket in waiting if ticket.service == "turn_on"] == [{"brightness": 30}]
    assert {ticket.id for ticket in waiting if ticket.service == "toggle"} == {ticket.id for ticket in toggles}
