// How states, moments and amounts are written for people.

const BINARY = { // [on, off] by device class
  battery: ["Low", "Normal"], battery_charging: ["Charging", "Not charging"], carbon_monoxide: ["Detected", "Clear"],
  cold: ["Cold", "Normal"], connectivity: ["Connected", "Disconnected"], door: ["Open", "Closed"], garage_door: ["Open", "Closed"],
  gas: ["Detected", "Clear"], heat: ["Hot", "Normal"], light: ["Light", "Dark"], lock: ["Unlocked", "Locked"],
  moisture: ["Wet", "Dry"], motion: ["Motion", "Clear"], moving: ["Moving", "Still"], occupancy: ["Occupied", "Clear"],
  opening: ["Open", "Closed"], plug: ["Plugged in", "Unplugged"], power: ["Power", "No power"], presence: ["Home", "Away"],
  problem: ["Problem", "OK"], running: ["Running", "Stopped"], safety: ["Unsafe", "Safe"], smoke: ["Detected", "Clear"],
  sound: ["Sound", "Quiet"], tamper: ["Tampered", "Clear"], update: ["Update", "Up to date"], vibration: ["Vibration", "Still"],
  window: ["Open", "Closed"],
};
const WORDS = {
  not_home: "Away", heat_cool: "Heat or cool", fan_only: "Fan only", unavailable: "Not available", unknown: "Unknown",
  above_horizon: "Above the horizon", below_horizon: "Below the horizon", none: "None",
};
const EVERY_MOMENT = new Set(["timestamp"]);
const MOMENT_DOMAINS = new Set(["button", "input_button", "scene", "event", "notify", "tts"]);
export const NOT_THERE = new Set(["unavailable", "unknown"]);

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const clockTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const fullTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

// "heating_up" → "Heating up"
export function plainWord(text) {
  const known = WORDS[text];
  if (known !== undefined) return known;
  const words = String(text).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function stateText(state, digits) {
  const { domain, state: value, attributes } = state;
  if (NOT_THERE.has(value)) return MOMENT_DOMAINS.has(domain) && value === "unknown" ? "Never yet" : plainWord(value);
  if (domain === "binary_sensor" && BINARY[attributes.device_class]) return BINARY[attributes.device_class][value === "on" ? 0 : 1];
  if (MOMENT_DOMAINS.has(domain) || EVERY_MOMENT.has(attributes.device_class)) return ago(Date.parse(value) / 1000) || value;
  const unit = attributes.unit_of_measurement;
  if (unit !== undefined || domain === "counter" || domain === "number" || domain === "input_number") return amount(value, unit, digits);
  if (["sensor", "text", "input_text", "select", "input_select", "input_datetime", "date", "time"].includes(domain)) return value;
  return plainWord(value);
}

export function amount(value, unit, digits) {
  const number = Number(value);
  if (value === "" || Number.isNaN(number)) return plainWord(value);
  const format = digits === undefined ? { maximumFractionDigits: 3 } : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const text = number.toLocaleString(undefined, format);
  return unit ? `${text}${unit === "%" || unit.startsWith("°") ? "" : " "}${unit}`.replace("%", " %") : text;
}

// Seconds since the epoch → "3 minutes ago"; empty for what is no moment.
export function ago(seconds, now = Date.now() / 1000) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "";
  const passed = seconds - now;
  const size = Math.abs(passed);
  if (size < 5) return "just now";
  if (size < 60) return relative.format(Math.round(passed), "second");
  if (size < 3_600) return relative.format(Math.round(passed / 60), "minute");
  if (size < 86_400) return relative.format(Math.round(passed / 3_600), "hour");
  return relative.format(Math.round(passed / 86_400), "day");
}

export function timeOfDay(seconds) {
  return clockTime.format(seconds * 1000);
}

export function moment(seconds) {
  return fullTime.format(seconds * 1000);
}

export function duration(seconds) {
  if (seconds < 0.0005) return "under 1 ms";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return seconds < 3_600 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

export function bytes(count) {
  if (count < 1e6) return `${(count / 1e3).toFixed(1)} kB`;
  return count >= 1e9 ? `${(count / 1e9).toFixed(2)} GB` : `${(count / 1e6).toFixed(1)} MB`;
}

export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

export function nameOf(state) {
  return state.attributes.friendly_name ?? state.id;
}

// "Kitchen ceiling" in the area "Kitchen" → "Ceiling": the heading says the rest.
export function shortName(state, area) {
  const name = nameOf(state);
  if (!area || !name.toLowerCase().startsWith(`${area.toLowerCase()} `)) return name;
  const rest = name.slice(area.length + 1);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
