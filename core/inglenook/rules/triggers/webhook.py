"""The trigger on a request to the home's address for webhooks: ``trigger: webhook``.

Whoever serves these addresses fires :data:`EVENT_WEBHOOK` for each request, with ``webhook_id``, ``method``,
``is_local`` and what the trigger tells: ``json`` or ``data``, and ``query``.
"""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import boolean, one_of, shown, string
from inglenook.model import Event
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Config, Disarm, TriggerKind
from inglenook.rules.shape import Shape, each

EVENT_WEBHOOK: Final = "webhook_received"
METHODS: Final = ("GET", "HEAD", "POST", "PUT")
_TOLD: Final = ("json", "data", "query")


def _method(value: Any) -> str:
    return str(one_of(*METHODS)(value.upper() if isinstance(value, str) else shown(value)))


SHAPE: Final = Shape(
    {
        vol.Required("webhook_id"): string,
        vol.Optional("allowed_methods", default=["POST", "PUT"]): each(_method),
        vol.Optional("local_only", default=True): boolean,
    }
)


def arm_webhook(arming: Arming) -> Disarm:
    """Listen for requests with the id, which may be a limited template."""
    config = arming.config
    webhook_id = arming.templates.compile(config["webhook_id"]).render_text(arming.variables, limited=True)
    told_of: set[str] = set()  # what was wrong, each once: whoever calls may call often

    def received(event: Event) -> None:
        problem = _problem(event.data, config)
        if problem:
            if problem not in told_of:
                told_of.add(problem)
                arming.log("a request was left alone: %s", problem)
            return
        told = {name: event.data[name] for name in _TOLD if name in event.data}
        arming.fire(lambda: {"webhook_id": webhook_id, **told, "description": "webhook"}, event.context)

    return arming.events.listen(EVENT_WEBHOOK, received, key="webhook_id", value=webhook_id)


def _problem(request: Mapping[str, Any], config: Config) -> str:
    """Return why the trigger leaves a request alone; empty if it takes it."""
    method, allowed = str(request.get("method")), config["allowed_methods"]
    if method not in allowed:
        return f"{method} is not one of its allowed_methods, {', '.join(allowed)}"
    if config["local_only"] and not request.get("is_local"):
        return "it takes requests from the local network alone; local_only: false would let others in"
    return ""


KIND: Final = TriggerKind(lambda _: SHAPE, arm_webhook)
