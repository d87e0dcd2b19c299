// The log as it is written.
import { make, setText } from "/page/dom.js";
import { moment, timeOfDay } from "/page/words.js";

const KEPT = 500;
const LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];
const LOOKS = { DEBUG: "still", INFO: "still", WARNING: "active", ERROR: "worrying", CRITICAL: "worrying" };

export class LogView {
  constructor(house) {
    this.house = house;
    this.last = 0;
    this.level = make("select", { "aria-label": "Least level", on: { change: () => this.filter() } },
      ...["INFO", "WARNING", "ERROR"].map((level) => make("option", { value: level, textContent: `${level.toLowerCase()} and above` })));
    this.find = make("input", { type: "search", placeholder: "Find", "aria-label": "Find in the log", on: { input: () => this.filter() } });
    this.summary = make("p", { class: "summary" });
    this.list = make("ol", { class: "log panel", role: "log", "aria-label": "Lines of the log", "aria-live": "off", tabIndex: 0 });
    this.element = make("section", { "aria-label": "Log" }, make("div", { class: "bar" }, this.summary, this.level, this.find), this.list);
  }

  enter() {
    this.list.replaceChildren();
    this.last = 0;
    this.unsubscribe = this.house.connection.subscribe("inglenook/log/subscribe", {}, ({ lines }) => this.take(lines));
  }

  leave() {
    this.unsubscribe();
  }

  update() {}

  take(lines) {
    const isAtEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 40;
    if (lines.length > 0 && lines.at(-1).n < this.last) this.last = 0; // the home has begun anew
    const news = lines.filter(({ n }) => n > this.last);
    this.last = news.at(-1)?.n ?? this.last;
    this.list.append(...news.map((line) => this.lineOf(line)));
    while (this.list.children.length > KEPT) this.list.firstElementChild.remove();
    this.filter();
    if (isAtEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  lineOf({ at, level, logger, message, traceback }) {
    const time = make("time", { dateTime: new Date(at * 1000).toISOString(), title: moment(at), textContent: timeOfDay(at) });
    const badge = make("span", { class: "badge", "data-look": LOOKS[level] ?? "still", textContent: level.toLowerCase() });
    const more = traceback ? make("details", {}, make("summary", { textContent: "Traceback" }), make("pre", { textContent: traceback })) : null;
    const line = make("li", {}, time, badge, make("span", { class: "message" }, make("span", { textContent: message }), make("code", { textContent: logger }), more));
    line.level = LEVELS.indexOf(level);
    line.words = `${logger} ${message} ${traceback}`.toLowerCase();
    return line;
  }

  filter() {
    const least = LEVELS.indexOf(this.level.value);
    const wanted = this.find.value.trim().toLowerCase();
    let count = 0;
    for (const line of this.list.children) {
      line.hidden = line.level < least || !line.words.includes(wanted);
      count += line.hidden ? 0 : 1;
    }
    setText(this.summary, count ? `The last ${count.toLocaleString()} lines` : "No such line yet");
  }
}
