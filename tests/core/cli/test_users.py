"""Users and tokens at the command line: the same while the home runs and while it does not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pyotp
import pytest
from aiohttp import ClientSession
from click.testing import CliRunner, Result

from inglenook.auth import Auth
from inglenook.auth.desk import Desk
from inglenook.cli import main
from inglenook.clock import Clock
from inglenook.config.configuration import read_configuration
from inglenook.server.running import HomeServer
from inglenook.store import FILE_NAME, Store

Type = Callable[..., Awaitable[Result]]


def typed(*words: str | Path, answer: str = "") -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=answer)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text("rules: []\n")
    return tmp_path


@contextlib.asynccontextmanager
async def at(folder: Path, *, is_running: bool) -> AsyncIterator[tuple[Type, HomeServer | None]]:
    """Give what types a command, beside a home that runs or not."""
    server = HomeServer(read_configuration(folder), port=0) if is_running else None

    async def run(*words: str, answer: str = "") -> Result:
        return await asyncio.to_thread(typed, *words, "--config", folder, answer=answer)

    if server is not None:
        await server.start()
    try:
        yield run, server
    finally:
        if server is not None:
            await server.stop()


both = pytest.mark.parametrize("is_running", [True, False], ids=["running", "stopped"])


@both
async def test_users_come_and_go(folder: Path, is_running: bool) -> None:
    async with at(folder, is_running=is_running) as (run, _):
        added = await run("user", "add", "Ann", "--owner", "--password-stdin", answer="open sesame\n")
        assert (added.exit_code, added.stdout) == (0, "ann may come in as owner\n"), added.output
        asked = await run("user", "add", "kid", "--read-only", "--local-only", answer="hide and seek\nhide and seek\n")
        assert "kid may come in as read-only" in asked.stdout

        assert "'ann' already" in (await run("user", "add", "ann", "--password-stdin", answer="x\n")).stderr
        assert "1 to 1024 characters" in (await run("user", "add", "eve", "--password-stdin", answer="\n")).stderr
        changed = await run("user", "password", "kid", "--password-stdin", answer="other\n")
        assert (changed.exit_code, changed.stdout) == (0, "kid has another password\n")
        assert "5 characters is soon guessed; 8 or more" in changed.stderr
        assert (await run("user", "role", "kid", "user")).stdout == "kid is user now\n"
        rows = {line.split()[0]: line.split()[1:] for line in (await run("user", "list")).stdout.splitlines()[1:]}
        kid = ["kid", "user,", "local", "only", "no", "0", "never"]
        assert rows == {"ann": ["Ann", "owner", "no", "0", "never"], "kid": kid}

        assert "the only one who can look after" in (await run("user", "remove", "ann")).stderr
        assert (await run("user", "remove", "kid")).exit_code == 0
        gone = await run("user", "password", "kid", "--password-stdin", answer="x\n")
        assert (gone.exit_code, gone.stderr.count("there is no user 'kid'")) == (1, 1)


@both
async def test_a_token_is_printed_alone_and_revoked(folder: Path, is_running: bool) -> None:
    async with at(folder, is_running=is_running) as (run, server):
        await run("user", "add", "ann", "--owner", "--password-stdin", answer="open sesame\n")

        made = await run("token", "create", "dash board", "--user", "ann", "--days", "7")

        assert made.exit_code == 0
        token = made.stdout.removesuffix("\n")
        assert token.count(".") == 2
        assert not set(token) & set(" \n")
        if server is not None:
            known = server.auth.verify(token)
            assert known is not None
            assert known.user.username == "ann"
        listed = (await run("token", "list")).stdout
        assert "dash board" in listed
        assert "long-lived" in listed
        assert "'dash board' already" in (await run("token", "create", "dash board", "--user", "ann")).stderr
        assert "no user 'eve'" in (await run("token", "create", "x", "--user", "eve")).stderr
        assert "lifespan" in (await run("token", "create", "x", "--user", "ann", "--days", "0")).stderr
        assert (await run("token", "revoke", "dash board")).exit_code == 0
        assert "there is no token 'dash board'" in (await run("token", "revoke", "dash board")).stderr
        if server is not None:
            assert server.auth.verify(token) is None


async def test_what_was_made_while_the_home_stood_still_is_good_when_it_runs(folder: Path) -> None:
    async with at(folder, is_running=False) as (run, _):
        await run("user", "add", "ann", "--owner", "--password-stdin", answer="open sesame\n")
        token = (await run("token", "create", "dashboard", "--user", "ann")).stdout.strip()

    async with at(folder, is_running=True) as (run, server):
        assert server is not None
        assert server.onboarding_code is None
        url = f"http://127.0.0.1:{server.gateway.port}/api/onboarding/analytics"
        async with ClientSession(headers={"Authorization": f"Bearer {token}"}) as session, session.post(url) as answer:
            assert answer.status == 403  # known, and too late
        assert "127.0.0.1" in (await run("token", "list")).stdout


@both
async def test_a_second_step_is_set_up_with_a_first_code(folder: Path, is_running: bool) -> None:
    async with at(folder, is_running=is_running) as (run, _):
        await run("user", "add", "ann", "--owner", "--password-stdin", answer="open sesame\n")

        wrong = await run("user", "totp", "ann", answer="000\n")
        assert "nothing was changed" in wrong.stderr
        assert "otpauth://totp/inglenook:ann" in wrong.stdout
        assert (await run("user", "totp", "ann", "--off")).stdout == "ann logs in without a code\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    from inglenook.auth import Admission, Passwords
    from inglenook.clock import VirtualClock

    clock = VirtualClock()
    store = Store(None, clock)
    store.open()
    auth = Auth(store, clock, passwords=Passwords(memory_kib=8, rounds=1, in_thread=False))
    return Desk(Admission(auth, store, clock), store)


@pytest.mark.virtual
async def test_the_first_code_shows_that_the_app_has_the_secret(desk: Desk) -> None:
    user = {"username": "ann", "password": "open sesame", "role": "owner", "name": None}
    await desk.act("add_user", user)
    secret = (await desk.act("begin_totp", {"user": "ann"}))["secret"]
    code = pyotp.TOTP(secret).at(int(desk._admission.totp._clock.now()))

    await desk.act("set_totp", {"user": "ann", "secret": secret, "code": code})

    assert [row["has_totp"] for row in await desk.act("users", {})] == [True]


@both
async def test_an_address_that_is_shut_out_is_let_in_again(folder: Path, is_running: bool) -> None:
    store = Store(folder / "data" / FILE_NAME, Clock())
    await asyncio.to_thread(store.open)
    store.put("bans", ("192.0.2.7", 1.0))
    await store.close()
    async with at(folder, is_running=is_running) as (run, _):
        assert "192.0.2.7" in (await run("user", "bans")).stdout
        assert (await run("user", "unban", "192.0.2.7")).exit_code == 0
        assert "no address is shut out" in (await run("user", "bans")).stdout
        assert "192.0.2.7 is not banned" in (await run("user", "unban", "192.0.2.7")).stderr


async def test_a_home_that_nobody_looks_after_shows_its_code(folder: Path) -> None:
    import io

    from inglenook.cli.console import Console

    async with at(folder, is_running=True) as (_, server):
        assert server is not None
        shown: Any = io.StringIO()
        Console(shown).show_started(server)

        assert f"/onboarding?code={server.onboarding_code}" in shown.getvalue()
        assert server.onboarding_code


def test_a_new_user_has_one_role(folder: Path) -> None:
    result = CliRunner().invoke(main, ["user", "add", "ann", "--owner", "--read-only", "--config", str(folder)])

    assert result.exit_code == 2
    assert "got --owner and --read-only" in result.stderr
