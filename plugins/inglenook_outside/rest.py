"""``rest:`` and ``platform: rest``: sensors that are what an address answers, and switches turned by requests."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, PluginScope, Templates, hookimpl
from inglenook.values import boolean, one_of, string
from inglenook_outside.fetching import Fetcher
from inglenook_outside.polling import Poll
from inglenook_outside.reading import Reading
from inglenook_outside.resource import Resource, address, login_keys, one_resource
from inglenook_outside.resource import keys as resource_keys
from inglenook_outside.rest_entities import RestBinarySensor, RestSensor, RestSwitch
from inglenook_outside.roster import Made, Roster
from inglenook_outside.schemas import Config, Keys, Validator, interval, look, of_a_sensor, one_or_more, template_of

SCAN_INTERVAL_S: Final = 30.0
CLASSES: Final[Mapping[str, Callable[..., Reading]]] = {"sensor": RestSensor, "binary_sensor": RestBinarySensor}
SWITCH: Final = "switch"
_SECTION: Final = "rest"


def entity_keys(template: Validator) -> dict[str, Keys]:
    """Return the keys of an entity, by its domain."""
    force: Keys = {vol.Optional("force_update", default=False): boolean}
    return {
        "sensor": {**look(template, "sensor"), **of_a_sensor(template), **force},
        "binary_sensor": {**look(template, "binary_sensor"), "value_template": template, **force},
    }


def switch_keys(template: Validator) -> Keys:
    """Return the keys of a switch."""
    return {
        vol.Required("resource"): address,
        "state_resource": address,
        vol.Optional("method", default="post"): _method,
        "headers": {string: template},
        "params": {string: template},
        vol.Optional("body_on", default="ON"): template,
        vol.Optional("body_off", default="OFF"): template,
        "is_on_template": template,
        **login_keys(),
        **look(template, "switch"),
    }


def _method(value: Any) -> str:
    return str(one_of("post", "put", "patch")(string(value).lower()))


def _every() -> Keys:
    return {vol.Optional("scan_interval", default=SCAN_INTERVAL_S): interval}


@hookimpl
def config_schema(home: Home) -> Any:
    """Return the settings: addresses, each with the entities that it answers for."""
    template = template_of(home)
    lists = {domain: one_or_more(vol.Schema(each)) for domain, each in entity_keys(template).items()}
    one = vol.Schema(vol.All({**resource_keys(template), **_every(), **lists}, one_resource))
    return one_or_more(one)


@hookimpl
def platform_schemas(home: Home) -> Mapping[str, Any]:
    """Return the settings of an address with one entity, and of a switch."""
    template = template_of(home)
    everywhere: Keys = {vol.Required("platform"): _SECTION, "entity_namespace": string, **_every()}
    schemas = {
        domain: vol.Schema(vol.All({**everywhere, **resource_keys(template), **each}, one_resource))
        for domain, each in entity_keys(template).items()
    }
    return {**schemas, SWITCH: vol.Schema({**everywhere, **switch_keys(template)})}


@hookimpl
async def setup(home: Home, config: Sequence[Config], scope: PluginScope) -> None:
    """Add what is declared."""
    make = _Maker(home, scope)
    roster = Roster(home, scope, make)

    async def bring(config: Sequence[Config]) -> None:
        await roster.bring(_pieces(config, scope.items))

    scope.on_reload(bring)
    await bring(config)


def _pieces(config: Sequence[Config], items: Mapping[str, Sequence[Config]]) -> Iterator[tuple[str, Config]]:
    """Yield what to make: an address with its entities, or an entity with an address of its own."""
    yield from ((_SECTION, one) for one in config)
    yield from ((domain, item) for domain, found in items.items() for item in found)


def _parts(config: Config) -> list[tuple[str, Config]]:
    """Return the entities of one address: domain and settings."""
    return [(domain, settings) for domain in CLASSES for settings in config.get(domain, ())]


class _Maker:
    """Makes entities and what asks for them."""

    def __init__(self, home: Home, scope: PluginScope) -> None:
        self._home = home
        self._scope = scope
        self._fetcher = Fetcher(scope)
        self._templates = Templates(home)

    def __call__(self, kind: str, config: Config) -> Made:
        if kind == SWITCH:
            return self._switch(config)
        resource = Resource(self._fetcher, self._templates, config)
        parts = [(kind, config)] if kind in CLASSES else _parts(config)
        log = self._scope.log
        entities = [CLASSES[name](self._home, self._templates, log, settings) for name, settings in parts]

        async def ask() -> None:
            text = await resource.ask()
            for entity in entities:
                entity.take(text)

        def lose() -> None:
            for entity in entities:
                entity.lose()

        names = ", ".join(entity.name or "" for entity in entities)
        return Made(entities, self._poll(f"rest {names}", config, ask, lose))

    def _switch(self, config: Config) -> Made:
        resource = Resource(self._fetcher, self._templates, config)
        switch = RestSwitch(resource, self._home, self._templates, self._scope.log, config)
        return Made([switch], self._poll(f"rest {switch.name}", config, switch.ask, switch.lose))

    def _poll(self, name: str, config: Config, ask: Any, lose: Any) -> Poll:
        return Poll(self._home, self._scope, name, config["scan_interval"], ask, lose)
