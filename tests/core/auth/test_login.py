"""Logging in: steps, codes, waits and bans, under virtual time."""

import base64
from hashlib import sha256

import pyotp
import pytest

from inglenook.auth import Admission, Auth, Passwords, Role, User
from inglenook.auth.attempts import FREE
from inglenook.auth.codes import LIFE_S
from inglenook.auth.login import Step
from inglenook.clock import VirtualClock
from inglenook.errors import InvalidEntry, TooManyAttempts, Unauthorized, UnknownEntry
from inglenook.store import Store
from inglenook.testing.homes import START

pytestmark = pytest.mark.virtual

CLIENT = "http://app.example/"
FAR = "192.0.2.7"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RIGHT = {"username": "Ann", "password": "open sesame"}


class Door:
    """A home's door with one person who may come in."""

    def __init__(self, threshold: int | None = 10) -> None:
        self.clock = VirtualClock(START)
        self.store = Store(None, self.clock)
        self.store.open()
        self.auth = Auth(self.store, self.clock, passwords=Passwords(memory_kib=8, rounds=1, in_thread=False))
        self.threshold = threshold
        self.open()

    def open(self) -> None:
        self.admission = Admission(self.auth, self.store, self.clock, self.threshold)

    async def ann(self) -> User:
        return await self.auth.create_user("Ann", username="ann", password="open sesame", role=Role.OWNER)

    async def log_in(self, address: str = FAR, **fields: str) -> Step:
        login = self.admission.login
        flow = login.start(CLIENT, CLIENT, FAR)
        return (await login.answer(flow.id, CLIENT, {**RIGHT, **fields}, address)).step


@pytest.fixture
def door() -> Door:
    return Door()


async def test_a_log_in_gives_a_code_that_is_exchanged_once(door: Door) -> None:
    ann, login = await door.ann(), door.admission.login
    flow = login.start(CLIENT, CLIENT + "back", FAR)

    flow = await login.answer(flow.id, CLIENT, RIGHT, FAR)

    assert flow.step is Step.DONE
    assert door.admission.codes.exchange(flow.code, CLIENT, None) is ann
    assert door.admission.codes.exchange(flow.code, CLIENT, None) is None
    with pytest.raises(UnknownEntry):
        await login.answer(flow.id, CLIENT, RIGHT, FAR)


async def test_a_code_is_its_clients_alone_and_ends(door: Door) -> None:
    ann, codes = await door.ann(), door.admission.codes

    assert codes.exchange(codes.create(CLIENT, ann), "http://other.example/", None) is None
    late = codes.create(CLIENT, ann)
    await door.clock.advance(LIFE_S + 1)
    assert codes.exchange(late, CLIENT, None) is None


@pytest.mark.parametrize(("verifier", "is_right"), [("v" * 43, True), ("w" * 43, False), (None, False), ("é", False)])
async def test_a_code_with_a_challenge_needs_its_proof(door: Door, verifier: str | None, is_right: bool) -> None:
    ann, codes = await door.ann(), door.admission.codes
    challenge = base64.urlsafe_b64encode(sha256(b"v" * 43).digest()).rstrip(b"=").decode()

    user = codes.exchange(codes.create(CLIENT, ann, challenge), CLIENT, verifier)

    assert (user is ann) is is_right


@pytest.mark.parametrize(
    "fields",
    [{"password": "wrong"}, {"password": ""}, {"username": "nobody"}, {"username": ""}, {"password": "x" * 5000}],
)
async def test_every_wrong_answer_looks_the_same(door: Door, fields: dict[str, str]) -> None:
    await door.ann()
    login = door.admission.login
    flow = login.start(CLIENT, CLIENT, FAR)

    flow = await login.answer(flow.id, CLIENT, {**RIGHT, **fields}, FAR)

    assert (flow.step, flow.error, flow.code) == (Step.CREDENTIALS, "invalid_auth", "")


async def test_a_hash_that_is_weaker_than_asked_for_is_made_anew_at_the_log_in(door: Door) -> None:
    ann = await door.ann()
    before = ann.password_hash
    door.auth.passwords = Passwords(memory_kib=16, rounds=1, in_thread=False)

    assert await door.log_in() is Step.DONE

    assert ann.password_hash != before
    assert "m=16," in str(ann.password_hash)
    assert await door.log_in() is Step.DONE


async def test_an_address_that_begins_many_log_ins_ends_nobody_elses(door: Door) -> None:
    await door.ann()
    login = door.admission.login
    hers = login.start(CLIENT, CLIENT, "198.51.100.1")

    begun = [login.start(CLIENT, CLIENT, FAR) for _ in range(2_000)]

    assert (await login.answer(hers.id, CLIENT, RIGHT, "198.51.100.1")).step is Step.DONE
    assert login.flow(begun[-1].id)
    with pytest.raises(UnknownEntry):
        login.flow(begun[0].id)


async def test_who_is_kept_out_or_has_no_password_does_not_get_in(door: Door) -> None:
    await door.ann()
    bob = await door.auth.create_user("Bob", username="bob", password="open sesame")
    door.auth.update_user(bob, is_active=False)

    assert await door.log_in(username="bob") is Step.CREDENTIALS


async def test_a_flow_is_its_clients_alone_and_ends(door: Door) -> None:
    await door.ann()
    login = door.admission.login
    flow = login.start(CLIENT, CLIENT, FAR)

    with pytest.raises(Unauthorized):
        await login.answer(flow.id, "http://other.example/", RIGHT, FAR)
    with pytest.raises(Unauthorized):
        login.start(CLIENT, "http://other.example/", FAR)
    await door.clock.advance(301)
    with pytest.raises(UnknownEntry):
        await login.answer(flow.id, CLIENT, RIGHT, FAR)


def code(door: Door, steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(int(door.clock.now()) + 30 * steps)


async def test_an_authenticator_app_is_a_second_step_and_its_code_is_good_once(door: Door) -> None:
    door.auth.set_totp(await door.ann(), SECRET)
    login = door.admission.login
    first, second = login.start(CLIENT, CLIENT, FAR), login.start(CLIENT, CLIENT, FAR)
    for flow in (first, second):
        assert (await login.answer(flow.id, CLIENT, RIGHT, FAR)).step is Step.CODE
    right = code(door)

    done = await login.answer(first.id, CLIENT, {"code": right[:3] + " " + right[3:]}, FAR)
    again = await login.answer(second.id, CLIENT, {"code": right}, FAR)

    assert done.step is Step.DONE
    assert (again.step, again.error) == (Step.CODE, "invalid_code")


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_the_clock_of_a_phone_may_be_a_little_off(door: Door, steps: int, is_right: bool) -> None:
    assert door.admission.totp.is_right(SECRET, code(door, steps)) is is_right


async def test_three_wrong_codes_end_the_log_in(door: Door) -> None:
    door.auth.set_totp(await door.ann(), SECRET)
    login = door.admission.login
    flow = login.start(CLIENT, CLIENT, FAR)
    await login.answer(flow.id, CLIENT, RIGHT, FAR)

    steps = [(await login.answer(flow.id, CLIENT, {"code": wrong}, FAR)).step for wrong in ("", "12345", "\u0660" * 6)]

    assert steps == [Step.CODE, Step.CODE, Step.ABORTED]
    with pytest.raises(UnknownEntry):
        await login.answer(flow.id, CLIENT, {"code": code(door)}, FAR)


async def test_guessing_gets_slower_and_a_wait_is_a_wait_for_the_right_password_too(door: Door) -> None:
    await door.ann()
    for _ in range(FREE):
        await door.log_in(password="guess")

    waits = []
    for _ in range(3):
        with pytest.raises(TooManyAttempts) as refused:
            await door.log_in()
        waits.append(round(refused.value.retry_after_s))
        await door.clock.advance(refused.value.retry_after_s)
        await door.log_in(password="guess")

    assert waits == [1, 2, 4]
    await door.clock.advance(8)
    assert await door.log_in() is Step.DONE
    assert await door.log_in() is Step.DONE


async def test_many_addresses_guess_one_password_no_faster(door: Door) -> None:
    await door.ann()
    assert await door.log_in("198.51.100.1") is Step.DONE
    for number in range(FREE):
        await door.log_in(f"192.0.2.{number}", password="guess")

    with pytest.raises(TooManyAttempts):
        await door.log_in("192.0.2.99", password="guess")

    assert await door.log_in("198.51.100.1") is Step.DONE  # the person's own phone does not wait


async def guess(door: Door, address: str, times: int = 10) -> None:
    for _ in range(times):
        door.admission.attempts.fail(address)


@pytest.mark.parametrize(
    ("address", "same"), [("192.0.2.7", "::ffff:192.0.2.7"), ("2001:db8::1", "2001:db8::dead:beef")]
)
async def test_an_address_that_goes_on_is_shut_out_also_after_a_restart(door: Door, address: str, same: str) -> None:
    told: list[tuple[str, bool]] = []
    door.admission.attempts.on_failure.append(lambda *what: told.append(what))

    await guess(door, address, 9)
    assert not door.admission.attempts.is_banned(address)
    await guess(door, address, 1)
    await door.store.flush()
    door.open()

    assert told[-2:] == [(address, False), (address, True)]
    attempts = door.admission.attempts
    assert attempts.is_banned(address)
    assert attempts.is_banned(same)
    assert not attempts.is_banned("198.51.100.1")
    attempts.unban(same)
    assert not attempts.is_banned(address)
    with pytest.raises(UnknownEntry):
        attempts.unban(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", ""])
async def test_this_machine_is_never_shut_out(door: Door, address: str) -> None:
    await guess(door, address, 50)

    assert not door.admission.attempts.is_banned(address)
    with pytest.raises(TooManyAttempts):
        door.admission.attempts.check(address)


async def test_bans_can_be_switched_off() -> None:
    door = Door(threshold=None)

    await guess(door, FAR, 50)

    assert not door.admission.attempts.is_banned(FAR)


async def test_the_first_person_comes_in_with_the_code_of_the_console_once(door: Door) -> None:
    onboarding = door.admission.onboarding
    assert onboarding.code is not None
    right = onboarding.code

    with pytest.raises(Unauthorized):
        await onboarding.create_owner("AAAA-AAAA-AAAA", "Ann", "ann", "open sesame", FAR)
    with pytest.raises(InvalidEntry):
        await onboarding.create_owner(right, "Ann", "ann", "", FAR)
    ann = await onboarding.create_owner(right.lower(), "Ann", "ann", "open sesame", FAR)

    assert ann.is_owner
    assert not onboarding.is_open
    with pytest.raises(Unauthorized):
        await onboarding.create_owner(right, "Eve", "eve", "open sesame", FAR)
    door.open()
    assert door.admission.onboarding.code is None


async def test_a_home_with_nobody_who_looks_after_it_waits_for_one(door: Door) -> None:
    await door.auth.create_user("Kid", username="kid", password="open sesame", role=Role.READ_ONLY)
    door.open()

    assert door.admission.onboarding.is_open
    await door.ann()
    assert not door.admission.onboarding.is_open


async def test_guessing_the_code_of_the_console_gets_slower(door: Door) -> None:
    for _ in range(FREE):
        with pytest.raises(Unauthorized):
            door.admission.onboarding.check("AAAA-AAAA-AAAA", FAR)

    with pytest.raises(TooManyAttempts):
        door.admission.onboarding.check(door.admission.onboarding.code or "", FAR)
