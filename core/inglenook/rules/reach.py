"""Reach: which automations, or scripts, a call is aimed at."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from inglenook.entities.groups import expand_groups
from inglenook.errors import InvalidServiceData
from inglenook.home import Home
from inglenook.model import NO_TARGET, ServiceCall
from inglenook.rules.rule_entity import RuleEntity
from inglenook.services import TARGET_KEYS

_log = logging.getLogger(__name__)

Reached = TypeVar("Reached", bound=RuleEntity)


def reached(
    home: Home, call: ServiceCall, find: Callable[[str], Reached | None], every: Callable[[], Iterable[Reached]]
) -> list[Reached]:
    """Return those that ``call`` is aimed at and that are in order; what is named and not there is logged.

    Args:
        home: whose registries and groups tell what a target means.
        call: of a service of their domain.
        find: returns the one of an entity id, or None.
        every: returns all of them.

    Raises:
        InvalidServiceData: the call has no target.
    """
    if call.target is NO_TARGET:
        raise InvalidServiceData(f"{call.domain}.{call.service}: needs a target, one of {', '.join(TARGET_KEYS)}")
    if call.target.entity_id == ("all",):
        return [one for one in every() if one.is_available]
    found = {name: find(name) for name in expand_groups(home.states, home.registry.resolve(call.target))}
    missing = [name for name in call.target.entity_id if name in found and found[name] is None and name != "none"]
    if missing:
        _log.warning("%s.%s: there is no %s %s", call.domain, call.service, call.domain, ", ".join(missing))
    return [one for one in found.values() if one is not None and one.is_available]
