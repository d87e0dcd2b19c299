"""The bundled vocabulary: the one place that knows every kind of trigger, condition and action by its module."""

from collections.abc import Mapping
from typing import Final

from inglenook.config.values import Validator
from inglenook.rules.conditions import logic
from inglenook.rules.conditions import numeric_state as numeric_state_condition
from inglenook.rules.conditions import state as state_condition
from inglenook.rules.conditions import sun as sun_condition
from inglenook.rules.conditions import template as template_condition
from inglenook.rules.conditions import time as time_condition
from inglenook.rules.conditions import trigger as trigger_condition
from inglenook.rules.conditions import zone as zone_condition
from inglenook.rules.kinds import (
    Action,
    ActionKind,
    Compiler,
    ConditionKind,
    Config,
    Grammar,
    Kinds,
    TriggerKind,
    Vocabulary,
)
from inglenook.rules.steps import (
    call,
    choose,
    condition,
    conversation,
    delay,
    event,
    parallel,
    repeat,
    scene,
    sequence,
    stop,
    variables,
    wait,
)
from inglenook.rules.triggers import event as event_trigger
from inglenook.rules.triggers import (
    homeassistant,
    numeric_state,
    persistent_notification,
    state,
    sun,
    tag,
    template,
    time,
    time_pattern,
    webhook,
    zone,
)


def _late_triggers() -> Mapping[str, TriggerKind]:
    from inglenook.rules.late import LATE_TRIGGERS  # noqa: PLC0415 - 40 ms that a home without them saves

    return LATE_TRIGGERS


def _late_conditions() -> Mapping[str, ConditionKind]:
    from inglenook.rules.late import LATE_CONDITIONS  # noqa: PLC0415 - the same

    return LATE_CONDITIONS


def _device_schema(grammar: Grammar) -> Validator:
    from inglenook.rules.late import DEVICE_ACTION  # noqa: PLC0415 - the same

    return DEVICE_ACTION.schema(grammar)


def _compile_device(config: Config, compiler: Compiler, path: str) -> Action:
    from inglenook.rules.late import DEVICE_ACTION  # noqa: PLC0415 - the same

    return DEVICE_ACTION.compile(config, compiler, path)


_DEVICE_ACTION: Final = ActionKind(_device_schema, _compile_device)

BUNDLED: Final = Vocabulary(
    triggers=Kinds(
        {
            "event": event_trigger.KIND,
            "geo_location": zone.GEO_LOCATION,
            "homeassistant": homeassistant.KIND,
            "numeric_state": numeric_state.KIND,
            "persistent_notification": persistent_notification.KIND,
            "state": state.KIND,
            "sun": sun.KIND,
            "tag": tag.KIND,
            "template": template.KIND,
            "time": time.KIND,
            "time_pattern": time_pattern.KIND,
            "webhook": webhook.KIND,
            "zone": zone.KIND,
        },
        _late_triggers,
    ),
    conditions=Kinds(
        {
            "and": logic.AND,
            "not": logic.NOT,
            "numeric_state": numeric_state_condition.KIND,
            "or": logic.OR,
            "state": state_condition.KIND,
            "sun": sun_condition.KIND,
            "template": template_condition.KIND,
            "time": time_condition.KIND,
            "trigger": trigger_condition.KIND,
            "zone": zone_condition.KIND,
        },
        _late_conditions,
    ),
    actions={
        "delay": delay.KIND,
        "wait_template": wait.TEMPLATE,
        "condition": condition.KIND,
        "and": condition.KIND,
        "or": condition.KIND,
        "not": condition.KIND,
        "event": event.KIND,
        "device_id": _DEVICE_ACTION,
        "scene": scene.KIND,
        "repeat": repeat.KIND,
        "choose": choose.CHOOSE,
        "wait_for_trigger": wait.FOR_TRIGGER,
        "variables": variables.KIND,
        "if": choose.IF,
        "action": call.KIND,
        "service": call.KIND,
        "service_template": call.KIND,
        "stop": stop.KIND,
        "parallel": parallel.KIND,
        "sequence": sequence.KIND,
        "set_conversation_response": conversation.KIND,
    },
)
