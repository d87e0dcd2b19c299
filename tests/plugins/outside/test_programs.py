"""Programs: what they say, and that none is left behind."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.plugins.outside.place import Place

from inglenook.errors import ServiceError
from inglenook.plugins import PluginScope
from inglenook.plugins.supervisor import Supervisor
from inglenook_outside import programs
from inglenook_outside.answers import NoAnswer
from inglenook_outside.programs import Programs


def programs_of(place: Place) -> tuple[Programs, PluginScope]:
    supervisor = Supervisor("some", place.home.clock, lambda _: None)
    scope = PluginScope("some", place.home, supervisor, lambda: None)
    return Programs(place.home, scope), scope


def is_running(pid: int) -> bool:
    """Return whether a process is there and no zombie that waits for its parent."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def is_reaped(pid: int) -> bool:
    """Return whether nothing is left of a process that was ours."""
    return not Path(f"/proc/{pid}").exists()


async def test_a_program_says_what_it_says_in_the_configuration_folder(place: Place) -> None:
    runner, _ = programs_of(place)

    output = await runner.run("pwd; echo wrong >&2; exit 3", timeout_s=10)

    assert output.text == str(place.folder)
    assert output.stderr == b"wrong\n"
    assert output.status == 3
    with pytest.raises(NoAnswer, match="its command ended with status 3: wrong"):
        output.check()


async def test_a_list_is_run_without_a_shell(place: Place) -> None:
    runner, _ = programs_of(place)

    output = await runner.run(["echo", "$HOME;", "x > y"], timeout_s=10)

    assert output.text == "$HOME; x > y"


async def test_it_reads_a_message_or_nothing(place: Place) -> None:
    runner, _ = programs_of(place)

    assert (await runner.run("cat", timeout_s=10, message="hällo")).text == "hällo"
    assert (await runner.run("cat", timeout_s=10)).text == ""
    assert (await runner.run("true", timeout_s=10, message="x" * 1_000_000)).status == 0


async def test_one_that_takes_too_long_is_killed_with_all_that_it_started(place: Place) -> None:
    runner, _ = programs_of(place)

    with pytest.raises(NoAnswer, match=r"took longer than 0.2 s and was ended"):
        await runner.run("sleep 60 & echo $! $$ > pids; wait", timeout_s=0.2)

    pids = [int(pid) for pid in (place.folder / "pids").read_text().split()]
    assert len(pids) == 2
    assert not any(map(is_running, pids))
    assert is_reaped(pids[1])


async def test_one_that_says_too_much_is_ended(place: Place) -> None:
    runner, _ = programs_of(place)

    with pytest.raises(NoAnswer, match="said more than 1024 KiB"):
        await runner.run("yes", timeout_s=30)


async def test_one_that_cannot_be_started_is_told(place: Place) -> None:
    runner, _ = programs_of(place)

    with pytest.raises(NoAnswer, match=r"cannot be started: .*nosuchprogram"):
        await runner.run(["nosuchprogram"], timeout_s=10)
    with pytest.raises(NoAnswer, match="cannot be started: embedded null byte"):
        await runner.run(["echo", "a\0b"], timeout_s=10)


async def test_a_caller_that_gives_up_leaves_nothing_running(place: Place) -> None:
    runner, _ = programs_of(place)
    caller = asyncio.ensure_future(runner.run("echo $$ > pid; exec sleep 60", timeout_s=60))
    pid = await written(place.folder / "pid")

    caller.cancel()

    with pytest.raises(asyncio.CancelledError):
        await caller
    assert is_reaped(pid)


async def test_the_end_of_the_plugin_is_the_end_of_its_programs(place: Place) -> None:
    runner, scope = programs_of(place)
    caller = asyncio.ensure_future(runner.run("echo $$ > pid; exec sleep 60", timeout_s=60))
    pid = await written(place.folder / "pid")

    await scope.close()

    assert is_reaped(pid)
    assert (await caller).status == -9
    with pytest.raises(NoAnswer, match="the home is stopping"):
        await runner.run("true", timeout_s=10)


async def test_a_home_that_does_not_allow_programs_runs_none(place: Place) -> None:
    place.home.settings.allow_programs = False
    runner, _ = programs_of(place)

    with pytest.raises(ServiceError, match="set programs: true under allow: in the configuration"):
        await runner.run("touch there", timeout_s=10)

    assert not (place.folder / "there").exists()


async def test_only_so_many_run_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "AT_ONCE", 1)
    runner, _ = programs_of(place)
    script = "test -e lock && echo two || { touch lock; cat /dev/null; rm lock; }"

    outputs = await asyncio.gather(*(runner.run(script, timeout_s=10) for _ in range(4)))

    assert [output.text for output in outputs] == [""] * 4


async def test_our_word_with_systemd_is_not_for_them(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/systemd/notify")
    monkeypatch.setenv("SOME", "there")
    runner, _ = programs_of(place)

    output = await runner.run("echo $SOME$NOTIFY_SOCKET", timeout_s=10)

    assert output.text == "there"


async def written(path: Path) -> int:
    """Return the number that a program writes into a file, once it is there."""
    loop, found = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

    def look() -> None:
        text = path.read_text() if path.exists() else ""
        if text.endswith("\n"):
            found.set_result(int(text))
        else:
            loop.call_later(0.005, look)

    look()
    number: Any = await found
    return int(number)
