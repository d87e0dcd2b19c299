"""The condition on where people and things are: ``condition: zone``."""

from typing import Final

import voluptuous as vol

from inglenook.config.values import entity_ids, entity_ids_or_hex
from inglenook.errors import ConditionError
from inglenook.home import Home
from inglenook.model import STATE_UNAVAILABLE, STATE_UNKNOWN
from inglenook.rules.kinds import Compiler, Condition, ConditionKind, Config, Variables
from inglenook.rules.shape import Shape, lifted
from inglenook.rules.zones import is_inside

SHAPE: Final = Shape({vol.Required("entity_id"): entity_ids_or_hex, vol.Required("zone"): entity_ids})


def compile_zone(config: Config, compiler: Compiler) -> Condition:
    """Return whether each of the entities is in at least one of the zones."""
    home, zones = compiler.home, config["zone"]
    entity_ids_ = [home.registry.entity_id(one) or one for one in config["entity_id"]]

    def condition(_: Variables) -> bool:
        return all([_is_in_any(home, one, zones) for one in entity_ids_])  # noqa: C419 - an unknown entity is an error also behind a false one

    return condition


def _is_in_any(home: Home, entity_id: str, zones: list[str]) -> bool:
    problem: ConditionError | None = None
    for zone in zones:
        try:
            if _is_in(home, entity_id, zone):
                return True
        except ConditionError as error:
            problem = problem or error
    if problem is not None:
        raise problem
    return False


def _is_in(home: Home, entity_id: str, zone_id: str) -> bool:
    zone, state = home.states.get(zone_id), home.states.get(entity_id)
    if zone is None or state is None:
        raise ConditionError(f"zone: there is no entity {zone_id if zone is None else entity_id}")
    return state.state not in (STATE_UNKNOWN, STATE_UNAVAILABLE) and is_inside(zone, state)


KIND: Final = ConditionKind(lambda _: lifted(SHAPE), compile_zone)
