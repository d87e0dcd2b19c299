"""Services for entities of whatever domain: ``homeassistant.turn_on``, ``turn_off``, ``toggle``, ``update_entity``."""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from itertools import groupby
from typing import Any, Final

from inglenook.entities.groups import expand_groups
from inglenook.entities.together import together
from inglenook.errors import InglenookError
from inglenook.home import Home
from inglenook.model import ServiceCall, Target
from inglenook.services import Response

_log = logging.getLogger(__name__)

DOMAIN: Final = "homeassistant"


def register_generic_services(home: Home) -> None:
    """Offer them. What a domain's own service takes is checked by that service."""
    for name in ("turn_on", "turn_off", "toggle"):
        home.services.register(DOMAIN, name, partial(_by_domain, home))
    home.services.register(DOMAIN, "update_entity", partial(_update_entities, home))


def _by_domain(home: Home, call: ServiceCall) -> Awaitable[Response] | Response:
    """Call the service of that name of each domain that the target reaches, everything in the order of its name."""
    entity_ids = _reached(home, call.target)
    if not entity_ids:
        _log.error("%s.%s needs entities; the target names none", call.domain, call.service)
    waiting: list[Awaitable[Any]] = []
    unsupported: list[str] = []
    failure: InglenookError | None = None
    for domain, group in groupby(sorted(entity_ids), key=_domain_of):
        ids = tuple(group)
        if domain == DOMAIN or not home.services.has(domain, call.service):
            unsupported.extend(ids)
            continue
        try:
            result = home.services.start(
                domain, call.service, call.data, target=Target(ids), context=call.context, wants_ack=call.wants_ack
            )
        except InglenookError as error:  # the other domains are called all the same
            failure = failure or error
            continue
        if isinstance(result, Awaitable):
            waiting.append(result)
    if unsupported:
        _log.warning("%s.%s is nothing that %s can do", call.domain, call.service, ", ".join(unsupported))
    return together(waiting, failure)


def _update_entities(home: Home, call: ServiceCall) -> Awaitable[Response] | Response:
    """Ask the entities to look what they are, those that have an ``update`` method."""
    waiting: list[Awaitable[Any]] = []
    for entity_id in _reached(home, call.target):
        update: Callable[[], Any] | None = getattr(home.entities.get(entity_id), "update", None)
        result = update() if update is not None else None
        if isinstance(result, Coroutine):
            waiting.append(result)
    return together(waiting, None)


def _reached(home: Home, target: Target) -> tuple[str, ...]:
    return expand_groups(home.states, home.registry.resolve(target))


def _domain_of(entity_id: str) -> str:
    return entity_id.partition(".")[0]
