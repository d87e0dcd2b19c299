"""What a Home Assistant folder keeps in .storage, with the place of each entry."""

from pathlib import Path
from typing import Any

import pytest
from tests import storage as made

from inglenook.config.configuration import read_configuration
from inglenook.config.storage import (
    StoredHelper,
    read_core_config,
    read_helpers,
    read_integrations,
    read_registries,
)
from inglenook.config.trees import key_position, value_position
from inglenook.errors import ConfigError, Position
from inglenook.registry import AreaEntry, DeviceEntry, EntityEntry, FloorEntry, LabelEntry


def helpers(folder: Path) -> list[StoredHelper]:
    problems: list[ConfigError] = []
    found = read_helpers(folder, problems)
    assert problems == []
    return found


def entry_of(folder: Path, table: str, entry_id: str) -> Any:
    found = read_registries(folder)
    assert found.warnings == []
    return found.entries(table)[entry_id]


def test_a_folder_without_storage_has_nothing(tmp_path: Path) -> None:
    assert helpers(tmp_path) == []
    assert read_core_config(tmp_path, []) == {}
    assert read_registries(tmp_path).files == {}


# -- helpers --------------------------------------------------------------------------------------------------------


def test_a_helper_becomes_what_a_person_would_have_written(tmp_path: Path) -> None:
    made.keep_items(
        tmp_path, "input_number",
        {"id": "target", "name": "Target", "min": 5.0, "max": 30.0, "step": 0.5, "initial": None, "mode": "box"},
    )  # fmt: skip

    (found,) = helpers(tmp_path)

    assert (found.kind, found.name, found.section) == ("input_number", "Target", "input_number")
    assert found.tree == {"target": {"name": "Target", "min": 5, "max": 30, "step": 0.5, "mode": "box"}}
    assert found.position == Position(".storage/input_number", 7, 7)
    assert key_position(found.tree["target"], "max") == Position(".storage/input_number", 11, 9)


def test_zones_and_persons_keep_their_ids_in_a_list(tmp_path: Path) -> None:
    made.keep_items(tmp_path, "zone", {"id": "w", "name": "Work", "latitude": 52.1, "longitude": 5.2, "radius": 90})
    made.keep_items(tmp_path, "person", {"id": "ann", "name": "Ann", "user_id": None, "device_trackers": []}, version=2)

    found = {one.kind: one.tree for one in helpers(tmp_path)}

    assert found["zone"] == [{"id": "w", "name": "Work", "latitude": 52.1, "longitude": 5.2, "radius": 90}]
    assert found["person"] == [{"id": "ann", "name": "Ann", "device_trackers": []}]


@pytest.mark.parametrize(
    ("domain", "options", "section", "tree"),
    [
        (
            "template",
            {"template_type": "sensor", "name": "Sum", "state": "{{ 1 }}", "unit_of_measurement": "W", "device_id": "d",
             "advanced_options": {"availability": "{{ true }}"}},
            "template",
            {"sensor": [{"name": "Sum", "state": "{{ 1 }}", "unit_of_measurement": "W", "availability": "{{ true }}",
                         "unique_id": "e1"}]},
        ),
        (
            "template",
            {"template_type": "switch", "name": "S", "value_template": "{{ 1 }}", "turn_on": [], "turn_off": []},
            "template",
            {"switch": [{"name": "S", "state": "{{ 1 }}", "turn_on": [], "turn_off": [], "unique_id": "e1"}]},
        ),
        (
            "group",
            {"group_type": "light", "name": "G", "entities": ["light.a"], "hide_members": True, "all": False},
            "light",
            {"name": "G", "entities": ["light.a"], "all": False, "platform": "group", "unique_id": "e1"},
        ),
        (
            "min_max",
            {"name": "M", "entity_ids": ["sensor.a"], "type": "mean", "round_digits": 2.0},
            "sensor",
            {"name": "M", "entity_ids": ["sensor.a"], "type": "mean", "round_digits": 2, "platform": "min_max",
             "unique_id": "e1"},
        ),
        (
            "derivative",
            {"name": "D", "source": "sensor.a", "round": 1.0, "unit_prefix": "none", "unit_time": "h",
             "time_window": {"hours": 0, "minutes": 5, "seconds": 0}},
            "sensor",
            {"name": "D", "source": "sensor.a", "round": 1, "unit_time": "h",
             "time_window": {"hours": 0, "minutes": 5, "seconds": 0}, "platform": "derivative", "unique_id": "e1"},
        ),
        (
            "tod",
            {"name": "T", "after_time": "07:00:00", "before_time": "22:00:00"},
            "binary_sensor",
            {"name": "T", "after": "07:00:00", "before": "22:00:00", "platform": "tod", "unique_id": "e1"},
        ),
        (
            "filter",
            {"name": "F", "entity_id": "sensor.a", "filter": "lowpass", "time_constant": 5.0, "precision": 1.0},
            "sensor",
            {"name": "F", "entity_id": "sensor.a", "platform": "filter", "unique_id": "e1",
             "filters": [{"filter": "lowpass", "time_constant": 5, "precision": 1}]},
        ),
        (
            "trend",
            {"name": "Getting Warm", "entity_id": "sensor.a", "min_gradient": 0.5},
            "binary_sensor",
            {"platform": "trend", "sensors": {"getting_warm": {
                "entity_id": "sensor.a", "min_gradient": 0.5, "friendly_name": "Getting Warm", "unique_id": "e1"}}},
        ),
        (
            "utility_meter",
            {"name": "Energy Month", "source": "sensor.a", "cycle": "monthly", "offset": 2.0, "tariffs": []},
            "utility_meter",
            {"energy_month": {"source": "sensor.a", "cycle": "monthly", "tariffs": [], "name": "Energy Month",
                              "unique_id": "e1", "offset": {"days": 2}}},
        ),
        (
            "utility_meter",
            {"name": "All", "source": "sensor.a", "cycle": "none", "offset": 0, "tariffs": ["day"]},
            "utility_meter",
            {"all": {"source": "sensor.a", "tariffs": ["day"], "name": "All", "unique_id": "e1"}},
        ),
        (
            "bayesian",
            {"name": "B", "prior": 0.3, "probability_threshold": 0.5, "device_class": None},
            "binary_sensor",
            {"name": "B", "prior": 0.3, "probability_threshold": 0.5, "platform": "bayesian", "unique_id": "e1",
             "observations": [{"platform": "state", "entity_id": "light.a", "to_state": "on", "prob_given_true": 0.8,
                               "prob_given_false": 0.2}]},
        ),
        (
            "switch_as_x",
            {"entity_id": "switch.gate", "target_domain": "cover", "invert": True},
            "template",
            {"cover": [{
                "name": "Title", "unique_id": "e1",
                "state": "{{ 'open' if is_state('switch.gate', 'off') else 'closed' }}",
                "availability": "{{ has_value('switch.gate') }}",
                "open_cover": [{"action": "switch.turn_off", "target": {"entity_id": "switch.gate"}}],
                "close_cover": [{"action": "switch.turn_on", "target": {"entity_id": "switch.gate"}}]}]},
        ),
        (
            "random",
            {"entity_type": "binary_sensor", "name": "R"},
            "binary_sensor",
            {"name": "R", "platform": "random", "unique_id": "e1"},
        ),
    ],
)  # fmt: skip
def test_a_helper_that_is_an_integration_becomes_what_a_person_would_have_written(
    tmp_path: Path, domain: str, options: dict[str, Any], section: str, tree: Any
) -> None:
    made.keep_entries(tmp_path, made.entry("e1", domain, "Title", options=options, subentries=[made.OBSERVATION]))

    (found,) = helpers(tmp_path)

    assert (found.kind, found.section, found.tree) == (domain, section, tree)
    assert found.position == Position(".storage/core.config_entries", 7, 7)


def test_what_is_disabled_or_no_helper_is_no_helper(tmp_path: Path) -> None:
    made.keep_entries(
        tmp_path,
        made.entry("e1", "tod", "Night", disabled_by="user", options={"name": "Night"}),
        made.entry("e2", "hue", "Bridge", data={"host": "1.2.3.4"}),
    )

    assert helpers(tmp_path) == []
    assert [(one.domain, one.title) for one in read_integrations(tmp_path)] == [("hue", "Bridge")]


def test_a_helper_without_a_usable_id_is_left_out_with_its_place(tmp_path: Path) -> None:
    made.keep_items(tmp_path, "timer", {"id": "Not A Slug"}, {"id": "tea", "name": "Tea"}, {"name": "None"})
    problems: list[ConfigError] = []

    found = read_helpers(tmp_path, problems)

    assert [one.name for one in found] == ["Tea"]
    assert list(map(str, problems)) == [
        ".storage/timer:7:7: expected an id; this entry is left out, as are 1 more of this file"
    ]


@pytest.mark.parametrize(
    "value", ["[" * 700 + "]" * 700, '"\\ud800"', "1" + "0" * 40, "NaN", '"2026-99-99"', "[[1, 2]]", "{}"]
)
def test_a_value_that_nobody_expects_stops_nothing(tmp_path: Path, value: str) -> None:
    fields = ["name", "labels", "options", "supported_features", "created_at", "icon", "capabilities", "hidden_by"]
    made.keep_entities(tmp_path, *(made.entity(f"light.{field}", "hue", field, **{field: "X"}) for field in fields))
    made.keep_items(tmp_path, "input_boolean", {"id": "a", "icon": "X"}, {"id": "b"})
    made.keep_entries(tmp_path, made.entry("e1", "tod", "T", options={"name": "X"}))
    for path in (tmp_path / ".storage").iterdir():
        path.write_text(path.read_text().replace('"X"', value))

    found, problems = read_registries(tmp_path), list[ConfigError]()

    assert "b" in [one.name for one in read_helpers(tmp_path, problems)]
    assert len(found.entries("entities")) < len(fields) + 1
    assert len(found.warnings) <= 1


def test_half_a_character_is_no_text_and_a_whole_one_is(tmp_path: Path) -> None:
    path = made.keep_items(tmp_path, "input_button", {"id": "go", "name": "NAME"})
    path.write_text(path.read_text().replace("NAME", r"\ud800 \ud83d\ude00 \\ud800"))

    (found,) = helpers(tmp_path)

    assert found.tree["go"]["name"] == "? 😀 \\ud800"


# -- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ":1:1: no JSON: Expecting value; the file is left out"),
        ('{"data": {\n  "areas": [,]}}', ":2:13: no JSON: Expecting value; the file is left out"),
        ("[]", ": expected a mapping with the key data, as Home Assistant writes it; the file is left out"),
        ('{"version": 2, "data": {}}', ": expected version 1 of this file, got 2; the file is left out"),
        ('{"version": "x", "data": {}}', ": expected version 1 of this file, got x; the file is left out"),
        ('{"data": {"areas": 5}}', ": expected a list of areas; it is left out"),
        ('{"data": {"areas": [5]}}', ":1:21: expected a mapping; this entry is left out"),
        ('{"data": {"areas": [{"id": "k"}]}}', ":1:21: Object missing required field `name`; this entry is left out"),
        (b"\xff\xfe", ": cannot be read: "),
        ("[" * 100_000, ": cannot be read: "),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_one_warning(tmp_path: Path, text: str | bytes, problem: str) -> None:
    made.keep_floors(tmp_path, made.floor("up", "Up"))
    path = made.keep_areas(tmp_path)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())

    found = read_registries(tmp_path)

    assert len(found.warnings) == 1
    assert str(found.warnings[0]).startswith(f".storage/core.area_registry{problem}")
    assert list(found.entries("floors")) == ["up"]


def test_a_compact_file_has_places_too(tmp_path: Path) -> None:
    (tmp_path / ".storage").mkdir()
    text = '{"data":{"more":[{"id":"x"}],"items":[{"id":"a","name":"\\u00e9 \\" {"},{"id":"b","icon":[1,{"x":null}]}]}}'
    (tmp_path / ".storage" / "input_button").write_text(text)

    first, second = helpers(tmp_path)

    assert first.tree == {"a": {"name": 'é " {'}}
    assert second.position == Position(".storage/input_button", 1, 1 + text.index('{"id":"b"'))
    assert value_position(second.tree["b"]["icon"], 1) == Position(".storage/input_button", 1, 1 + text.index('{"x"'))


# -- the home -------------------------------------------------------------------------------------------------------

CORE = {
    "latitude": 48.2, "longitude": 16.4, "elevation": 170, "unit_system_v2": "us_customary", "unit_system": "old",
    "location_name": "Cottage", "time_zone": "Europe/Vienna", "external_url": None, "internal_url": None,
    "currency": "CHF", "country": "AT", "language": "de", "radius": 150,
}  # fmt: skip


def test_the_configuration_comes_before_what_the_interface_was_told(tmp_path: Path) -> None:
    made.keep(tmp_path, "core.config", CORE, minor_version=4)
    (tmp_path / "configuration.yaml").write_text("homeassistant: {name: House, elevation: 3}\n")

    settings = read_configuration(tmp_path).settings

    assert (settings.name, settings.elevation) == ("House", 3)
    assert (settings.latitude, settings.longitude, settings.radius) == (48.2, 16.4, 150)
    assert (settings.unit_system, settings.time_zone) == ("us_customary", "Europe/Vienna")
    assert (settings.currency, settings.country, settings.language) == ("CHF", "AT", "de")


def test_a_setting_that_cannot_be_is_a_warning_and_the_others_count(tmp_path: Path) -> None:
    made.keep(tmp_path, "core.config", {**CORE, "time_zone": "Nowhere"})
    (tmp_path / "configuration.yaml").write_text("")

    configuration = read_configuration(tmp_path)

    assert [str(one) for one in configuration.warnings] == [
        ".storage/core.config: time_zone: expected a time zone like Europe/Amsterdam, got 'Nowhere'; it is left out"
    ]
    assert (configuration.settings.name, configuration.settings.time_zone) == ("Cottage", "UTC")


# -- registries -----------------------------------------------------------------------------------------------------


def test_categories_of_every_scope_become_entries_and_what_is_none_is_told(tmp_path: Path) -> None:
    times = {"created_at": made.STAMP, "modified_at": made.STAMP}
    first = {"category_id": "01A", "name": "Night", "icon": None, **times}
    second = {"category_id": "01B", "name": "Night", "icon": "mdi:moon", **times}
    made.keep_categories(tmp_path, automation=[first, {"name": "no id"}, 5], script=[second])

    found = read_registries(tmp_path)

    entries = found.entries("categories")
    assert {key: (one.scope, one.name, one.icon) for key, one in entries.items()} == {  # type: ignore[union-attr]
        "01A": ("automation", "Night", None),
        "01B": ("script", "Night", "mdi:moon"),
    }
    assert len(found.warnings) == 2


def test_areas_floors_and_labels_become_entries(tmp_path: Path) -> None:
    made.keep_floors(tmp_path, made.floor("up", "Up", level=1, aliases=["top"]))
    made.keep_labels(tmp_path, made.label("night", "Night", color="indigo"))
    made.keep_areas(tmp_path, made.area("hall", "Hall", floor_id="up", labels=["night"], aliases=["b", "a"]))

    stamp = 1767607200.0
    assert entry_of(tmp_path, "floors", "up") == FloorEntry("up", "Up", 1, ("top",), None, stamp, stamp)
    assert entry_of(tmp_path, "labels", "night") == LabelEntry(
        "night", "Night", "indigo", created_at=stamp, modified_at=stamp
    )
    assert entry_of(tmp_path, "areas", "hall") == AreaEntry(
        "hall", "Hall", "up", ("a", "b"), ("night",), created_at=stamp, modified_at=stamp
    )


def test_devices_and_entities_become_entries(tmp_path: Path) -> None:
    made.keep_devices(
        tmp_path,
        made.device(
            "d1", "Bulb", name_by_user="Lamp", area_id="hall", model=7, identifiers=[["hue", 5], ["a", "b", "c"]]
        ),
    )
    made.keep_entities(
        tmp_path,
        made.entity(
            "light.hall", "hue", "u1", id="0" * 32, device_id="d1", name="Hall", aliases=[None, "lamp"],
            capabilities={"effects": []}, options={"conversation": {"should_expose": True}}, hidden_by="user",
        ),
    )  # fmt: skip

    device, entity = entry_of(tmp_path, "devices", "d1"), entry_of(tmp_path, "entities", "0" * 32)

    assert isinstance(device, DeviceEntry)
    assert isinstance(entity, EntityEntry)
    assert (device.name_by_user, device.area_id, device.model) == ("Lamp", "hall", "7")
    assert (device.identifiers, device.connections) == ((("hue", "5"),), (("mac", "00:11:22:33:44:55"),))
    assert (entity.entity_id, entity.platform, entity.unique_id) == ("light.hall", "hue", "u1")
    assert (entity.device_id, entity.name, entity.aliases, entity.hidden_by) == ("d1", "Hall", ("lamp",), "user")
    assert (entity.capabilities, entity.options) == ({"effects": []}, {"conversation": {"should_expose": True}})
