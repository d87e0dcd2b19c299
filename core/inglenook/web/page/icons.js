// Small drawings for kinds of entities, 24 units wide, drawn with a pen.
import { makeSvg } from "/page/dom.js";

const PATHS = {
  light: "M9 18h6M10 21h4M8.500 14.500a5.500 5.500 0 1 1 7 0c-.7.6-1 1.300-1 2v.5h-5v-.5c0-.7-.3-1.400-1-2z",
  switch: "M12 4v7M7.500 6.800a7 7 0 1 0 9 0",
  cover: "M5 4h14M6 4v13h12V4M6 8.300h12M6 12.600h12M12 17v3",
  lock: "M6.500 11h11v9h-11zM8.500 11V8a3.500 3.500 0 0 1 7 0v3M12 14.500v2",
  climate: "M10 13.500V5.500a2 2 0 1 1 4 0v8a4 4 0 1 1-4 0zM12 9v7",
  fan: "M12 12c-1-3 0-7 3-7s3 4-3 7zm0 0c3-1 7 0 7 3s-4 3-7-3zm0 0c1 3 0 7-3 7s-3-4 3-7zm0 0c-3 1-7 0-7-3s4-3 7 3z",
  media: "M9 17.500V6l10-2v11.500M9 17.500a2.500 2.500 0 1 1-2.500-2.500A2.500 2.500 0 0 1 9 17.500zm10-2a2.500 2.500 0 1 1-2.500-2.500 2.500 2.500 0 0 1 2.500 2.500z",
  motion: "M13 4.500a1 1 0 1 0 .01 0M10 21l1.500-5.500L9 13l1.500-5 3 2.500 3 1M9 8.500 6.500 11M13.500 21l-.5-4-1.500-1.500",
  door: "M6 21V4h9v17M15 6h3v15M4 21h16M12 12.500v.5",
  drop: "M12 4c3 4 5.500 6.800 5.500 10a5.500 5.500 0 0 1-11 0C6.500 10.800 9 8 12 4z",
  power: "M13 3 6 13.500h5L10 21l7.500-10.500h-5z",
  sensor: "M4 17.500 9 12l3.500 3L20 7M15.500 7H20v4.500",
  battery: "M4 8.500h14v7H4zM20.500 11v2",
  button: "M12 12m-7 0a7 7 0 1 0 14 0 7 7 0 1 0-14 0M12 12m-2.500 0a2.500 2.500 0 1 0 5 0 2.500 2.500 0 1 0-5 0",
  scene: "M4.500 8h15v12h-15zM4.500 8l2-4 3 4M10.500 8l2-4 3 4M16.500 8l1.500-4",
  person: "M12 11.500a3.750 3.750 0 1 0-.01 0zM5 20.500c0-4 3-6.500 7-6.500s7 2.500 7 6.500",
  shield: "M12 3.500 19 6v5.500c0 4.500-3 7.500-7 9-4-1.500-7-4.500-7-9V6z",
  robot: "M12 12m-8 0a8 8 0 1 0 16 0 8 8 0 1 0-16 0M9 12a3 3 0 0 1 6 0M12 5v1",
  clock: "M12 12m-8 0a8 8 0 1 0 16 0 8 8 0 1 0-16 0M12 7.500V12l3 2",
  list: "M8.500 7H19M8.500 12H19M8.500 17H19M5 7h.01M5 12h.01M5 17h.01",
  slider: "M4 8h9M17 8h3M4 16h3M11 16h9M15 8m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0M9 16m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0",
  text: "M5 6h14M12 6v13M9 19h6",
  sun: "M12 12m-4 0a4 4 0 1 0 8 0 4 4 0 1 0-8 0M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600 7 7M17 17l1.400 1.400M5.600 18.400 7 17M17 7l1.400-1.400",
  home: "M5 20v-9.500L12 4.500l7 6V20h-5v-5.500h-4V20z",
  rules: "M5.500 5h5v5h-5zM13.500 14h5v5h-5zM8 10v6.500h5.500M16 14V7.500h-3",
  devices: "M4 6h11v9H4zM7 19h5M9.500 15v4M17.500 10H21v9h-3.500z",
  log: "M5 6h14M5 10h9M5 14h14M5 18h7",
  thing: "M12 3.500 19.500 8v8L12 20.500 4.500 16V8zM4.500 8 12 12.300 19.500 8M12 12.300v8.200",
};
const BY_DOMAIN = {
  light: "light", switch: "switch", input_boolean: "switch", cover: "cover", valve: "drop", lock: "lock", climate: "climate",
  water_heater: "climate", humidifier: "drop", fan: "fan", media_player: "media", button: "button", input_button: "button",
  scene: "scene", script: "button", person: "person", device_tracker: "person", alarm_control_panel: "shield", siren: "shield",
  vacuum: "robot", lawn_mower: "robot", timer: "clock", schedule: "clock", input_datetime: "clock", date: "clock", time: "clock",
  datetime: "clock", select: "list", input_select: "list", todo: "list", number: "slider", input_number: "slider", counter: "slider",
  text: "text", input_text: "text", sun: "sun", weather: "sun", sensor: "sensor", remote: "switch",
};
const BY_CLASS = {
  motion: "motion", occupancy: "motion", presence: "person", door: "door", window: "door", opening: "door", garage_door: "door",
  moisture: "drop", humidity: "drop", temperature: "climate", power: "power", energy: "power", voltage: "power", current: "power",
  battery: "battery", illuminance: "sun", timestamp: "clock", duration: "clock", smoke: "shield", gas: "shield", lock: "lock",
};

export function drawn(name) {
  return makeSvg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, makeSvg("path", { d: PATHS[name] }));
}

export function iconOf({ domain, attributes }) {
  const name = (domain === "sensor" || domain === "binary_sensor" ? BY_CLASS[attributes.device_class] : null) ?? BY_DOMAIN[domain];
  return drawn(name ?? "thing");
}
