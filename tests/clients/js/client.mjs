// Lets a test use home-assistant-js-websocket: a line of JSON on stdin is one thing to do, {"act": NAME, ...}, and is
// answered with {"result": ...} or {"error": ...} on stdout; what happens meanwhile is told as {"event": NAME, "data": ...}.

import { createInterface } from "node:readline";
import {
  Auth, callService, createConnection, createLongLivedTokenAuth, getAuth, getUser, subscribeConfig, subscribeEntities,
  subscribeServices,
} from "home-assistant-js-websocket";
import WebSocket from "ws";

let connection;
let resume = () => {};
let logOut = () => {};
const frames = { single: 0, several: 0 };
const subscriptions = new Map();

globalThis.WebSocket = class extends WebSocket {
  constructor(url) {
    super(url);
    this.on("message", (data) => { frames[data.toString().startsWith("[") ? "several" : "single"] += 1; });
  }
};

const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const telling = (event) => (data) => tell({ event, data: data ?? null });

const acts = {
  // auth: what saveTokens was given, or {hassUrl, token} of a long-lived token
  async connect({ auth }) {
    connection?.close();
    const known = auth.token ? createLongLivedTokenAuth(auth.hassUrl, auth.token) : new Auth(auth, telling("tokens"));
    connection = await createConnection({ auth: known, setupRetry: 0 });
    for (const event of ["ready", "disconnected", "reconnect-error"]) {
      connection.addEventListener(event, (_, data) => tell({ event, data: data ?? null }));
    }
    return connection.haVersion;
  },
  // an authorization code, as the page of the log-in sends it back
  async logIn({ hassUrl, clientId, authCode }) {
    const auth = await getAuth({ hassUrl, clientId, authCode, saveTokens: telling("tokens") });
    connection?.close();
    connection = await createConnection({ auth, setupRetry: 0 });
    connection.addEventListener("disconnected", () => tell({ event: "disconnected", data: null }));
    connection.addEventListener("reconnect-error", (_, data) => tell({ event: "reconnect-error", data }));
    logOut = () => auth.revoke();
  },
  logOut() { return logOut(); },
  close() { connection.close(); },
  subscribeEntities() {
    subscriptions.set("entities", subscribeEntities(connection, (entities) => telling("entities")(Object.fromEntries(
      Object.entries(entities).map(([id, entity]) => [id, {
        state: entity.state, attributes: entity.attributes, changed: entity.last_changed, context: entity.context,
      }]),
    ))));
  },
  subscribeServices() {
    subscriptions.set("services", subscribeServices(connection, (services) => telling("services")(
      Object.fromEntries(Object.entries(services).map(([domain, known]) => [domain, Object.keys(known)])),
    )));
  },
  subscribeConfig() { subscriptions.set("config", subscribeConfig(connection, telling("config"))); },
  async subscribeEvents({ type }) {
    subscriptions.set("events", await connection.subscribeEvents(telling("events"), type));
  },
  async subscribeMessage({ message }) {
    subscriptions.set("message", await connection.subscribeMessage(telling("message"), message));
  },
  async unsubscribe({ name }) { await subscriptions.get(name)(); },
  callService({ domain, service, data, target }) { return callService(connection, domain, service, data, target, true); },
  send({ message }) { return connection.sendMessagePromise(message); },
  getUser() { return getUser(connection); },
  // reconnects that follow wait for `resume`
  hold() { connection.suspendReconnectUntil(new Promise((resolve) => { resume = resolve; })); },
  resume() { resume(); },
  frames() { return { ...frames }; },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { act, ...options } = JSON.parse(line);
  try {
    tell({ result: (await acts[act](options)) ?? null });
  } catch (error) {
    tell({ error: error instanceof Error ? String(error) : error });
  }
}
process.exit(0);
