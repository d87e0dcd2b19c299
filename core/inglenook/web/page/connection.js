// The socket to the home: commands and their answers, subscriptions that outlive it, a new one when it is lost.
import { LoggedOut, accessToken } from "/page/session.js";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const PING_MS = 25_000;
const SILENT_MS = 10_000; // a home that does not answer a ping for so long is away

export class CommandFailed extends Error {
  constructor({ code, message }) {
    super(message);
    this.code = code;
  }
}

export class Connection {
  // `onChange` is told `open`, `connecting`, `away` (with the milliseconds until the next try) and `loggedOut`.
  constructor(onChange) {
    this.onChange = onChange;
    this.subscriptions = new Set();
    this.failures = 0;
    this.wasRefused = false;
    this.socket = null;
    this.reset();
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.hurry();
    });
  }

  reset() {
    this.isOpen = false;
    this.lastId = 0;
    this.waiting = new Map();
    this.byId = new Map();
    clearTimeout(this.pingTimer);
  }

  async open() {
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    this.onChange("connecting");
    try {
      const token = await accessToken({ isFresh: this.wasRefused });
      const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/websocket`);
      this.socket = socket;
      socket.onopen = () => socket.send(JSON.stringify({ type: "auth", access_token: token }));
      socket.onmessage = ({ data }) => this.receive(socket, JSON.parse(data));
      socket.onclose = () => {
        if (this.socket === socket) this.lost();
      };
    } catch (error) {
      if (error instanceof LoggedOut) this.onChange("loggedOut");
      else this.lost();
    }
  }

  receive(socket, message) {
    if (this.socket !== socket) return;
    this.heardAt = Date.now();
    for (const one of Array.isArray(message) ? message : [message]) this.take(one);
  }

  take(message) {
    if (message.type === "event") {
      this.byId.get(message.id)?.onEvent(message.event);
    } else if (message.type === "auth_ok") {
      this.opened();
    } else if (message.type === "auth_invalid") {
      this.refused();
    } else {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.type === "pong" || message.success) waiting?.resolve(message.result);
      else waiting?.reject(new CommandFailed(message.error));
    }
  }

  opened() {
    this.isOpen = true;
    this.failures = 0;
    this.wasRefused = false;
    this.command("supported_features", { features: { coalesce_messages: 1 } });
    for (const subscription of this.subscriptions) this.begin(subscription);
    this.pingTimer = setTimeout(() => this.ping(), PING_MS);
    this.onChange("open");
  }

  refused() {
    if (this.wasRefused) this.failures = Math.max(this.failures, 3); // a new token did not help: no hurry
    this.wasRefused = true;
  }

  lost() {
    const waiting = [...this.waiting.values()];
    this.reset();
    this.socket = null;
    for (const { reject } of waiting) reject(new CommandFailed({ code: "lost", message: "The connection was lost." }));
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.failures, LONGEST_WAIT_MS) * (0.8 + 0.4 * Math.random());
    const delay = this.wasRefused && this.failures === 0 ? 0 : wait;
    this.failures += 1;
    this.onChange("away", delay);
    this.retryTimer = setTimeout(() => this.open(), delay);
  }

  // Tries at once instead of waiting: the network is back, or somebody looks again.
  hurry() {
    if (this.socket !== null) {
      if (this.isOpen) this.ping();
      return;
    }
    if (this.retryTimer !== undefined) this.open();
  }

  ping() {
    clearTimeout(this.pingTimer);
    const { socket } = this;
    const askedAt = Date.now();
    this.command("ping").catch(() => {});
    this.pingTimer = setTimeout(() => {
      if (this.socket !== socket) return;
      if (this.heardAt >= askedAt) {
        this.pingTimer = setTimeout(() => this.ping(), PING_MS);
      } else {
        socket.close();
        this.lost();
      }
    }, SILENT_MS);
  }

  // Returns the result; rejects with CommandFailed.
  command(type, data = {}) {
    return this.send(type, data).result;
  }

  send(type, data) {
    if (!this.isOpen) {
      return { id: 0, result: Promise.reject(new CommandFailed({ code: "lost", message: "The home does not answer." })) };
    }
    const id = ++this.lastId;
    const result = new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.socket.send(JSON.stringify({ ...data, id, type }));
    return { id, result };
  }

  // Hears of events until the returned function is called, also after the socket was lost and is back.
  subscribe(type, data, onEvent, onRefused = () => {}) {
    const subscription = { type, data, onEvent, onRefused, id: 0 };
    this.subscriptions.add(subscription);
    if (this.isOpen) this.begin(subscription);
    return () => {
      this.subscriptions.delete(subscription);
      if (this.isOpen && this.byId.delete(subscription.id)) {
        this.command("unsubscribe_events", { subscription: subscription.id }).catch(() => {});
      }
    };
  }

  begin(subscription) {
    const { id, result } = this.send(subscription.type, subscription.data);
    subscription.id = id;
    this.byId.set(id, subscription);
    result.catch((error) => {
      if (this.byId.get(id) === subscription) this.byId.delete(id);
      if (error.code !== "lost") subscription.onRefused(error);
    });
  }

  callService(domain, service, entityId, data = {}) {
    return this.command("call_service", { domain, service, service_data: data, target: { entity_id: entityId } });
  }
}
