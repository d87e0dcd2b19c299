"""To-do lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntFlag
from typing import Any, ClassVar, Final, Literal

import voluptuous as vol

from inglenook.config.values import day, ensure_list, moment, one_of
from inglenook.entities.domain import Domain, DomainService, Field, Prepare, Prepared
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import choice, word, words
from inglenook.entities.moments import zoned
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError

STATUSES: Final = ("needs_action", "completed")


class TodoFeature(IntFlag):
    """What a list can do; bits as everywhere in the field."""

    CREATE_ITEM = 1
    DELETE_ITEM = 2
    UPDATE_ITEM = 4
    MOVE_ITEM = 8
    SET_DUE_DATE = 16
    SET_DUE_DATETIME = 32
    SET_DESCRIPTION = 64


@dataclass(frozen=True, slots=True)
class TodoItem:
    """One thing to do. ``uid`` tells it from others of the same ``summary``; ``due`` may be a day or a moment."""

    uid: str
    summary: str
    status: Literal["needs_action", "completed"] = "needs_action"
    due: date | datetime | None = None
    description: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what callers of ``get_items`` see; what is not known is left out."""
        found = {
            "summary": self.summary,
            "uid": self.uid,
            "status": self.status,
            "due": self.due.isoformat() if self.due else None,
            "description": self.description,
        }
        return {key: value for key, value in found.items() if value is not None}


class TodoList(DomainEntity):
    """A list of ``items``; the state is how many are still to be done.

    An author writes those of the services' methods that it can do, like ``add_item(item, **rest)``; items named in a
    call are there, and named by their uid. One that keeps a due date or a description sets ``supported_features``.
    """

    domain = "todo"
    FEATURES: ClassVar[Mapping[str, int]] = {
        "add_item": TodoFeature.CREATE_ITEM,
        "remove_item": TodoFeature.DELETE_ITEM,
        "update_item": TodoFeature.UPDATE_ITEM,
    }

    items: Sequence[TodoItem] = ()

    def shown_state(self) -> StateValue:
        """Return how many items are not completed."""
        return sum(item.status == "needs_action" for item in self.items)

    def get_items(self, status: Sequence[str] = ()) -> dict[str, Any]:
        """Return the items of these statuses, all without any."""
        return {"items": [item.as_dict() for item in self.items if not status or item.status in status]}

    def uid_of(self, name: str) -> str:
        """Return the uid of the item with that uid or summary.

        Raises:
            ServiceValidationError: there is none.
        """
        for item in self.items:
            if name in (item.uid, item.summary):
                return item.uid
        raise ServiceValidationError(f"{self.entity_id}: there is no item {name!r}")


_NEEDS: Final = {
    "due_date": TodoFeature.SET_DUE_DATE,
    "due_datetime": TodoFeature.SET_DUE_DATETIME,
    "description": TodoFeature.SET_DESCRIPTION,
}


def _item(service: str) -> Prepare:
    """Return the preparation of ``service``: fields that the list does not keep are refused, the item is looked up."""

    def prepare(entity: Entity, data: Mapping[str, Any]) -> Prepared:
        features = entity.supported_features
        for name, needed in _NEEDS.items():
            if name in data and features and not features & needed:
                raise ServiceValidationError(f"{entity.entity_id} does not keep {name}")
        if "due_datetime" in data:
            data = {**data, "due_datetime": zoned(entity, data["due_datetime"])}
        if service == "update_item" and isinstance(entity, TodoList):
            data = {**data, "item": entity.uid_of(data["item"])}
        return service, data

    return prepare


def _remove(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    if isinstance(entity, TodoList):
        data = {"item": [entity.uid_of(name) for name in data["item"]]}
    return "remove_item", data


def _remove_completed(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    if not isinstance(entity, TodoList):
        return "remove_completed_items", data
    uids = [item.uid for item in entity.items if item.status == "completed"]
    return ("remove_item", {"item": uids}) if uids else None


def _some_change(data: dict[str, Any]) -> dict[str, Any]:
    if data.keys() <= {"item"}:
        raise vol.Invalid("give what to change: rename, status, due_date, due_datetime or description")
    return data


def _statuses(value: Any) -> list[str]:
    return [one_of(*STATUSES)(one) for one in ensure_list(value)]


def _not_empty(value: Any) -> str:
    text = str(value).strip()
    if not isinstance(value, str | int | float) or not text:
        raise vol.Invalid("expected the text of an item")
    return text


_ITEM: Final = Field("item", _not_empty, {"text": {}}, "The item, by its text or uid.", required=True)
_DETAILS: Final = (
    Field("due_date", day, {"date": {}}, "The day it is due.", group="due"),
    Field("due_datetime", moment, {"datetime": {}}, "The moment it is due.", group="due"),
    word("description", "More about it."),
)

TODO: Final = Domain(
    "todo",
    TodoList,
    (
        DomainService(
            "get_items",
            "Answer with the items.",
            (Field("status", _statuses, {"select": {"options": list(STATUSES)}}, "Only of these statuses."),),
            supports_response="only",
        ),
        DomainService(
            "add_item",
            "Add an item.",
            (_ITEM, *_DETAILS),
            features=(TodoFeature.CREATE_ITEM,),
            prepare=_item("add_item"),
        ),
        DomainService(
            "update_item",
            "Change an item.",
            (
                _ITEM,
                Field("rename", _not_empty, {"text": {}}, "Its new text."),
                choice("status", STATUSES, "Whether it is done."),
                *_DETAILS,
            ),
            features=(TodoFeature.UPDATE_ITEM,),
            check=_some_change,
            prepare=_item("update_item"),
        ),
        DomainService(
            "remove_item",
            "Remove items.",
            (words("item", "The items, by their texts or uids.", required=True),),
            features=(TodoFeature.DELETE_ITEM,),
            prepare=_remove,
        ),
        DomainService(
            "remove_completed_items",
            "Remove the items that are done.",
            features=(TodoFeature.DELETE_ITEM,),
            prepare=_remove_completed,
        ),
    ),
)
