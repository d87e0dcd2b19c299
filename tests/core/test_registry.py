"""Names, places and ids that outlive a restart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slugify import slugify as slug_of_library

from inglenook.errors import InvalidEntry, UnknownEntry
from inglenook.home import Home
from inglenook.model import Target
from inglenook.registry import Registry, slugify


def entity(home: Home, unique_id: str, domain: str = "light", **fields: Any) -> str:
    return home.registry.ensure_entity(domain, "test", unique_id, suggested_object_id=unique_id, **fields).entity_id


def test_an_entity_keeps_its_id_and_a_second_of_its_name_gets_a_number(home: Home) -> None:
    first = home.registry.ensure_entity("light", "test", "1", suggested_object_id="Küche Lampe")
    second = home.registry.ensure_entity("light", "test", "2", suggested_object_id="Küche Lampe")
    again = home.registry.ensure_entity("light", "test", "1", suggested_object_id="Other", original_name="Other")

    assert first.entity_id == "light.kuche_lampe"
    assert second.entity_id == "light.kuche_lampe_2"
    assert again.entity_id == first.entity_id
    assert again.original_name == "Other"


async def test_entries_survive_a_restart(home: Home) -> None:
    area = home.registry.ensure_area("Hall")
    device = home.registry.ensure_device("test", "d1", name="Lamp", area_id=area.id)
    entity(home, "a", device_id=device.id)
    await home.store.flush()

    registry = Registry(home.bus, home.store, home.clock)
    registry.load()

    assert [entry.name for entry in registry.areas] == ["Hall"]
    assert registry.device_of("test", "d1") == device
    found = registry.entity_of("light", "test", "a")
    assert found is not None
    assert registry.area_of(found) == area.id


async def test_a_rename_keeps_one_row_and_tells_the_old_id(home: Home) -> None:
    heard: list[Any] = []
    home.bus.listen("entity_registry_updated", lambda event: heard.append(event.data))
    old = entity(home, "a")

    home.registry.entities.update(old, entity_id="light.b")
    await home.store.flush()

    assert heard[-1] == {
        "action": "update", "entity_id": "light.b", "old_entity_id": "light.a", "changes": {"entity_id": "light.a"},
    }  # fmt: skip
    assert old not in home.registry.entities
    assert len(home.store.load("entities")) == 1
    entry = home.registry.entities.get("light.b")
    assert entry is not None
    assert home.registry.entity_id(entry.id) == "light.b"


def test_the_same_values_again_announce_nothing(home: Home) -> None:
    area = home.registry.ensure_area("Hall")
    version = home.registry.version

    home.registry.areas.update(area.id, name="Hall")

    assert home.registry.version == version


def test_a_suggested_area_does_not_undo_a_persons_choice(home: Home) -> None:
    device = home.registry.ensure_device("test", "d1", area_id="hall")
    home.registry.devices.update(device.id, area_id="attic")

    again = home.registry.ensure_device("test", "d1", area_id="hall")

    assert again.area_id == "attic"


def test_an_unknown_entry_is_named(home: Home) -> None:
    with pytest.raises(UnknownEntry, match="no entry 'nope' among the areas"):
        home.registry.areas.remove("nope")


def test_areas_are_found_by_name_whatever_the_case_and_spaces(home: Home) -> None:
    area = home.registry.ensure_area("Living Room")

    assert home.registry.area_named("livingroom") == area
    assert home.registry.ensure_area("LIVING ROOM") == area


@pytest.fixture
def house(home: Home) -> Home:
    """Two floors; upstairs an attic with a lamp of its own and a device with a light, a hidden and a diagnostic one."""
    registry = home.registry
    floor = registry.floors.create("Up", level=1)
    attic = registry.ensure_area("Attic")
    registry.areas.update(attic.id, floor_id=floor.id, labels=("warm",))
    registry.ensure_area("Hall")
    device = registry.ensure_device("test", "d1", area_id=attic.id, labels=("new",))
    entity(home, "own", area_id=attic.id)
    entity(home, "of_device", device_id=device.id)
    entity(home, "elsewhere", device_id=device.id, area_id="hall", labels=("odd",))
    entity(home, "hidden", device_id=device.id, hidden_by="user")
    entity(home, "diagnostic", device_id=device.id, entity_category="diagnostic")
    return home


def test_an_area_reaches_its_entities_and_those_of_its_devices(house: Home) -> None:
    assert house.registry.resolve(Target(area_id=("attic",))) == ("light.own", "light.of_device")


def test_a_floor_reaches_its_areas(house: Home) -> None:
    assert house.registry.resolve(Target(floor_id=("up",))) == ("light.own", "light.of_device")


def test_a_label_reaches_entities_devices_and_areas(house: Home) -> None:
    assert house.registry.resolve(Target(label_id=("odd",))) == ("light.elsewhere",)
    assert house.registry.resolve(Target(label_id=("new",))) == ("light.of_device",)
    assert house.registry.resolve(Target(label_id=("warm",))) == ("light.own", "light.of_device")


def test_a_device_reaches_all_its_entities_wherever_they_are(house: Home) -> None:
    device = house.registry.device_of("test", "d1")
    assert device is not None

    assert house.registry.resolve(Target(device_id=(device.id,))) == ("light.of_device", "light.elsewhere")


def test_what_is_named_comes_first_and_only_once(house: Home) -> None:
    target = Target(entity_id=("light.hidden", "light.own"), area_id=("attic",))

    assert house.registry.resolve(target) == ("light.hidden", "light.own", "light.of_device")


def test_a_lookup_is_done_again_after_a_change(house: Home) -> None:
    before = house.registry.resolve(Target(area_id=("hall",)))

    house.registry.entities.update("light.own", area_id="hall")

    assert before == ("light.elsewhere",)
    assert house.registry.resolve(Target(area_id=("hall",))) == ("light.own", "light.elsewhere")


def test_references_that_no_registry_holds_are_listed(house: Home) -> None:
    target = Target(area_id=("attic", "cellar"), label_id=("x",))

    assert house.registry.unknown_references(target) == ["area cellar", "label x"]


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Küche", "kuche"), ("日本", "ri_ben"), ("A  b-c", "a_b_c"), ("__x__", "x"), ("", ""), ("???", "unknown")],
)
def test_slugs(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text(alphabet="aZ09 _-.'é&;", max_size=8), st.sampled_from(["_", "-", ""]))
def test_slugs_are_those_of_the_library(name: str, separator: str) -> None:
    assert slugify(name, separator) == (slug_of_library(name, separator=separator) or "unknown" if name else "")


# -- doors --------------------------------------------------------------------------------------------------------


def test_what_a_person_makes_has_a_slug_of_its_name_as_id(home: Home) -> None:
    floor = home.registry.floors.create("Ground Floor", level=0, aliases=["Down"])
    area = home.registry.areas.create("Küche", floor_id=floor.id, icon="mdi:stove")
    label = home.registry.labels.create("Night", color="indigo")

    assert (floor.id, floor.aliases) == ("ground_floor", ("Down",))
    assert (area.id, area.floor_id) == ("kuche", "ground_floor")
    assert (label.id, label.color) == ("night", "indigo")


@pytest.mark.parametrize("name", ["kitchen", "KIT CHEN", "  ", None])
def test_a_name_that_is_taken_or_none_is_refused(home: Home, name: Any) -> None:
    home.registry.areas.create("Kitchen")
    hall = home.registry.areas.create("Hall")

    with pytest.raises(InvalidEntry):
        home.registry.areas.create(name)
    with pytest.raises(InvalidEntry):
        home.registry.areas.update(hall.id, name=name)

    assert [area.name for area in home.registry.areas] == ["Kitchen", "Hall"]


def test_a_field_that_there_is_not_is_refused_by_name(home: Home) -> None:
    with pytest.raises(InvalidEntry, match="areas have no colour to set; there is name"):
        home.registry.areas.create("Hall", colour="red")
    entity(home, "a")
    with pytest.raises(InvalidEntry, match="entities have no id to set"):
        home.registry.entities.update("light.a", id="0" * 32)


@pytest.mark.parametrize(
    ("field", "value"), [("labels", "night"), ("labels", [5]), ("icon", 5), ("aliases", {"a": 1}), ("floor_id", ["up"])]
)
def test_a_value_of_the_wrong_kind_is_refused_by_its_field(home: Home, field: str, value: Any) -> None:
    home.registry.areas.create("Hall")

    with pytest.raises(InvalidEntry, match=rf"^{field} of areas: expected "):
        home.registry.areas.update("hall", **{field: value})
    with pytest.raises(InvalidEntry, match=rf"^{field} of areas: expected "):
        home.registry.areas.create("Attic", **{field: value})

    assert len(home.registry.areas) == 1


def test_sets_and_lists_are_taken_where_several_can_stand(home: Home) -> None:
    home.registry.areas.create("Hall", labels={"night"})
    home.registry.areas.update("hall", aliases=["a", "b"])

    (area,) = home.registry.areas
    assert (area.labels, area.aliases) == (("night",), ("a", "b"))


@pytest.mark.parametrize("entity_id", ["light.b", "switch.a", "light", "light.A b", "light.", 5])
def test_an_entity_id_that_cannot_be_is_refused(home: Home, entity_id: Any) -> None:
    entity(home, "a")
    entity(home, "b")

    with pytest.raises(InvalidEntry):
        home.registry.entities.update("light.a", entity_id=entity_id)

    assert "light.a" in home.registry.entities


def test_nothing_refers_to_what_was_removed(home: Home) -> None:
    registry = home.registry
    floor, label = registry.floors.create("Up"), registry.labels.create("Night")
    area = registry.areas.create("Attic", floor_id=floor.id, labels=[label.id])
    device = registry.ensure_device("test", "d1", area_id=area.id, labels=(label.id,))
    one = entity(home, "a", device_id=device.id, area_id=area.id, labels=(label.id,))

    registry.floors.remove(floor.id)
    registry.labels.remove(label.id)
    kept = registry.areas.get(area.id)
    registry.areas.remove(area.id)
    left = registry.devices.get(device.id)
    registry.devices.remove(device.id)

    entry = registry.entities.get(one)
    assert kept is not None
    assert left is not None
    assert entry is not None
    assert (kept.floor_id, kept.labels) == (None, ())
    assert (left.area_id, left.labels) == (None, ())
    assert (entry.device_id, entry.area_id, entry.labels) == (None, None, ())


def test_a_device_that_is_disabled_takes_its_entities_along_and_brings_them_back(home: Home) -> None:
    device = home.registry.ensure_device("test", "d1")
    one = entity(home, "a", device_id=device.id)
    own = entity(home, "b", device_id=device.id, disabled_by="user")

    home.registry.devices.update(device.id, disabled_by="user")
    disabled = [entry.disabled_by for entry in home.registry.entities]
    home.registry.devices.update(device.id, disabled_by=None)

    assert disabled == ["device", "user"]
    assert [entry.disabled_by for entry in home.registry.entities if entry.entity_id in (one, own)] == [None, "user"]


def test_the_events_have_the_shapes_that_clients_know(home: Home) -> None:
    heard: list[tuple[str, Any]] = []
    for kind in ("area", "device", "entity", "floor", "label"):
        home.bus.listen(f"{kind}_registry_updated", lambda event: heard.append((event.event_type, dict(event.data))))
    area = home.registry.areas.create("Hall")
    home.registry.areas.update(area.id, icon="mdi:door")
    home.registry.areas.remove(area.id)
    label = home.registry.labels.create("Night")
    one = entity(home, "a")
    home.registry.entities.update(one, labels=[label.id])

    assert heard == [
        ("area_registry_updated", {"action": "create", "area_id": "hall"}),
        ("area_registry_updated", {"action": "update", "area_id": "hall"}),
        ("area_registry_updated", {"action": "remove", "area_id": "hall"}),
        ("label_registry_updated", {"action": "create", "label_id": "night"}),
        ("entity_registry_updated", {"action": "create", "entity_id": "light.a"}),
        ("entity_registry_updated", {"action": "update", "entity_id": "light.a", "changes": {"labels": ()}}),
    ]


@pytest.mark.parametrize(("was", "becomes"), [("user", "user"), ("integration", None), ("config_entry", None)])
def test_only_what_a_person_disabled_stays_so_when_its_place_is_taken(
    home: Home, was: str, becomes: str | None
) -> None:
    home.registry.ensure_entity("light", "hue", "u1", suggested_object_id="hall", disabled_by=was)
    home.registry.vacant_platforms = frozenset({"hue"})

    entry = home.registry.ensure_entity("light", "device", "d1", suggested_object_id="hall")

    assert entry.disabled_by == becomes


def test_a_new_entity_takes_the_place_of_one_of_a_platform_that_is_not_here(home: Home) -> None:
    registry = home.registry
    old_device = registry.ensure_device("hue", "bulb")
    old = registry.ensure_entity("light", "hue", "u1", suggested_object_id="hall", device_id=old_device.id, name="Hall")
    registry.vacant_platforms = frozenset({"hue"})
    device = registry.ensure_device("device", "d1")

    for _ in range(2):  # when it is new, and each time it comes again
        new = registry.ensure_entity("light", "device", "d1_lamp", suggested_object_id="hall", device_id=device.id)

    assert (new.entity_id, new.id, new.name, new.platform) == ("light.hall", old.id, "Hall", "device")
    assert new.device_id == old_device.id
    assert registry.entity_of("light", "hue", "u1") is None
    assert registry.resolve(Target(device_id=(old_device.id,))) == ("light.hall",)
