"""Only who has a token comes in, and guessing gets slower."""

import pytest

from inglenook.devices import DeviceLimits, PairingRequest
from inglenook.devices.attempts import FailedAttempts
from inglenook.devices.reception import MAX_UNGREETED
from inglenook.devices.refusals import MAX_TOLD, PERIOD_S, Refusals
from inglenook.errors import ConfigError, UnknownEntry
from inglenook.home import Home
from inglenook.protocol import token_hash
from inglenook.testing import FakeDevice

WRONG = "wrong"
CANARY = "canary-token"


@pytest.fixture
def hall(home: Home) -> FakeDevice:
    """A device with a token that has never been here."""
    home.devices.start()
    return FakeDevice(home, "hall")


async def test_the_first_hello_is_welcomed_with_what_the_device_needs_to_know(home: Home, hall: FakeDevice) -> None:
    welcome = hall.connect()

    assert welcome == {
        "type": "welcome", "session": hall.session, "resumed": False, "received": 0, "time": home.clock.now(),
        "heartbeat_s": 30.0, "max_frame": 8192, "rate": 20.0, "commands": [],
    }  # fmt: skip


async def test_of_a_token_only_its_hash_is_stored(home: Home, hall: FakeDevice) -> None:
    await home.store.flush()

    assert home.store.load("tokens") == [("hall", token_hash(hall.token), home.clock.now())]


@pytest.mark.parametrize("token", ["", "wrong", "x" * 255, "\x00"])
async def test_a_wrong_token_waits_and_is_closed_with_4401(home: Home, hall: FakeDevice, token: str) -> None:
    hall.hello(token=token)
    await home.clock.sleep(0.4)
    closed_early = hall.closed
    await home.clock.sleep(0.2)

    assert closed_early is None
    assert hall.heard == []
    assert hall.closed == (4401, "wrong token")


async def test_a_part_of_the_token_is_not_the_token(home: Home, hall: FakeDevice) -> None:
    hall.hello(token=hall.token[:-1])
    await home.clock.sleep(1)

    assert hall.closed == (4401, "wrong token")


async def test_an_unknown_device_is_answered_as_a_wrong_token_is(home: Home, hall: FakeDevice) -> None:
    hall.hello(device="nobody")
    await home.clock.sleep(0.6)

    assert hall.closed == (4401, "wrong token")


async def test_a_secret_never_reaches_the_log(home: Home, hall: FakeDevice, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    hall.connect()
    hall.hello(token=CANARY)
    await home.clock.sleep(1)

    assert "refused: wrong token" in caplog.text
    assert "canary" not in caplog.text
    assert hall.token not in caplog.text


async def test_after_failures_the_right_token_still_comes_in_at_once(home: Home, hall: FakeDevice) -> None:
    for _ in range(5):
        hall.hello(token=WRONG)
        await home.clock.sleep(40)

    assert hall.connect()["type"] == "welcome"


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.levelname == "WARNING"]


async def test_a_device_that_keeps_trying_is_one_line_a_period(
    home: Home, hall: FakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(30):  # 25 minutes: 20 tries after the first within two periods, and 9 in the third
        hall.hello(token=WRONG)
        await home.clock.sleep(50)
    while_it_tried = warnings(caplog)
    await home.clock.sleep(3600)
    hall.hello(token=WRONG)

    assert while_it_tried == [
        "device hall at 127.0.0.1 refused: wrong token",
        "device hall at 127.0.0.1 refused 11 times in the last 10 minutes: wrong token",
        "device hall at 127.0.0.1 refused 12 times in the last 10 minutes: wrong token",
    ]
    assert warnings(caplog)[3:] == [
        "device hall at 127.0.0.1 refused 6 times in the last 10 minutes: wrong token",
        "device hall at 127.0.0.1 refused: wrong token",
    ]


async def test_guessing_under_many_names_does_not_fill_the_log(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    refusals = Refusals(home.clock)

    for number in range(500):
        refusals.note(f"d{number}", "10.0.0.1")
    refusals.note("d1", "10.0.0.2")
    await home.clock.sleep(PERIOD_S + 1)

    found = warnings(caplog)
    assert len(found) == MAX_TOLD + 2
    assert found[-1] == "other devices refused 450 times in the last 10 minutes: wrong token"


async def test_a_withdrawn_token_is_said_in_the_log(
    home: Home, hall: FakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")

    home.devices.revoke("hall")

    assert "device hall is revoked" in caplog.text


async def test_failures_of_one_address_wait_longer_and_longer(home: Home, hall: FakeDevice) -> None:
    attempts = FailedAttempts(home.clock)

    delays = [attempts.count("10.0.0.1") for _ in range(9)]
    other = attempts.count("10.0.0.2")
    await home.clock.sleep(601)

    assert delays == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert other == 0.5
    assert attempts.count("10.0.0.1") == 0.5


async def test_all_of_an_ipv6_network_counts_as_one_address(home: Home) -> None:
    attempts = FailedAttempts(home.clock)

    delays = [attempts.count(address) for address in ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1")]
    mapped = [attempts.count(address) for address in ("::ffff:10.0.0.9", "10.0.0.9", "not an address")]

    assert delays == [0.5, 1.0, 0.5]
    assert mapped == [0.5, 1.0, 0.5]


async def test_without_a_token_a_device_proves_that_it_has_one(home: Home, hall: FakeDevice) -> None:
    hall.hello(token=None)
    nonce = hall.take("challenge")["nonce"]

    hall.say(type="hello", version=1, device="hall", session=None, proof=hall.prove(nonce))

    assert hall.take("welcome")["resumed"] is False


@pytest.mark.parametrize("proof", ["", "00", None])
async def test_a_wrong_proof_is_a_wrong_token(home: Home, hall: FakeDevice, proof: str | None) -> None:
    hall.hello(token=None)
    hall.take("challenge")

    hall.say(type="hello", version=1, device="hall", proof=proof)
    await home.clock.sleep(1)

    assert hall.closed == (4401, "wrong token")


async def test_a_proof_does_not_serve_twice(home: Home, hall: FakeDevice) -> None:
    hall.hello(token=None)
    proof = hall.prove(hall.take("challenge")["nonce"])
    hall.hello(token=None)
    hall.take("challenge")

    hall.say(type="hello", version=1, device="hall", proof=proof)
    await home.clock.sleep(1)

    assert hall.closed == (4401, "wrong token")


async def test_a_proof_without_a_challenge_is_worth_nothing(home: Home, hall: FakeDevice) -> None:
    hall.hello(token=None, proof=hall.prove(""))
    await home.clock.sleep(1)

    assert hall.closed == (4401, "wrong token")


async def test_a_withdrawn_token_closes_the_socket_and_opens_none(home: Home, hall: FakeDevice) -> None:
    hall.connect()
    hall.describe({"lamp": {"domain": "light"}})

    home.devices.revoke("hall")
    closed = hall.closed
    hall.hello()
    await home.clock.sleep(1)

    assert closed == (4401, "the token was withdrawn")
    assert hall.closed == (4401, "wrong token")
    state = home.states.get("light.hall_lamp")
    assert state is not None
    assert state.state == "unavailable"
    assert home.devices.allowed() == []
    with pytest.raises(UnknownEntry):
        home.devices.revoke("hall")


@pytest.mark.parametrize("device_id", ["", "a/b", "c d", "-hall", "x" * 65, "hall\n"])
async def test_no_token_is_made_for_an_id_that_the_protocol_does_not_allow(home: Home, device_id: str) -> None:
    with pytest.raises(ConfigError, match="expected 1 to 64 letters"):
        home.devices.add(device_id)

    assert device_id not in home.devices.allowed()


async def test_a_new_token_withdraws_the_old_one(home: Home, hall: FakeDevice) -> None:
    hall.connect()

    token = home.devices.add("hall")
    closed = hall.closed
    hall.token = token

    assert closed == (4401, "the token was replaced")
    assert hall.connect()["resumed"] is False


async def test_another_version_is_refused(home: Home, hall: FakeDevice) -> None:
    hall.hello(version=2)

    assert hall.take("error")["field"] == "version"
    assert hall.closed is not None
    assert hall.closed[0] == 4400


async def test_whoever_does_not_say_hello_first_is_refused(home: Home, hall: FakeDevice) -> None:
    hall.open()
    hall.say(type="state", seq=1, states={})

    assert hall.take("error")["code"] == "no_hello"
    assert hall.closed == (4400, "no hello")


async def test_a_binary_frame_closes_the_socket(home: Home, hall: FakeDevice) -> None:
    hall.connect()
    assert hall._connection is not None

    hall._connection.receive_binary()

    assert hall.take("error")["code"] == "binary"
    assert hall.closed == (4400, "binary frame")


async def test_a_socket_that_says_nothing_is_closed_after_ten_seconds(home: Home, hall: FakeDevice) -> None:
    hall.open()
    await home.clock.sleep(9.9)
    closed_early = hall.closed
    await home.clock.sleep(0.2)

    assert closed_early is None
    assert hall.closed == (4408, "no hello")


async def test_a_flood_of_sockets_that_say_nothing_pushes_out_its_own_oldest(home: Home, hall: FakeDevice) -> None:
    flood = [FakeDevice(home, "flood", token="") for _ in range(MAX_UNGREETED + 5)]
    for device in flood:
        device.open()

    welcome = hall.connect()

    assert welcome["type"] == "welcome"
    assert [device.closed is not None for device in flood] == [True] * 6 + [False] * (MAX_UNGREETED - 1)
    assert home.devices.statistics()["ungreeted"] == MAX_UNGREETED - 1


async def test_more_devices_than_the_limit_are_turned_away(home: Home, hall: FakeDevice) -> None:
    home.devices.limits = DeviceLimits(max_devices=1)
    other = FakeDevice(home, "other")
    hall.connect()

    other.hello()
    hall.connect()

    assert other.closed is not None
    assert other.closed[0] == 4413
    assert hall.closed is None


async def test_outside_a_pairing_window_nobody_is_paired(home: Home, hall: FakeDevice) -> None:
    hall.open()
    hall.say(type="pair", device="new", code="123456")

    assert hall.closed is not None
    assert hall.closed[0] == 4403


async def test_a_person_lets_a_new_device_in(home: Home, hall: FakeDevice) -> None:
    asked: list[PairingRequest] = []
    home.devices.pairing.on_request.append(asked.append)
    code = home.devices.pairing.open(300)
    new = FakeDevice(home, "new", token="", address="10.0.0.7")
    new.open()
    new.say(type="pair", device="new", code=code, model="M1")
    await home.clock.sleep(60)

    home.devices.pairing.accept("new")
    await home.store.flush()
    new.token = new.take("paired")["token"]

    assert asked == [PairingRequest("new", "M1", None, "10.0.0.7")]
    assert new.closed == (1000, "paired")
    assert new.connect()["type"] == "welcome"
    assert home.store.load("tokens")[-1][1] == token_hash(new.token)


async def test_a_person_may_say_no_or_nothing(home: Home, hall: FakeDevice) -> None:
    code = home.devices.pairing.open(300)
    for name in ("no", "nothing"):
        device = FakeDevice(home, name, token="")
        device.open()
        device.say(type="pair", device=name, code=code)
        if name == "no":
            home.devices.pairing.reject(name)
        else:
            await home.clock.sleep(301)
        assert device.closed == (4403, "not accepted")
    assert home.devices.pairing.code is None
    with pytest.raises(UnknownEntry):
        home.devices.pairing.accept("no")


async def test_a_device_that_hangs_up_while_it_waits_is_forgotten(home: Home, hall: FakeDevice) -> None:
    code = home.devices.pairing.open(300)
    hall.open()
    hall.say(type="pair", device="new", code=code)
    waiting = [request.device_id for request in home.devices.pairing]

    hall.drop()

    assert waiting == ["new"]
    assert list(home.devices.pairing) == []


async def test_five_wrong_codes_close_the_window(
    home: Home, hall: FakeDevice, caplog: pytest.LogCaptureFixture
) -> None:
    code = home.devices.pairing.open(300)
    for _ in range(5):
        hall.open()
        hall.say(type="pair", device="new", code="wrong")
        await home.clock.sleep(20)
        assert hall.closed is not None
        assert hall.closed[0] == 4403

    hall.open()
    hall.say(type="pair", device="new", code=code)

    assert hall.closed == (4403, "nobody is pairing a device now")
    assert "5 wrong codes" in caplog.text


async def test_a_device_that_sends_too_fast_is_read_more_slowly_and_loses_nothing(home: Home, hall: FakeDevice) -> None:
    hall.connect()
    hall.describe({"count": {"domain": "sensor"}})
    for number in range(1, 201):
        hall.report(count=number)
    soon = home.states.get("sensor.hall_count")
    started = home.clock.monotonic()

    while not hall.wire.is_read:
        await home.clock.sleep(0.1)

    last = home.states.get("sensor.hall_count")
    assert soon is not None
    assert last is not None
    assert int(soon.state) == 59  # a burst of 60 with hello and describe, and the one that was too many
    assert last.state == "200"
    assert home.clock.monotonic() - started == pytest.approx((202 - 60) / 20, rel=0.1)
    assert hall.closed is None


async def test_a_device_that_keeps_to_the_rate_is_never_slowed(home: Home, hall: FakeDevice) -> None:
    hall.connect()
    hall.describe({"count": {"domain": "sensor"}})
    for number in range(1, 401):
        hall.report(count=number)
        assert hall.wire.is_read
        await home.clock.sleep(0.05)
