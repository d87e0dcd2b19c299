// Devices: whether each is connected, since when it was heard, how its battery is.
import { arrange, make, setAttribute, setText } from "/page/dom.js";
import { ago, bytes, counted, duration, moment } from "/page/words.js";

const AGAIN_MS = 5_000;
const LOOKS = { connected: "good", asleep: "still", away: "worrying", revoked: "still", "never seen": "still" };
const RANK = { away: 0, connected: 1, asleep: 2, "never seen": 3, revoked: 4 };
const LOW = 20; // percent

export class DevicesView {
  constructor(house) {
    this.house = house;
    this.devices = new Map();
    this.rows = new Map();
    this.summary = make("p", { class: "summary" });
    this.find = make("input", { type: "search", placeholder: "Find", "aria-label": "Find devices" });
    this.find.oninput = () => this.lay();
    this.list = make("ul", { class: "devices" });
    this.nothing = make("p", { class: "nothing", hidden: true });
    this.element = make("section", { "aria-label": "Devices" }, make("div", { class: "bar" }, this.summary, this.find), this.list, this.nothing);
  }

  enter() {
    this.unsubscribe = this.house.connection.subscribe("inglenook/devices/subscribe", {}, (event) => this.take(event));
    this.timer = setInterval(() => this.lay(), AGAIN_MS);
    this.lay();
  }

  leave() {
    this.unsubscribe();
    clearInterval(this.timer);
  }

  update() {}

  take({ devices, changed = [], removed = [] }) {
    if (devices !== undefined) this.devices.clear();
    for (const device of devices ?? changed) this.devices.set(device.device, device);
    for (const id of removed) this.devices.delete(id);
    this.lay();
  }

  lay() {
    const wanted = this.find.value.trim().toLowerCase();
    const all = [...this.devices.values()];
    const found = all.filter((device) => `${device.name} ${device.device} ${this.house.areaName(device.area)} ${device.status}`.toLowerCase().includes(wanted));
    found.sort((one, other) => RANK[one.status] - RANK[other.status] || one.name.localeCompare(other.name));
    for (const id of this.rows.keys()) if (!this.devices.has(id)) this.rows.delete(id);
    arrange(this.list, found.map((device) => this.rowOf(device)));
    const count = (status) => all.filter((device) => device.status === status).length;
    const low = all.filter(({ battery }) => battery === false || (typeof battery === "number" && battery <= LOW)).length;
    const parts = [counted(all.length, "device"), `${count("connected")} connected`];
    if (count("away")) parts.push(`${count("away")} away`);
    if (low) parts.push(`${low} with a low battery`);
    setText(this.summary, parts.join(" · "));
    this.nothing.hidden = found.length > 0;
    setText(this.nothing, wanted ? "No device is called like that." : "No device has connected yet.");
  }

  rowOf(device) {
    let row = this.rows.get(device.device);
    if (row === undefined) this.rows.set(device.device, (row = new DeviceRow(device)));
    row.update(device, this.house.areaName(device.area));
    return row.element;
  }
}

class DeviceRow {
  constructor(device) {
    this.name = make("h2", {});
    this.about = make("p", { class: "about" });
    this.badge = make("span", { class: "badge" });
    this.meter = make("meter", { min: 0, max: 100, low: LOW, optimum: 100 });
    this.charge = make("span", {});
    this.battery = make("p", { class: "battery" }, this.meter, this.charge);
    this.facts = ["Heard", "Entities", "Waiting", "Reconnects", "Messages", "Delay"].map((name) => {
      const value = make("dd", {});
      return { name, value, element: make("div", {}, make("dt", { textContent: name }), value) };
    });
    const facts = make("dl", {}, ...this.facts.map(({ element }) => element));
    const head = make("header", {}, make("div", {}, this.name, this.about), this.badge);
    this.element = make("li", { class: "panel device", "data-device": device.device }, head, this.battery, facts);
  }

  update(device, area) {
    setText(this.name, device.name);
    setText(this.about, [area, device.model, device.name === device.device ? null : device.device].filter(Boolean).join(" · "));
    setText(this.badge, device.status);
    setAttribute(this.badge, "data-look", LOOKS[device.status]);
    this.power(device.battery);
    const { last_seen: seen } = device;
    const values = {
      Heard: seen ? ago(seen) : "never",
      Entities: device.entities.toLocaleString(),
      Waiting: counted(device.waiting, "command"),
      Reconnects: device.reconnects.toLocaleString(),
      Messages: `${device.messages.toLocaleString()} (${bytes(device.bytes)})${device.gaps ? `, ${device.gaps} missing` : ""}`,
      Delay: device.lag_s === null ? "–" : duration(Math.max(0, device.lag_s)),
    };
    for (const { name, value } of this.facts) setText(value, values[name]);
    if (seen) this.facts[0].value.title = moment(seen);
  }

  power(battery) {
    this.battery.hidden = battery === null;
    this.meter.hidden = typeof battery !== "number";
    if (typeof battery === "number") {
      this.meter.value = battery;
      setAttribute(this.meter, "aria-label", "Battery");
    }
    setText(this.charge, typeof battery === "number" ? `Battery ${battery.toLocaleString()} %` : battery ? "Battery is good" : "Battery is low");
  }
}
