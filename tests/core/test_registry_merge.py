"""Registries of another home, taken in at each start: what changed here is never undone."""

from typing import Any

import msgspec

from inglenook.home import Home
from inglenook.registry import AreaEntry, DeviceEntry, EntityEntry, Registry
from inglenook.registry.entries import AnyEntry
from inglenook.registry.merge import merge

HALL = AreaEntry("hall", "Hall", aliases=("entry",))
LAMP = EntityEntry("light.hall", "1" * 32, "u1", "hue", area_id="hall", name="Lamp")


async def take(home: Home, *entries: AnyEntry, table: str = "areas") -> int:
    """Take in what a table holds there, as a start does: what the last one changed is stored."""
    await home.store.flush()
    return merge(home.registry, {table: {entry.id: entry for entry in entries}})


def changed(entry: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(entry, **fields)


async def test_what_is_there_comes_in_as_it_is(home: Home) -> None:
    assert await take(home, HALL) == 1
    assert await take(home, LAMP, table="entities") == 1

    assert home.registry.areas.get("hall") == HALL
    assert home.registry.entities.get("light.hall") == LAMP
    assert home.registry.entity_id("1" * 32) == "light.hall"
    assert home.registry.entity_of("light", "hue", "u1") == LAMP


async def test_what_changes_there_comes_in_and_the_same_again_changes_nothing(home: Home) -> None:
    await take(home, HALL)

    assert await take(home, HALL) == 0
    assert await take(home, changed(HALL, icon="mdi:door")) == 1

    assert home.registry.areas.get("hall") == changed(HALL, icon="mdi:door")


async def test_what_changed_here_stays_and_the_rest_of_the_entry_follows(home: Home) -> None:
    await take(home, HALL)
    home.registry.areas.update("hall", name="Corridor")

    await take(home, changed(HALL, name="Lobby", icon="mdi:door"))

    area = home.registry.areas.get("hall")
    assert area is not None
    assert (area.name, area.icon) == ("Corridor", "mdi:door")


async def test_what_was_removed_here_does_not_come_back(home: Home) -> None:
    await take(home, HALL)
    home.registry.areas.remove("hall")

    await take(home, changed(HALL, icon="mdi:door"))

    assert len(home.registry.areas) == 0


async def test_what_is_gone_there_goes_unless_it_was_changed_here(home: Home) -> None:
    await take(home, HALL, AreaEntry("attic", "Attic"))
    home.registry.areas.update("attic", icon="mdi:roof")

    await take(home)
    await take(home)

    assert [area.id for area in home.registry.areas] == ["attic"]


async def test_nothing_here_refers_to_what_went_with_the_other_home(home: Home) -> None:
    await take(home, HALL)
    home.registry.ensure_entity("light", "device", "d1", suggested_object_id="own", area_id="hall")

    await take(home)

    (entry,) = home.registry.entities
    assert entry.area_id is None


async def test_a_table_that_could_not_be_read_stays(home: Home) -> None:
    await take(home, HALL)

    merge(home.registry, {})

    assert home.registry.areas.get("hall") == HALL


async def test_an_entity_renamed_here_keeps_its_id_and_one_renamed_there_follows(home: Home) -> None:
    door = EntityEntry("cover.door", "2" * 32, "u2", "hue")
    await take(home, LAMP, door, table="entities")
    home.registry.entities.update("light.hall", entity_id="light.corridor")

    await take(home, changed(LAMP, entity_id="light.lobby"), changed(door, entity_id="cover.gate"), table="entities")

    assert {entry.entity_id: entry.id for entry in home.registry.entities} == {
        "light.corridor": "1" * 32, "cover.gate": "2" * 32,
    }  # fmt: skip


async def test_an_entity_that_was_made_here_before_gets_the_ids_that_rules_know(home: Home) -> None:
    home.registry.ensure_entity(
        "light", "hue", "u1", suggested_object_id="other", icon="mdi:lamp", capabilities={"a": 1}
    )

    await take(home, changed(LAMP, icon="mdi:bulb", capabilities={"b": 2}, labels=("night",)), table="entities")

    (entry,) = home.registry.entities
    assert (entry.entity_id, entry.id, entry.name, entry.labels) == ("light.hall", "1" * 32, "Lamp", ("night",))
    assert (entry.icon, entry.capabilities) == ("mdi:lamp", {"a": 1})


async def test_another_entity_that_has_the_id_here_keeps_it(home: Home) -> None:
    home.registry.ensure_entity("light", "device", "d1", suggested_object_id="hall")

    await take(home, LAMP, table="entities")

    (entry,) = home.registry.entities
    assert entry.platform == "device"


async def test_an_entity_that_came_to_life_here_stays_when_it_is_gone_there(home: Home) -> None:
    await take(home, LAMP, table="entities")
    home.registry.vacant_platforms = frozenset({"hue"})
    home.registry.ensure_entity("light", "device", "d1", suggested_object_id="hall")

    await take(home, table="entities")

    (entry,) = home.registry.entities
    assert (entry.entity_id, entry.name, entry.platform) == ("light.hall", "Lamp", "device")


async def test_what_was_seen_is_known_after_a_restart(home: Home) -> None:
    await take(home, HALL)
    merge(home.registry, {"devices": {"d": DeviceEntry("d", (("hue", "x"),))}})
    home.registry.areas.update("hall", name="Corridor")
    await home.store.flush()

    registry = Registry(home.bus, home.store, home.clock)
    registry.load()
    merge(registry, {"areas": {"hall": HALL}, "devices": {}})
    await home.store.flush()

    assert [area.name for area in registry.areas] == ["Corridor"]
    assert len(registry.devices) == 0
    assert [key for key, _ in home.store.load("imported")] == ["areas/hall"]
    assert home.store.load("devices") == []
