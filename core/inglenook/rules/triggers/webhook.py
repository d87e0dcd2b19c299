"""The trigger on a request to the home's address for webhooks: ``trigger: webhook``.

Whoever serves these addresses fires :data:`EVENT_WEBHOOK` for each request, with ``webhook_id``, ``method``,
``is_local`` and what the trigger tells: ``json`` or ``data``, and ``query``.
"""

from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import boolean, one_of, shown, string
from inglenook.model import Event
from inglenook.rules.firing import Arming
from inglenook.rules.kinds import Disarm, TriggerKind
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
    methods, is_local_only = config["allowed_methods"], config["local_only"]
    told_of: set[str] = set()  # what was wrong, each once: whoever calls may call often

    def received(event: Event) -> None:
        data = event.data
        method = str(data.get("method"))
        if method not in methods:
            problem = f"{method} is not one of its allowed_methods, {', '.join(methods)}"
        elif is_local_only and not data.get("is_local"):
            problem = "it takes requests from the local network alone; local_only: false would let others in"
        else:
            problem = ""
        if problem:
            if problem not in told_of:
                told_of.add(problem)
                arming.log("a request was left alone: %s", problem)
            return
        told = {name: data[name] for name in _TOLD if name in data}
        arming.fire(lambda: {"webhook_id": webhook_id, **told, "description": "webhook"}, event.context)

    return arming.events.listen(EVENT_WEBHOOK, received, key="webhook_id", value=webhook_id)


KIND: Final = TriggerKind(lambda _: SHAPE, arm_webhook)
