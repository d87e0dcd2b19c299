"""What the commands about users and tokens do, and whom they let do it to whom."""

import pytest

from inglenook.auth import Auth, Passwords, Role, User
from inglenook.auth.signed_paths import signer_of
from inglenook.errors import InvalidEntry, Unauthorized, UnknownEntry
from inglenook.home import Home
from inglenook.web import auth_commands as commands


@pytest.fixture
def auth(home: Home) -> Auth:
    return Auth(home.store, home.clock, passwords=Passwords(memory_kib=8, rounds=1, in_thread=False))


async def make(auth: Auth, role: Role) -> User:
    return await auth.create_user(role.value.title(), username=role.value, password="open sesame", role=role)


async def test_who_asks_is_told_who_they_are(auth: Auth) -> None:
    user = await make(auth, Role.ADMIN)

    assert commands.current_user(user) == {
        "id": user.id,
        "name": "Admin",
        "is_owner": False,
        "is_admin": True,
        "credentials": [{"auth_provider_type": "homeassistant", "auth_provider_id": None}],
        "mfa_modules": [{"id": "totp", "name": "Authenticator app", "enabled": False}],
    }


async def test_tokens_are_shown_to_their_user_and_withdrawn_by_nobody_else(auth: Auth) -> None:
    ann, bob = await make(auth, Role.OWNER), await make(auth, Role.USER)
    current, _ = auth.create_refresh_token(ann, "http://app/")
    theirs, _ = auth.create_refresh_token(bob, "http://app/")
    commands.long_lived_access_token(auth, ann, client_name="dashboard", lifespan=365)
    long_lived = auth.tokens(ann)[1]

    shown = commands.refresh_tokens(auth, current)

    assert [(token["type"], token["is_current"], token["client_name"]) for token in shown] == [
        ("normal", True, None),
        ("long_lived_access_token", False, "dashboard"),
    ]
    assert shown[1]["expire_at"] == "2027-03-10T11:00:00+00:00"
    with pytest.raises(UnknownEntry):
        commands.delete_refresh_token(auth, ann, theirs.id)
    commands.refresh_token_set_expiry(auth, ann, current.id, enable_expiry=False)
    assert current.expires_at is None
    with pytest.raises(InvalidEntry):
        commands.refresh_token_set_expiry(auth, ann, long_lived.id, enable_expiry=False)
    commands.delete_all_refresh_tokens(auth, current, token_type="normal", delete_current_token=False)
    assert auth.tokens(ann) == [current, long_lived]
    commands.delete_all_refresh_tokens(auth, current)
    assert auth.tokens() == [theirs]


async def test_a_path_is_signed_for_who_asks(home: Home, auth: Auth) -> None:
    current, _ = auth.create_refresh_token(await make(auth, Role.USER), None)

    path = commands.signed_path(home.clock, current, "/api/camera?x=1")["path"]

    plain, _, query = path.partition("?")
    pairs = [tuple(pair.split("=")) for pair in query.split("&")]
    assert signer_of(auth, plain, pairs, home.clock.now()) is current
    with pytest.raises(InvalidEntry):
        commands.signed_path(home.clock, current, "https://evil.example/")


async def test_a_password_is_changed_by_who_knows_it(auth: Auth) -> None:
    user = await make(auth, Role.USER)

    with pytest.raises(Unauthorized):
        await commands.change_password(auth, user, current_password="guess", new_password="mine now")
    await commands.change_password(auth, user, current_password="open sesame", new_password="better")

    assert await auth.passwords.is_right(user.password_hash, "better")


async def test_an_admin_makes_and_changes_users(auth: Auth) -> None:
    owner, admin = await make(auth, Role.OWNER), await make(auth, Role.ADMIN)
    made = (await commands.create_user(auth, name="Kid", group_ids=["system-read-only"]))["user"]
    kid = auth.user(made["id"])
    assert kid is not None
    assert made == {
        "id": kid.id,
        "username": None,
        "name": "Kid",
        "is_owner": False,
        "is_active": True,
        "local_only": False,
        "system_generated": False,
        "group_ids": ["system-read-only"],
        "credentials": [],
    }

    await commands.create_login(auth, admin, kid.id, username="kid", password="open sesame")
    changed = commands.update_user(auth, admin, kid.id, name="Child", is_active=False, group_ids=["system-users"])

    assert auth.user_named("kid") is kid
    assert (changed["user"]["name"], kid.role, kid.is_active) == ("Child", Role.USER, False)
    with pytest.raises(InvalidEntry):
        await commands.create_login(auth, admin, kid.id, username="other", password="open sesame")
    with pytest.raises(InvalidEntry, match="expected groups of"):
        commands.update_user(auth, admin, kid.id, group_ids=["nobody"])
    commands.admin_change_username(auth, owner, kid.id, "child")
    assert auth.user_named("child") is kid
    with pytest.raises(InvalidEntry, match="already"):
        commands.admin_change_username(auth, owner, kid.id, "admin")
    commands.delete_login(auth, admin, "child")
    assert kid.password_hash is None
    commands.delete_user(auth, admin, kid.id)
    assert [user["name"] for user in commands.list_users(auth)] == ["Owner", "Admin"]


async def test_an_admin_has_no_power_over_an_owner(auth: Auth) -> None:
    owner, admin = await make(auth, Role.OWNER), await make(auth, Role.ADMIN)
    user = await make(auth, Role.USER)

    for change in (
        lambda: commands.update_user(auth, admin, owner.id, name="Mine"),
        lambda: commands.delete_user(auth, admin, owner.id),
        lambda: commands.delete_login(auth, admin, "owner"),
        lambda: commands.admin_change_username(auth, admin, user.id, "x"),
    ):
        with pytest.raises(Unauthorized):
            change()
    for work in (
        commands.admin_change_password(auth, admin, owner.id, "mine now"),
        commands.admin_change_password(auth, admin, user.id, "mine now"),
    ):
        with pytest.raises(Unauthorized):
            await work
    with pytest.raises(InvalidEntry):
        commands.update_user(auth, owner, owner.id, is_active=False)
    with pytest.raises(InvalidEntry, match="less rights"):
        commands.update_user(auth, owner, owner.id, group_ids=["system-read-only"])
    commands.update_user(auth, owner, owner.id, group_ids=["system-admin"])
    assert owner.is_owner
    with pytest.raises(InvalidEntry):
        commands.delete_user(auth, owner, owner.id)
    with pytest.raises(UnknownEntry):
        commands.delete_user(auth, owner, "nobody")
