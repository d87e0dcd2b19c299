// What the page knows of the home: every state as it is, where each entity belongs, who looks at it.
import { debounced } from "/page/dom.js";

const REGISTRIES = ["area", "floor", "device", "entity"];

export class House extends EventTarget {
  // Tells by events: `states` (detail: ids that changed, or null for all), `layout`, `user`, `config`.
  constructor(connection) {
    super();
    this.connection = connection;
    this.states = new Map();
    this.places = new Map(); // by entity id, as the registry has it for display
    this.areas = [];
    this.devices = new Map();
    this.config = {};
    this.user = { is_admin: false };
    this.isKnown = false; // who it is that looks
    connection.subscribe("subscribe_entities", {}, (event) => this.take(event));
    for (const registry of REGISTRIES) {
      const learn = debounced(300, () => this.learnLayout());
      connection.subscribe("subscribe_events", { event_type: `${registry}_registry_updated` }, learn);
    }
  }

  // To be called whenever the socket has opened.
  async learn() {
    this.isFirst = true;
    const [user, config] = await Promise.all([this.ask("auth/current_user", this.user), this.ask("get_config", this.config), this.learnLayout()]);
    this.user = user;
    this.config = config;
    this.isKnown = true;
    this.tell("user");
    this.tell("config");
  }

  async learnLayout() {
    const [areas, floors, devices, display] = await Promise.all([
      this.ask("config/area_registry/list", []),
      this.ask("config/floor_registry/list", []),
      this.ask("config/device_registry/list", []),
      this.ask("config/entity_registry/list_for_display", { entities: [] }),
    ]);
    const levels = new Map(floors.map((floor) => [floor.floor_id, floor]));
    const rank = ({ floor_id }) => levels.get(floor_id)?.level ?? 1_000;
    areas.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
    this.areas = areas.map((area) => ({ id: area.area_id, name: area.name, floor: levels.get(area.floor_id)?.name ?? "" }));
    this.devices = new Map(devices.map((device) => [device.id, device]));
    this.places = new Map(display.entities.map((entity) => [entity.ei, entity]));
    this.tell("layout");
  }

  // A home that does not know a command, or does not let this user, is shown without what it would have told.
  async ask(type, otherwise) {
    try {
      return await this.connection.command(type);
    } catch {
      return otherwise;
    }
  }

  areaOf(entityId) {
    const place = this.places.get(entityId);
    return place?.ai ?? this.devices.get(place?.di)?.area_id ?? null;
  }

  areaName(areaId) {
    return this.areas.find((area) => area.id === areaId)?.name ?? "";
  }

  isHidden(entityId) {
    const place = this.places.get(entityId);
    return place !== undefined && (place.hb === true || place.ec !== undefined);
  }

  take({ a: added, c: changed, r: removed }) {
    const isWhole = this.isFirst && added !== undefined;
    if (isWhole) {
      this.isFirst = false;
      this.states.clear();
    }
    for (const [id, { s, a, lc, lu }] of Object.entries(added ?? {})) {
      this.states.set(id, { id, domain: id.split(".")[0], state: s, attributes: a ?? {}, changed: lc, updated: lu ?? lc });
    }
    for (const [id, change] of Object.entries(changed ?? {})) this.change(id, change);
    for (const id of removed ?? []) this.states.delete(id);
    const ids = [...Object.keys(added ?? {}), ...Object.keys(changed ?? {}), ...(removed ?? [])];
    this.tell("states", isWhole ? null : ids);
  }

  change(id, { "+": more = {}, "-": less = {} }) {
    const before = this.states.get(id);
    if (before === undefined) return;
    const attributes = { ...before.attributes, ...more.a };
    for (const name of less.a ?? []) delete attributes[name];
    const changed = more.lc ?? before.changed;
    this.states.set(id, { ...before, state: more.s ?? before.state, attributes, changed, updated: more.lu ?? more.lc ?? before.updated });
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
