// Runs the single-file device under MicroPython: node device.mjs DEVICE_PY SCRIPT_PY ARGUMENT...
//
// MicroPython for Node has no sockets and no os.urandom; both are lent by Node, with the methods and errors of
// MicroPython's own streams. Whatever else the device uses is MicroPython's.

import { randomBytes } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import net from "node:net";
import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript/micropython.mjs";

class Stream {
  constructor(socket) {
    this.socket = socket;
    this.chunks = [];
    this.isOver = false;
    this.wake = () => {};
    socket.on("data", (data) => this.note(data.toString("hex")));
    socket.on("error", () => this.note(""));
    socket.on("close", () => this.note(""));
  }

  note(chunk) {
    if (chunk) this.chunks.push(chunk);
    else this.isOver = true;
    this.wake();
  }

  // What came since the last time, as hexadecimal digits; waits for some, and is empty when nothing more comes.
  async more() {
    if (!this.chunks.length && !this.isOver) await new Promise((resolve) => { this.wake = resolve; });
    return this.chunks.splice(0).join("");
  }

  write(digits) {
    if (!this.isOver) this.socket.write(Buffer.from(digits, "hex"));
  }

  close() {
    this.socket.destroy();
  }
}

const lent = {
  connect: (host, port) => new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, noDelay: true });
    socket.once("connect", () => resolve(new Stream(socket)));
    socket.once("error", reject);
  }),
  random: (count) => randomBytes(count).toString("hex"),
  append: (path, text) => appendFileSync(path, text),
};

const STREAMS = `
import asyncio, binascii, sys
sys.path.append("/")
import lent

class Reader:
    def __init__(self, stream):
        self.stream, self.kept = stream, b""

    async def more(self):
        digits = await self.stream.more()
        self.kept += binascii.unhexlify(digits)
        return len(digits) > 0

    async def readexactly(self, count):
        while len(self.kept) < count:
            if not await self.more():
                raise EOFError
        found, self.kept = self.kept[:count], self.kept[count:]
        return found

    async def readline(self):
        while b"\\n" not in self.kept and await self.more():
            pass
        end = self.kept.find(b"\\n") + 1 or len(self.kept)
        found, self.kept = self.kept[:end], self.kept[end:]
        return found

class Writer:
    def __init__(self, stream):
        self.stream = stream

    def write(self, data):
        self.stream.write(binascii.hexlify(data).decode())

    async def drain(self):
        await asyncio.sleep(0)

    def close(self):
        self.stream.close()

async def open_connection(host, port):
    try:
        stream = await lent.connect(host, port)
    except Exception as error:
        raise OSError(str(error))
    return Reader(stream), Writer(stream)

class Os:
    def urandom(self, count):
        return binascii.unhexlify(lent.random(count))

asyncio.open_connection = open_connection
sys.modules["os"] = Os()
`;

const [device, script, ...rest] = process.argv.slice(2);
try {
  const micropython = await loadMicroPython({ stdout: (line) => console.log(line), linebuffer: true });
  micropython.registerJsModule("lent", lent);
  micropython.FS.writeFile("/device_micropython.py", readFileSync(device));
  await micropython.runPythonAsync(STREAMS);
  await micropython.runPythonAsync(`ARGV = ${JSON.stringify(rest)}`);
  await micropython.runPythonAsync(readFileSync(script, "utf8"));
} catch (error) {
  console.error(String(error)); // not its stack, which is all of MicroPython in one line
  process.exit(1);
}
