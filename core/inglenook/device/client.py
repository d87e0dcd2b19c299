"""A device: keeps its session with the hub alive and does what it is told exactly once."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Final, Self

from inglenook.clock import Clock, Timer
from inglenook.device.link import Link, LinkLost, OpenLink, open_link
from inglenook.device.outbox import Outbox
from inglenook.errors import ProtocolError, Unauthorized
from inglenook.protocol import (
    VERSION,
    Ack,
    Bye,
    Challenge,
    CloseCode,
    CommandBody,
    CommandFrame,
    Describe,
    DeviceInfo,
    DeviceValue,
    ErrorFrame,
    Hello,
    Pair,
    Paired,
    Ping,
    Result,
    Welcome,
    decode_hub_frame,
    encode,
    make_proof,
)
from inglenook.protocol.hub_frames import AnyHubFrame

_log = logging.getLogger(__name__)

REMEMBERED_COMMANDS: Final = 16
WAITING_COMMANDS: Final = 64  # while one is carried out; what comes on top is answered as failed
WRITTEN_AHEAD: Final = 32  # frames that a socket has not taken; more wait in the outbox, where states coalesce
SILENCE: Final = 2  # heartbeats without a word from the hub, then the socket counts as dead
_WELCOME_S: Final = 10.0
_FIRST_WAIT_S: Final = 1.0
_WAIT_AFTER_REFUSAL_S: Final = 60.0
_LONGEST_WAIT_S: Final = 300.0
_REFUSALS: Final = (CloseCode.UNAUTHORIZED, CloseCode.NOT_PAIRING)

States = Mapping[str, DeviceValue]
Handler = Callable[[str, Mapping[str, Any]], Awaitable[States | None] | States | None]


def backoff(attempt: int, *, is_refused: bool = False, chance: float = 1.0) -> float:
    """Return how long to wait before connection attempt number ``attempt`` after the last welcome, in seconds.

    Doubles from 1 s to at most 300 s, from 60 s when the hub refused the token; ``chance`` (0 to 1) spreads it over its
    upper half, so that a house of devices does not return in one moment after a power cut.

    Raises:
        ValueError: ``attempt`` is below 1.
    """
    if attempt < 1:
        raise ValueError(f"got attempt {attempt}; the first one is 1")
    first_s = _WAIT_AFTER_REFUSAL_S if is_refused else _FIRST_WAIT_S
    return float(min(first_s * 2 ** min(attempt - 1, 16), _LONGEST_WAIT_S)) * (0.5 + chance / 2)


class Device:
    """A device that speaks to a hub. Use it as ``async with``, or await :meth:`run`.

    Args:
        url: ``ws://host:port/api/device`` or ``wss://…``.
        device_id: what the hub knows it by.
        token: over ``wss`` it is sent; over ``ws`` the device only proves that it has it.
        entities: descriptions by key, as in a describe frame.
        info: what the device says of itself: name, manufacturer, model, firmware, area, queue.
        heartbeat_s: time between pings.
        clock: time.
        connect: opens a link to ``url``.
        chance: returns a number from 0 to 1, for the time between attempts.
    """

    def __init__(
        self,
        url: str,
        device_id: str,
        token: str,
        entities: Mapping[str, Mapping[str, Any]],
        *,
        info: DeviceInfo | None = None,
        heartbeat_s: float = 30.0,
        clock: Clock | None = None,
        connect: OpenLink = open_link,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.url = url
        self.device_id = device_id
        self.entities = {key: dict(description) for key, description in entities.items()}
        self.info = info or DeviceInfo()
        self.heartbeat_s = heartbeat_s
        self.outbox = Outbox()
        self.values: dict[str, DeviceValue] = {}
        self.connects = 0
        self._token = token
        self._clock = clock or Clock()
        self._connect = connect
        self._chance = chance
        self._handlers: dict[str, Handler] = {}
        self._results: dict[str, bytes | None] = {}
        self._session: str | None = None
        self._frames: asyncio.Queue[bytes] | None = None
        self._commands: asyncio.Queue[CommandFrame | CommandBody] = asyncio.Queue(WAITING_COMMANDS)
        self._wake_in_s: float | None = None
        self._changed = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None

    # -- what an author uses ----------------------------------------------------------------------------------------

    @property
    def is_connected(self) -> bool:
        """True while the session is up."""
        return self._frames is not None

    def on_command(self, key: str) -> Callable[[Handler], Handler]:
        """Decorate the function that carries out commands for ``key``: ``handler(service, data)``, plain or async.

        It returns the states that it led to by key, or None; what it raises is told to the hub as the command's error.
        """

        def keep(handler: Handler) -> Handler:
            self._handlers[key] = handler
            return handler

        return keep

    def set(self, states: States | None = None, *, at: float | None = None, **more: DeviceValue) -> None:
        """Report current values by key, now or, while the hub is away, later."""
        changed = {**(states or {}), **more}
        self.values.update(changed)
        self.outbox.put_states(changed, at)
        self._flush()

    def fire(self, key: str, event: str, data: Mapping[str, Any] | None = None, *, at: float | None = None) -> None:
        """Report that something happened at ``key``, like the press of a button."""
        self.outbox.put_event(key, event, data or {}, at)
        self._flush()

    async def connected(self) -> None:
        """Wait until the session is up."""
        await self._wait_until(lambda: self.is_connected)

    async def delivered(self) -> None:
        """Wait until the hub has acknowledged everything."""
        await self._wait_until(lambda: not self.outbox)

    async def sleep(self, wake_in_s: float) -> None:
        """Deliver everything, say bye, be away for ``wake_in_s`` and return when the session is up again."""
        await self.connected()
        await self.delivered()
        self._wake_in_s = wake_in_s
        self._say(encode(Bye(wake_in_s)))
        await self._wait_until(lambda: self._wake_in_s is None and self.is_connected)

    async def run(self) -> None:
        """Connect, and connect again, until cancelled."""
        worker = asyncio.create_task(self._work(), name=f"device {self.device_id}: commands")
        attempt, is_refused, is_told = 0, False, False  # what goes wrong is told once, until it goes right again
        try:
            while True:
                welcomes = self.connects
                try:
                    await self._live()
                except LinkLost as lost:
                    is_refused = lost.code in _REFUSALS
                    is_told = is_told and self.connects == welcomes
                    is_news = not (is_told or self._is_expected(lost))
                    _log.log(logging.WARNING if is_news else logging.DEBUG, "device %s: %s", self.device_id, lost)
                    is_told |= is_news
                attempt = 1 if self.connects > welcomes else attempt + 1
                await self._clock.sleep(self._pause_s(attempt, is_refused=is_refused))
                self._wake_in_s = None
        finally:
            await _end(worker)

    def _is_expected(self, lost: LinkLost) -> bool:
        """True when the socket was to be lost: the device said bye, or the hub goes down in order."""
        return self._wake_in_s is not None or lost.code == CloseCode.RESTARTING

    async def __aenter__(self) -> Self:
        self._runner = asyncio.create_task(self.run(), name=f"device {self.device_id}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await _end(self._runner)

    # -- one socket -------------------------------------------------------------------------------------------------

    async def _live(self) -> None:
        """Open a socket and stay on it until it is lost.

        Raises:
            LinkLost: always, unless the device said bye.
        """
        link = await self._connect(self.url)
        silent = asyncio.get_running_loop().create_future()
        silence = self._clock.call_later(_WELCOME_S, lambda: silent.set_result(None))
        reader = asyncio.create_task(self._talk(link, silence), name=f"device {self.device_id}: reader")
        try:
            await asyncio.wait((reader, silent), return_when=asyncio.FIRST_COMPLETED)
            if not reader.done():
                raise LinkLost(CloseCode.SILENT, "the hub is silent")
            await reader
        finally:
            silence.cancel()
            await _end(reader)
            await link.close()

    async def _talk(self, link: Link, silence: Timer) -> None:
        welcome = await self._greet(link)
        frames: asyncio.Queue[bytes] = asyncio.Queue()
        jobs = [
            asyncio.create_task(self._write(link, frames), name=f"device {self.device_id}: writer"),
            asyncio.create_task(self._beat(frames, welcome.heartbeat_s), name=f"device {self.device_id}: heart"),
        ]
        try:
            self._begin(welcome, frames)
            while True:
                silence.restart(SILENCE * welcome.heartbeat_s)
                self._hear(decode_hub_frame(await link.receive()))
        except ProtocolError as error:
            raise LinkLost(CloseCode.PROTOCOL, str(error)) from error
        finally:
            self._frames = None
            self._tell()
            await _end(*jobs)

    async def _greet(self, link: Link) -> Welcome:
        """Say hello, answer a challenge, and return the hub's welcome."""
        hello = Hello(
            version=VERSION,
            device=self.device_id,
            token=self._token if self.url.startswith("wss:") else None,
            session=self._session,
            heartbeat_s=self.heartbeat_s,
            firmware=self.info.firmware,
            model=self.info.model,
            manufacturer=self.info.manufacturer,
            name=self.info.name,
        )
        await link.send(encode(hello))
        while True:
            frame = decode_hub_frame(await link.receive())
            if isinstance(frame, Welcome):
                return frame
            if isinstance(frame, Challenge):
                hello.proof = make_proof(self._token, frame.nonce, self.device_id)
                await link.send(encode(hello))
            elif isinstance(frame, ErrorFrame):
                _log.error("the hub refuses device %s: %s", self.device_id, frame.message)

    def _begin(self, welcome: Welcome, frames: asyncio.Queue[bytes]) -> None:
        """Bring the session up: describe what the hub does not know, and send what it has not got."""
        self._session = welcome.session
        self._frames = frames
        self.connects += 1
        if welcome.resumed:
            unsent = self.outbox.resume(welcome.received)
        else:
            self._say(encode(Describe(entities=self.entities, device=self.info)))
            if self.values:
                self.outbox.put_states(self.values)
            unsent = self.outbox.start_over()
        for frame in unsent:
            self._say(frame)
        for command in welcome.commands:
            self._obey(command)
        self._tell()

    async def _beat(self, frames: asyncio.Queue[bytes], heartbeat_s: float) -> None:
        while True:
            await self._clock.sleep(heartbeat_s)
            frames.put_nowait(encode(Ping()))

    def _hear(self, frame: AnyHubFrame | None) -> None:
        if isinstance(frame, Ack):
            self.outbox.acknowledged(frame.seq)
            self._tell()
        elif isinstance(frame, CommandFrame):
            self._obey(frame)
        elif isinstance(frame, ErrorFrame):
            _log.error("the hub refused a frame of %s: %s %s", self.device_id, frame.field, frame.message)

    # -- commands ---------------------------------------------------------------------------------------------------

    def _obey(self, command: CommandFrame | CommandBody) -> None:
        """Carry out a command, unless that was done: then only its result is said again."""
        if command.command not in self._results:
            self._results[command.command] = None
            while len(self._results) > REMEMBERED_COMMANDS:
                del self._results[next(iter(self._results))]
            if self._commands.full():
                busy = encode(Result(command.command, ok=False, error=f"{WAITING_COMMANDS} commands wait already"))
                self._results[command.command] = busy
                self._say(busy)
            else:
                self._commands.put_nowait(command)
        elif (known := self._results[command.command]) is not None:
            self._say(known)

    async def _work(self) -> None:
        """Carry out commands one after the other, whatever the socket does meanwhile."""
        while True:
            command = await self._commands.get()
            result = encode(await self._carry_out(command))
            if command.command in self._results:
                self._results[command.command] = result
            self._say(result)

    async def _carry_out(self, command: CommandFrame | CommandBody) -> Result:
        handler = self._handlers.get(command.entity)
        if handler is None:
            return Result(command.command, ok=False, error=f"{command.entity} takes no commands")
        try:
            outcome = handler(command.service, command.data)
            states = await outcome if isinstance(outcome, Awaitable) else outcome
        except Exception as error:  # noqa: BLE001 - the author's handler must not take the device down
            _log.exception("device %s: %s of %s failed", self.device_id, command.service, command.entity)
            return Result(command.command, ok=False, error=str(error)[:255])
        self.values.update(states or {})
        return Result(command.command, ok=True, states=dict(states or {}))

    # -- the machinery ----------------------------------------------------------------------------------------------

    async def _write(self, link: Link, frames: asyncio.Queue[bytes]) -> None:
        with contextlib.suppress(LinkLost):  # the reader sees it too
            while True:
                await link.send(await frames.get())
                if frames.empty():
                    self._flush()

    def _flush(self) -> None:
        if self._frames is not None and self._frames.qsize() < WRITTEN_AHEAD:
            for frame in self.outbox.take_unsent():
                self._frames.put_nowait(frame)

    def _say(self, frame: bytes) -> None:
        if self._frames is not None:
            self._frames.put_nowait(frame)

    def _pause_s(self, attempt: int, *, is_refused: bool) -> float:
        if self._wake_in_s is not None:
            return self._wake_in_s
        return backoff(attempt, is_refused=is_refused, chance=self._chance())

    async def _wait_until(self, condition: Callable[[], object]) -> None:
        while not condition():
            await self._changed.wait()

    def _tell(self) -> None:
        """Wake who waits for a condition."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


async def pair(url: str, device_id: str, code: str, *, model: str | None = None, connect: OpenLink = open_link) -> str:
    """Ask the hub for a token with the code that it shows, wait until a person accepts, and return the token.

    Raises:
        Unauthorized: nobody pairs now, the code is wrong, or the person said no.
    """
    link = await connect(url)
    try:
        await link.send(encode(Pair(device=device_id, code=code, model=model)))
        while True:
            frame = decode_hub_frame(await link.receive())
            if isinstance(frame, Paired):
                return frame.token
    except LinkLost as lost:
        raise Unauthorized(lost.reason or "the hub closed the socket") from lost
    finally:
        await link.close()


async def _end(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks and wait until they are over."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
