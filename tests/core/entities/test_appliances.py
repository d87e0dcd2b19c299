"""The services of players, machines, lists and the like: what they take, what they refuse, what the entity is told."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from tests.core.entities.recorder import tell

from inglenook.entities import MediaPlayerFeature, UpdateFeature, WaterHeaterFeature
from inglenook.errors import InvalidServiceData, ServiceError, ServiceValidationError
from inglenook.home import Home

SONG = {"media_content_id": "song.mp3", "media_content_type": "music"}
NINE = datetime(2026, 3, 10, 8, tzinfo=UTC)  # at home, an hour ahead
LIST = {"item": "Milk"}

TOLD = [
    ("media_player.turn_on", {}, ("turn_on", {})),
    ("media_player.turn_off", {}, ("turn_off", {})),
    ("media_player.toggle", {}, ("turn_off", {})),
    ("media_player.volume_up", {}, ("volume_up", {})),
    ("media_player.volume_down", {}, ("volume_down", {})),
    ("media_player.volume_mute", {"is_volume_muted": "true"}, ("volume_mute", {"is_volume_muted": True})),
    ("media_player.volume_set", {"volume_level": "0.3"}, ("volume_set", {"volume_level": 0.3})),
    ("media_player.media_play_pause", {}, ("media_play", {})),
    ("media_player.media_play", {}, ("media_play", {})),
    ("media_player.media_pause", {}, ("media_pause", {})),
    ("media_player.media_stop", {}, ("media_stop", {})),
    ("media_player.media_next_track", {}, ("media_next_track", {})),
    ("media_player.media_previous_track", {}, ("media_previous_track", {})),
    ("media_player.media_seek", {"seek_position": 90}, ("media_seek", {"seek_position": 90.0})),
    ("media_player.play_media", SONG, ("play_media", SONG)),
    ("media_player.play_media", {"media": {**SONG, "metadata": {}}}, ("play_media", SONG)),
    ("media_player.play_media", {**SONG, "enqueue": True}, ("play_media", {**SONG, "enqueue": "add"})),
    ("media_player.play_media", {**SONG, "enqueue": "next"}, ("play_media", {**SONG, "enqueue": "next"})),
    ("media_player.select_source", {"source": "TV"}, ("select_source", {"source": "TV"})),
    ("media_player.select_sound_mode", {"sound_mode": "film"}, ("select_sound_mode", {"sound_mode": "film"})),
    ("media_player.clear_playlist", {}, ("clear_playlist", {})),
    ("media_player.shuffle_set", {"shuffle": True}, ("shuffle_set", {"shuffle": True})),
    ("media_player.repeat_set", {"repeat": "one"}, ("repeat_set", {"repeat": "one"})),
    ("media_player.join", {"group_members": "media_player.b"}, ("join", {"group_members": ["media_player.b"]})),
    ("media_player.unjoin", {}, ("unjoin", {})),
    ("vacuum.start", {}, ("start", {})),
    ("vacuum.pause", {}, ("pause", {})),
    ("vacuum.stop", {}, ("stop", {})),
    ("vacuum.return_to_base", {}, ("return_to_base", {})),
    ("vacuum.clean_spot", {}, ("clean_spot", {})),
    ("vacuum.clean_area", {"cleaning_area_id": "hall"}, ("clean_area", {"cleaning_area_id": ["hall"]})),
    ("vacuum.locate", {}, ("locate", {})),
    ("vacuum.set_fan_speed", {"fan_speed": "max"}, ("set_fan_speed", {"fan_speed": "max"})),
    (
        "vacuum.send_command",
        {"command": "zone", "params": [1, 2]},
        ("send_command", {"command": "zone", "params": [1, 2]}),
    ),
    ("lawn_mower.start_mowing", {}, ("start_mowing", {})),
    ("lawn_mower.pause", {}, ("pause", {})),
    ("lawn_mower.dock", {}, ("dock", {})),
    ("lawn_mower.stop", {}, ("stop", {})),
    ("alarm_control_panel.alarm_disarm", {"code": 1234}, ("alarm_disarm", {"code": "1234"})),
    ("alarm_control_panel.alarm_arm_home", {}, ("alarm_arm_home", {})),
    ("alarm_control_panel.alarm_arm_away", {"code": "1"}, ("alarm_arm_away", {"code": "1"})),
    ("alarm_control_panel.alarm_arm_night", {}, ("alarm_arm_night", {})),
    ("alarm_control_panel.alarm_arm_vacation", {}, ("alarm_arm_vacation", {})),
    ("alarm_control_panel.alarm_arm_custom_bypass", {}, ("alarm_arm_custom_bypass", {})),
    ("alarm_control_panel.alarm_trigger", {}, ("alarm_trigger", {})),
    ("humidifier.turn_on", {}, ("turn_on", {})),
    ("humidifier.turn_off", {}, ("turn_off", {})),
    ("humidifier.toggle", {}, ("turn_on", {})),
    ("humidifier.set_humidity", {"humidity": "45"}, ("set_humidity", {"humidity": 45})),
    ("humidifier.set_mode", {"mode": "baby"}, ("set_mode", {"mode": "baby"})),
    ("water_heater.turn_on", {}, ("turn_on", {})),
    ("water_heater.turn_off", {}, ("turn_off", {})),
    ("water_heater.set_away_mode", {"away_mode": "yes"}, ("set_away_mode", {"away_mode": True})),
    ("water_heater.set_temperature", {"temperature": "55"}, ("set_temperature", {"temperature": 55.0})),
    ("water_heater.set_operation_mode", {"operation_mode": "eco"}, ("set_operation_mode", {"operation_mode": "eco"})),
    ("update.install", {"version": 1.2}, ("install", {"version": "1.2", "backup": False})),
    ("update.skip", {}, ("skip", {})),
    ("update.clear_skipped", {}, ("clear_skipped", {})),
    ("remote.turn_on", {"activity": "TV"}, ("turn_on", {"activity": "TV"})),
    ("remote.turn_off", {}, ("turn_off", {})),
    ("remote.toggle", {"activity": "TV"}, ("turn_on", {"activity": "TV"})),
    (
        "remote.send_command",
        {"command": "power", "device": "TV", "num_repeats": "2"},
        (
            "send_command",
            {"command": ["power"], "device": "TV", "num_repeats": 2, "delay_secs": 0.4, "hold_secs": 0.0},
        ),
    ),
    ("remote.learn_command", {"command_type": "rf"}, ("learn_command", {"command_type": "rf"})),
    ("remote.delete_command", {"command": ["a", "b"]}, ("delete_command", {"command": ["a", "b"]})),
    ("camera.turn_on", {}, ("turn_on", {})),
    ("camera.turn_off", {}, ("turn_off", {})),
    ("camera.enable_motion_detection", {}, ("enable_motion_detection", {})),
    ("camera.disable_motion_detection", {}, ("disable_motion_detection", {})),
    ("camera.snapshot", {"filename": "/a.jpg"}, ("snapshot", {"filename": "/a.jpg"})),
    (
        "camera.play_stream",
        {"media_player": "media_player.tv"},
        ("play_stream", {"media_player": ["media_player.tv"], "format": "hls"}),
    ),
    (
        "camera.record",
        {"filename": "/a.mp4", "duration": 5},
        ("record", {"filename": "/a.mp4", "duration": 5, "lookback": 0}),
    ),
    ("image.snapshot", {"filename": "/a.jpg"}, ("snapshot", {"filename": "/a.jpg"})),
    ("notify.send_message", {"message": 5, "title": "T"}, ("send_message", {"message": "5", "title": "T"})),
    (
        "tts.speak",
        {"media_player_entity_id": "media_player.tv", "message": "Hello"},
        ("speak", {"media_player_entity_id": ["media_player.tv"], "message": "Hello", "cache": True}),
    ),
    ("date.set_value", {"date": "2026-03-10"}, ("set_value", {"date": date(2026, 3, 10)})),
    ("time.set_value", {"time": "07:30"}, ("set_value", {"time": time(7, 30)})),
    ("datetime.set_value", {"datetime": "2026-03-10 09:00:00"}, ("set_value", {"datetime": NINE})),
    ("todo.add_item", {"item": " Milk "}, ("add_item", {"item": "Milk"})),
    (
        "todo.add_item",
        {**LIST, "due_datetime": "2026-03-10T09:00:00"},
        ("add_item", {"item": "Milk", "due_datetime": NINE}),
    ),
    ("todo.update_item", {**LIST, "status": "completed"}, ("update_item", {"item": "Milk", "status": "completed"})),
    ("todo.remove_item", LIST, ("remove_item", {"item": ["Milk"]})),
    ("todo.remove_completed_items", {}, ("remove_completed_items", {})),
    (
        "calendar.create_event",
        {"summary": "Bins", "start_date": "2026-03-11", "end_date": "2026-03-12"},
        ("create_event", {"summary": "Bins", "dtstart": date(2026, 3, 11), "dtend": date(2026, 3, 12)}),
    ),
    (
        "calendar.create_event",
        {"summary": "Bins", "in": {"weeks": 1}},
        ("create_event", {"summary": "Bins", "dtstart": date(2026, 3, 17), "dtend": date(2026, 3, 18)}),
    ),
]


@pytest.mark.parametrize(("call", "data", "told"), TOLD)
async def test_an_entity_that_says_nothing_of_itself_is_told_what_the_call_means(
    home: Home, call: str, data: dict[str, Any], told: tuple[str, dict[str, Any]]
) -> None:
    assert await tell(home, call, data, 0, "unknown", {}) == [told]


@pytest.mark.parametrize(
    ("call", "data", "features", "state", "known", "told"),
    [
        ("media_player.toggle", {}, 0, "idle", {}, ("turn_on", {})),
        ("media_player.toggle", {}, 0, "playing", {}, ("turn_off", {})),
        ("media_player.media_play_pause", {}, 0, "playing", {}, ("media_pause", {})),
        ("media_player.media_play_pause", {}, 0, "paused", {}, ("media_play", {})),
        ("media_player.volume_up", {}, 4, "on", {"volume_level": 0.95}, ("volume_set", {"volume_level": 1.0})),
        ("media_player.volume_down", {}, 4, "on", {"volume_level": 0.3}, ("volume_set", {"volume_level": 0.2})),
        ("media_player.volume_down", {}, 4, "on", {}, None),
        ("media_player.volume_down", {}, 1024, "on", {}, ("volume_down", {})),
        ("media_player.play_media", {**SONG, "announce": True}, 512, "on", {}, ("play_media", SONG)),
        (
            "media_player.play_media",
            {**SONG, "announce": True},
            MediaPlayerFeature.PLAY_MEDIA | MediaPlayerFeature.MEDIA_ANNOUNCE,
            "on",
            {},
            ("play_media", {**SONG, "announce": True}),
        ),
        ("humidifier.toggle", {}, 0, "on", {}, ("turn_off", {})),
        ("remote.toggle", {"activity": "TV"}, 0, "on", {}, ("turn_off", {"activity": "TV"})),
        ("update.install", {}, 0, "on", {}, ("install", {"backup": False})),
        (
            "update.install",
            {},
            0,
            "off",
            {"skipped_version": "2", "latest_version": "2"},
            ("install", {"backup": False}),
        ),
    ],
)
async def test_what_an_entity_is_told_depends_on_what_it_is(
    home: Home,
    call: str,
    data: dict[str, Any],
    features: int,
    state: str,
    known: dict[str, Any],
    told: tuple[str, dict[str, Any]] | None,
) -> None:
    assert await tell(home, call, data, features, state, known) == ([told] if told else [])


@pytest.mark.parametrize(
    ("call", "data", "message"),
    [
        ("media_player.volume_set", {}, "volume_level: this key is required"),
        ("media_player.volume_set", {"volume_level": 50}, "expected 0 to 1, got 50"),
        ("media_player.media_seek", {"seek_position": -1}, "expected 0 or more"),
        ("media_player.play_media", {}, "media_content_id is missing"),
        ("media_player.play_media", {"media_content_id": "x"}, "media_content_type is missing"),
        ("media_player.play_media", {"media": "song.mp3"}, "expected a mapping of media_content_id"),
        ("media_player.play_media", {**SONG, "enqueue": "soon"}, "expected one of play, next"),
        ("media_player.play_media", {**SONG, "enqueue": "add", "announce": True}, "only one of the way fields"),
        ("media_player.repeat_set", {"repeat": "twice"}, "expected off, all or one"),
        ("media_player.turn_on", {"source": "TV"}, "unknown key"),
        ("vacuum.send_command", {"command": "x", "params": "y"}, "expected a mapping or a list"),
        ("lawn_mower.dock", {"now": True}, "unknown key"),
        ("alarm_control_panel.alarm_disarm", {"pin": 1}, "unknown key"),
        ("humidifier.set_humidity", {"humidity": 101}, "expected 0 to 100"),
        ("water_heater.set_temperature", {"operation_mode": "eco"}, "temperature: this key is required"),
        ("update.install", {"backup": "perhaps"}, "true or false"),
        ("remote.send_command", {}, "command: this key is required"),
        ("remote.learn_command", {"command_type": "uv"}, "expected ir or rf"),
        ("camera.record", {"filename": "/a", "duration": 0}, "expected 1 to 3600"),
        ("camera.play_stream", {"media_player": "light.a"}, "expected an entity of media_player"),
        ("notify.send_message", {"title": "T"}, "message: this key is required"),
        ("tts.speak", {"message": "Hello"}, "media_player_entity_id: this key is required"),
        ("tts.speak", {"message": "x", "media_player_entity_id": "media_player.a", "options": 1}, "expected a mapping"),
        ("date.set_value", {"date": "10.3.2026"}, 'expected a day like "2026-03-10"'),
        ("time.set_value", {"time": "7 pm"}, "expected a time"),
        ("datetime.set_value", {"datetime": "soon"}, "expected a moment"),
        ("todo.add_item", {"item": " "}, "expected the text of an item"),
        (
            "todo.add_item",
            {**LIST, "due_date": "2026-03-10", "due_datetime": "2026-03-10 09:00"},
            "only one of the due",
        ),
        ("todo.update_item", LIST, "give what to change"),
        ("todo.update_item", {**LIST, "status": "done"}, "expected needs_action or completed"),
        ("calendar.create_event", {"summary": "x"}, "exactly one of start_date"),
        ("calendar.create_event", {"summary": "x", "start_date": "2026-03-11"}, "belong together"),
        ("calendar.create_event", {"summary": "x", "in": {"days": 1, "weeks": 1}}, "either days or weeks"),
        (
            "calendar.create_event",
            {"summary": "x", "start_date": "2026-03-11", "end_date": "2026-03-11"},
            "does not come after",
        ),
    ],
)
async def test_data_that_does_not_fit_is_refused_with_its_field(
    home: Home, call: str, data: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidServiceData, match=message):
        await tell(home, call, data, 0, "off", {})


@pytest.mark.parametrize(
    ("call", "data", "features", "known", "message"),
    [
        ("media_player.join", {"group_members": ["media_player.it"]}, 0, {}, "to itself"),
        ("media_player.volume_up", {}, 1, {}, "does not support"),
        ("vacuum.start", {}, 8, {}, "does not support"),
        ("lawn_mower.stop", {}, 7, {}, "does not support"),
        ("alarm_control_panel.alarm_arm_night", {}, 3, {}, "does not support"),
        ("alarm_control_panel.alarm_arm_home", {}, 1, {"code_arm_required": True}, "needs a code"),
        ("humidifier.set_humidity", {"humidity": 20}, 0, {"min_humidity": 30}, "20 is outside 30 to None"),
        ("humidifier.set_mode", {"mode": "x"}, 1, {"available_modes": ["baby"]}, "is none of baby"),
        ("humidifier.set_mode", {"mode": "x"}, 2, {}, "does not support"),
        ("water_heater.set_operation_mode", {"operation_mode": "x"}, 2, {"operation_list": ["eco"]}, "none of eco"),
        ("water_heater.set_operation_mode", {"operation_mode": "x"}, 2, {}, "lists no operation modes"),
        ("water_heater.set_temperature", {"temperature": 90}, 1, {"max_temp": 60}, "90 is outside None to 60"),
        ("water_heater.turn_on", {}, WaterHeaterFeature.AWAY_MODE, {}, "does not support"),
        ("update.install", {"version": "2"}, UpdateFeature.INSTALL, {}, "a version of your choice"),
        ("update.install", {"backup": True, "version": "2"}, 3, {}, "a backup first"),
        ("todo.add_item", {**LIST, "description": "x"}, 1, {}, "does not keep description"),
        ("remote.learn_command", {}, 2, {}, "does not support"),
        ("camera.turn_on", {}, 2, {}, "does not support"),
    ],
)
async def test_a_request_that_makes_no_sense_for_the_entity_is_refused(
    home: Home, call: str, data: dict[str, Any], features: int, known: dict[str, Any], message: str
) -> None:
    with pytest.raises(ServiceValidationError, match=message):
        await tell(home, call, data, features, "off", known)


@pytest.mark.parametrize(
    ("state", "known", "message"),
    [("off", {}, "no update to install"), ("on", {"in_progress": True}, "is being installed already")],
)
async def test_an_update_that_cannot_be_installed_now_says_why(
    home: Home, state: str, known: dict[str, Any], message: str
) -> None:
    with pytest.raises(ServiceError, match=message):
        await tell(home, "update.install", {}, 0, state, known)
