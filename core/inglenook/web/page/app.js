// The page: logs in, connects, shows one of its views, and says when the home is away.
import { Connection } from "/page/connection.js";
import { DevicesView } from "/page/devices_view.js";
import { make, setAttribute, setText } from "/page/dom.js";
import { FiguresView } from "/page/figures_view.js";
import { HomeView } from "/page/home_view.js";
import { House } from "/page/house.js";
import { drawn } from "/page/icons.js";
import { LogView } from "/page/log_view.js";
import { RulesView } from "/page/rules_view.js";
import * as session from "/page/session.js";

const VIEWS = [
  { name: "home", icon: "home", text: "Home", View: HomeView },
  { name: "rules", icon: "rules", text: "Rules", View: RulesView },
  { name: "devices", icon: "devices", text: "Devices", View: DevicesView },
  { name: "figures", icon: "sensor", text: "Figures", View: FiguresView, isForAdmins: true },
  { name: "log", icon: "log", text: "Log", View: LogView, isForAdmins: true },
];
const content = document.getElementById("content");
const status = document.getElementById("connection");
const title = document.getElementById("title");
const links = document.getElementById("views");

if (await session.begin()) start();
else await session.logIn();

function start() {
  const connection = new Connection((state, delay) => showConnection(house, state, delay));
  const house = new House(connection);
  const views = new Map(VIEWS.map(({ name, View }) => [name, new View(house)]));
  const shown = { view: null, changed: new Set() };
  house.addEventListener("states", ({ detail }) => collect(shown, detail));
  house.addEventListener("layout", () => collect(shown, null));
  house.addEventListener("config", () => {
    setText(title, house.config.location_name || "Home");
    document.title = title.textContent;
  });
  house.addEventListener("user", () => go(house, views, shown));
  addEventListener("hashchange", () => go(house, views, shown, { isMoved: true }));
  const leave = document.getElementById("leave");
  leave.hidden = false;
  leave.onclick = async () => {
    await session.logOut();
    location.assign("/");
  };
  session.onLoggedOutElsewhere(() => location.assign("/"));
  go(house, views, shown);
  connection.open();
}

function go(house, views, shown, { isMoved = false } = {}) {
  const allowed = VIEWS.filter(({ isForAdmins }) => !isForAdmins || house.user.is_admin);
  const choice = house.isKnown ? allowed : VIEWS; // until it is known who it is, the wish stands
  const wanted = choice.find(({ name }) => `#${name}` === location.hash) ?? allowed[0];
  links.replaceChildren(...allowed.map(({ name, icon, text }) => {
    const current = name === wanted.name ? "page" : null;
    return make("a", { href: `#${name}`, "aria-current": current }, drawn(icon), text);
  }));
  if (wanted.isForAdmins && !house.user.is_admin) return;
  const view = views.get(wanted.name);
  if (shown.view === view) return;
  shown.view?.leave();
  shown.view = view;
  content.replaceChildren(view.element);
  view.enter();
  if (isMoved) {
    content.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

// Gathers what changed until the next picture is drawn; the view that is not shown lays itself out when it is.
function collect(shown, ids) {
  if (shown.changed !== null && shown.changed.size === 0) {
    const draw = document.hidden ? (act) => setTimeout(act, 250) : requestAnimationFrame;
    draw(() => {
      const changed = shown.changed;
      shown.changed = new Set();
      shown.view?.update(changed === null ? null : [...changed]);
    });
  }
  if (ids === null) shown.changed = null;
  else if (shown.changed !== null) for (const id of ids) shown.changed.add(id);
}

function showConnection(house, state, delay) {
  if (state === "loggedOut") {
    session.logIn();
    return;
  }
  if (state === "open") house.learn();
  if (state === "connecting" && document.body.dataset.connection === "away") return; // it is still away
  setAttribute(document.body, "data-connection", state);
  if (state === "open") setText(status, "Connected");
  else if (state === "connecting") setText(status, "Connecting …");
  else {
    setText(status, "The home does not answer. Trying again …");
    setAttribute(status, "title", `Next try in ${Math.ceil(delay / 1000)} s`);
  }
}
