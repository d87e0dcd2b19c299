"""Users and tokens: who is let in, what each may do, and how it ends."""

import base64
import json
from pathlib import Path
from typing import Any

import jwt
import pytest

from inglenook.auth import Auth, Passwords, Permission, Role, User
from inglenook.auth.tokens import ACCESS_S, DAY_S, UNUSED_S
from inglenook.clock import VirtualClock
from inglenook.errors import InvalidEntry, UnknownEntry
from inglenook.store import FILE_NAME, Store
from inglenook.testing.homes import START

pytestmark = pytest.mark.virtual

FAST = Passwords(memory_kib=8, rounds=1, in_thread=False)


def make_auth(store: Store | None = None, clock: VirtualClock | None = None) -> tuple[Auth, VirtualClock]:
    clock = clock or VirtualClock(START)
    if store is None:
        store = Store(None, clock)
        store.open()
    auth = Auth(store, clock, passwords=FAST)
    auth.load()
    return auth, clock


@pytest.fixture
def auth() -> Auth:
    return make_auth()[0]


async def create(auth: Auth, role: Role = Role.OWNER, name: str = "ann") -> User:
    return await auth.create_user(name.title(), username=name, password="open sesame", role=role)


@pytest.mark.parametrize(
    ("role", "permissions"),
    [
        (Role.OWNER, {"read", "control", "admin"}),
        (Role.ADMIN, {"read", "control", "admin"}),
        (Role.USER, {"read", "control"}),
        (Role.READ_ONLY, {"read"}),
    ],
)
async def test_a_role_says_what_a_user_may_do(auth: Auth, role: Role, permissions: set[str]) -> None:
    user = await create(auth, role)

    assert {permission for permission in Permission if auth.may(user, permission)} == permissions


async def test_nobody_and_who_is_kept_out_may_do_nothing(auth: Auth) -> None:
    await create(auth)
    other = await create(auth, Role.ADMIN, "bob")
    auth.update_user(other, is_active=False)

    assert not any(auth.may(user, permission) for user in (None, other) for permission in Permission)


async def test_a_password_is_kept_as_its_hash_and_compared(auth: Auth) -> None:
    user = await create(auth)

    assert user.password_hash is not None
    assert user.password_hash.startswith("$argon2id$")
    assert await auth.passwords.is_right(user.password_hash, "open sesame")
    assert not await auth.passwords.is_right(user.password_hash, "open sesam")
    assert not await auth.passwords.is_right(user.password_hash, "")
    assert not await auth.passwords.is_right(None, "")
    assert "argon2" not in repr(user)


async def test_usernames_are_compared_without_case_and_are_unique(auth: Auth) -> None:
    user = await create(auth)

    assert auth.user_named(" ANN ") is user
    with pytest.raises(InvalidEntry, match="a user 'ann' already"):
        await create(auth, name="Ann")


@pytest.mark.parametrize(("username", "password"), [("", "x"), (" ", "x"), ("x", ""), ("x", "x" * 1025), ("x", None)])
async def test_a_user_without_a_name_or_password_is_refused(
    auth: Auth, username: str | None, password: str | None
) -> None:
    with pytest.raises(InvalidEntry):
        await auth.create_user("X", username=username, password=password)


async def test_the_last_admin_stays(auth: Auth) -> None:
    ann, bob = await create(auth), await create(auth, Role.USER, "bob")

    with pytest.raises(InvalidEntry, match="the only one"):
        auth.remove_user(ann)
    with pytest.raises(InvalidEntry, match="the only one"):
        auth.update_user(ann, role=Role.USER)
    with pytest.raises(InvalidEntry, match="the only one"):
        auth.update_user(ann, is_active=False)

    auth.update_user(bob, role=Role.ADMIN)
    auth.remove_user(ann)
    assert auth.users() == [bob]


async def test_an_access_token_is_believed_until_it_expires() -> None:
    auth, clock = make_auth()
    refresh, _ = auth.create_refresh_token(await create(auth), "http://app/")
    access = auth.access_token(refresh)

    assert auth.verify(access) is refresh
    assert auth.verify(access) is refresh
    assert set(jwt.decode(access, options={"verify_signature": False})) == {"iss", "iat", "exp"}

    clock.jump(ACCESS_S + 1)
    assert auth.verify(access) is None


def forged(token: str, **changes: Any) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    if "alg" in changes:
        return f"{part({'alg': changes['alg'], 'typ': 'JWT'})}.{body}."
    return f"{head}.{part({**claims, **changes})}.{signature}"


async def test_a_tampered_token_is_not_believed(auth: Auth) -> None:
    refresh, secret = auth.create_refresh_token(await create(auth), None)
    access = auth.access_token(refresh)
    claims = {"iss": refresh.id, "iat": 0, "exp": 99_999_999_999}

    for text in (
        forged(access, alg="none"),
        forged(access, alg="None"),
        forged(access, exp=99_999_999_999),
        access[:-1],
        access + "a",
        access.rpartition(".")[0] + ".",
        jwt.encode({**claims, "iss": "nobody"}, refresh.key, "HS256"),
        "",
        jwt.encode(claims, refresh.key, "HS512"),
        jwt.encode({"iss": refresh.id}, refresh.key, "HS256"),
        jwt.encode({**claims, "exp": "later"}, refresh.key, "HS256"),
        secret,
        "a.b.c",
        "\x00",
        "é",
        "x" * 100_000,
    ):
        assert auth.verify(text) is None, text
    assert auth.verify(access) is refresh


async def test_a_withdrawn_token_is_not_believed_and_closes_what_waits(auth: Auth) -> None:
    refresh, secret = auth.create_refresh_token(await create(auth), None)
    access, closed = auth.access_token(refresh), list[str]()
    auth.verify(access)
    auth.on_revoked(refresh.id, lambda: closed.append("one"))
    auth.on_revoked(refresh.id, lambda: closed.append("two"))()

    auth.revoke(refresh.id)

    assert closed == ["one"]
    assert auth.verify(access) is None
    assert auth.refresh_token(secret) is None
    with pytest.raises(UnknownEntry):
        auth.revoke(refresh.id)


async def test_a_socket_that_cannot_be_closed_keeps_no_other_open(auth: Auth, caplog: pytest.LogCaptureFixture) -> None:
    refresh, _ = auth.create_refresh_token(await create(auth), None)
    closed: list[bool] = []
    auth.on_revoked(refresh.id, lambda: 1 / 0)
    auth.on_revoked(refresh.id, lambda: closed.append(True))

    auth.revoke(refresh.id)

    assert closed
    assert "ZeroDivisionError" in caplog.text


async def test_the_last_use_is_noted_once_a_minute() -> None:
    auth, clock = make_auth()
    refresh, _ = auth.create_refresh_token(await create(auth), None)

    for address in ("192.0.2.1", "192.0.2.2"):
        auth.touch(refresh, address)
        await clock.advance(59)
    assert (refresh.last_used_at, refresh.last_used_ip) == (START, "192.0.2.1")
    auth.touch(refresh, "192.0.2.2")
    assert (refresh.last_used_at, refresh.last_used_ip) == (START + 118, "192.0.2.2")


async def test_when_somebody_was_seen_outlives_the_token() -> None:
    clock = VirtualClock(START)
    store = Store(None, clock)
    store.open()
    auth, _ = make_auth(store, clock)
    refresh, _ = auth.create_refresh_token(await create(auth), None)
    auth.touch(refresh, "192.0.2.1")

    auth.revoke(refresh.id)
    await store.flush()

    again, _ = make_auth(store, clock)
    assert [user.last_seen_at for user in again.users()] == [START]


async def test_less_rights_close_what_is_open_and_let_it_come_again(auth: Auth) -> None:
    await create(auth)
    bob = await create(auth, Role.ADMIN, "bob")
    refresh, _ = auth.create_refresh_token(bob, None)
    access, closed = auth.access_token(refresh), list[bool]()
    auth.on_revoked(refresh.id, lambda: closed.append(True))

    auth.update_user(bob, name="Bobby")
    assert not closed
    auth.update_user(bob, role=Role.READ_ONLY)
    assert closed
    assert auth.verify(access) is refresh

    auth.update_user(bob, is_active=False)
    assert auth.verify(access) is None


async def test_a_refresh_token_ends_when_nobody_uses_it() -> None:
    auth, clock = make_auth()
    refresh, secret = auth.create_refresh_token(await create(auth), None)

    clock.jump(UNUSED_S - 60)
    assert auth.refresh_token(secret) is refresh
    auth.access_token(refresh)
    clock.jump(UNUSED_S - 60)
    assert auth.refresh_token(secret) is refresh
    clock.jump(61)
    assert auth.refresh_token(secret) is None


async def test_a_long_lived_token_is_told_once_and_cannot_be_made_from_what_is_stored(auth: Auth) -> None:
    user = await create(auth)
    text = auth.create_long_lived(user, "dashboard", lifespan_days=2)
    (token,) = auth.tokens()
    claims = jwt.decode(text, options={"verify_signature": False})

    assert auth.verify(text) is token
    assert (token.client_name, token.expires_at) == ("dashboard", START + 2 * DAY_S)
    del claims["jti"]
    assert auth.verify(jwt.encode(claims, token.key, "HS256")) is None
    with pytest.raises(InvalidEntry, match="'dashboard' already"):
        auth.create_long_lived(user, "dashboard")
    for days in (0, -1, 1e9, float("nan")):
        with pytest.raises(InvalidEntry, match="lifespan"):
            auth.create_long_lived(user, "other", lifespan_days=days)


async def test_the_long_lived_tokens_of_a_user_have_a_bound(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inglenook.auth.auth.MAX_LONG_LIVED", 2)
    user = await create(auth)
    auth.create_refresh_token(user, None)
    for name in ("a", "b"):
        auth.create_long_lived(user, name)

    with pytest.raises(InvalidEntry, match="has 2 long-lived tokens"):
        auth.create_long_lived(user, "c")
    auth.revoke(auth.tokens(user)[-1].id)
    with pytest.raises(InvalidEntry, match="at most 255 characters"):
        auth.create_long_lived(user, "x" * 256)
    auth.create_long_lived(user, "c")


async def test_a_long_lived_token_that_expires_is_withdrawn_by_itself() -> None:
    auth, clock = make_auth()
    auth.start()
    text = auth.create_long_lived(await create(auth), "short", lifespan_days=0.1)
    closed: list[bool] = []
    auth.on_revoked(auth.tokens()[0].id, lambda: closed.append(True))

    await clock.advance(4 * 3600)

    assert closed
    assert auth.tokens() == []
    assert auth.verify(text) is None
    auth.stop()


async def test_users_and_tokens_outlive_the_process(tmp_path: Path) -> None:
    clock = VirtualClock(START)
    store = Store(tmp_path / FILE_NAME, clock)
    store.open()
    auth, _ = make_auth(store, clock)
    user = await create(auth)
    auth.set_totp(user, "JBSWY3DPEHPK3PXP")
    text = auth.create_long_lived(user, "dashboard")
    refresh, secret = auth.create_refresh_token(user, "http://app/")
    auth.touch(refresh, "192.0.2.7")
    await store.close()

    store = Store(tmp_path / FILE_NAME, clock)
    store.open()
    again, _ = make_auth(store, clock)

    (found,) = again.users()
    assert (found.id, found.role, found.totp_secret) == (user.id, Role.OWNER, "JBSWY3DPEHPK3PXP")
    token = again.verify(text)
    assert token is not None
    assert token.user is found
    known = again.refresh_token(secret)
    assert known is not None
    assert known.last_used_ip == "192.0.2.7"
    raw = (tmp_path / FILE_NAME).read_bytes()
    assert secret.encode() not in raw
    assert text.encode() not in raw
    await store.close()
