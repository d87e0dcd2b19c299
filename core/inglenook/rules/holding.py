"""``for``: how long something has to hold before a trigger fires."""

from collections.abc import Callable, Mapping
from typing import Any

import voluptuous as vol

from inglenook.config.values import positive_duration, told
from inglenook.errors import TemplateError
from inglenook.rules.firing import Arming


def hold_time(arming: Arming, value: Any, payload: Callable[[], Mapping[str, Any]]) -> float | None:
    """Return the seconds of a ``for``, or None, logged, when its template gives none.

    Args:
        arming: of the trigger.
        value: seconds, or what holds templates; they see ``trigger`` and the trigger's variables.
        payload: makes the trigger's own part of ``trigger``.
    """
    if isinstance(value, float):
        return value
    variables = {**arming.variables, "trigger": {**arming.common, **payload()}}
    try:
        if isinstance(value, str):
            return positive_duration(arming.templates.compile(value).render(variables))
        return positive_duration(arming.templates.compile_tree(value)(variables))
    except TemplateError as error:
        arming.log("for: %s; it does not fire", error)
    except vol.Invalid as error:
        arming.log("for: %s; it does not fire", told(error))
    return None
