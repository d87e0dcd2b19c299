"""Entities that answer, and those that keep more than a state: lists, calendars, forecasts, updates."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pytest

from inglenook.entities import (
    Calendar,
    DomainEntity,
    MediaPlayer,
    Notify,
    TodoFeature,
    TodoItem,
    TodoList,
    Update,
    Weather,
    WeatherFeature,
    register_domains,
)
from inglenook.errors import ServiceError, ServiceValidationError
from inglenook.home import Home

MILK = TodoItem("1", "Milk", due=date(2026, 3, 11))
BREAD = TodoItem("2", "Bread", "completed")


class Shopping(TodoList):
    """A list that items can be removed from."""

    items: Sequence[TodoItem] = (MILK, BREAD)
    supported_features = TodoFeature.DELETE_ITEM

    def remove_item(self, item: list[str]) -> None:
        self.items = tuple(one for one in self.items if one.uid not in item)
        self.write()


class Outside(Weather):
    """A place with one forecast."""

    condition = "sunny"
    supported_features = WeatherFeature.FORECAST_DAILY

    def get_forecasts(self, type: str) -> Mapping[str, Any]:  # noqa: A002 - the field's word
        return {"forecast": [{"condition": "rainy", "of": type}]}


class Appointments(Calendar):
    """A calendar that answers with what it was asked."""

    def get_events(self, start: datetime, end: datetime) -> Mapping[str, Any]:
        return {"events": [{"start": start.isoformat(), "end": end.isoformat(), "summary": "Dentist"}]}


def add(home: Home, entity: DomainEntity) -> str:
    register_domains(home)
    entity.name = "it"
    return home.entities.add(entity, "test").entity_id


async def ask(home: Home, service: str, entity: DomainEntity, **data: Any) -> Any:
    entity_id = add(home, entity)
    response = await home.services.call(entity.domain, service, {"entity_id": entity_id, **data}, return_response=True)
    assert response is not None
    return response[entity_id]


@pytest.mark.parametrize(("status", "uids"), [(None, ["1", "2"]), ("needs_action", ["1"]), (["completed"], ["2"])])
async def test_a_list_answers_with_its_items(home: Home, status: Any, uids: list[str]) -> None:
    answer = await ask(home, "get_items", Shopping(), **({} if status is None else {"status": status}))

    assert [item["uid"] for item in answer["items"]] == uids


def test_an_item_shows_what_is_known_of_it() -> None:
    assert MILK.as_dict() == {"summary": "Milk", "uid": "1", "status": "needs_action", "due": "2026-03-11"}


async def test_items_are_removed_by_their_text_and_the_state_counts_what_is_left_to_do(home: Home) -> None:
    entity_id = add(home, Shopping())
    before = home.states.get(entity_id)

    await home.services.call("todo", "remove_item", {"entity_id": entity_id, "item": ["Milk"]})

    after = home.states.get(entity_id)
    assert before is not None
    assert after is not None
    assert (before.state, after.state) == ("1", "0")
    with pytest.raises(ServiceValidationError, match="there is no item 'Milk'"):
        await home.services.call("todo", "remove_item", {"entity_id": entity_id, "item": "Milk"})


async def test_what_is_done_is_removed_at_once(home: Home) -> None:
    shopping = Shopping()
    entity_id = add(home, shopping)

    await home.services.call("todo", "remove_completed_items", {"entity_id": entity_id})

    assert list(shopping.items) == [MILK]


async def test_a_calendar_that_does_not_answer_has_no_events(home: Home) -> None:
    assert await ask(home, "get_events", Calendar(), duration={"days": 1}) == {"events": []}


async def test_a_calendar_is_asked_from_now_on_for_as_long_as_was_said(home: Home) -> None:
    answer = await ask(home, "get_events", Appointments(), duration="01:00:00")

    assert answer["events"][0]["start"] == "2026-03-10T12:00:00+01:00"
    assert answer["events"][0]["end"] == "2026-03-10T13:00:00+01:00"


async def test_a_span_that_ends_before_it_begins_is_refused(home: Home) -> None:
    with pytest.raises(ServiceValidationError, match="does not come after"):
        await ask(home, "get_events", Calendar(), end_date_time="2026-03-01 00:00:00")


async def test_a_forecast_is_answered_if_there_is_one_of_that_type(home: Home) -> None:
    answer = await ask(home, "get_forecasts", Outside(), type="daily")

    assert answer == {"forecast": [{"condition": "rainy", "of": "daily"}]}
    with pytest.raises(ServiceValidationError, match="has no hourly forecast"):
        await home.services.call(
            "weather", "get_forecasts", {"entity_id": "weather.it", "type": "hourly"}, return_response=True
        )


@pytest.mark.parametrize(
    ("installed", "latest", "state"),
    [
        ("1.9", "1.10", "on"),
        ("1.10", "1.9", "off"),
        ("2.0", "2", "off"),
        ("v1", "v2", "on"),
        ("blue", "green", "on"),
        (None, "2", "unknown"),
    ],
)
def test_an_update_is_there_when_the_latest_version_is_newer(
    home: Home, installed: str | None, latest: str, state: str
) -> None:
    update = Update()
    update.installed_version, update.latest_version = installed, latest

    shown = home.states.get(add(home, update))

    assert shown is not None
    assert shown.state == state


async def test_a_version_that_was_skipped_is_told_of_again_once_that_is_taken_back(home: Home) -> None:
    update = Update()
    update.installed_version, update.latest_version = "1", "2"
    target = {"entity_id": add(home, update)}

    await home.services.call("update", "skip", target)
    skipped = update.state
    await home.services.call("update", "clear_skipped", target)

    assert (skipped, update.state) == (False, True)
    update.auto_update = True
    with pytest.raises(ServiceError, match="installs updates itself"):
        await home.services.call("update", "skip", target)


async def test_a_message_is_told_without_a_title_where_none_is_shown(home: Home) -> None:
    class Bell(Notify):
        told: tuple[Any, ...] = ()

        def send_message(self, message: str, title: str | None = None) -> None:
            self.told = (message, title)

    bell = Bell()
    entity_id = add(home, bell)

    await home.services.call("notify", "send_message", {"entity_id": entity_id, "message": "Door", "title": "T"})

    state = home.states.get(entity_id)
    assert state is not None
    assert (bell.told, state.state) == (("Door", None), "2026-03-10T11:00:00+00:00")


@pytest.mark.parametrize(
    ("service", "data"),
    [("browse_media", {}), ("search_media", {"search_query": "Bach", "media_filter_classes": "album"})],
)
async def test_a_player_answers_with_what_there_is_to_play(home: Home, service: str, data: dict[str, Any]) -> None:
    class Shelf(MediaPlayer):
        def browse_media(self) -> Mapping[str, Any]:
            return {"title": "All"}

        def search_media(self, search_query: str, media_filter_classes: list[str]) -> Mapping[str, Any]:
            return {"title": f"{search_query} {media_filter_classes}"}

    answer = await ask(home, service, Shelf(), **data)

    assert answer == {"title": "Bach ['album']" if data else "All"}


def test_a_player_that_is_off_shows_nothing_of_what_it_played(home: Home) -> None:
    player = MediaPlayer()
    player.playback, player.volume_level = "playing", 0.5
    entity_id = add(home, player)
    playing = home.states.get(entity_id)

    player.playback = "off"
    player.write()

    off = home.states.get(entity_id)
    assert playing is not None
    assert off is not None
    assert (playing.state, playing.attributes["volume_level"]) == ("playing", 0.5)
    assert "volume_level" not in off.attributes
