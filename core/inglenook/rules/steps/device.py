"""The step that an editor stores for a device: ``device_id``, ``domain`` and ``type``. It is a service call.

Devices of a domain of their own (``zha``, ``mqtt`` …) take a plugin that knows what they can do: such a step is valid,
and fails when it is reached.
"""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import shown, slug, string
from inglenook.errors import ServiceNotFound, ServiceValidationError
from inglenook.model import Target
from inglenook.registry import slugify
from inglenook.rules.kinds import Action, ActionKind, Compiler, Config
from inglenook.rules.run import Run
from inglenook.services import Response


@dataclass(frozen=True, slots=True)
class _Type:
    """What a type of action is as a service: the key of the step for each field that it takes, and what is fixed."""

    service: str
    fields: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)


def _plain(**services: str) -> dict[str, _Type]:
    return {name: _Type(service) for name, service in services.items()}


def _valued(service: str, *fields: str) -> _Type:
    return _Type(service, {field: field for field in fields})


_TOGGLE: Final = _plain(turn_on="turn_on", turn_off="turn_off", toggle="toggle")
_SELECT: Final = {
    **_plain(select_first="select_first", select_last="select_last"),
    "select_next": _valued("select_next", "cycle"),
    "select_previous": _valued("select_previous", "cycle"),
    "select_option": _valued("select_option", "option"),
}
_NUMBER: Final = {"set_value": _valued("set_value", "value")}
_BRIGHTER_PCT: Final = 10

TYPES: Final[Mapping[str, Mapping[str, _Type]]] = {
    "alarm_control_panel": {
        name: _valued(f"alarm_{name}", "code")
        for name in ("arm_away", "arm_home", "arm_night", "arm_vacation", "disarm", "trigger")
    },
    "automation": _TOGGLE,
    "button": _plain(press="press"),
    "climate": {
        "set_hvac_mode": _valued("set_hvac_mode", "hvac_mode"),
        "set_preset_mode": _valued("set_preset_mode", "preset_mode"),
    },
    "cover": {
        **_plain(
            open="open_cover", close="close_cover", stop="stop_cover",
            open_tilt="open_cover_tilt", close_tilt="close_cover_tilt",
        ),
        "set_position": _Type("set_cover_position", {"position": "position"}),
        "set_tilt_position": _Type("set_cover_tilt_position", {"position": "tilt_position"}),
    },
    "fan": _TOGGLE,
    "humidifier": {
        **_TOGGLE, "set_humidity": _valued("set_humidity", "humidity"), "set_mode": _valued("set_mode", "mode"),
    },
    "input_boolean": _TOGGLE,
    "input_number": _NUMBER,
    "input_select": _SELECT,
    "lawn_mower": _plain(start_mowing="start_mowing", dock="dock", pause="pause"),
    "light": {
        **_TOGGLE,
        "turn_on": _valued("turn_on", "brightness_pct", "flash"),
        "flash": _Type("turn_on", {"flash": "flash"}, {"flash": "short"}),
        "brightness_increase": _Type("turn_on", fixed={"brightness_step_pct": _BRIGHTER_PCT}),
        "brightness_decrease": _Type("turn_on", fixed={"brightness_step_pct": -_BRIGHTER_PCT}),
    },
    "lock": _plain(lock="lock", unlock="unlock", open="open"),
    "number": _NUMBER,
    "remote": _TOGGLE,
    "select": _SELECT,
    "siren": _TOGGLE,
    "switch": _TOGGLE,
    "text": {"set_value": _valued("set_value", "value")},
    "vacuum": _plain(clean="start", dock="return_to_base"),
    "water_heater": _plain(turn_on="turn_on", turn_off="turn_off"),
}  # fmt: skip
_NAMES: Final = {"device_id": string, "domain": slug}


def _check(value: Any) -> Mapping[str, Any]:
    """Return a step of any domain; what else it may hold is known to the plugin of the device."""
    errors = []
    for key, validate in _NAMES.items():
        if key not in value:
            errors.append(vol.Invalid("this key is required", [key]))
            continue
        try:
            validate(value[key])
        except vol.Invalid as error:
            errors.append(vol.Invalid(error.msg, [key]))
    if not errors and value["domain"] in TYPES:
        errors = _faults(value, TYPES[value["domain"]])
    if errors:
        raise vol.MultipleInvalid(errors)
    result: Mapping[str, Any] = {key: item for key, item in value.items() if key != "metadata"}
    return result


def _faults(value: Mapping[str, Any], known: Mapping[str, _Type]) -> list[vol.Invalid]:
    """Return what is wrong with a step of a domain that is known here."""
    errors = [vol.Invalid("this key is required", [key]) for key in ("type", "entity_id") if key not in value]
    if not errors and value["type"] not in known:
        errors.append(vol.Invalid(f"expected one of {', '.join(known)}, got {shown(value['type'])}", ["type"]))
    return errors


def compile_device(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step: the call that it stands for."""
    if config["domain"] == "mobile_app":
        return _notify(config, compiler)
    domain, services = config["domain"], compiler.home.services
    known = TYPES.get(domain, {}).get(config.get("type", ""))
    if known is None:
        return _beyond(domain, config.get("type"))
    render = compiler.renderer(
        {**known.fixed, **{field: config[key] for key, field in known.fields.items() if key in config}}
    )

    def call(run: Run) -> Awaitable[None] | None:
        entity_id = compiler.home.registry.entity_id(config["entity_id"]) or config["entity_id"]
        target = Target((entity_id,))
        return _to_its_end(
            services.start(domain, known.service, render(run.variables), target=target, context=run.context)
        )

    return call


def _notify(config: Config, compiler: Compiler) -> Action:
    """Return the step that sends a message to a phone, whose service bears the name of its device."""
    home = compiler.home
    render = compiler.renderer({key: config[key] for key in ("message", "title", "data") if key in config})

    def call(run: Run) -> Awaitable[None] | None:
        device = home.registry.devices.get(config["device_id"])
        if device is None:
            raise ServiceValidationError(f"there is no device {config['device_id']}")
        name = f"mobile_app_{slugify(device.name_by_user or device.name or '')}"
        if not home.services.has("notify", name):
            raise ServiceNotFound("notify", name)
        return _to_its_end(home.services.start("notify", name, render(run.variables), context=run.context))

    return call


def _beyond(domain: str, kind: Any) -> Action:
    def fail(run: Run) -> None:
        raise ServiceValidationError(f"the action {kind} of a device of {domain} takes a plugin for {domain}")

    return fail


def _to_its_end(result: Awaitable[Response] | Response) -> Awaitable[None] | None:
    return _awaited(result) if isinstance(result, Awaitable) else None


async def _awaited(result: Awaitable[Response]) -> None:
    await result


KIND: Final = ActionKind(lambda _: _check, compile_device)
