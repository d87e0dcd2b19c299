"""Helpers, zones and persons that clients make: there at once, there after a restart, beside what stands in files."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tests.core.server.homes import client_of

from inglenook.auth import Role
from inglenook.cli.control import at_the_desk
from inglenook.server.running import HomeServer

CONFIGURATION = """\
http: {port: 0}
rules: []
default_config:
input_boolean:
  written: {name: Written}
"""

KINDS: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("input_boolean", {}, "off", {"icon": "mdi:home"}),
    ("input_number", {"min": 2, "max": 9}, "2.0", {"min": 3, "max": 9}),
    ("input_select", {"options": ["a", "b"]}, "a", {"options": ["a", "b", "c"]}),
    ("input_text", {"initial": "x"}, "x", {"initial": "x", "max": 9}),
    ("input_datetime", {"has_time": True, "has_date": False}, "00:00:00", {"has_time": True, "icon": "mdi:clock"}),
    ("input_button", {}, "unknown", {"icon": "mdi:bell"}),
    ("counter", {"initial": 3, "minimum": None}, "3", {"initial": 3, "step": 2}),
    ("timer", {"duration": "00:05:00"}, "idle", {"duration": {"minutes": 6}}),
    ("schedule", {"monday": []}, "off", {"tuesday": [{"from": "07:00:00", "to": "07:00:01"}]}),
    ("zone", {"latitude": 1.5, "longitude": 2}, "0", {"radius": 30}),
    ("person", {"device_trackers": [], "user_id": None}, "unknown", {"device_trackers": ["device_tracker.a"]}),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION)
    return tmp_path


def keep(folder: Path, kind: str, *items: dict[str, Any]) -> None:
    """Write helpers as Home Assistant's interface keeps them."""
    (folder / ".storage").mkdir(exist_ok=True)
    content = {"version": 1, "minor_version": 1, "key": kind, "data": {"items": list(items)}}
    (folder / ".storage" / kind).write_text(json.dumps(content))


def shown(server: HomeServer, entity_id: str) -> str | None:
    state = server.home.states.get(entity_id)
    return state.state if state is not None else None


def attribute(server: HomeServer, entity_id: str, name: str) -> Any:
    state = server.home.states.get(entity_id)
    assert state is not None
    return state.attributes.get(name)


@pytest.mark.parametrize(("kind", "settings", "state", "change"), KINDS)
async def test_an_item_comes_changes_outlives_the_process_and_goes(
    folder: Path, kind: str, settings: dict[str, Any], state: str, change: dict[str, Any]
) -> None:
    entity_id, said = f"{kind}.tea_time", {key: value for key, value in settings.items() if value is not None}
    async with client_of(folder) as (server, client):
        made = await client.result(f"{kind}/create", name="Tea time", **settings)

        assert made == {"id": "tea_time", "name": "Tea time", **said}
        assert shown(server, entity_id) == state
        assert attribute(server, entity_id, "editable") is True
        entry = server.home.registry.entities.get(entity_id)
        assert entry is not None
        assert (entry.unique_id, entry.platform) == ("tea_time", kind)

    async with client_of(folder) as (server, client):
        assert shown(server, entity_id) == state

        changed = await client.result(f"{kind}/update", **{f"{kind}_id": "tea_time"}, name="Coffee", **change)
        listed = await client.result(f"{kind}/list")

        assert changed["name"] == "Coffee"
        assert changed in (listed["storage"] if kind == "person" else listed)
        assert attribute(server, entity_id, "friendly_name") == "Coffee"

    async with client_of(folder) as (server, client):
        assert attribute(server, entity_id, "friendly_name") == "Coffee"

        await client.result(f"{kind}/delete", **{f"{kind}_id": "tea_time"})

        assert shown(server, entity_id) is None
        assert server.home.registry.entities.get(entity_id) is None

    async with client_of(folder) as (server, client):
        assert shown(server, entity_id) is None
        listed = await client.result(f"{kind}/list")
        assert not [item for item in (listed["storage"] if kind == "person" else listed) if item["id"] == "tea_time"]


async def test_what_is_wrong_is_told_and_changes_nothing(folder: Path) -> None:
    async with client_of(folder) as (server, client):
        unbounded = await client.ask("input_number/create", name="Level", min=9, max=2)
        unknown = await client.ask("input_boolean/create", name="A", colour="red")
        nameless = await client.ask("input_boolean/create", icon="mdi:home")
        twice = await client.ask("input_select/create", name="Mode", options=["a", "b", "a"])
        endless = await client.ask("input_boolean/create", name="x" * 256)

        assert "expected max above min" in unbounded["error"]["message"]
        assert "colour" in unknown["error"]["message"]
        assert "expected a name" in nameless["error"]["message"]
        assert "expected options that differ" in twice["error"]["message"]
        assert {answer["error"]["code"] for answer in (unbounded, unknown, nameless, twice, endless)} == {
            "invalid_format"
        }
        assert await client.result("input_number/list") == []
        assert [state.entity_id for state in server.home.states.domain("input_boolean")] == ["input_boolean.written"]


async def test_a_helper_in_yaml_is_no_business_of_clients(folder: Path) -> None:
    async with client_of(folder) as (server, client):
        update = await client.ask("input_boolean/update", input_boolean_id="written", name="Mine")
        delete = await client.ask("input_boolean/delete", input_boolean_id="written")
        gone = await client.ask("input_boolean/delete", input_boolean_id="gone")
        made = await client.result("input_boolean/create", name="Written")

        assert [one["error"]["code"] for one in (update, delete, gone)] == ["not_found"] * 3
        assert "stands in the configuration" in update["error"]["message"]
        assert made["id"] == "written_2"
        assert attribute(server, "input_boolean.written", "editable") is False
        assert await client.result("input_boolean/list") == [made]


async def test_a_change_and_a_removal_win_over_what_home_assistant_keeps(folder: Path) -> None:
    keep(folder, "input_boolean", {"id": "guests", "name": "Guests"}, {"id": "night", "name": "Night"})
    before = (folder / ".storage" / "input_boolean").read_text()
    async with client_of(folder) as (server, client):
        assert attribute(server, "input_boolean.guests", "editable") is True

        await client.result("input_boolean/update", input_boolean_id="guests", name="Visitors")
        await client.result("input_boolean/delete", input_boolean_id="night")

        assert attribute(server, "input_boolean.guests", "friendly_name") == "Visitors"
        assert shown(server, "input_boolean.night") is None

    async with client_of(folder) as (server, client):
        assert await client.result("input_boolean/list") == [{"id": "guests", "name": "Visitors"}]
        assert attribute(server, "input_boolean.guests", "friendly_name") == "Visitors"
        assert shown(server, "input_boolean.night") is None

        await client.result("input_boolean/delete", input_boolean_id="guests")

        assert shown(server, "input_boolean.guests") is None
    assert (folder / ".storage" / "input_boolean").read_text() == before


async def test_a_reload_leaves_what_clients_made_and_a_broken_file_does_not_keep_them_from_it(folder: Path) -> None:
    async with client_of(folder) as (server, client):
        await client.result("input_boolean/create", name="Guests")
        (folder / "configuration.yaml").write_text(CONFIGURATION + "  more: {name: More}\n")

        await server.home.services.call("input_boolean", "reload")

        assert shown(server, "input_boolean.guests") == "off"
        assert shown(server, "input_boolean.more") == "off"

        (folder / "configuration.yaml").write_text(CONFIGURATION + "  more: [\n")
        await client.result("input_boolean/create", name="Night")

        assert shown(server, "input_boolean.night") == "off"
        assert shown(server, "input_boolean.more") == "off"


async def test_what_a_person_writes_later_under_the_same_name_counts(folder: Path) -> None:
    async with client_of(folder) as (server, client):
        await client.result("input_boolean/create", name="Guests")
        (folder / "configuration.yaml").write_text(CONFIGURATION + "  guests: {name: From the file}\n")

        await server.home.services.call("input_boolean", "reload")

        assert attribute(server, "input_boolean.guests", "friendly_name") == "From the file"
        assert attribute(server, "input_boolean.guests", "editable") is False
        assert await client.result("input_boolean/list") == []


async def test_an_item_keeps_its_entity_id_under_another_name(folder: Path) -> None:
    async with client_of(folder) as (server, client):
        await client.result("zone/create", name="Work", latitude=1, longitude=2)
        await client.result("config/entity_registry/update", entity_id="zone.work", new_entity_id="zone.office")
        await client.result("zone/update", zone_id="work", name="Desk")

        assert attribute(server, "zone.office", "friendly_name") == "Desk"
        assert attribute(server, "zone.office", "latitude") == 1.0
        assert shown(server, "zone.desk") is None


async def test_only_admins_make_items(folder: Path) -> None:
    async with client_of(folder, Role.USER) as (_, client):
        assert await client.code("input_boolean/create", name="Guests") == "unauthorized"
        assert await client.code("timer/delete", timer_id="a") == "unauthorized"
        assert await client.result("input_boolean/list") == []


async def test_the_section_of_what_clients_made_is_there_without_a_word_in_the_configuration(folder: Path) -> None:
    async with client_of(folder) as (_, client):
        await client.result("timer/create", name="Tea")
    (folder / "configuration.yaml").write_text("http: {port: 0}\nrules: []\n")

    async with client_of(folder) as (server, client):
        assert shown(server, "timer.tea") == "idle"
        answer = await client.ask("counter/create", name="Visits")
        assert answer["error"]["code"] == "not_found"
        assert "default_config" in answer["error"]["message"]


async def test_a_zone_of_a_client_never_takes_the_place_of_the_homes_own(folder: Path) -> None:
    async with client_of(folder) as (server, client):
        await client.result("zone/create", name="Home", latitude=1, longitude=2)

        assert attribute(server, "zone.home", "latitude") == server.home.settings.latitude
        assert attribute(server, "zone.home_2", "latitude") == 1.0
        assert attribute(server, "zone.home", "editable") is False


async def test_a_place_in_yaml_of_the_same_name_stays_no_business_of_clients(folder: Path) -> None:
    (folder / "configuration.yaml").write_text(CONFIGURATION + "zone: [{name: Work, latitude: 1, longitude: 2}]\n")
    async with client_of(folder) as (server, client):
        await client.result("zone/create", name="Work", latitude=3, longitude=4)

        found = {entity_id: attribute(server, entity_id, "editable") for entity_id in ("zone.work", "zone.work_2")}
        assert found == {"zone.work": False, "zone.work_2": True}


async def test_a_user_is_one_person_who_is_nobody_once_the_user_is_gone(folder: Path) -> None:
    async with client_of(folder) as (server, client):
        heard: list[tuple[str, Any]] = []
        for kind in ("user_added", "user_updated", "user_removed"):
            server.home.bus.listen(kind, lambda event: heard.append((event.event_type, event.data["user_id"])))
        ann = (await client.result("config/auth/create", name="Ann"))["user"]["id"]
        await client.result("config/auth/update", user_id=ann, name="Anna")

        unknown = await client.code("person/create", name="X", user_id="0" * 32)
        made = await client.result("person/create", name="Ann", user_id=ann)
        twice = await client.code("person/create", name="Bob", user_id=ann)
        other = await client.result("person/create", name="Bob", user_id=None)
        taken = await client.code("person/update", person_id=other["id"], user_id=ann)
        await client.result("person/update", person_id=made["id"], name="Anna", user_id=ann)
        before = attribute(server, "person.ann", "user_id")
        await client.result("config/auth/delete", user_id=ann)
        kept = (await client.result("person/list"))["storage"]

        assert {unknown, twice, taken} == {"invalid_format"}
        assert before == ann
        assert kept == [{"id": "ann", "name": "Anna"}, {"id": "bob", "name": "Bob"}]
        assert attribute(server, "person.ann", "user_id") is None
        assert heard == [("user_added", ann), ("user_updated", ann), ("user_removed", ann)]


async def test_a_person_of_the_configuration_keeps_its_user_for_itself(folder: Path) -> None:
    text = CONFIGURATION.replace("input_boolean:", "person: [{id: a, name: A, user_id: USER}]\ninput_boolean:")
    async with client_of(folder) as (_, client):
        ann = (await client.result("config/auth/create", name="Ann"))["user"]["id"]
    (folder / "configuration.yaml").write_text(text.replace("USER", ann))

    async with client_of(folder) as (_, client):
        assert await client.code("person/create", name="Ann", user_id=ann) == "invalid_format"


async def test_a_user_who_is_not_here_stays_a_persons_when_something_else_changes(folder: Path) -> None:
    keep(folder, "person", {"id": "1", "name": "Ann", "user_id": "of another home", "device_trackers": []})
    async with client_of(folder) as (_, client):
        changed = await client.result("person/update", person_id="1", name="Anna", user_id="of another home")

        assert changed["user_id"] == "of another home"


async def test_a_user_who_is_removed_while_the_home_rests_is_no_person_when_it_starts(folder: Path) -> None:
    async with client_of(folder) as (_, client):
        ann = (await client.result("config/auth/create", name="Ann"))["user"]["id"]
        await client.result("person/create", name="Ann", user_id=ann)

    await asyncio.to_thread(at_the_desk, folder / "configuration.yaml", None, "remove_user", {"user": ann})

    async with client_of(folder) as (_, client):
        assert (await client.result("person/list"))["storage"] == [{"id": "ann", "name": "Ann"}]
