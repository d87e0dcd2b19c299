"""``command_line:``: sensors that are what a program says, and what is moved or told by one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, PluginScope, ServiceCall, hookimpl, slugify
from inglenook.values import string
from inglenook_outside.answers import NoAnswer
from inglenook_outside.command_entities import CommandEntities
from inglenook_outside.programs import NOT_ALLOWED, Programs
from inglenook_outside.roster import Made, Roster
from inglenook_outside.schemas import (
    Config,
    Keys,
    Validator,
    interval,
    look,
    of_a_sensor,
    one_or_more,
    template_of,
    timeout,
)

TIMEOUT_S: Final = 15.0
NOTIFY: Final = "notify"
_MESSAGE: Final = vol.Schema({vol.Required("message"): string, "title": object, "target": object, "data": object})


def keys(template: Validator) -> dict[str, Keys]:
    """Return the keys of an entry, by its kind."""
    everywhere: Keys = {vol.Optional("command_timeout", default=TIMEOUT_S): timeout}
    return {
        "sensor": {
            vol.Required("command"): template,
            **_read_every(60, everywhere),
            **look(template, "sensor"),
            **of_a_sensor(template),
        },
        "binary_sensor": {
            vol.Required("command"): template,
            **_read_every(60, everywhere),
            **look(template, "binary_sensor"),
            "value_template": template,
            vol.Optional("payload_on", default="ON"): string,
            vol.Optional("payload_off", default="OFF"): string,
        },
        "switch": {**_moved("on", "off"), **_read_every(30, everywhere), **_with_a_name(template, "switch")},
        "cover": {**_moved("open", "close", "stop"), **_read_every(15, everywhere), **_with_a_name(template, "cover")},
        NOTIFY: {
            vol.Required("command"): template,
            **everywhere,
            vol.Optional("name", default=NOTIFY): string,
        },
    }


def _read_every(seconds: float, everywhere: Keys) -> Keys:
    return {**everywhere, vol.Optional("scan_interval", default=float(seconds)): interval}


def _moved(*words: str) -> Keys:
    return {**{vol.Optional(f"command_{word}", default="true"): string for word in words}, "command_state": string}


def _with_a_name(template: Validator, domain: str) -> Keys:
    others = {key: value for key, value in look(template, domain).items() if key != "name"}
    return {vol.Required("name"): template, **others, "value_template": template}


@hookimpl
def config_schema(home: Home) -> Any:
    """Return the settings."""
    kinds = {kind: vol.Schema(each) for kind, each in keys(template_of(home)).items()}
    return one_or_more(vol.Schema(kinds))


@hookimpl
def config_warnings(home: Home, config: Sequence[Config]) -> Iterable[tuple[Sequence[Any], str]]:
    """Say that programs are not allowed, where that is so."""
    if config and not home.settings.allow_programs:
        yield (), NOT_ALLOWED


@hookimpl
def service_names(config: Sequence[Config]) -> list[str]:
    """Return the services that messages go to."""
    return [f"{NOTIFY}.{slugify(item[NOTIFY]['name'])}" for item in config if NOTIFY in item]


@hookimpl
async def setup(home: Home, config: Sequence[Config], scope: PluginScope) -> None:
    """Add what is declared, if programs may run."""
    section = _Section(home, scope)
    scope.on_reload(section.bring)
    await section.bring(config)


class _Section:
    """The entries of the section."""

    def __init__(self, home: Home, scope: PluginScope) -> None:
        self._home = home
        self._scope = scope
        self._entities = CommandEntities(home, scope, Programs(home, scope))
        self._roster = Roster(home, scope, self._make)

    async def bring(self, config: Sequence[Config]) -> None:
        """Have exactly these entries; none where programs are not allowed."""
        allowed = config if self._home.settings.allow_programs else ()
        await self._roster.bring((kind, settings) for item in allowed for kind, settings in item.items())

    def _make(self, kind: str, settings: Config) -> Made:
        if kind == NOTIFY:
            return self._notifier(settings)
        entity, poll = self._entities.make(kind, settings)
        return Made([entity], poll)

    def _notifier(self, settings: Config) -> Made:
        """Offer ``notify.NAME``, whose message the command reads."""
        shell, log, services = self._entities.shell(settings), self._scope.log, self._home.services
        name = slugify(settings["name"])
        before = services.get(NOTIFY, name) if services.has(NOTIFY, name) else None
        if before is not None and name != NOTIFY:  # which is there for whoever has no other way to be told
            log.error("%s.%s is there already; the command of this name is left out", NOTIFY, name)
            return Made()

        async def send(call: ServiceCall) -> None:
            try:
                await shell.tell(settings["command"], call.data["message"])
            except NoAnswer as error:
                log.error("%s.%s: %s", NOTIFY, name, error)  # noqa: TRY400 - told, not traced

        self._scope.register_service(NOTIFY, name, send, _MESSAGE, fields=_FIELDS, has_target=False)

        def undo() -> None:
            services.remove(NOTIFY, name)
            if before is not None:
                services.register(NOTIFY, name, before.handler, before.schema, fields=before.fields)

        return Made(undo=[undo])


_FIELDS: Final[Mapping[str, Any]] = {
    "message": {"required": True, "selector": {"text": {}}},
    "title": {"required": False, "selector": {"text": {}}},
}
