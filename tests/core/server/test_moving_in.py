"""A home that runs on a Home Assistant folder as it is: what the interface kept is there, and stays unwritten."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests import storage as made
from tests.core.server.homes import running_home

from inglenook.device import Device
from inglenook.model import Target
from inglenook.server.checking import check_configuration
from inglenook.server.running import HomeServer

CONFIGURATION = """\
http: {port: 0}
input_boolean:
  written: {name: Written}
automation:
  - id: "1700000000000"
    alias: Guests
    triggers: {trigger: state, entity_id: input_boolean.visitors, to: "on"}
    actions: {action: input_boolean.turn_on, target: {area_id: hall}}
"""

BY_DEVICE = """
  - alias: Lit
    triggers: {{trigger: device, device_id: d1, domain: light, type: turned_on, entity_id: {0}}}
    conditions: {{condition: device, device_id: d1, domain: light, type: is_on, entity_id: {0}}}
    actions:
      event: lit
      event_data:
        where: "{{{{ area_name('light.hall_lamp') }}}} {{{{ device_attr(device_id('light.hall_lamp'), 'name') }}}}"
"""

HELPERS: tuple[dict[str, Any], ...] = (
    made.entry("e01", "template", "Sum", options={
        "template_type": "sensor", "name": "Sum", "state": "{{ states('input_number.target') | float + 1 }}"}),
    made.entry("e02", "group", "Guests", options={
        "group_type": "binary_sensor", "name": "Any", "entities": ["binary_sensor.night"], "hide_members": False,
        "all": False}),
    made.entry("e03", "min_max", "Mean", options={
        "name": "Mean", "entity_ids": ["input_number.target"], "type": "mean", "round_digits": 1.0}),
    made.entry("e04", "threshold", "Warm", options={
        "name": "Warm", "entity_id": "input_number.target", "hysteresis": 0.0, "lower": None, "upper": 20.0}),
    made.entry("e05", "derivative", "Rate", options={
        "name": "Rate", "source": "sensor.sum", "round": 2.0, "unit_time": "h",
        "time_window": {"hours": 0, "minutes": 0, "seconds": 0}}),
    made.entry("e06", "integration", "Energy", options={
        "name": "Energy", "source": "sensor.sum", "method": "left", "round": 2.0, "unit_prefix": "k",
        "unit_time": "h"}),
    made.entry("e07", "utility_meter", "Month", options={
        "name": "Month", "source": "sensor.energy", "cycle": "monthly", "offset": 1.0, "tariffs": ["day", "night"],
        "net_consumption": False, "delta_values": False, "periodically_resetting": True, "always_available": False}),
    made.entry("e08", "generic_thermostat", "Heater", options={
        "name": "Heater", "heater": "input_boolean.written", "target_sensor": "sensor.sum", "ac_mode": False,
        "cold_tolerance": 0.3, "hot_tolerance": 0.3, "away_temp": 12.0}),
    made.entry("e09", "random", "Dice", options={
        "entity_type": "sensor", "name": "Dice", "minimum": 1.0, "maximum": 6.0}),
    made.entry("e10", "statistics", "Average", options={
        "name": "Average", "entity_id": "sensor.sum", "state_characteristic": "mean", "sampling_size": 20.0,
        "keep_last_sample": False, "percentile": 50.0, "precision": 2.0}),
    made.entry("e11", "trend", "Rising", options={
        "name": "Rising", "entity_id": "sensor.sum", "invert": False, "max_samples": 2.0, "min_samples": 2.0,
        "min_gradient": 0.0, "sample_duration": 0.0}),
    made.entry("e12", "history_stats", "On", options={
        "name": "On", "entity_id": "input_boolean.written", "state": ["on"], "type": "time",
        "end": "{{ now() }}", "duration": {"hours": 24, "minutes": 0, "seconds": 0}}),
    made.entry("e13", "filter", "Smooth", options={
        "name": "Smooth", "entity_id": "sensor.sum", "filter": "lowpass", "window_size": 3.0, "time_constant": 5.0,
        "precision": 2.0}),
    made.entry("e15", "bayesian", "Occupied", subentries=[made.OBSERVATION], options={
        "name": "Occupied", "prior": 0.3, "probability_threshold": 0.5}),
    made.entry("e16", "switch_as_x", "Gate", options={
        "entity_id": "switch.gate", "target_domain": "lock", "invert": False}),
    made.entry("e14", "tod", "Night", options={"name": "Night", "after_time": "22:00:00", "before_time": "06:00:00"}),
)  # fmt: skip
THEY_MAKE = {
    "sensor.sum", "binary_sensor.any", "sensor.mean", "binary_sensor.warm", "sensor.rate", "sensor.energy",
    "sensor.month_day", "sensor.month_night", "select.month", "climate.heater", "sensor.dice", "sensor.average",
    "binary_sensor.rising", "sensor.on", "sensor.smooth", "binary_sensor.night",
    "binary_sensor.occupied", "lock.front_gate",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a helper of each kind, renamed things, and a lamp of an integration that is not here."""
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION)
    made.keep_items(tmp_path, "input_boolean", {"id": "guests", "name": "Guests", "icon": "mdi:account"})
    made.keep_items(
        tmp_path,
        "input_number",
        {"id": "target", "name": "Target", "min": 5.0, "max": 30.0, "initial": 21.0, "step": 1.0},
    )
    made.keep_items(tmp_path, "input_text", {"id": "note", "name": "Note", "min": 0, "max": 100, "mode": "text"})
    made.keep_items(tmp_path, "input_select", {"id": "mode", "name": "Mode", "options": ["a", "b"]})
    made.keep_items(tmp_path, "input_datetime", {"id": "wake", "name": "Wake", "has_date": False, "has_time": True})
    made.keep_items(tmp_path, "input_button", {"id": "go", "name": "Go"})
    made.keep_items(
        tmp_path, "counter",
        {"id": "visits", "name": "Visits", "initial": 0, "step": 1, "minimum": None, "maximum": None, "restore": True},
    )  # fmt: skip
    made.keep_items(tmp_path, "timer", {"id": "tea", "name": "Tea", "duration": "0:05:00", "restore": False})
    made.keep_items(
        tmp_path, "schedule", {"id": "work", "name": "Work", "monday": [{"from": "08:00:00", "to": "17:00:00"}]}
    )
    made.keep_items(
        tmp_path, "zone",
        {"id": "z1", "name": "Work", "latitude": 52.0, "longitude": 5.0, "radius": 100.0, "passive": False},
    )  # fmt: skip
    made.keep_items(tmp_path, "person", {"id": "ann", "name": "Ann", "user_id": None, "device_trackers": []}, version=2)
    made.keep_entries(tmp_path, *HELPERS)
    made.keep_areas(tmp_path, made.area("hall", "Hall", labels=["down"]))
    made.keep_labels(tmp_path, made.label("down", "Downstairs"))
    made.keep_devices(tmp_path, made.device("d1", "Bulb", area_id="hall"))
    made.keep_entities(
        tmp_path,
        made.entity("input_boolean.visitors", "input_boolean", "guests", name="Visitors"),
        made.entity("input_boolean.written", "input_boolean", "written", area_id="hall", icon="mdi:pen"),
        made.entity("light.hall_lamp", "hue", "bulb", device_id="d1", name="Ceiling"),
        made.entity("automation.renamed", "automation", "1700000000000"),
        made.entity("timer.tea", "timer", "tea", disabled_by="user"),
        made.entity("lock.front_gate", "switch_as_x", "e16", config_entry_id="e16"),
        made.entity("zone.office", "zone", "z1"),
    )
    return tmp_path


def device(server: HomeServer) -> Device:
    """Return a device whose entity asks for the id of the lamp that is not here."""
    url = f"ws://127.0.0.1:{server.gateway.port}/api/device"
    return Device(url, "hall", server.home.devices.add("hall"), {"lamp": {"domain": "light"}})


async def test_every_helper_of_the_interface_is_there_under_the_id_that_the_registry_gives_it(folder: Path) -> None:
    async with running_home(folder) as server:
        states = {state.entity_id: state for state in server.home.states}

    assert server.problems == []
    assert {
        "input_boolean.visitors", "input_boolean.written", "input_number.target", "input_text.note",
        "input_select.mode", "input_datetime.wake", "input_button.go", "counter.visits", "schedule.work", "zone.office",
        "person.ann", "automation.renamed", *THEY_MAKE,
    } <= states.keys()  # fmt: skip
    assert "timer.tea" not in states
    assert states["input_boolean.visitors"].attributes["friendly_name"] == "Visitors"
    assert states["input_boolean.written"].attributes["icon"] == "mdi:pen"
    assert states["sensor.sum"].state == "22.0"
    assert states["sensor.mean"].state == "21.0"
    assert states["binary_sensor.warm"].state == "on"
    assert server.home.registry.entity_of("sensor", "template", "e01") is not None


async def test_areas_labels_and_devices_are_targets_and_nothing_is_written(folder: Path) -> None:
    before = {path: path.read_bytes() for path in (folder / ".storage").iterdir()}
    async with running_home(folder) as server:
        registry = server.home.registry
        in_hall = {"input_boolean.written", "light.hall_lamp"}
        assert set(registry.resolve(Target(area_id=("hall",)))) == in_hall
        assert set(registry.resolve(Target(label_id=("down",)))) == in_hall
        assert registry.resolve(Target(device_id=("d1",))) == ("light.hall_lamp",)
        await server.home.services.call("input_boolean", "turn_on", {"entity_id": "input_boolean.visitors"})

        written = server.home.states.get("input_boolean.written")
        assert written is not None
        assert written.state == "on"

    assert {path: path.read_bytes() for path in (folder / ".storage").iterdir()} == before


async def test_a_switch_that_is_shown_as_a_lock_is_one(folder: Path) -> None:
    called: list[tuple[str, Any]] = []
    async with running_home(folder) as server:
        home = server.home
        for name in ("turn_on", "turn_off"):
            home.services.register("switch", name, lambda call: called.append((call.service, call.target.entity_id)))
        home.states.set("switch.gate", "on")
        unlocked = home.states.get("lock.front_gate")
        await home.services.call("lock", "lock", {"entity_id": "lock.front_gate"})

    assert unlocked is not None
    assert unlocked.state == "unlocked"
    assert called == [("turn_off", ("switch.gate",))]


async def test_what_never_ran_here_begins_as_it_last_was_there(folder: Path) -> None:
    made.keep_entities(
        folder,
        made.entity("automation.renamed", "automation", "1700000000000"),
        made.entity("input_boolean.guests", "input_boolean", "guests"),
        made.entity("sensor.month_day", "utility_meter", "e07_day"),
        made.entity("light.hall_lamp", "hue", "bulb", name="Ceiling"),
    )
    made.keep_states(
        folder,
        made.state("automation.renamed", "off", last_triggered=made.STAMP, mode="single", current=0),
        made.state("input_boolean.guests", "on", editable=True),
        made.state("sensor.month_day", "12.5", unit_of_measurement="kWh", last_period="3", last_valid_state="20"),
        made.state("light.hall_lamp", "on"),
    )

    async with running_home(folder) as server:
        first = {state.entity_id: state.state for state in server.home.states}
        await server.home.services.call("input_boolean", "turn_off", {"entity_id": "input_boolean.guests"})
        await server.home.services.call("automation", "turn_on", {"entity_id": "automation.renamed"})
    async with running_home(folder) as server:
        second = {state.entity_id: state.state for state in server.home.states}

    assert server.problems == []
    assert (first["automation.renamed"], second["automation.renamed"]) == ("off", "on")
    assert (first["input_boolean.guests"], second["input_boolean.guests"]) == ("on", "off")
    assert first["sensor.month_day"] == "12.5"
    assert first["light.hall_lamp"] == "unavailable"


async def test_what_no_registry_knows_begins_as_it_last_was_too_and_what_is_not_here_is_forgotten(folder: Path) -> None:
    (folder / "configuration.yaml").write_text(
        "http: {port: 0}\n"
        "automation: [{alias: Nameless, triggers: {trigger: event, event_type: x}, actions: []}]\n"
        "input_number: {level: {min: 0, max: 10}}\n"
    )
    made.keep_states(
        folder,
        made.state("automation.nameless", "off", last_triggered=made.STAMP, mode="single", current=0),
        made.state("input_number.level", "7.0"),
        made.state("sensor.gone", "1"),
    )

    async with running_home(folder) as server:
        states = {state.entity_id: state.state for state in server.home.states}

    assert (states["automation.nameless"], states["input_number.level"]) == ("off", "7.0")
    assert "sensor.gone" not in states


async def test_a_last_state_that_is_none_is_left_out(folder: Path) -> None:
    path = made.keep_states(folder, made.state("input_boolean.visitors", "on"), made.state("zone.office", "x" * 300))
    path.write_text(path.read_text().replace('"on"', r'"\ud800"').replace('"zone.office"', "[]"))

    async with running_home(folder) as server:
        visitors = server.home.states.get("input_boolean.visitors")

    assert visitors is not None
    assert visitors.state == "off"
    assert [str(problem) for problem in server.problems] == [
        ".storage/core.restore_state:6:5: expected a state and its attributes; this entry is left out"
    ]


async def test_what_the_home_changed_stays_and_what_is_new_in_the_folder_comes_in(folder: Path) -> None:
    async with running_home(folder) as server:
        server.home.registry.areas.update("hall", name="Corridor")
        server.home.registry.entities.update(
            "input_boolean.visitors", entity_id="input_boolean.company", name="Company"
        )
    made.keep_areas(folder, made.area("hall", "Lobby", labels=["down"]), made.area("attic", "Attic"))
    made.keep_items(folder, "input_boolean", {"id": "guests", "name": "Guests"}, {"id": "rain", "name": "Rain"})

    async with running_home(folder) as server:
        names = {area.id: area.name for area in server.home.registry.areas}
        company = server.home.states.get("input_boolean.company")

        assert names == {"hall": "Corridor", "attic": "Attic"}
        assert company is not None
        assert company.attributes["friendly_name"] == "Company"
        assert "input_boolean.visitors" not in server.home.states
        assert "input_boolean.rain" in server.home.states


async def test_a_rule_of_the_interface_fires_for_the_device_that_took_the_old_ones_place(folder: Path) -> None:
    (folder / "configuration.yaml").write_text(CONFIGURATION + BY_DEVICE.format(made.hex_id("hue", "bulb")))
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with running_home(folder) as server:
        server.home.bus.listen("lit", lambda event: heard.put_nowait(event.data["where"]))
        hall = device(server)
        hall.set(lamp="off")
        async with hall:
            await hall.delivered()
            hall.set(lamp="on")

            assert await asyncio.wait_for(heard.get(), 5) == "Hall Bulb"
    assert server.problems == []


async def test_an_entity_of_an_absent_integration_is_unavailable_until_it_is_gone(folder: Path) -> None:
    async with running_home(folder) as server:
        first = server.home.states.get("light.hall_lamp")
        server.home.registry.entities.update("light.hall_lamp", entity_id="light.ceiling")
        renamed = server.home.states.get("light.ceiling")
    made.keep_entities(folder)
    async with running_home(folder) as server:
        kept = "light.ceiling" in server.home.states  # it was renamed here, so it stays
        server.home.registry.entities.remove("light.ceiling")
        gone = "light.ceiling" not in server.home.states
    async with running_home(folder) as server:
        back = "light.ceiling" in server.home.states

    assert first is not None
    assert renamed is not None
    assert (first.state, dict(first.attributes)) == ("unavailable", {"friendly_name": "Ceiling", "restored": True})
    assert (renamed.state, dict(renamed.attributes)) == (first.state, dict(first.attributes))
    assert (kept, gone, back) == (True, True, False)


async def test_a_device_that_asks_for_the_id_of_an_absent_integration_takes_its_place(folder: Path) -> None:
    async with running_home(folder) as server:
        hall = device(server)
        hall.set(lamp="on")
        async with hall:
            await hall.delivered()

        lamp = server.home.states.get("light.hall_lamp")
        entry = server.home.registry.entities.get("light.hall_lamp")
        assert lamp is not None
        assert entry is not None
        assert (lamp.state, lamp.attributes["friendly_name"]) == ("on", "Ceiling")
        assert (entry.platform, entry.device_id, entry.id) == ("device", "d1", made.hex_id("hue", "bulb"))


async def test_one_helper_that_is_wrong_is_told_with_its_place_and_the_others_work(folder: Path) -> None:
    made.keep_items(
        folder, "input_number",
        {"id": "bad", "name": "Bad", "min": 5.0, "max": "much"}, {"id": "target", "name": "T", "min": 5.0, "max": 30.0},
    )  # fmt: skip
    made.keep_entries(folder, made.entry("e1", "tod", "Bad", options={"name": "Bad", "after_time": 5}), *HELPERS[:1])

    async with running_home(folder) as server:
        there = {state.entity_id for state in server.home.states}
        await server.home.services.call("input_number", "reload")

    assert {"input_number.target", "sensor.sum"} <= there
    assert "input_number.bad" not in there
    assert [str(problem).partition(", got")[0] for problem in server.problems] == [
        ".storage/input_number:11:16: input_number.bad.max: expected a number",
        ".storage/core.config_entries:16:20: binary_sensor.before: this key is required",
        '.storage/core.config_entries:18:25: binary_sensor.after: expected a time like "07:30" or "07:30:15"',
    ]


async def test_broken_files_are_one_warning_each_and_the_home_runs(folder: Path) -> None:
    for name in ("core.entity_registry", "input_boolean", "core.config", "core.config_entries"):
        (folder / ".storage" / name).write_text('{"data":\n nonsense')

    result = await check_configuration(folder)
    async with running_home(folder) as server:
        assert "input_number.target" in server.home.states
        assert "hall" in server.home.registry.areas

    told = [str(one) for one in result.warnings if ".storage" in str(one)]
    assert [line.partition(":")[0] for line in told] == [
        ".storage/input_boolean", ".storage/core.config_entries", ".storage/core.config",
        ".storage/core.entity_registry",
    ]  # fmt: skip
    assert all(":2:2: no JSON: " in line for line in told)
    assert [str(one) for one in server.problems if ".storage" in str(one)] == told


async def test_a_check_knows_what_the_interface_kept(folder: Path) -> None:
    result = await check_configuration(folder)

    assert (result.errors, result.warnings) == ([], [])
    assert not (folder / "data").exists()


async def test_a_check_tells_of_a_place_that_the_interface_does_not_know(folder: Path) -> None:
    (folder / "configuration.yaml").write_text(CONFIGURATION.replace("area_id: hall", "area_id: halll"))

    result = await check_configuration(folder)

    assert [one.message for one in result.warnings] == ["there is no area halll; did you mean 'hall'?"]
