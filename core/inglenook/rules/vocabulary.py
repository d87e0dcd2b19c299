"""The bundled vocabulary: the one place that knows every kind of trigger, condition and action by its module."""

from typing import Final

from inglenook.rules.absent import ABSENT_CONDITIONS, ABSENT_TRIGGERS
from inglenook.rules.conditions import logic
from inglenook.rules.conditions import numeric_state as numeric_state_condition
from inglenook.rules.conditions import state as state_condition
from inglenook.rules.conditions import sun as sun_condition
from inglenook.rules.conditions import template as template_condition
from inglenook.rules.conditions import time as time_condition
from inglenook.rules.conditions import trigger as trigger_condition
from inglenook.rules.conditions import zone as zone_condition
from inglenook.rules.devices import kinds as device
from inglenook.rules.kinds import Vocabulary
from inglenook.rules.purpose import remaining
from inglenook.rules.purpose.conditions import CONDITIONS
from inglenook.rules.purpose.moon import MOON_CONDITIONS, MOON_TRIGGERS
from inglenook.rules.purpose.sun import SUN_CONDITIONS, SUN_TRIGGERS
from inglenook.rules.purpose.triggers import TRIGGERS
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

BUNDLED: Final = Vocabulary(
    triggers={
        "device": device.TRIGGER,
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
        **{name: row.kind() for name, row in TRIGGERS.items()},
        **{name: row.kind() for name, row in SUN_TRIGGERS.items()},
        **MOON_TRIGGERS,
        "timer.remaining_time_reached": remaining.KIND,
        **{name: row.trigger() for name, row in ABSENT_TRIGGERS.items()},
    },
    conditions={
        "and": logic.AND,
        "device": device.CONDITION,
        "not": logic.NOT,
        "numeric_state": numeric_state_condition.KIND,
        "or": logic.OR,
        "state": state_condition.KIND,
        "sun": sun_condition.KIND,
        "template": template_condition.KIND,
        "time": time_condition.KIND,
        "trigger": trigger_condition.KIND,
        "zone": zone_condition.KIND,
        **{name: row.kind() for name, row in CONDITIONS.items()},
        **{name: row.kind() for name, row in SUN_CONDITIONS.items()},
        **MOON_CONDITIONS,
        **{name: row.condition() for name, row in ABSENT_CONDITIONS.items()},
    },
    actions={
        "delay": delay.KIND,
        "wait_template": wait.TEMPLATE,
        "condition": condition.KIND,
        "and": condition.KIND,
        "or": condition.KIND,
        "not": condition.KIND,
        "event": event.KIND,
        "device_id": device.ACTION,
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
