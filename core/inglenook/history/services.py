"""``logbook.log``: a rule or a person writes into the logbook."""

from functools import partial
from typing import Final

import voluptuous as vol

from inglenook.config.values import entity_id, slug, string
from inglenook.history.rows import EVENT_LOGBOOK_ENTRY
from inglenook.home import Home
from inglenook.model import ServiceCall

DOMAIN: Final = "logbook"

_SCHEMA: Final = vol.Schema(
    {vol.Required("name"): string, vol.Required("message"): string, "entity_id": entity_id, "domain": slug}
)
_FIELDS: Final = {
    "name": {"required": True, "selector": {"text": None}, "description": "Who or what it is about."},
    "message": {"required": True, "selector": {"text": None}, "description": "What happened."},
    "entity_id": {"selector": {"entity": None}, "description": "The entity beside whose states it is shown."},
    "domain": {"selector": {"text": None}, "description": "The domain whose icon it gets."},
}


def register_logbook(home: Home) -> None:
    """Offer it."""
    home.services.register(DOMAIN, "log", partial(_log, home), _SCHEMA, fields=_FIELDS, has_target=False)


def _log(home: Home, call: ServiceCall) -> None:
    data = dict(call.data)
    if "entity_id" not in data:
        data.setdefault("domain", DOMAIN)
    home.bus.fire(EVENT_LOGBOOK_ENTRY, data, call.context)
