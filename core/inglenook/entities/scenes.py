"""The scenes that a person declares, and those that rules make: their entities and services."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import entity_id, entity_ids, float_, icon, shown, slug, string
from inglenook.entities.groups import expand_groups
from inglenook.entities.reproduction import BY_DOMAIN, Call, Reproduce, Unreachable, Wanted
from inglenook.entities.scene import MAX_TRANSITION_S, Scene
from inglenook.entities.together import together
from inglenook.errors import InglenookError, InvalidServiceData, ServiceValidationError
from inglenook.home import Home
from inglenook.model import NO_TARGET, Context, ServiceCall, State, Target

_log = logging.getLogger(__name__)

DOMAIN: Final = "scene"
PLATFORM: Final = "homeassistant"


def wanted_states(value: Any) -> dict[str, Wanted]:
    """Return how each entity shall be, from a mapping of entity ids to a state, or to one with attributes.

    ``on`` without quotes, which YAML reads as true, is the state on. Any other state has to be text.
    """
    if not isinstance(value, Mapping):
        raise vol.Invalid(f"expected entities and their states, got {shown(value)}")
    return {entity_id(name): _wanted(name, given) for name, given in value.items()}


def _wanted(name: Any, given: Any) -> Wanted:
    attributes = dict(given) if isinstance(given, Mapping) else {}
    state = attributes.pop("state", None) if isinstance(given, Mapping) else given
    if isinstance(state, bool):
        state = "on" if state else "off"
    if not isinstance(state, str):
        raise vol.Invalid(f"expected a state as text, got {shown(state)}; quote it", [name])
    return Wanted(state, attributes)


SCHEMA: Final = vol.Schema(
    {
        "id": string,
        vol.Required("name"): string,
        "icon": icon,
        vol.Required("entities"): wanted_states,
        "metadata": dict,
    }
)


@dataclass(frozen=True, slots=True)
class SceneConfig:
    """One scene: ``id`` is what an editor knows it by, or None; ``entities`` is how each of them shall be."""

    name: str
    entities: Mapping[str, Wanted]
    id: str | None = None
    icon: str | None = None


def scene_config(value: Any) -> SceneConfig:
    """Return the scene that a person wrote; raises ``vol.Invalid``."""
    valid = SCHEMA(value)
    return SceneConfig(valid["name"], valid["entities"], valid.get("id"), valid.get("icon"))


class DeclaredScene(Scene):
    """A scene of the configuration, or one that ``scene.create`` made."""

    def __init__(self, home: Home, config: SceneConfig) -> None:
        self._home = home
        self.config = config
        self.name = config.name
        self.icon = config.icon
        self.unique_id = config.id

    def describe(self) -> None:
        """Show which entities it is about."""
        self.capabilities = {"entity_id": list(self.config.entities)}
        if self.config.id is not None:
            self.capabilities["id"] = self.config.id

    def added(self) -> None:
        """Take over when it was last turned on."""
        last = self._home.states.get(self.entity_id)
        if last is not None and last.is_restored and last.state not in ("unknown", "unavailable"):
            self.state = last.state

    def turn_on(self, **data: Any) -> Awaitable[None] | None:
        """Bring the entities to their states; ``data`` may hold a ``transition`` in seconds."""
        return reproduce(self._home, self.config.entities, self._cause, data)


class Scenes:
    """The declared scenes of a home."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._declared: list[DeclaredScene] = []
        self._made: dict[str, DeclaredScene] = {}
        entities = vol.Schema({vol.Required("entities"): _checked_states, "transition": _transition})
        home.services.register(DOMAIN, "apply", self._apply, entities, fields=_APPLY_FIELDS)
        home.services.register(DOMAIN, "create", self._create, _create_schema, fields=_CREATE_FIELDS)
        home.services.register(DOMAIN, "delete", self._delete, vol.Schema({}))

    def load(self, configs: Sequence[SceneConfig]) -> None:
        """Replace the declared scenes by those of ``configs``; one that says the same stays."""
        kept: list[DeclaredScene] = []
        for scene in self._declared:
            if scene.config in configs:
                kept.append(scene)
            else:
                self._home.entities.remove(scene.entity_id)
        known = [scene.config for scene in kept]
        self._declared = kept + [self._add(config) for config in configs if config not in known]

    def _add(self, config: SceneConfig) -> DeclaredScene:
        scene = DeclaredScene(self._home, config)
        self._home.entities.add(scene, PLATFORM, config.name)
        return scene

    # -- services -------------------------------------------------------------------------------------------------

    def _apply(self, call: ServiceCall) -> Awaitable[None] | None:
        """``scene.apply``: bring entities to their states, without a scene."""
        options = {key: value for key, value in call.data.items() if key == "transition"}
        return reproduce(self._home, wanted_states(call.data["entities"]), call.context, options)

    def _create(self, call: ServiceCall) -> None:
        """``scene.create``: make a scene, of states that are given or of how entities are now."""
        entities = wanted_states(call.data.get("entities", {}))
        for name in call.data.get("snapshot_entities", ()):
            state = self._home.states.get(name)
            if state is None:
                _log.warning("scene.create: there is no entity %s; the scene is made without it", name)
            else:
                entities[name] = Wanted(state.state, state.attributes)
        if not entities:
            _log.warning("scene.create: %s would be about no entity and is not made", call.data["scene_id"])
            return
        scene_id = f"{DOMAIN}.{call.data['scene_id']}"
        if scene_id in self._made:
            self._remove(scene_id)
        elif scene_id in self._home.entities:
            _log.warning("scene.create: there is a scene %s already that was not made by this service", scene_id)
            return
        self._made[scene_id] = self._add(SceneConfig(call.data["scene_id"], entities))

    def _delete(self, call: ServiceCall) -> None:
        """``scene.delete``: take a scene away that ``scene.create`` made."""
        if call.target is NO_TARGET:
            raise InvalidServiceData("scene.delete: needs a target, like entity_id")
        for name in self._home.registry.resolve(call.target):
            if name in self._made:
                self._remove(name)
            elif name in self._home.entities:
                raise ServiceValidationError(f"{name} was not made by scene.create, so it cannot be deleted")
            else:
                raise ServiceValidationError(f"there is no scene {name}")

    def _remove(self, scene_id: str) -> None:
        del self._made[scene_id]
        self._home.entities.remove(scene_id)


# -- bringing entities to a state -----------------------------------------------------------------------------------


def reproduce(
    home: Home, wanted: Mapping[str, Wanted], context: Context | None, options: Mapping[str, Any]
) -> Awaitable[None] | None:
    """Bring entities to the states that are wanted; only what differs is called for.

    Domain by domain, in the order in which they are first named. What cannot be reached is logged; the others go on.

    Args:
        home: the entities'.
        wanted: by entity id; a group stands for its members.
        context: of what asked for it.
        options: ``transition``, in seconds, for lights.

    Returns:
        what to await, if anything: it raises the first failure once all calls have ended.
    """
    waiting: list[Awaitable[Any]] = []
    failure: InglenookError | None = None
    for entity, state in _by_domain(home, wanted):
        calls = _calls(home, entity, state, options)
        try:
            result = _call(home, entity, calls, context)
        except InglenookError as error:  # the other entities are brought to their states all the same
            failure = failure or error
        else:
            waiting += [result] if result is not None else []
    return together(waiting, failure)


def _by_domain(home: Home, wanted: Mapping[str, Wanted]) -> Iterator[tuple[str, Wanted]]:
    groups: dict[str, list[tuple[str, Wanted]]] = {}
    for name, state in wanted.items():
        for member in expand_groups(home.states, (name,)):
            groups.setdefault(member.partition(".")[0], []).append((member, state))
    return chain.from_iterable(groups.values())


def _calls(home: Home, entity: str, wanted: Wanted, options: Mapping[str, Any]) -> list[Call]:
    """Return the calls that ``entity`` needs; none, logged, when there is no way."""
    now = home.states.get(entity)
    reach = BY_DOMAIN.get(entity.partition(".")[0])
    if now is None:
        _log.warning("scene: there is no entity %s", entity)
    elif reach is None:
        _log.warning("scene: the state of %s cannot be set", entity)
    else:
        return _reached(now, wanted, reach, options)
    return []


def _reached(now: State, wanted: Wanted, reach: Reproduce, options: Mapping[str, Any]) -> list[Call]:
    if options and now.domain == "light":
        wanted = Wanted(wanted.state, {**wanted.attributes, **options})
    try:
        return list(reach(now, wanted))
    except Unreachable as error:
        _log.warning("scene: %s: %s", now.entity_id, error)
        return []


def _call(home: Home, entity: str, calls: Sequence[Call], context: Context | None) -> Awaitable[None] | None:
    """Make the calls one after the other; return what to await if one has to wait."""
    start = partial(home.services.start, entity.partition(".")[0], target=Target((entity,)), context=context)
    for index, (service, data) in enumerate(calls):
        result = start(service, data)
        if isinstance(result, Awaitable):
            return _call_rest(result, partial(_call, home, entity, calls[index + 1 :], context))
    return None


async def _call_rest(pending: Awaitable[Any], rest: Callable[[], Awaitable[None] | None]) -> None:
    await pending
    if (more := rest()) is not None:
        await more


# -- schemas of the services ----------------------------------------------------------------------------------------


def _checked_states(value: Any) -> Any:
    """Return ``value`` as it came, if it says states; others hear of the call in its caller's words."""
    wanted_states(value)
    return value


def _transition(value: Any) -> float:
    return float(max(0.0, min(MAX_TRANSITION_S, float_(value))))


def _create_schema(value: Any) -> Mapping[str, Any]:
    valid: Mapping[str, Any] = _CREATE(value)
    if "entities" not in valid and "snapshot_entities" not in valid:
        raise vol.Invalid("expected at least one of entities, snapshot_entities")
    both = set(map(entity_id, valid.get("entities", ()))) & set(valid.get("snapshot_entities", ()))
    if both:
        raise vol.Invalid(f"{', '.join(sorted(both))}: expected in entities or in snapshot_entities, not in both")
    return valid


_CREATE: Final = vol.Schema(
    {vol.Required("scene_id"): slug, "entities": _checked_states, "snapshot_entities": entity_ids}
)
_ENTITIES_FIELD: Final = {"required": True, "selector": {"object": {}}}
_APPLY_FIELDS: Final = {
    "entities": _ENTITIES_FIELD,
    "transition": {"required": False, "selector": {"number": {"min": 0, "max": MAX_TRANSITION_S}}},
}
_CREATE_FIELDS: Final = {
    "scene_id": {"required": True, "selector": {"text": {}}},
    "entities": {"required": False, "selector": {"object": {}}},
    "snapshot_entities": {"required": False, "selector": {"entity": {"multiple": True}}},
}
