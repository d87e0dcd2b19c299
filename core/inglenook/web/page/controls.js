// What a person may do with an entity: for each domain the controls, and how they follow its state.
import { make, setAttribute, setText } from "/page/dom.js";
import { NOT_THERE, amount, plainWord } from "/page/words.js";

const HELD_MS = 1_500; // what somebody has just set stays as it was set until the home has had its say

// Each is called with `act` (calls a service of the entity's domain) and `label` (what it is called, for the ear), and returns
// `elements` that stand beside the state, `below` it, and `update`, which is called with each new state.
function toggle(act, label) {
  const button = make("button", { type: "button", class: "toggle", role: "switch", "aria-label": label, "aria-checked": "false" });
  let isOn = false;
  button.onclick = () => act(isOn ? "turn_off" : "turn_on", {}, button);
  return {
    elements: [button],
    update: (state) => {
      isOn = state.state !== "off" && !NOT_THERE.has(state.state);
      setAttribute(button, "aria-checked", isOn);
      button.disabled = state.state === "unavailable";
    },
  };
}

function slider({ label, text, read, send, min = 0, max = 100, step = 1, isShown = () => true }) {
  const input = make("input", { type: "range", min, max, step, "aria-label": label });
  const output = make("output", { class: "amount" });
  const around = make("span", { class: "slider" }, input, output);
  let heldUntil = 0;
  const show = (value) => {
    setText(output, text(value));
    setAttribute(input, "aria-valuetext", text(value));
    input.style.setProperty("--filled", `${((value - input.min) / (input.max - input.min)) * 100}%`);
  };
  input.oninput = () => {
    heldUntil = Infinity;
    show(Number(input.value));
  };
  input.onchange = () => {
    heldUntil = Date.now() + HELD_MS;
    send(Number(input.value), input);
  };
  return {
    below: [around],
    update: (state) => {
      const value = read(state);
      around.hidden = !isShown(state) || value === null || value === undefined || Number.isNaN(value);
      input.disabled = state.state === "unavailable";
      if (around.hidden || Date.now() < heldUntil) return;
      input.value = value;
      show(value);
    },
  };
}

// Buttons: [service, text, whether it can be pressed in a state, data].
function buttons(act, label, ...wanted) {
  const made = wanted.map(([service, text, isPossible, data]) => {
    const button = make("button", { type: "button", class: "press", textContent: text, "aria-label": `${text}: ${label}` });
    button.onclick = () => act(service, data ?? {}, button);
    return { button, isPossible };
  });
  return {
    elements: made.map(({ button }) => button),
    update: (state) => {
      for (const { button, isPossible } of made) {
        button.disabled = state.state === "unavailable" || (isPossible !== undefined && !isPossible(state));
      }
    },
  };
}

function choice(label, { options, read, send, write = (name) => name }) {
  const select = make("select", { "aria-label": label });
  let shown = "";
  select.onchange = () => send(select.value, select);
  return {
    below: [select],
    update: (state) => {
      const names = options(state) ?? [];
      select.hidden = names.length === 0;
      select.disabled = state.state === "unavailable";
      const value = read(state);
      const all = names.includes(value) ? names : [value ?? "", ...names];
      if (shown !== JSON.stringify(all)) {
        shown = JSON.stringify(all);
        select.replaceChildren(...all.map((name) => make("option", { value: name, textContent: write(name) })));
      }
      if (document.activeElement !== select || select.value !== value) select.value = value ?? "";
    },
  };
}

function entry(label, { type, read, send, attributes = {} }) {
  const input = make("input", { type, "aria-label": label, ...attributes });
  input.onchange = () => {
    if (input.reportValidity()) send(input.value, input);
  };
  return {
    below: [input],
    update: (state) => {
      input.disabled = state.state === "unavailable";
      const value = String(read(state) ?? "");
      if (document.activeElement !== input && input.value !== value) input.value = value;
    },
  };
}

function stepper(label, { read, send, step, min, max, unit }) {
  const less = make("button", { type: "button", class: "step", textContent: "−", "aria-label": `Less: ${label}` });
  const more = make("button", { type: "button", class: "step", textContent: "+", "aria-label": `More: ${label}` });
  const output = make("output", { class: "amount" });
  const around = make("span", { class: "stepper" }, less, output, more);
  let wanted = null;
  let timer;
  const press = (sign) => () => {
    const size = step();
    wanted = Math.min(max(), Math.max(min(), Math.round(((wanted ?? 0) + sign * size) / size) * size));
    setText(output, amount(wanted, unit()));
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      send(wanted, more);
    }, 500); // several presses are one change
  };
  less.onclick = press(-1);
  more.onclick = press(1);
  return {
    below: [around],
    update: (state) => {
      const value = read(state);
      around.hidden = value === null || value === undefined;
      less.disabled = more.disabled = state.state === "unavailable";
      if (around.hidden || timer !== undefined) return;
      wanted = value;
      setText(output, amount(value, unit()));
    },
  };
}

function together(...parts) {
  return {
    elements: parts.flatMap((part) => part.elements ?? []),
    below: parts.flatMap((part) => part.below ?? []),
    update: (state) => parts.forEach((part) => part.update(state)),
  };
}

const has = (state, bit) => (state.attributes.supported_features & bit) !== 0;
const percent = (value) => `${Math.round(value)} %`;

function light(act, label) {
  const isDimmable = ({ attributes }) => (attributes.supported_color_modes ?? []).some((mode) => mode !== "onoff");
  const brightness = slider({
    label: `Brightness: ${label}`, min: 1, text: percent,
    read: ({ attributes }) => (attributes.brightness ?? null) && Math.max(1, Math.round(attributes.brightness / 2.55)),
    send: (value, input) => act("turn_on", { brightness_pct: value }, input),
    isShown: (state) => state.state === "on" && isDimmable(state),
  });
  return together(toggle(act, label), brightness);
}

function travelling(domain, setPosition) {
  return (act, label) => together(
    buttons(
      act, label,
      [`open_${domain}`, "Open", ({ state, attributes }) => state !== "opening" && (state !== "open" || attributes.current_position < 100)],
      [`stop_${domain}`, "Stop", (state) => has(state, 8)],
      [`close_${domain}`, "Close", ({ state }) => state !== "closed" && state !== "closing"],
    ),
    slider({
      label: `Position: ${label}`, text: percent,
      read: ({ attributes }) => attributes.current_position ?? null,
      send: (value, input) => act(setPosition, { position: value }, input),
      isShown: (state) => has(state, 4),
    }),
  );
}

function heating(modes, mode, setMode, modeKey) {
  return (act, label) => {
    let now = { attributes: {} };
    const target = stepper(`Target temperature: ${label}`, {
      read: (state) => state.attributes.temperature,
      send: (value, source) => act("set_temperature", { temperature: value }, source),
      step: () => now.attributes.target_temp_step ?? 0.5,
      min: () => now.attributes.min_temp ?? 5,
      max: () => now.attributes.max_temp ?? 35,
      unit: () => "°",
    });
    const select = choice(`Mode: ${label}`, {
      options: ({ attributes }) => attributes[modes],
      read: mode,
      send: (value, source) => act(setMode, { [modeKey]: value }, source),
      write: plainWord,
    });
    const both = together(target, select);
    return { ...both, update: (state) => both.update((now = state)) };
  };
}

function fan(act, label) {
  const speed = slider({
    label: `Speed: ${label}`, text: percent,
    read: ({ attributes }) => attributes.percentage ?? null,
    send: (value, input) => act("set_percentage", { percentage: value }, input),
    isShown: (state) => has(state, 1) && state.state === "on",
  });
  return together(toggle(act, label), speed);
}

function number(act, label, first) {
  const { min = 0, max = 100, step = 1, mode, unit_of_measurement: unit } = first.attributes;
  const shared = { read: ({ state }) => Number(state), send: (value, input) => act("set_value", { value: Number(value) }, input) };
  if (mode === "box" || (max - min) / step > 500) {
    return entry(label, { type: "number", ...shared, attributes: { min, max, step } });
  }
  return slider({ label, min, max, step, text: (value) => amount(value, unit), ...shared });
}

function selection(act, label) {
  return choice(label, {
    options: ({ attributes }) => attributes.options,
    read: ({ state }) => state,
    send: (value, source) => act("select_option", { option: value }, source),
  });
}

function words(act, label, { attributes }) {
  const more = { minLength: attributes.min ?? 0, maxLength: attributes.max ?? 255, type: attributes.mode === "password" ? "password" : "text" };
  return entry(label, { type: "text", read: ({ state }) => (NOT_THERE.has(state) ? "" : state), send: (value, input) => act("set_value", { value }, input), attributes: more });
}

function momentEntry(act, label, { attributes }) {
  const { has_date: hasDate = true, has_time: hasTime = true } = attributes;
  const type = hasDate && hasTime ? "datetime-local" : hasDate ? "date" : "time";
  const key = hasDate && hasTime ? "datetime" : hasDate ? "date" : "time";
  return entry(label, {
    type,
    read: ({ state }) => NOT_THERE.has(state) ? "" : (hasDate && hasTime ? state.replace(" ", "T").slice(0, 16) : hasDate ? state : state.slice(0, 5)),
    send: (value, input) => act("set_datetime", { [key]: value.replace("T", " ") }, input),
  });
}

function player(act, label) {
  const play = buttons(
    act, label,
    ["media_play_pause", "Play / pause", (state) => state.state !== "off" && (has(state, 1) || has(state, 16384))],
    ["turn_on", "On", (state) => state.state === "off"],
    ["turn_off", "Off", (state) => state.state !== "off"],
  );
  const volume = slider({
    label: `Volume: ${label}`, text: percent,
    read: ({ attributes }) => (attributes.volume_level === undefined || attributes.volume_level === null ? null : attributes.volume_level * 100),
    send: (value, input) => act("volume_set", { volume_level: value / 100 }, input),
    isShown: (state) => has(state, 4) && state.state !== "off",
  });
  return together(play, volume);
}

const isNot = (...states) => ({ state }) => !states.includes(state);

const BY_DOMAIN = {
  light, fan, number, input_number: number, select: selection, input_select: selection, text: words, input_text: words,
  input_datetime: momentEntry, media_player: player,
  switch: toggle, input_boolean: toggle, siren: toggle, remote: toggle, humidifier: toggle,
  cover: travelling("cover", "set_cover_position"),
  valve: travelling("valve", "set_valve_position"),
  climate: heating("hvac_modes", ({ state }) => state, "set_hvac_mode", "hvac_mode"),
  water_heater: heating("operation_list", ({ state }) => state, "set_operation_mode", "operation_mode"),
  lock: (act, label) => buttons(act, label, ["lock", "Lock", isNot("locked", "locking")], ["unlock", "Unlock", isNot("unlocked", "unlocking")]),
  alarm_control_panel: (act, label) => buttons(
    act, label,
    ["alarm_arm_home", "Arm, home", (state) => has(state, 1) && state.state === "disarmed"],
    ["alarm_arm_away", "Arm, away", (state) => has(state, 2) && state.state === "disarmed"],
    ["alarm_disarm", "Disarm", isNot("disarmed")],
  ),
  button: (act, label) => buttons(act, label, ["press", "Press"]),
  input_button: (act, label) => buttons(act, label, ["press", "Press"]),
  scene: (act, label) => buttons(act, label, ["turn_on", "Activate"]),
  script: (act, label) => buttons(act, label, ["turn_on", "Run"]),
  vacuum: (act, label) => buttons(act, label, ["start", "Start", isNot("cleaning")], ["return_to_base", "Dock", isNot("docked", "returning")]),
  lawn_mower: (act, label) => buttons(act, label, ["start_mowing", "Mow", isNot("mowing")], ["dock", "Dock", isNot("docked", "returning")]),
  timer: (act, label) => buttons(act, label, ["start", "Start", isNot("active")], ["cancel", "Cancel", isNot("idle")]),
  counter: (act, label) => buttons(act, label, ["decrement", "−1"], ["increment", "+1"]),
};

// Where the control itself says what the state is.
export const SAYS_ITSELF = new Set(["number", "input_number", "select", "input_select", "text", "input_text", "input_datetime"]);

export const CONTROLLED = new Set(Object.keys(BY_DOMAIN));

// Returns the controls of an entity; nothing to press for one that only tells.
export function controlsOf(state, act, label) {
  const makeControls = BY_DOMAIN[state.domain];
  const { elements = [], below = [], update = () => {} } = makeControls ? makeControls(act, label, state) : {};
  return { elements, below, update };
}

// True when the service asks for the code of a lock or an alarm panel.
export function asksForCode(state, service) {
  if (!state.attributes.code_format) return false;
  if (state.domain === "lock") return true;
  return state.domain === "alarm_control_panel" && (service === "alarm_disarm" || state.attributes.code_arm_required !== false);
}
