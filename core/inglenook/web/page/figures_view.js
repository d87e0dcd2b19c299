// What the home does, in figures and charts that go on.
import { Chart } from "/page/chart.js";
import { make, setText } from "/page/dom.js";
import { bytes, counted } from "/page/words.js";

const KEPT = 300;
const perSecond = (value) => `${value.toLocaleString(undefined, { maximumFractionDigits: 1 })} /s`;
const milliseconds = (value) => `${value.toLocaleString(undefined, { maximumSignificantDigits: 3 })} ms`;
const whole = (value) => Math.round(value).toLocaleString();

export class FiguresView {
  constructor(house) {
    this.house = house;
    this.readings = [];
    this.charts = [
      new Chart({ title: "Events", text: perSecond, least: 1, series: [{ key: "events_per_s", label: "events" }] }),
      new Chart({ title: "Runs of rules", text: perSecond, least: 1, series: [{ key: "runs_per_s", label: "runs" }, { key: "failures_per_s", label: "failed" }] }),
      new Chart({ title: "Time of a run", text: milliseconds, least: 0.1, series: [{ key: "run_p50_ms", label: "median" }, { key: "run_p95_ms", label: "95 %" }] }),
      new Chart({ title: "Connections", text: whole, least: 4, series: [{ key: "devices", label: "devices" }, { key: "clients", label: "clients" }] }),
      new Chart({ title: "Delay of the loop", text: milliseconds, least: 1, series: [{ key: "loop_lag_ms", label: "delay" }] }),
      new Chart({ title: "Memory", text: bytes, least: 1e6, series: [{ key: "memory_bytes", label: "resident" }] }),
    ];
    this.summary = make("p", { class: "summary" });
    this.element = make("section", { "aria-label": "Figures" }, make("div", { class: "bar" }, this.summary), make("div", { class: "charts" }, ...this.charts.map(({ element }) => element)));
  }

  enter() {
    this.readings = [];
    this.unsubscribe = this.house.connection.subscribe("inglenook/statistics/subscribe", {}, ({ readings }) => this.take(readings));
  }

  leave() {
    this.unsubscribe();
  }

  update() {}

  take(readings) {
    const last = this.readings.at(-1)?.at ?? 0;
    this.readings = [...this.readings, ...readings.filter(({ at }) => at > last)].slice(-KEPT);
    const now = this.readings.at(-1);
    if (now === undefined) return;
    const parts = [counted(now.entities, "entity", "entities"), counted(now.rules, "automation"), `${whole(now.devices)} of ${counted(now.devices_known, "device")} connected`];
    if (now.commands) parts.push(`${counted(now.commands, "command")} waiting`);
    parts.push(`up ${upFor(now.at - now.started_at)}`);
    setText(this.summary, parts.join(" · "));
    for (const chart of this.charts) chart.update(this.readings);
  }
}

function upFor(passed) {
  const seconds = Math.floor(passed);
  if (seconds < 60) return counted(seconds, "second");
  if (seconds < 3_600) return counted(Math.floor(seconds / 60), "minute");
  if (seconds < 172_800) return counted(Math.floor(seconds / 3_600), "hour");
  return counted(Math.floor(seconds / 86_400), "day");
}
