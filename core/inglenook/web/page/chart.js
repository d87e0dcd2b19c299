// A line chart of the last minutes.
import { make, makeSvg, setAttribute, setText } from "/page/dom.js";

const WIDTH = 300;
const HEIGHT = 80;
const LEAST_S = 60; // the axis shows so long at least
const MOST_S = 300;
const GAP_S = 15; // where so long nothing was read, the line is broken; the home reads seldom while nobody looks

export class Chart {
  // `series`: each with `key` of a reading and `label`; `text` writes a value; `least`: the least that the axis shows.
  constructor({ title, series, text, least }) {
    this.series = series;
    this.text = text;
    this.least = least;
    this.title = title;
    this.now = make("span", { class: "now" });
    this.top = make("span", { class: "top" });
    this.lines = series.map((_, index) => makeSvg("path", { class: `line line-${index}` }));
    this.area = makeSvg("path", { class: "under" });
    const grid = [0, 0.5, 1].map((part) => makeSvg("line", { x1: 0, x2: WIDTH, y1: part * HEIGHT, y2: part * HEIGHT, class: "grid" }));
    this.image = makeSvg("svg", { viewBox: `0 -2 ${WIDTH} ${HEIGHT + 4}`, preserveAspectRatio: "none", role: "img" }, ...grid, this.area, ...this.lines);
    const legend = series.length > 1
      ? make("p", { class: "legend" }, ...series.map(({ label }, index) => make("span", { class: `key key-${index}`, textContent: label })))
      : null;
    this.since = make("span", {});
    const axis = make("p", { class: "axis", "aria-hidden": "true" }, this.since, make("span", { textContent: "now" }));
    this.element = make("figure", { class: "panel chart" }, make("figcaption", {}, make("h2", { textContent: title }), this.now), make("div", { class: "plot" }, this.top, this.image), axis, legend);
  }

  update(readings) {
    const last = readings.at(-1);
    if (last === undefined) return;
    const written = this.series.map(({ key, label }) => `${this.series.length > 1 ? `${label} ` : ""}${last[key] === null ? "–" : this.text(last[key])}`);
    setText(this.now, written.join(" · "));
    setAttribute(this.image, "aria-label", `${this.title}; now ${written.join(", ")}`);
    const span = Math.min(MOST_S, Math.max(LEAST_S, 60 * Math.ceil((last.at - readings[0].at) / 60)));
    setText(this.since, `${span / 60} min ago`);
    const values = readings.flatMap((reading) => this.series.map(({ key }) => reading[key] ?? 0));
    const top = nice(Math.max(this.least, ...values));
    setText(this.top, this.text(top));
    this.series.forEach(({ key }, index) => this.lines[index].setAttribute("d", pathOf(readings, key, { now: last.at, span, top })));
    if (this.series.length === 1) this.area.setAttribute("d", areaOf(readings, this.series[0].key, { now: last.at, span, top }));
  }
}

function place(reading, key, { now, span, top }) {
  return [WIDTH * (1 - (now - reading.at) / span), HEIGHT * (1 - reading[key] / top)];
}

// The readings that have a value, in pieces without a gap.
function pieces(readings, key) {
  const found = [];
  let before = -Infinity;
  for (const reading of readings) {
    if (reading[key] === null) continue;
    if (reading.at - before > GAP_S) found.push([]);
    found.at(-1).push(reading);
    before = reading.at;
  }
  return found;
}

function pathOf(readings, key, axes) {
  return pieces(readings, key).map((piece) => `M${joined(piece.map((reading) => place(reading, key, axes)))}`).join("");
}

function areaOf(readings, key, axes) {
  return pieces(readings, key).map((piece) => {
    const points = piece.map((reading) => place(reading, key, axes));
    return `M${joined([[points[0][0], HEIGHT], ...points, [points.at(-1)[0], HEIGHT]])}Z`;
  }).join("");
}

function joined(points) {
  return points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
}

// The next of 1, 2, 5, 10, 20 … at or above a value.
function nice(value) {
  const size = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((step) => step * size >= value * 0.999) * size;
}
