"""A lamp and a thermometer for inglenook in one file, for MicroPython 1.22 or later or CPython, without a library.

Goes on after a lost socket, keeps what it reports until it is safe, does commands once. Change capitals, read(), act().
"""

import asyncio, binascii, hashlib, json, os, random  # noqa: E401, I001

HOST, PORT, DEVICE, TOKEN = "192.168.1.2", 8123, "shed", "inglenook_..."
ENTITIES = {"lamp": {"domain": "light"}, "temperature": {"domain": "sensor", "unit_of_measurement": "°C"}}
EVERY_S, HEARTBEAT_S, FIRST_WAIT_S = 10, 30, 1  # a report is a heartbeat too
UPGRADE = "GET /api/device HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
UPGRADE += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: inglenook.v1\r\nSec-WebSocket-Key: %s\r\n\r\n"


class Device:
    values, unsent, results, out, wake = {"lamp": "off"}, [], [], [], asyncio.Event()
    session, seq, is_up, wait_s = None, 0, False, FIRST_WAIT_S

    def read(self):
        return {"temperature": 20 + random.getrandbits(8) / 64}

    def act(self, entity, service, data):
        self.values[entity] = "on" if service == "turn_on" else "off"
        return {entity: self.values[entity]}

    def proof(self, nonce):  # HMAC-SHA256(token, nonce + device id)
        key = hashlib.sha256(TOKEN.encode()).digest() + bytes(32)  # what HMAC makes of so long a token
        inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + (nonce + DEVICE).encode()).digest()
        return binascii.hexlify(hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).digest()).decode()

    def say(self, frame):  # one task writes, so that frames never mix
        self.out.append(json.dumps(frame).encode())
        self.wake.set()

    def report(self, states):  # kept until the hub has it; of more than 32 the oldest goes
        self.seq += 1
        self.values.update(states)
        self.unsent = (self.unsent + [{"type": "state", "seq": self.seq, "states": states}])[-32:]  # noqa: RUF005
        if self.is_up:
            self.say(self.unsent[-1])

    def obey(self, command):  # what comes again was done: only its result is said again
        found = [result for result in self.results if result["command"] == command["command"]]
        if not found:
            found = [{"type": "result", "command": command["command"], "ok": True}]
            try:
                found[0]["states"] = self.act(command["entity"], command["service"], command["data"])
            except Exception as error:  # noqa: BLE001 - the hub is told, the device goes on
                found[0].update({"ok": False, "error": str(error)})
            self.results = (self.results + found)[-16:]
        self.say(found[0])

    async def write(self, writer):
        while True:
            while self.out:
                body, mask = self.out.pop(0), os.urandom(4)
                head = [0x80 | len(body)] if len(body) < 126 else [0xFE, len(body) >> 8, len(body) & 255]
                writer.write(b"\x81" + bytes(head) + mask + bytes(b ^ mask[i & 3] for i, b in enumerate(body)))
                await writer.drain()
            self.wake.clear()
            await self.wake.wait()

    async def hear(self, reader):
        head = await asyncio.wait_for(reader.readexactly(2), 2 * HEARTBEAT_S)
        size = head[1] if head[1] < 126 else int.from_bytes(await reader.readexactly(2), "big")
        body = await reader.readexactly(size)
        assert head[0] == 0x81, body  # a close frame: code and reason
        return json.loads(body)

    async def live(self, reader):
        hello = {"type": "hello", "version": 1, "device": DEVICE, "session": self.session, "heartbeat_s": HEARTBEAT_S}
        self.say(hello)
        self.say(dict(hello, proof=self.proof((await self.hear(reader))["nonce"])))
        welcome = await self.hear(reader)
        if welcome["resumed"]:
            self.unsent = [frame for frame in self.unsent if frame["seq"] > welcome["received"]]
        else:
            self.say({"type": "describe", "entities": ENTITIES})
            self.report(dict(self.values))
            for number, frame in enumerate(self.unsent):
                frame["seq"] = self.seq = number + 1
        self.session, self.is_up, self.wait_s = welcome["session"], True, FIRST_WAIT_S
        for frame in self.unsent:
            self.say(frame)
        for command in welcome["commands"]:
            self.obey(command)
        while True:
            frame = await self.hear(reader)
            self.unsent = [kept for kept in self.unsent if kept["seq"] > frame.get("seq", 0)]  # only an ack has one
            if frame["type"] == "command":
                self.obey(frame)

    async def measure(self):
        while True:
            self.report(self.read())
            await asyncio.sleep(EVERY_S)

    async def run(self):
        closing, self.measuring = [], asyncio.create_task(self.measure())
        while True:
            try:
                reader, writer = await asyncio.open_connection(HOST, PORT)
                closing, self.out = [writer.close], []
                writer.write((UPGRADE % (HOST, binascii.b2a_base64(os.urandom(16)).decode().strip())).encode())
                await writer.drain()
                while await reader.readline() != b"\r\n":
                    pass
                closing.append(asyncio.create_task(self.write(writer)).cancel)
                await self.live(reader)
            except Exception as error:  # noqa: BLE001 - whatever it was, the hub is tried again
                print("lost:", repr(error))
            self.is_up = False
            for close in closing:
                close()
            await asyncio.sleep(self.wait_s * (0.5 + random.getrandbits(8) / 512))
            self.wait_s = min(self.wait_s * 2, 300)


if __name__ == "__main__":
    asyncio.run(Device().run())
