"""What is declared with ``platform: group``: the settings of each domain, and the entities that they make."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, PluginScope
from inglenook.values import boolean, device_class, entity_domain, entity_ids, one_of, string
from inglenook_helpers.group_entities import (
    MEMBER_TYPES,
    SENSOR_ATTRIBUTES,
    SENSOR_TYPES,
    BinarySensorGroup,
    ButtonGroup,
    CoverGroup,
    EventGroup,
    FanGroup,
    GroupEntity,
    LightGroup,
    LockGroup,
    NotifyGroup,
    SensorGroup,
    SwitchGroup,
    ValveGroup,
)
from inglenook_helpers.media_player_group import MediaPlayerGroup
from inglenook_helpers.notify_service_groups import NotifyServiceGroups, is_of_services, service_group
from inglenook_helpers.schemas import Config

CLASSES: Final[Mapping[str, type[GroupEntity]]] = {
    one.domain: one
    for one in (
        BinarySensorGroup,
        ButtonGroup,
        CoverGroup,
        EventGroup,
        FanGroup,
        LightGroup,
        LockGroup,
        MediaPlayerGroup,
        NotifyGroup,
        SensorGroup,
        SwitchGroup,
        ValveGroup,
    )
}
_WITH_ALL: Final = frozenset({"binary_sensor", "light", "switch"})


def schema_of(domain: str) -> Any:
    """Return the schema of one item of ``domain``."""
    member = entity_domain(*(("sensor", "number", "input_number") if domain == "sensor" else (domain,)))

    def members(value: Any) -> list[str]:
        return [member(one) for one in entity_ids(value)]

    keys: dict[Any, Any] = {
        vol.Required("platform"): "group",
        vol.Required("entities"): members,
        "name": string,
        "unique_id": string,
    }
    if domain in _WITH_ALL:
        keys["all"] = boolean
    if domain == "binary_sensor":
        keys["device_class"] = device_class(domain)
    if domain == "sensor":
        keys[vol.Required("type")] = one_of(*SENSOR_TYPES, *MEMBER_TYPES)
        keys.update(dict.fromkeys(SENSOR_ATTRIBUTES, string))
        keys["device_class"] = device_class(domain)
        keys[vol.Optional("ignore_non_numeric", default=False)] = boolean
    of_entities = vol.Schema(keys)
    return service_group(of_entities) if domain == "notify" else of_entities


class PlatformGroups:
    """The group entities of the configuration. A reload keeps those whose settings stayed."""

    def __init__(self, home: Home, scope: PluginScope) -> None:
        self._home = home
        self._scope = scope
        self._there: list[tuple[str, Config, GroupEntity]] = []
        self._notify = NotifyServiceGroups(home, scope)

    def bring(self) -> None:
        """Bring the entities in line with the items of the scope."""
        declared = [(domain, item) for domain, items in self._scope.items.items() for item in items]
        self._notify.bring([item for _, item in declared if is_of_services(item)])
        wanted = [(domain, item) for domain, item in declared if not is_of_services(item)]
        before, self._there = self._there, []
        for domain, item, entity in before:
            if (domain, item) in wanted:
                wanted.remove((domain, item))
                self._there.append((domain, item, entity))
            else:
                self._home.entities.remove(entity.entity_id)
        for domain, item in wanted:
            entity = CLASSES[domain](self._home, item)
            self._scope.add_entity(entity)
            self._there.append((domain, item, entity))
