"""A house of devices for bench/device_path.py: connects them, keeps messages under way, and measures the way back.

    python bench/load.py --port P --pid SERVER --kind hub --devices 100 --window 64 --seconds 3

Prints one JSON object: rate (events a second), cpu_us (CPU time of the server an event), p50_us and p99_us from a
device's message to what it caused, rss_mb of the server, lost (must be 0).
"""

import argparse
import asyncio
import json
import time
from collections import deque
from pathlib import Path
from typing import Any, Final

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from inglenook.protocol import PATH

TOKEN: Final = "inglenook_" + "0" * 64
_COMMAND: Final = b'{"type":"command","command":"'
_ID: Final = slice(len(_COMMAND), len(_COMMAND) + 26)
_AT_ONCE: Final = 50  # handshakes


class Load:
    """All devices and what is under way."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.is_hub = options.kind == "hub"
        self.answers = not options.silent
        self.devices: list[_Device] = []
        self.idle: deque[_Device] = deque()
        self.in_flight = 0
        self.done = 0
        self.latencies: list[float] = []
        self.is_recording = False
        self.is_closed_loop = options.mode == "closed"

    def finished(self, device: "_Device") -> None:
        """What ``device`` caused has come."""
        started = device.started.popleft()
        self.in_flight -= 1
        self.done += 1
        if self.is_recording:
            self.latencies.append(time.perf_counter() - started)
        self.idle.append(device)
        if self.is_closed_loop:
            self.fill()

    def fill(self) -> None:
        """Keep the window full."""
        while self.in_flight < self.options.window and self.idle:
            self.idle.popleft().report(time.perf_counter())

    async def connect(self) -> None:
        """Connect every device and let it describe itself."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(number: int) -> None:
            async with gate:
                url = f"ws://127.0.0.1:{self.options.port}{PATH}"
                _, device = await ws_connect(lambda: _Device(self, number), url)
                assert isinstance(device, _Device)
                self.devices.append(device)
                await device.is_up.wait()

        await asyncio.gather(*(one(number) for number in range(self.options.devices)))
        self.devices.sort(key=lambda device: device.number)
        self.idle.extend(self.devices[: self.options.active] * self.options.depth)

    async def run_open(self) -> None:
        """Send at a rate, whatever comes back."""
        interval = 1 / self.options.rate
        due = time.perf_counter()
        while True:
            now = time.perf_counter()
            while due <= now:
                if self.idle:
                    self.idle.popleft().report(due)
                due += interval
            await asyncio.sleep(max(due - time.perf_counter() - 0.0002, 0))


class _Device(WSListener):
    def __init__(self, load: Load, number: int) -> None:
        super().__init__()
        self.load = load
        self.number = number
        self.started: deque[float] = deque()
        self.is_up = asyncio.Event()
        self._seq = 0

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        if self.load.is_hub:
            self._say({"type": "hello", "version": 1, "device": f"d{self.number}", "token": TOKEN, "heartbeat_s": 300})
        else:
            self.is_up.set()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        if not self.load.is_hub:
            self.load.finished(self)
        elif payload.startswith(_COMMAND):
            if self.load.answers:
                self._transport.send(WSMsgType.TEXT, b'{"type":"result","command":"%b","ok":true}' % payload[_ID])
            self.load.finished(self.load.devices[self.number ^ 1])
        elif payload.startswith(b'{"type":"welcome"'):
            self._say({"type": "describe", "entities": {"k": {"domain": "switch"}, "lamp": {"domain": "light"}}})
            self._say({"type": "ping"})
        elif payload.startswith(b'{"type":"pong"'):
            self.is_up.set()

    def report(self, started: float) -> None:
        """Send the next state."""
        self._seq += 1
        self.started.append(started)
        self.load.in_flight += 1
        state = b"on" if self._seq & 1 else b"off"
        self._transport.send(
            WSMsgType.TEXT,
            b'{"type":"state","seq":%d,"states":{"k":{"state":"%b","attributes":{"power":12.3}}}}' % (self._seq, state),
        )

    def _say(self, frame: dict[str, Any]) -> None:
        self._transport.send(WSMsgType.TEXT, json.dumps(frame).encode())


def _cpu_s(pid: int) -> float:
    """CPU time of all threads of a process, in seconds, from the scheduler's own count."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def _rss_mb(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def _measure(options: argparse.Namespace) -> dict[str, Any]:
    load = Load(options)
    started = time.perf_counter()
    await load.connect()
    connected_s = time.perf_counter() - started
    opener = None
    if load.is_closed_loop:
        load.fill()
    else:
        opener = asyncio.create_task(load.run_open())
    await asyncio.sleep(options.warm)
    load.is_recording = True
    cpu, done, began = _cpu_s(options.pid), load.done, time.perf_counter()
    await asyncio.sleep(options.seconds)
    spent = time.perf_counter() - began
    events = load.done - done
    cpu = _cpu_s(options.pid) - cpu
    load.is_closed_loop = load.is_recording = False
    if opener:
        opener.cancel()
    for _ in range(100):
        if not load.in_flight:
            break
        await asyncio.sleep(0.02)
    if not events:
        raise SystemExit(f"nothing came back in {spent:.1f} s; {load.in_flight} events are under way")
    latencies = sorted(load.latencies)
    return {
        "rate": events / spent,
        "cpu_us": cpu / events * 1e6,
        "cpu_percent": cpu / spent * 100,
        "p50_us": latencies[len(latencies) // 2] * 1e6,
        "p99_us": latencies[len(latencies) * 99 // 100] * 1e6,
        "rss_mb": _rss_mb(options.pid),
        "connect_s": connected_s,
        "lost": load.in_flight,
    }


def main() -> None:
    """Run the load that the command line asks for and print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--kind", default="hub")
    parser.add_argument("--devices", type=int, default=100)
    parser.add_argument("--active", type=int, help="devices that send; by default all")
    parser.add_argument("--depth", type=int, default=1, help="messages that one device may have under way")
    parser.add_argument("--window", type=int, default=64)
    parser.add_argument("--mode", choices=["closed", "open"], default="closed")
    parser.add_argument("--rate", type=float, default=1000.0)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--warm", type=float, default=1.0)
    parser.add_argument("--silent", action="store_true", help="do not answer commands")
    print(json.dumps(uvloop.run(_measure(parser.parse_args()))))


if __name__ == "__main__":
    main()
