// Logs a person in to the client that the address names, and sends them back there with a code.
import { field, post } from "/auth/pages/form.js";

const asked = new URLSearchParams(location.search);
const clientId = asked.get("client_id") ?? "";
const redirectUri = asked.get("redirect_uri") ?? "";
const form = document.getElementById("form");
const problem = document.getElementById("problem");

const FIELDS = {
  username: { label: "Username", autocomplete: "username", autocapitalize: "none" },
  password: { label: "Password", type: "password", autocomplete: "current-password" },
  code: { label: "Code of your authenticator app", autocomplete: "one-time-code", inputMode: "numeric" },
};
const PROBLEMS = {
  invalid_auth: "Wrong username or password.",
  invalid_code: "That is not the code of this moment.",
  too_many_attempts: "Too many attempts.",
};

async function start() {
  const begin = { client_id: clientId, redirect_uri: redirectUri, handler: ["homeassistant", null], response_type: "code" };
  for (const name of ["code_challenge", "code_challenge_method"]) {
    if (asked.has(name)) begin[name] = asked.get(name);
  }
  const { ok, body } = await post("/auth/login_flow", begin);
  if (!ok) {
    form.replaceChildren();
    problem.textContent = body.message ?? "The home does not answer.";
    return;
  }
  document.getElementById("client").textContent = isOwn() ? "" : `${new URL(clientId).host} asks for access to this home.`;
  show(body);
}

function isOwn() {
  return new URL(clientId).host === location.host;
}

function show(step) {
  const inputs = step.data_schema.map(({ name }) => field(name, FIELDS[name]));
  const button = Object.assign(document.createElement("button"), { textContent: "Go on" });
  form.replaceChildren(...inputs, button);
  form.onsubmit = (event) => {
    event.preventDefault();
    answer(step, button);
  };
  form.querySelector("input").focus();
}

async function answer(step, button) {
  button.disabled = true;
  problem.textContent = "";
  const fields = Object.fromEntries(new FormData(form));
  const { body } = await post(`/auth/login_flow/${step.flow_id}`, { ...fields, client_id: clientId });
  button.disabled = false;
  if (body.type === "create_entry") {
    leave(body.result);
  } else if (body.type === "form") {
    if (body.step_id !== step.step_id) show(body);
    const words = body.message ?? PROBLEMS[body.errors.base] ?? "";
    problem.textContent = words;
    form.querySelector("input[type=password], input[name=code]")?.select();
  } else {
    problem.textContent = body.message && body.type === undefined ? `${body.message}. Begin again.` : "Begin again.";
    await start();
  }
}

function leave(code) {
  const target = new URL(redirectUri); // the home has checked that it is the client's
  target.searchParams.set("code", code);
  if (asked.has("state")) target.searchParams.set("state", asked.get("state"));
  location.assign(target);
}

start();
