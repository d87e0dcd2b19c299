"""Commands that list helpers: those made in Home Assistant's interface, which stand in no file that people write."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from inglenook.auth import Permission
from inglenook.web.commands.command import Commands, Request, Run

COMMANDS: Final = Commands()
_KINDS: Final = (
    "counter", "input_boolean", "input_button", "input_datetime", "input_number", "input_select", "input_text",
    "schedule", "timer", "zone",
)  # fmt: skip


def _list_of(kind: str) -> Run:
    def run(request: Request) -> list[dict[str, Any]]:
        return list(_stored(request, kind))

    return run


for _kind in _KINDS:
    COMMANDS.command(f"{_kind}/list", Permission.READ)(_list_of(_kind))


@COMMANDS.command("person/list", Permission.READ)
def list_persons(request: Request) -> dict[str, list[dict[str, Any]]]:
    """Return the persons that were made in the interface, and those that stand in the configuration."""
    stored = list(_stored(request, "person"))
    known = {person["id"] for person in stored}
    states = [state for state in request.home.states if state.domain == "person"]
    others = [_person(state.attributes) for state in states if state.attributes.get("id") not in known]
    return {"storage": stored, "config": others}


@COMMANDS.command("tag/list", Permission.READ)
def list_tags(request: Request) -> list[dict[str, Any]]:
    """Return the tags that the home has an entity for."""
    return [
        {"id": entry.unique_id, "name": entry.name or entry.original_name, "last_scanned": None}
        for entry in request.home.registry.entities
        if entry.domain == "tag"
    ]


def _stored(request: Request, kind: str) -> Iterator[dict[str, Any]]:
    """Yield the helpers of a kind, each with its id among its settings."""
    for helper in request.house.helpers:
        if helper.kind != kind or helper.entry_id:
            continue
        if isinstance(helper.tree, Mapping):
            for object_id, settings in helper.tree.items():
                yield {"id": object_id, **settings}
        else:
            yield from ({**settings} for settings in helper.tree)


def _person(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": attributes.get("id"),
        "name": attributes.get("friendly_name"),
        "user_id": attributes.get("user_id"),
        "device_trackers": attributes.get("device_trackers", []),
        "picture": attributes.get("entity_picture"),
    }
