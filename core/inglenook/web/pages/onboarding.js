// Makes the first person the owner of the home, with the code that its console shows.
import { field, post } from "/auth/pages/form.js";

const form = document.getElementById("form");
const problem = document.getElementById("problem");
const words = document.getElementById("words");
const LEAST = 8; // characters of a password
const hasCode = location.hash === "#code"; // the cookie that came with the address of the console holds it
const PROBLEMS = {
  "#wrong": "The code in the address is not the one on the console.",
  "#wait": "Too many wrong codes. Wait a little.",
};

const inputs = [
  field("name", { label: "Your name", autocomplete: "name" }),
  field("username", { label: "Username", autocomplete: "username", autocapitalize: "none" }),
  field("password", { label: "Password", type: "password", autocomplete: "new-password" }),
  field("again", { label: "Password again", type: "password", autocomplete: "new-password" }),
];
if (!hasCode) inputs.unshift(field("code", { label: "Code on the console", autocomplete: "off" }));
const button = Object.assign(document.createElement("button"), { textContent: "Take over" });
if (location.hash === "#taken") {
  words.replaceChildren("Somebody looks after this home already. ", linkTo("/", "Log in"));
} else {
  form.replaceChildren(...inputs, button);
  form.querySelector("input").focus();
  problem.textContent = PROBLEMS[location.hash] ?? "";
}

form.onsubmit = async (event) => {
  event.preventDefault();
  const { again, ...fields } = Object.fromEntries(new FormData(form));
  if (Object.values(fields).some((text) => !text)) {
    problem.textContent = "Every field is needed.";
    return;
  }
  if (fields.password.length < LEAST) {
    problem.textContent = `A password needs ${LEAST} characters.`;
    return;
  }
  if (again !== fields.password) {
    problem.textContent = "The passwords differ.";
    return;
  }
  button.disabled = true;
  problem.textContent = "";
  const client = { client_id: `${location.origin}/`, language: document.documentElement.lang };
  const { ok, body } = await post("/api/onboarding/users", { ...fields, ...client });
  button.disabled = false;
  if (!ok) {
    problem.textContent = `${body.message}.`;
    return;
  }
  form.remove();
  words.replaceChildren("The home is yours. ", linkTo("/", "Go to the home"));
};

function linkTo(href, textContent) {
  return Object.assign(document.createElement("a"), { href, textContent });
}
