// What the page has to say: short notices that are read aloud, and dialogs that ask.
import { make } from "/page/dom.js";

const SHOWN_MS = 7_000;
const notices = document.getElementById("notices");
const dialog = document.getElementById("dialog");

export function tell(text) {
  const notice = make("p", { class: "notice" }, text);
  notices.append(notice);
  while (notices.children.length > 3) notices.firstElementChild.remove();
  setTimeout(() => notice.remove(), SHOWN_MS);
}

// Shows `content` under `title` until it is closed; returns a promise of that.
export function show(title, ...content) {
  const close = make("button", { type: "button", class: "quiet close", textContent: "Close", on: { click: () => dialog.close() } });
  dialog.replaceChildren(make("header", {}, make("h2", { id: "dialog-title", textContent: title }), close), ...content);
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close();
  };
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = resolve;
  });
}

// Asks for a code; null when the person thinks better of it.
export async function askForCode(title) {
  const input = make("input", { type: "password", name: "code", autocomplete: "off", inputMode: "numeric", required: true, autofocus: true });
  const form = make("form", {}, make("label", {}, "Code", input), make("button", { class: "press strong", textContent: "Go on" }));
  let code = null;
  form.onsubmit = (event) => {
    event.preventDefault();
    code = input.value;
    dialog.close();
  };
  await show(title, form);
  return code;
}
