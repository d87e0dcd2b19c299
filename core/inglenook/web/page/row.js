// One entity as it is shown: its name, its state, what can be done with it.
import { SAYS_ITSELF, asksForCode, controlsOf } from "/page/controls.js";
import { make, setAttribute, setText } from "/page/dom.js";
import { iconOf } from "/page/icons.js";
import { askForCode, show, tell } from "/page/notices.js";
import { NOT_THERE, ago, moment, nameOf, plainWord, shortName, stateText } from "/page/words.js";

const ACTIVE = new Set(["on", "open", "opening", "unlocked", "unlocking", "playing", "heating", "cooling", "heat", "cool", "home",
  "cleaning", "mowing", "active", "triggered", "jammed", "auto", "heat_cool", "dry", "fan_only", "eco", "returning"]);
const WORRYING = new Set(["jammed", "triggered", "problem"]);

export class Row {
  constructor(house, state, area) {
    this.house = house;
    this.id = state.id;
    this.area = area;
    this.name = make("button", { type: "button", class: "name", on: { click: () => this.explain() } });
    this.said = make("span", { class: "state" });
    this.icon = iconOf(state);
    this.kind = this.kindOf(state);
    this.controls = controlsOf(state, (service, data, source) => this.act(service, data, source), nameOf(state));
    const beside = make("span", { class: "beside" }, ...this.controls.elements);
    const below = make("div", { class: "below" }, ...this.controls.below);
    this.element = make("li", { class: "row", "data-entity": state.id }, this.icon, this.name, this.said, beside, below);
    this.element.classList.toggle("tall", this.controls.below.length > 0);
    this.update(state);
  }

  // What decides which controls there are: when it changes, the row has to be made anew.
  kindOf({ attributes }) {
    const { friendly_name, device_class, min, max, step, mode, has_date, has_time } = attributes;
    return JSON.stringify([friendly_name, device_class, min, max, step, typeof mode === "string" ? mode : null, has_date, has_time]);
  }

  update(state) {
    this.state = state;
    setText(this.name, shortName(state, this.area));
    setText(this.said, this.words(state));
    this.said.hidden = SAYS_ITSELF.has(state.domain) && !NOT_THERE.has(state.state);
    setAttribute(this.element, "data-look", this.look(state));
    this.controls.update(state);
  }

  words(state) {
    const { domain, attributes } = state;
    const text = stateText(state, this.house.places.get(state.id)?.dp);
    if (domain === "climate" && attributes.current_temperature != null) {
      return `${plainWord(attributes.hvac_action ?? state.state)} · ${attributes.current_temperature.toLocaleString()}°`;
    }
    if (domain === "cover" && attributes.current_position > 0 && attributes.current_position < 100) return `${text} · ${attributes.current_position} %`;
    if (domain === "media_player" && attributes.media_title) return `${text} · ${attributes.media_title}`;
    return text;
  }

  look(state) {
    if (NOT_THERE.has(state.state)) return state.state === "unavailable" ? "away" : "still";
    if (WORRYING.has(state.state)) return "worrying";
    if (state.domain === "binary_sensor" && ["smoke", "gas", "moisture", "problem", "safety", "tamper", "carbon_monoxide"].includes(state.attributes.device_class)) {
      return state.state === "on" ? "worrying" : "still";
    }
    if (state.domain === "climate") return ["heating", "cooling"].includes(state.attributes.hvac_action) ? "active" : "still";
    return ACTIVE.has(state.state) && state.domain !== "sensor" ? "active" : "still";
  }

  async act(service, data, source) {
    const all = { ...data };
    if (asksForCode(this.state, service)) {
      const code = await askForCode(`${plainWord(service.replace("alarm_", ""))}: ${nameOf(this.state)}`);
      if (code === null) return;
      all.code = code;
    }
    setAttribute(source, "aria-busy", true);
    try {
      await this.house.connection.callService(this.state.domain, service, this.id, all);
    } catch (error) {
      tell(`${nameOf(this.state)}: ${error.message}`);
      this.controls.update(this.state);
    } finally {
      source.removeAttribute("aria-busy");
    }
  }

  explain() {
    const { state, attributes, changed, updated, id } = this.state;
    const facts = [["Entity", id], ["State", state], ["Since", `${moment(changed)} (${ago(changed)})`], ["Updated", moment(updated)]];
    for (const [name, value] of Object.entries(attributes)) {
      if (name !== "friendly_name") facts.push([plainWord(name), typeof value === "object" ? JSON.stringify(value) : String(value)]);
    }
    show(nameOf(this.state), factList(facts));
  }
}

export function factList(facts) {
  const parts = facts.flatMap(([name, value]) => [make("dt", { textContent: name }), make("dd", { textContent: value })]);
  return make("dl", { class: "facts" }, ...parts);
}
