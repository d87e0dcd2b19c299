// The home by its areas: what can be done in each, and what is measured there.
import { CONTROLLED } from "/page/controls.js";
import { arrange, make, setText } from "/page/dom.js";
import { tell } from "/page/notices.js";
import { Row } from "/page/row.js";
import { counted, nameOf } from "/page/words.js";

const LEFT_OUT = new Set(["automation", "script", "zone", "persistent_notification", "conversation", "tts", "notify", "event", "group", "tag"]);
const ORDER = ["light", "switch", "input_boolean", "cover", "climate", "fan", "lock", "alarm_control_panel", "media_player", "vacuum"];
const OPENINGS = new Set(["door", "window", "garage_door", "opening"]);
const MOST_AT_ONCE = 150; // rows of an area that are made before somebody asks for more

export class HomeView {
  constructor(house) {
    this.house = house;
    this.rows = new Map();
    this.panels = new Map();
    this.limits = new Map(); // of areas of which more is shown
    this.summary = make("p", { class: "summary" });
    this.find = make("input", { type: "search", placeholder: "Find", "aria-label": "Find entities and areas" });
    this.find.oninput = () => this.lay();
    this.grid = make("div", { class: "areas" });
    this.nothing = make("p", { class: "nothing", hidden: true });
    this.element = make("section", { "aria-label": "Home" }, make("div", { class: "bar" }, this.summary, this.find), this.grid, this.nothing);
  }

  enter() {
    this.lay();
  }

  leave() {}

  // `ids`: those whose state changed; null when everything may be another, or belong elsewhere.
  update(ids) {
    const isNew = ids === null || ids.some((id) => this.house.states.has(id) !== this.known.has(id));
    if (isNew) {
      this.lay();
      return;
    }
    for (const id of ids) {
      const state = this.house.states.get(id);
      if (state !== undefined) this.rows.get(id)?.update(state);
    }
    this.sum();
  }

  lay() {
    const { house } = this;
    this.known = new Set(house.states.keys());
    for (const id of this.rows.keys()) if (!this.known.has(id)) this.rows.delete(id);
    const byArea = new Map(house.areas.map((area) => [area.id, []]));
    byArea.set(null, []);
    for (const state of house.states.values()) {
      if (LEFT_OUT.has(state.domain) || house.isHidden(state.id)) continue;
      const area = house.areaOf(state.id);
      byArea.get(byArea.has(area) ? area : null).push(state);
    }
    const panels = [];
    for (const area of [...house.areas, { id: null, name: house.areas.length ? "Elsewhere" : "Everything", floor: "" }]) {
      const states = byArea.get(area.id).filter((state) => this.isFound(state, area));
      if (states.length > 0) panels.push(this.panelOf(area, states));
    }
    arrange(this.grid, panels);
    this.nothing.hidden = panels.length > 0;
    setText(this.nothing, this.find.value ? "Nothing is called like that." : "There is nothing here yet: no device has connected, no helper is configured.");
    this.sum();
  }

  isFound(state, area) {
    const wanted = this.find.value.trim().toLowerCase();
    return wanted === "" || `${nameOf(state)} ${state.id} ${area.name}`.toLowerCase().includes(wanted);
  }

  panelOf(area, states) {
    let panel = this.panels.get(area.id);
    if (panel === undefined) {
      const heading = make("h2", {});
      const floor = make("span", { class: "floor" });
      const off = make("button", { type: "button", class: "quiet", textContent: "Lights off", on: { click: () => this.darken(panel) } });
      const things = make("ul", { class: "rows" });
      const measured = make("ul", { class: "rows measured" });
      const more = make("button", { type: "button", class: "quiet more", on: { click: () => this.open(area.id) } });
      const title = make("header", {}, heading, floor, off);
      panel = { element: make("section", { class: "panel area" }, title, things, measured, more), heading, floor, off, things, measured, more };
      panel.heading.id = `area-${this.panels.size}`;
      panel.element.setAttribute("aria-labelledby", panel.heading.id);
      this.panels.set(area.id, panel);
    }
    setText(panel.heading, area.name);
    setText(panel.floor, area.floor);
    const sorted = states.sort((one, other) => rank(one) - rank(other) || nameOf(one).localeCompare(nameOf(other)));
    const shown = sorted.slice(0, this.limits.get(area.id) ?? MOST_AT_ONCE);
    const rows = shown.map((state) => this.rowOf(state, area));
    arrange(panel.things, rows.filter((row) => CONTROLLED.has(row.state.domain)).map((row) => row.element));
    arrange(panel.measured, rows.filter((row) => !CONTROLLED.has(row.state.domain)).map((row) => row.element));
    panel.things.hidden = panel.things.children.length === 0;
    panel.measured.hidden = panel.measured.children.length === 0;
    panel.more.hidden = shown.length === sorted.length;
    setText(panel.more, `Show more; ${(sorted.length - shown.length).toLocaleString()} are left`);
    panel.lights = states.filter((state) => state.domain === "light").map((state) => state.id);
    return panel.element;
  }

  open(areaId) {
    this.limits.set(areaId, (this.limits.get(areaId) ?? MOST_AT_ONCE) + MOST_AT_ONCE);
    this.lay();
  }

  rowOf(state, area) {
    const before = this.rows.get(state.id);
    const heading = area.id === null ? "" : area.name;
    if (before !== undefined && before.area === heading && before.kind === before.kindOf(state)) {
      before.update(state);
      return before;
    }
    const row = new Row(this.house, state, heading);
    this.rows.set(state.id, row);
    return row;
  }

  async darken({ lights }) {
    try {
      await this.house.connection.callService("light", "turn_off", lights.filter((id) => this.house.states.get(id)?.state === "on"));
    } catch (error) {
      tell(error.message);
    }
  }

  sum() {
    const counts = { lights: 0, open: 0, unlocked: 0, away: 0 };
    for (const { id, domain, state, attributes } of this.house.states.values()) {
      if (this.house.isHidden(id)) continue;
      if (domain === "light" && state === "on") counts.lights += 1;
      if (domain === "binary_sensor" && state === "on" && OPENINGS.has(attributes.device_class)) counts.open += 1;
      if (domain === "lock" && state === "unlocked") counts.unlocked += 1;
      if (state === "unavailable" && !LEFT_OUT.has(domain)) counts.away += 1;
    }
    const parts = [counts.lights ? `${counted(counts.lights, "light")} on` : "Every light is off"];
    if (counts.open) parts.push(`${counts.open} open`);
    if (counts.unlocked) parts.push(`${counts.unlocked} unlocked`);
    if (counts.away) parts.push(`${counts.away} not available`);
    setText(this.summary, parts.join(" · "));
    for (const { lights, off } of this.panels.values()) {
      off.hidden = !lights.some((id) => this.house.states.get(id)?.state === "on");
    }
  }
}

function rank({ domain }) {
  const index = ORDER.indexOf(domain);
  if (index >= 0) return index;
  return CONTROLLED.has(domain) ? ORDER.length : ORDER.length + 1;
}
