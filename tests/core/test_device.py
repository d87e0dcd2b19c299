"""A device reconnects, goes on where it was, and does what it is told exactly once."""

import asyncio
import base64
import hashlib
import itertools
import logging
import random
from collections.abc import Mapping
from typing import Any

import pytest

from inglenook.device import Device, LinkLost, Outbox, backoff, open_link, pair
from inglenook.device.client import WAITING_COMMANDS
from inglenook.devices import DeviceLimits, Outcome, Ticket
from inglenook.errors import CommandFailed, Unauthorized
from inglenook.home import Home
from inglenook.protocol import DeviceInfo, EventFrame, StateFrame, decode_device_frame
from inglenook.testing import Cable, Gateway

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # of RFC 6455
ENTITIES = {"lamp": {"domain": "light"}, "count": {"domain": "sensor"}, "bell": {"domain": "event"}}


@pytest.fixture
def cable(home: Home) -> Cable:
    """A cable to a started home."""
    home.devices.start()
    return Cable(home)


def make_device(home: Home, cable: Cable, **options: Any) -> Device:
    options |= {"clock": home.clock, "connect": cable.open, "chance": lambda: 1.0}
    return Device("cable:", "hall", home.devices.add("hall"), ENTITIES, **options)


async def introduced(device: Device) -> None:
    """Wait until the hub knows what the device consists of."""
    device.set(lamp="off")
    await device.delivered()


def state_of(home: Home, entity_id: str) -> str:
    state = home.states.get(entity_id)
    return state.state if state else "none"


def sent(frames: list[bytes]) -> list[tuple[int, Any]]:
    """Return number and content of frames."""
    found = []
    for frame in map(decode_device_frame, frames):
        assert isinstance(frame, StateFrame | EventFrame)
        found.append((frame.seq, frame.states if isinstance(frame, StateFrame) else frame.event))
    return found


async def test_a_device_introduces_itself_reports_and_hears_that_it_is_safe(home: Home, cable: Cable) -> None:
    async with make_device(home, cable, info=DeviceInfo(name="Hall", firmware="2.0")) as device:
        device.set(lamp="off", count=3)
        await device.delivered()

        assert state_of(home, "sensor.hall_count") == "3"
        entry = home.registry.device_of("device", "hall")
        assert entry is not None
        assert (entry.name, entry.sw_version) == ("Hall", "2.0")


async def test_a_handler_carries_out_commands_and_its_states_come_back(home: Home, cable: Cable) -> None:
    device = make_device(home, cable)

    @device.on_command("lamp")
    async def lamp(service: str, data: Mapping[str, Any]) -> dict[str, Any]:
        await home.clock.sleep(1)
        return {"lamp": f"{service} {data['brightness']}"}

    async with device:
        await introduced(device)
        states = await home.devices.send("hall", "lamp", "turn_on", {"brightness": 5})

    assert states == {"lamp": "turn_on 5"}
    assert state_of(home, "light.hall_lamp") == "turn_on 5"


async def test_what_a_handler_raises_fails_the_command_and_not_the_device(
    home: Home, cable: Cable, caplog: pytest.LogCaptureFixture
) -> None:
    device = make_device(home, cable)

    @device.on_command("lamp")
    def lamp(service: str, data: Mapping[str, Any]) -> None:
        raise ValueError("no bulb")

    async with device:
        await introduced(device)
        with pytest.raises(CommandFailed, match="no bulb"):
            await home.devices.send("hall", "lamp", "turn_on")
        with pytest.raises(CommandFailed, match="count takes no commands"):
            await home.devices.send("hall", "count", "turn_on")

    assert "ValueError: no bulb" in caplog.text


async def test_more_commands_than_a_device_lets_wait_are_answered_as_failed(home: Home, cable: Cable) -> None:
    home.devices.limits = DeviceLimits(queue_commands=500)
    device = make_device(home, cable)
    may_go_on = asyncio.Event()

    @device.on_command("lamp")
    async def lamp(service: str, _data: Mapping[str, Any]) -> None:
        await may_go_on.wait()

    async with device:
        await introduced(device)
        tickets = [home.devices.send("hall", "lamp", "toggle") for _ in range(WAITING_COMMANDS + 3)]
        await home.clock.sleep(1)
        refused = [ticket.reason for ticket in tickets if ticket.outcome is Outcome.FAILED]
        may_go_on.set()
        await home.clock.sleep(1)

    assert refused == [f"{WAITING_COMMANDS} commands wait already"] * 3
    assert [ticket.outcome for ticket in tickets].count(Outcome.DONE) == WAITING_COMMANDS


async def test_what_is_said_while_the_hub_is_away_is_told_later_in_order(home: Home, cable: Cable) -> None:
    cable.is_plugged = False
    seen: list[str] = []
    home.bus.listen("state_changed", lambda event: seen.append(event.data["new_state"].state))
    async with make_device(home, cable) as device:
        for number in range(5):
            device.set(count=number)
        await home.clock.sleep(5)
        cable.is_plugged = True
        await device.delivered()

    assert [state for state in seen if state != "unknown"] == ["0", "1", "2", "3", "4"]


async def test_through_many_cuts_every_command_is_done_once_and_no_sample_lost_or_doubled(
    home: Home, cable: Cable
) -> None:
    chance = random.Random(7)  # noqa: S311 - the same cuts every time
    done: list[int] = []
    samples: list[str] = []
    presses: list[int] = []

    def note(event: Any) -> None:
        if event.data["entity_id"] == "sensor.hall_count":
            samples.append(event.data["new_state"].state)

    home.bus.listen("state_changed", note)
    home.bus.listen("inglenook_device_event", lambda event: presses.append(event.data["data"]["number"]))
    device = make_device(home, cable)

    @device.on_command("lamp")
    async def lamp(service: str, data: Mapping[str, Any]) -> None:
        done.append(data["number"])
        await home.clock.sleep(chance.random() * 0.2)

    tickets: list[Ticket] = []
    async with device:
        await introduced(device)
        for number in range(200):
            device.set(count=number)
            device.fire("bell", "press", {"number": number})
            tickets.append(home.devices.send("hall", "lamp", f"effect_{number}", {"number": number}, ttl_s=60))
            await home.clock.sleep(chance.random() * 0.3)
            if number % 5 == 4:
                cable.cut()
        await device.delivered()
        for ticket in tickets:
            await ticket

    assert cable.opened >= 20
    assert sorted(done) == list(range(200))
    assert [sample for sample in samples if sample != "unknown"] == [str(number) for number in range(200)]
    assert presses == list(range(200))
    assert home.states.get("sensor.hall_gaps") is None


async def test_a_command_that_comes_again_is_answered_again_and_not_done_again(home: Home, cable: Cable) -> None:
    done: list[str] = []
    device = make_device(home, cable)

    @device.on_command("lamp")
    def lamp(service: str, data: Mapping[str, Any]) -> None:
        done.append(service)
        cable.cut()  # before the result is on its way

    async with device:
        await introduced(device)
        await home.devices.send("hall", "lamp", "turn_on", ttl_s=30)

    assert done == ["turn_on"]
    assert cable.opened == 2


async def test_a_hub_that_forgot_the_session_is_told_everything_again(home: Home, cable: Cable) -> None:
    async with make_device(home, cable) as device:
        device.set(lamp="on", count=1)
        await device.delivered()
        session = home.devices.get("hall")
        assert session is not None
        session.session_id = "01JOTHER"
        cable.cut()
        device.set(count=2)
        await device.delivered()

    assert state_of(home, "sensor.hall_count") == "2"
    assert state_of(home, "light.hall_lamp") == "on"
    assert session.received == 2  # numbered from 1 again: what was unsent, and how everything is


async def test_a_silent_hub_is_left_and_looked_for_again(home: Home, cable: Cable) -> None:
    async with make_device(home, cable, heartbeat_s=10) as device:
        await device.connected()
        cable.is_half_open = True
        await home.clock.sleep(21)
        was_connected = device.is_connected
        cable.is_half_open = False
        await home.clock.sleep(15)

        assert not was_connected
        assert device.is_connected


async def test_pings_keep_a_quiet_device_here(home: Home, cable: Cable) -> None:
    async with make_device(home, cable) as device:
        await device.connected()
        await home.clock.sleep(600)

        assert device.is_connected
        assert cable.opened == 1


async def test_attempts_are_further_and_further_apart(home: Home, cable: Cable) -> None:
    cable.is_plugged = False
    attempts: list[float] = []

    async def refuse(url: str) -> Any:
        attempts.append(home.clock.monotonic())
        raise LinkLost(1006, url)

    device = Device("x", "hall", "", ENTITIES, clock=home.clock, connect=refuse, chance=lambda: 1.0)
    async with device:
        await home.clock.sleep(400)

    assert [round(later - earlier) for earlier, later in itertools.pairwise(attempts)] == [
        1, 2, 4, 8, 16, 32, 64, 128,
    ]  # fmt: skip


async def test_after_a_refused_token_a_device_waits_a_minute(home: Home, cable: Cable) -> None:
    device = make_device(home, cable)
    home.devices.revoke("hall")
    async with device:
        await home.clock.sleep(50)
        soon = cable.opened
        await home.clock.sleep(20)

    assert (soon, cable.opened) == (1, 2)


async def test_why_a_device_does_not_come_in_is_told_once(
    home: Home, cable: Cable, caplog: pytest.LogCaptureFixture
) -> None:
    device = make_device(home, cable)
    home.devices.revoke("hall")
    caplog.set_level(logging.WARNING, "inglenook.device")

    async with device:
        await home.clock.sleep(500)

    assert cable.opened > 2
    told = [record.getMessage() for record in caplog.records if record.name == "inglenook.device.client"]
    assert told == ["device hall: 4401 wrong token"]


async def test_a_socket_that_was_to_be_lost_is_no_news(
    home: Home, cable: Cable, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "inglenook.device.client")
    async with make_device(home, cable, info=DeviceInfo(queue=True)) as device:
        await introduced(device)
        await device.sleep(60)
        home.devices.stop()
        await home.clock.sleep(1)

    assert [record for record in caplog.records if record.name == "inglenook.device.client"] == []


@pytest.mark.parametrize(
    ("attempt", "is_refused", "chance", "expected"),
    [(1, False, 1, 1), (1, False, 0, 0.5), (4, False, 1, 8), (50, False, 1, 300), (1, True, 1, 60), (9, True, 0, 150)],
)
def test_the_time_between_attempts(attempt: int, is_refused: bool, chance: float, expected: float) -> None:
    assert backoff(attempt, is_refused=is_refused, chance=chance) == expected


def test_there_is_no_attempt_before_the_first() -> None:
    with pytest.raises(ValueError, match="got attempt 0"):
        backoff(0)


async def test_a_sleepy_device_says_bye_and_is_back_when_it_said(home: Home, cable: Cable) -> None:
    device = make_device(home, cable, info=DeviceInfo(queue=True))
    done: list[str] = []

    @device.on_command("lamp")
    def lamp(service: str, data: Mapping[str, Any]) -> None:
        done.append(service)

    async with device:
        device.set(count=1)
        sleeping = asyncio.create_task(device.sleep(600))
        await home.clock.sleep(300)
        ticket = home.devices.send("hall", "lamp", "turn_on")
        was_away = (device.is_connected, state_of(home, "sensor.hall_count"), ticket.outcome, list(done))
        await sleeping
        await ticket

        assert was_away == (False, "1", Outcome.WAITING, [])
        assert done == ["turn_on"]
        assert home.clock.monotonic() == pytest.approx(600, abs=1)


def test_unsent_states_coalesce_before_anything_is_dropped() -> None:
    outbox = Outbox(limit=3)
    outbox.put_states({"a": 1, "b": 1})
    outbox.put_event("bell", "press", {})
    outbox.put_states({"a": 2})
    outbox.put_states({"b": 2})

    assert sent(outbox.take_unsent()) == [(1, "press"), (2, {"a": 2}), (3, {"b": 2})]
    assert outbox.dropped == 0


def test_when_nothing_coalesces_the_oldest_is_dropped_and_its_number_left_out() -> None:
    outbox = Outbox(limit=2)
    for name in ("one", "two", "three"):
        outbox.put_event("bell", name, {})

    assert sent(outbox.take_unsent()) == [(2, "two"), (3, "three")]
    assert outbox.dropped == 1


def test_a_resumed_session_sends_what_was_not_received_with_its_old_numbers() -> None:
    outbox = Outbox()
    for name in ("one", "two"):
        outbox.put_event("bell", name, {})
    outbox.take_unsent()
    outbox.put_event("bell", "three", {})

    assert sent(outbox.resume(1)) == [(2, "two"), (3, "three")]
    outbox.acknowledged(3)
    assert len(outbox) == 0


def test_a_new_session_numbers_from_one() -> None:
    outbox = Outbox()
    for name in ("one", "two"):
        outbox.put_event("bell", name, {})
    outbox.take_unsent()
    outbox.acknowledged(1)
    outbox.put_event("bell", "three", {})

    assert sent(outbox.start_over()) == [(1, "two"), (2, "three")]


async def test_over_a_real_socket_a_device_proves_its_token_and_is_paired(gateway: Gateway) -> None:
    code = gateway.home.devices.pairing.open(60)
    gateway.home.devices.pairing.on_request.append(lambda request: gateway.home.devices.pairing.accept("new"))

    token = await pair(gateway.url, "new", code)

    async with Device(gateway.url, "new", token, ENTITIES) as device:
        device.set(count=1)
        await device.delivered()
        assert state_of(gateway.home, "sensor.new_count") == "1"


async def test_pairing_that_is_refused_says_why(gateway: Gateway) -> None:
    with pytest.raises(Unauthorized, match="nobody is pairing"):
        await pair(gateway.url, "new", "123456")


async def test_a_hub_that_is_not_there_is_a_lost_link(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "inglenook.device")
    await gateway.server.close()

    with pytest.raises(LinkLost, match="cannot reach"):
        await open_link(gateway.url)


async def test_a_hub_that_is_killed_is_a_connection_that_broke() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        key = next(line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key"))
        accept = base64.b64encode(hashlib.sha1(f"{key}{GUID}".encode(), usedforsecurity=False).digest()).decode()
        writer.write(
            f"HTTP/1.1 101 \r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    link = await open_link(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/")

    with pytest.raises(LinkLost, match="1006 the connection broke"):
        await link.receive()

    await link.close()
    server.close()
