"""Tags: clients name them, scans are noted, and both are there after a restart."""

import re
from pathlib import Path

import pytest

from inglenook.model import State, new_context
from inglenook.testing import make_virtual_home
from inglenook.web.tags import MAX_TAGS, Tags

from .clients import client_of_a_home


async def test_a_tag_is_made_renamed_and_removed() -> None:
    async with client_of_a_home() as (_, client):
        made = await client.result("tag/create", name="Door", tag_id="t-1")
        own = await client.result("tag/create", name="Desk", tag_id="")
        changed = await client.result("tag/update", tag_id="t-1", name="Front door", description="on the frame")

        assert made == {"id": "t-1", "name": "Door", "last_scanned": None}
        assert len(own["id"]) == 32
        assert changed == {"id": "t-1", "name": "Front door", "description": "on the frame", "last_scanned": None}
        assert await client.result("tag/list") == [changed, own]
        await client.result("tag/delete", tag_id="t-1")
        assert await client.result("tag/list") == [own]


async def test_a_scan_is_noted_and_makes_a_tag_known() -> None:
    async with client_of_a_home() as (gateway, client):
        await client.result("tag/create", name="Door", tag_id="t-1")
        for tag_id in ("t-1", "t-2"):
            await client.result("fire_event", event_type="tag_scanned", event_data={"tag_id": tag_id})

        door, new = await client.result("tag/list")

        assert (door["name"], new["id"], new["name"]) == ("Door", "t-2", None)
        assert door["last_scanned"].endswith("+00:00")
        assert new["last_scanned"] >= door["last_scanned"]
        gateway.home.bus.fire("tag_scanned", {"tag_id": 7})
        assert len(await client.result("tag/list")) == 2


async def test_tags_are_there_after_a_restart(tmp_path: Path) -> None:
    async with client_of_a_home(data=tmp_path) as (_, client):
        await client.result("tag/create", name="Door", tag_id="t-1")
        await client.result("fire_event", event_type="tag_scanned", event_data={"tag_id": "t-1"})
        before = await client.result("tag/list")
    async with client_of_a_home(data=tmp_path) as (_, client):
        assert await client.result("tag/list") == before


async def test_a_tag_of_the_registry_is_one_until_it_is_removed() -> None:
    async with client_of_a_home() as (gateway, client):
        registry = gateway.home.registry
        registry.ensure_entity("tag", "tag", "t-9", suggested_object_id="old", original_name="Old")

        await client.result("tag/update", tag_id="t-9", name="New")
        (tag,) = await client.result("tag/list")
        await client.result("tag/delete", tag_id="t-9")

        assert (tag["id"], tag["name"]) == ("t-9", "New")
        assert await client.result("tag/list") == []
        assert len(registry.entities) == 0


async def test_a_tag_has_an_entity_that_says_when_it_was_scanned(tmp_path: Path) -> None:
    async with client_of_a_home(data=tmp_path) as (gateway, client):
        await client.result("tag/create", name="Front door", tag_id="t-1")
        before = gateway.home.states.get("tag.front_door")
        context = new_context(gateway.home.clock.now())
        gateway.home.bus.fire("tag_scanned", {"tag_id": "t-1", "device_id": "d" * 32}, context)
        gateway.home.bus.fire("tag_scanned", {"tag_id": "T 2"})
        scanned, new = (gateway.home.states.get(entity_id) for entity_id in ("tag.front_door", "tag.t_2"))
        await client.result("tag/update", tag_id="t-1", name="Back door")
        renamed = gateway.home.states.get("tag.front_door")

        assert before is not None
        assert scanned is not None
        assert new is not None
        assert renamed is not None
        assert before.state == "unknown"
        assert before.attributes == {
            "tag_id": "t-1", "last_scanned_by_device_id": None, "friendly_name": "Front door",
        }  # fmt: skip
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", scanned.state)
        assert scanned.attributes["last_scanned_by_device_id"] == "d" * 32
        assert scanned.context.id == context.id
        assert new.attributes["friendly_name"] == "Tag T 2"
        assert (renamed.state, renamed.attributes["friendly_name"]) == (scanned.state, "Back door")
    async with client_of_a_home(data=tmp_path) as (gateway, client):
        again = gateway.home.states.get("tag.front_door")
        assert again is not None
        assert (again.state, again.attributes) == (renamed.state, renamed.attributes)

        await client.result("config/entity_registry/update", entity_id="tag.front_door", name="Gate")
        assert "Gate" in [tag["name"] for tag in await client.result("tag/list")]
        await client.result("tag/update", tag_id="t-1", name="Door")
        assert "Door" in [tag["name"] for tag in await client.result("tag/list")]
        await client.result("tag/delete", tag_id="t-1")
        assert "tag.front_door" not in gateway.home.states
        assert "tag.front_door" not in gateway.home.registry.entities


async def test_when_another_home_last_saw_a_tag_scanned_is_known() -> None:
    home = make_virtual_home()
    home.registry.ensure_entity("tag", "tag", "t-9", suggested_object_id="old", original_name="Old")
    scanned = "2026-11-01T12:00:00.000+00:00"
    home.states.restore(State("tag.old", scanned, {}, new_context(0.0), 1.0, 1.0, 1.0))

    Tags(home)

    state = home.states.get("tag.old")
    assert state is not None
    assert (state.state, state.attributes["friendly_name"]) == (scanned, "Old")


@pytest.mark.parametrize(
    ("command", "data", "code"),
    [
        ("tag/create", {"tag_id": "t-1", "name": "Again"}, "invalid_format"),
        ("tag/create", {"tag_id": "x" * 256}, "invalid_format"),
        ("tag/update", {"tag_id": "no", "name": "A"}, "not_found"),
        ("tag/delete", {"tag_id": "no"}, "not_found"),
    ],
)
async def test_what_is_wrong_is_refused(command: str, data: dict[str, str], code: str) -> None:
    async with client_of_a_home() as (_, client):
        await client.result("tag/create", tag_id="t-1")
        assert await client.code(command, **data) == code


async def test_scans_fill_no_more_than_a_home_may_have() -> None:
    async with client_of_a_home() as (gateway, client):
        for number in range(MAX_TAGS + 5):
            gateway.home.bus.fire("tag_scanned", {"tag_id": f"t-{number}"})
        assert len(await client.result("tag/list")) == MAX_TAGS
        assert await client.code("tag/create", name="One more") == "invalid_format"
