"""Programs: each in a group of its own, with a limit on its time and on what it says, and never left behind."""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from inglenook import Home, PluginScope
from inglenook_outside.answers import NoAnswer, first_line

NOT_ALLOWED: Final = (
    "it runs programs, which this home does not allow; to allow it, set programs: true under allow: in the "
    "configuration, and restart"
)

MAX_OUTPUT: Final = 1024 * 1024  # bytes of each of the two streams
AT_ONCE: Final = 16  # programs of one section; a further one waits for its turn
REAP_S: Final = 1.0  # how long the system may take to end what was killed
_CHUNK: Final = 64 * 1024
_OURS: Final = frozenset({"NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"})  # systemd's word with us, not with them


class Output(NamedTuple):
    """How a program ended: its status (negative: the signal that ended it), and what it said."""

    status: int
    stdout: bytes
    stderr: bytes

    @property
    def text(self) -> str:
        """What it said, without white space around it."""
        return self.stdout.decode(errors="replace").strip()

    def check(self) -> "Output":
        """Return itself.

        Raises:
            NoAnswer: it ended with a status other than 0.
        """
        if self.status == 0:
            return self
        complaint = first_line(self.stderr.decode(errors="replace"))
        raise NoAnswer(f"its command ended with status {self.status}{complaint and f': {complaint}'}")


class Programs:
    """Runs programs for one section, in the configuration folder.

    Args:
        home: says whether programs are allowed, and where the folder is.
        scope: of the plugin; when it ends, what still runs is ended.
    """

    def __init__(self, home: Home, scope: PluginScope) -> None:
        self._settings = home.settings
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._running: set[Process] = set()
        self._is_closed = False
        scope.on_teardown(self.close)

    async def run(self, command: str | Sequence[str], *, timeout_s: float, message: str | None = None) -> Output:
        """Run ``command`` to its end and return what it said.

        Args:
            command: text for the shell, or a program and its arguments, which no shell sees.
            timeout_s: when it takes longer, it is killed with all that it started.
            message: what it reads from its standard input; None: nothing.

        Raises:
            NoAnswer: programs are not allowed, it could not be started, took too long or said too much.
        """
        if not self._settings.allow_programs:
            raise NoAnswer(NOT_ALLOWED)
        self._check_open()
        async with self._turns:
            self._check_open()
            process = await self._start(command, has_message=message is not None)
            self._running.add(process)
            try:
                if self._is_closed:  # while it was started
                    await _kill(process)
                return await _until_ended(process, timeout_s, message)
            finally:
                self._running.discard(process)

    async def close(self) -> None:
        """End what runs, and run nothing any more."""
        self._is_closed = True
        await asyncio.gather(*map(_kill, tuple(self._running)))
        with contextlib.suppress(TimeoutError):  # one that left its group may hold a turn for longer
            async with asyncio.timeout(REAP_S):
                for _ in range(AT_ONCE):  # when every turn is ours nobody else has one
                    await self._turns.acquire()

    def _check_open(self) -> None:
        if self._is_closed:
            raise NoAnswer("the home is stopping")

    async def _start(self, command: str | Sequence[str], *, has_message: bool) -> Process:
        starting = asyncio.ensure_future(self._started(command, PIPE if has_message else DEVNULL))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            await _kill(await starting)
            raise
        except (OSError, ValueError) as error:  # ValueError: a byte 0 in an argument
            raise NoAnswer(f"its command cannot be started: {error}") from error

    async def _started(self, command: str | Sequence[str], stdin: int) -> Process:
        options: dict[str, Any] = {
            "stdin": stdin,
            "stdout": PIPE,
            "stderr": PIPE,
            "cwd": self._settings.config_dir,
            "env": {name: value for name, value in os.environ.items() if name not in _OURS},
            "start_new_session": True,
        }
        if isinstance(command, str):
            return await asyncio.create_subprocess_shell(command, **options)
        return await asyncio.create_subprocess_exec(*command, **options)


async def _until_ended(process: Process, timeout_s: float, message: str | None) -> Output:
    output = None
    try:
        async with asyncio.timeout(timeout_s):
            output = await _conversation(process, message)
    except TimeoutError:
        raise NoAnswer(f"its command took longer than {timeout_s:g} s and was ended") from None
    finally:
        if output is None:
            await _kill(process)
    return output


async def _conversation(process: Process, message: str | None) -> Output:
    assert process.stdout is not None
    assert process.stderr is not None
    stdout, stderr, _, status = await asyncio.gather(
        _read(process, process.stdout), _read(process, process.stderr), _say(process, message), process.wait()
    )
    if max(len(stdout), len(stderr)) > MAX_OUTPUT:
        raise NoAnswer(f"its command said more than {MAX_OUTPUT // 1024} KiB and was ended")
    return Output(status, stdout, stderr)


async def _read(process: Process, stream: asyncio.StreamReader) -> bytes:
    """Return what the stream says until its end; a program that says too much is killed, which ends it."""
    found = bytearray()
    while chunk := await stream.read(_CHUNK):
        if len(found) <= MAX_OUTPUT:
            found += chunk
            if len(found) > MAX_OUTPUT:
                _kill_group(process)
    return bytes(found)


async def _say(process: Process, message: str | None) -> None:
    if process.stdin is None or message is None:
        return
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it need not read
        process.stdin.write(message.encode())
        await process.stdin.drain()
    process.stdin.close()


async def _kill(process: Process) -> None:
    """Kill a program and its group, and wait until the system has taken it back."""
    _kill_group(process)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(REAP_S):
            await process.wait()


def _kill_group(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
