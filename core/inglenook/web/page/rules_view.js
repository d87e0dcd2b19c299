// Automations and scripts: whether they are on, when they last ran and how that ended, step by step.
import { arrange, debounced, make, setAttribute, setText } from "/page/dom.js";
import { tell } from "/page/notices.js";
import { ago, counted, duration, moment, plainWord, timeOfDay } from "/page/words.js";

const GOOD = new Set(["finished"]);
const LONG = 80; // characters of a result that are shown at once
const AGAIN_MS = 15_000; // "2 minutes ago" becomes older

export class RulesView {
  constructor(house) {
    this.house = house;
    this.rows = new Map();
    this.rules = [];
    this.summary = make("p", { class: "summary" });
    this.find = make("input", { type: "search", placeholder: "Find", "aria-label": "Find rules" });
    this.find.oninput = () => this.lay();
    this.list = make("ul", { class: "rules" });
    this.nothing = make("p", { class: "nothing", hidden: true });
    this.element = make("section", { "aria-label": "Rules" }, make("div", { class: "bar" }, this.summary, this.find), this.list, this.nothing);
    this.learnSoon = debounced(400, () => this.learn());
  }

  enter() {
    this.isShown = true;
    this.timer = setInterval(() => this.lay(), AGAIN_MS);
    this.learn();
  }

  leave() {
    this.isShown = false;
    clearInterval(this.timer);
  }

  update(ids) {
    if (ids === null || ids.some((id) => id.startsWith("automation.") || id.startsWith("script."))) this.learnSoon();
  }

  async learn() {
    if (!this.isShown) return;
    try {
      this.rules = await this.house.connection.command("inglenook/rules");
    } catch (error) {
      if (error.code !== "lost") tell(`Rules: ${error.message}`);
      return;
    }
    this.rules.sort((one, other) => one.name.localeCompare(other.name));
    this.lay();
    for (const row of this.rows.values()) row.traceAgain();
  }

  lay() {
    const wanted = this.find.value.trim().toLowerCase();
    const found = this.rules.filter((rule) => `${rule.name} ${rule.entity_id} ${rule.where ?? ""}`.toLowerCase().includes(wanted));
    arrange(this.list, found.map((rule) => this.rowOf(rule).element));
    const known = new Set(this.rules.map((rule) => rule.entity_id));
    for (const id of this.rows.keys()) if (!known.has(id)) this.rows.delete(id);
    const on = this.rules.filter((rule) => rule.kind === "automation" && rule.state === "on").length;
    const broken = this.rules.filter((rule) => rule.error || rule.state === "unavailable").length;
    const parts = [counted(this.rules.length, "rule"), `${counted(on, "automation")} on`];
    if (broken) parts.push(`${broken} with an error`);
    setText(this.summary, parts.join(" · "));
    this.nothing.hidden = found.length > 0;
    setText(this.nothing, wanted ? "No rule is called like that." : "There are no rules yet. What you save in the rules folder is live at once.");
  }

  rowOf(rule) {
    let row = this.rows.get(rule.entity_id);
    if (row === undefined) this.rows.set(rule.entity_id, (row = new RuleRow(this.house, rule)));
    row.update(rule);
    return row;
  }
}

class RuleRow {
  constructor(house, rule) {
    this.house = house;
    const isAutomation = rule.kind === "automation";
    this.name = make("h2", {});
    this.where = make("code", { class: "where" });
    this.last = make("span", { class: "last" });
    this.badge = make("span", { class: "badge" });
    this.error = make("p", { class: "error" });
    this.switch = make("button", { type: "button", class: "toggle", role: "switch", hidden: !isAutomation });
    this.switch.onclick = () => this.act("automation", this.rule.state === "on" ? "turn_off" : "turn_on", this.switch);
    this.go = make("button", { type: "button", class: "press", textContent: "Run" });
    this.go.onclick = () => (isAutomation ? this.act("automation", "trigger", this.go) : this.act("script", "turn_on", this.go));
    this.steps = make("div", { class: "trace" });
    this.details = make("details", { hidden: !house.user.is_admin }, make("summary", { textContent: "Last run" }), this.steps);
    this.details.ontoggle = () => this.traceAgain();
    const words = make("div", { class: "words" }, this.name, make("p", { class: "run" }, this.badge, this.last, this.where), this.error);
    const side = make("div", { class: "side" }, this.go, this.switch);
    this.element = make("li", { class: "panel rule", "data-entity": rule.entity_id }, words, side, this.details);
  }

  update(rule) {
    this.rule = rule;
    setText(this.name, rule.name);
    setText(this.where, rule.where ?? rule.entity_id);
    setText(this.last, lastRun(rule));
    setText(this.badge, rule.runs > 0 ? "running" : plainWord(rule.outcome ?? "").toLowerCase());
    this.badge.hidden = !this.badge.textContent;
    setAttribute(this.badge, "data-look", rule.runs > 0 ? "active" : GOOD.has(rule.outcome) ? "good" : "worrying");
    setText(this.error, rule.error ?? "");
    this.error.hidden = !rule.error;
    setAttribute(this.switch, "aria-checked", rule.state === "on");
    setAttribute(this.switch, "aria-label", rule.name);
    setAttribute(this.go, "aria-label", `Run ${rule.name}`);
    this.switch.disabled = this.go.disabled = rule.state === "unavailable";
    this.element.classList.toggle("off", rule.kind === "automation" && rule.state !== "on");
  }

  async act(domain, service, source) {
    setAttribute(source, "aria-busy", true);
    try {
      await this.house.connection.callService(domain, service, this.rule.entity_id);
    } catch (error) {
      tell(`${this.rule.name}: ${error.message}`);
    } finally {
      source.removeAttribute("aria-busy");
    }
  }

  async traceAgain() {
    if (!this.details.open) return;
    try {
      const { run, refusals } = await this.house.connection.command("inglenook/rules/trace", { entity_id: this.rule.entity_id });
      this.steps.replaceChildren(...(run ? showRun(run) : [make("p", { textContent: "It has not run since the home started." })]), ...showRefusals(refusals));
    } catch (error) {
      this.steps.replaceChildren(make("p", { class: "error", textContent: error.message }));
    }
  }
}

function lastRun(rule) {
  if (rule.last_triggered === null) return "never ran";
  return [ago(rule.last_triggered), rule.took_s === null ? null : `took ${duration(rule.took_s)}`].filter(Boolean).join(", ");
}

function showRun(run) {
  const about = [moment(run.at), run.trigger && `because of ${run.trigger}`, run.took_s !== null && `took ${duration(run.took_s)}`];
  return [make("p", { textContent: about.filter(Boolean).join(" · ") }), make("ol", { class: "steps" }, ...gathered(run.steps).map(showStep))];
}

// What a step has led to stands in a trace as entries of its own, with the same path: here each step is one.
function gathered(entries) {
  const steps = [];
  for (const { path, after_s, does, result, set, error } of entries) {
    const last = steps.at(-1);
    const isSame = !does && last?.path === path;
    const step = isSame ? last : { path, after_s, does, results: [], errors: [] };
    if (!isSame) steps.push(step);
    if (result !== null && result !== undefined) step.results.push(typeof result === "string" ? result : JSON.stringify(result));
    for (const [name, value] of Object.entries(set)) step.results.push(`${name} = ${JSON.stringify(value)}`);
    if (error) step.errors.push(error);
  }
  return steps;
}

function showStep({ path, after_s, does, results, errors }) {
  const words = make("span", { class: "does" }, does || null, make("code", { textContent: path }));
  for (const result of results) words.append(showResult(result));
  for (const error of errors) words.append(make("span", { class: "error", textContent: error }));
  return make("li", {}, make("span", { class: "after", textContent: `+${after_s < 0.001 ? "0 ms" : duration(after_s)}` }), words);
}

function showResult(text) {
  if (text.length <= LONG) return make("code", { class: "result", textContent: text });
  return make("details", {}, make("summary", {}, make("code", { textContent: `${text.slice(0, LONG)} …` })), make("pre", { textContent: text }));
}

function showRefusals(refusals) {
  if (refusals.length === 0) return [];
  const lines = refusals.slice(-5).map(({ at, trigger, place, error }) => {
    const why = error || `a condition did not hold (${place})`;
    return make("li", { textContent: `${timeOfDay(at)} · ${trigger ?? "triggered"}: ${why}` });
  });
  return [make("h3", { textContent: "Not run" }), make("ul", { class: "refusals" }, ...lines)];
}
