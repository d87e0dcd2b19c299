"""The kinds for devices: those of known domains become what they mean, all others wait for the device's plugin."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import text
from inglenook.errors import ConditionError, UnknownEntry
from inglenook.home import Home
from inglenook.rules.conditions import numeric_state as numeric_state_condition
from inglenook.rules.conditions import state as state_condition
from inglenook.rules.devices.translation import Translated, as_call, as_condition, as_trigger
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import (
    Action,
    ActionKind,
    Compiler,
    Condition,
    ConditionKind,
    Config,
    Disarm,
    Grammar,
    TriggerKind,
    Variables,
)
from inglenook.rules.run import Run
from inglenook.rules.shape import Shaped, mapping
from inglenook.rules.steps import call
from inglenook.rules.triggers import numeric_state, state, zone

_log = logging.getLogger(__name__)

_TRIGGERS: Final[Mapping[str, TriggerKind]] = {
    "numeric_state": numeric_state.KIND, "state": state.KIND, "zone": zone.KIND,
}  # fmt: skip
_CONDITIONS: Final[Mapping[str, ConditionKind]] = {
    "numeric_state": numeric_state_condition.KIND, "state": state_condition.KIND,
}  # fmt: skip
_MEANT: Final = "meant"  # in a validated mapping: the kind and the validated keys that it stands for

Kinds = Mapping[str, TriggerKind] | Mapping[str, ConditionKind]


def _checked(value: Any) -> Shaped:
    """Return the mapping if it names a device and a domain."""
    found = mapping(value)
    for key in ("device_id", "domain"):
        if key not in found:
            raise vol.Invalid("this key is required", [key])
        try:
            text(found[key])
        except vol.Invalid as error:
            error.prepend([key])
            raise
    return Shaped(found, found)


def _schema(
    grammar: Grammar, translate: Callable[[Config], Translated | None], kinds: Kinds
) -> Callable[[Any], Shaped]:
    schemas = {name: kind.schema(grammar) for name, kind in kinds.items()}

    def check(value: Any) -> Shaped:
        found = _checked(value)
        meant = translate(found)
        if meant is not None:
            name, keys = meant
            found[_MEANT] = name, schemas[name](keys)
        return found

    return check


def _require_device(home: Home, config: Config) -> None:
    if config["device_id"] not in home.registry.devices:
        raise UnknownEntry(f"there is no device {config['device_id']}")


# -- trigger --------------------------------------------------------------------------------------------------------


def arm_device(arming: Arming) -> Disarm:
    """Arm what is meant.

    Raises:
        UnknownEntry: there is no such device.
    """
    config = arming.config
    _require_device(arming.home, config)
    if _MEANT not in config:
        _log.info(
            "rule %s, %s: the device trigger %s.%s waits for the plugin of that device, and will not fire without",
            arming.name, arming.place, config["domain"], config.get("type"),
        )  # fmt: skip
        return _nothing
    name, keys = config[_MEANT]
    return _TRIGGERS[name].arm(arming.meaning(keys))


def _nothing() -> None:
    """Nothing was armed."""


# -- condition ------------------------------------------------------------------------------------------------------


def compile_device(config: Config, compiler: Compiler) -> Condition:
    """Return what is meant; it has no answer when there is no such device, or nothing here knows of its domain."""
    home = compiler.home
    if _MEANT not in config:
        return _without_answer(f"it takes the plugin of that device to answer {config['domain']}.{config.get('type')}")
    name, keys = config[_MEANT]
    condition = _CONDITIONS[name].compile(keys, compiler)

    def on_device(variables: Variables) -> bool | None:
        if config["device_id"] not in home.registry.devices:
            raise ConditionError(f"device: there is no device {config['device_id']}")
        return condition(variables)

    return on_device


def _without_answer(why: str) -> Condition:
    def condition(_: Variables) -> bool:
        raise ConditionError(f"device: {why}")

    return condition


# -- action ---------------------------------------------------------------------------------------------------------


def _action_schema(grammar: Grammar) -> Callable[[Any], Shaped]:
    schema = call.KIND.schema(grammar)

    def check(value: Any) -> Shaped:
        found = _checked(value)
        meant = as_call(found)
        if meant is not None:
            found[_MEANT] = schema(meant)
        return found

    return check


def compile_device_action(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the call that is meant; it fails when there is no such device, or nothing here knows of its domain."""
    home = compiler.home
    step = call.KIND.compile(config[_MEANT], compiler, path) if _MEANT in config else None

    def on_device(run: Run) -> Any:
        _require_device(home, config)
        if step is None:
            raise UnknownEntry(f"it takes the plugin of that device to do {config['domain']}.{config.get('type')}")
        return step(run)

    return on_device


TRIGGER: Final = TriggerKind(lambda grammar: _schema(grammar, as_trigger, _TRIGGERS), arm_device)
CONDITION: Final = ConditionKind(lambda grammar: _schema(grammar, as_condition, _CONDITIONS), compile_device)
ACTION: Final = ActionKind(_action_schema, compile_device_action)
