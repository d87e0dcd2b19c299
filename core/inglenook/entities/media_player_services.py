"""The services of media players, and what a player is told for each."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import boolean, entity_ids, positive_float, shown, string
from inglenook.entities.domain import Domain, DomainService, Field, Prepare, Prepared, known
from inglenook.entities.fields import choice, flag, mapping, real, word, words
from inglenook.entities.media_player import MediaPlayer
from inglenook.entities.media_player import MediaPlayerFeature as Can
from inglenook.entity import Entity
from inglenook.errors import ServiceValidationError

VOLUME_STEP: Final = 0.1

_ENQUEUE: Final = ("play", "next", "add", "replace")
_MEDIA: Final = ("media_content_id", "media_content_type")
_STATES_TO_TURN_ON: Final = ("off", "idle", "standby")


def _media(value: Any) -> Mapping[str, Any]:
    """Return what is to be played, in whatever keys beside its id and type a client adds to it."""
    if isinstance(value, Mapping) and all(key in value for key in _MEDIA):
        return value
    raise vol.Invalid(f"expected a mapping of {' and '.join(_MEDIA)}, got {shown(value)}")


def _enqueue(value: Any) -> str:
    """Return how to enqueue; true and false are its former spellings of ``add`` and ``play``."""
    if value in _ENQUEUE:
        return str(value)
    try:
        return "add" if boolean(value) else "play"
    except vol.Invalid:
        raise vol.Invalid(f"expected one of {', '.join(_ENQUEUE)}; got {shown(value)}") from None


def _flat_media(data: dict[str, Any]) -> dict[str, Any]:
    """Return ``data`` with the keys of ``media`` beside the others; both have to be there in the one form or other."""
    media = data.pop("media", None)
    if media is not None:
        data.update({key: string(media[key]) for key in _MEDIA})
    missing = [key for key in _MEDIA if key not in data]
    if missing:
        raise vol.Invalid(f"give media, or {' and '.join(_MEDIA)}; {missing[0]} is missing")
    return data


def _toggle(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    return ("turn_on" if entity.state in _STATES_TO_TURN_ON else "turn_off"), {}


def _play_pause(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    return ("media_pause" if entity.state == "playing" else "media_play"), {}


def _step(service: str, by: float) -> Prepare:
    """Return the preparation of ``service``: of a player that cannot step, to the next tenth of the whole volume."""

    def prepare(entity: Entity, data: Mapping[str, Any]) -> Prepared:
        if not entity.supported_features or entity.supported_features & Can.VOLUME_STEP:
            return service, {}
        now = known(entity, "volume_level")
        if now is None:
            return None
        return "volume_set", {"volume_level": max(0.0, min(1.0, round(now + by, 2)))}

    return prepare


def _play_media(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    needed = {"enqueue": Can.MEDIA_ENQUEUE, "announce": Can.MEDIA_ANNOUNCE}
    features = entity.supported_features
    return "play_media", {k: v for k, v in data.items() if not (features and k in needed and not features & needed[k])}


def _no_members(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    if entity.entity_id in data["group_members"]:
        raise ServiceValidationError(f"{entity.entity_id} cannot be joined to itself")
    return "join", data


_PLACE: Final = (
    word("media_content_type", "The kind of what to look in."),
    word("media_content_id", "The id of what to look in."),
)

MEDIA_PLAYER: Final = Domain(
    "media_player",
    MediaPlayer,
    (
        DomainService("turn_on", "Turn it on.", features=(Can.TURN_ON,)),
        DomainService("turn_off", "Turn it off.", features=(Can.TURN_OFF,)),
        DomainService(
            "toggle",
            "Turn it on if it is off or idle, else off.",
            features=(Can.TURN_ON | Can.TURN_OFF,),
            prepare=_toggle,
        ),
        DomainService(
            "volume_up",
            "Play louder.",
            features=(Can.VOLUME_SET, Can.VOLUME_STEP),
            prepare=_step("volume_up", VOLUME_STEP),
        ),
        DomainService(
            "volume_down",
            "Play less loud.",
            features=(Can.VOLUME_SET, Can.VOLUME_STEP),
            prepare=_step("volume_down", -VOLUME_STEP),
        ),
        DomainService(
            "volume_mute",
            "Mute it or end that.",
            (flag("is_volume_muted", "Whether it is silent.", required=True),),
            features=(Can.VOLUME_MUTE,),
        ),
        DomainService(
            "volume_set",
            "Set how loud it plays.",
            (real("volume_level", 0, 1, "From 0 to 1.", required=True),),
            features=(Can.VOLUME_SET,),
        ),
        DomainService(
            "media_play_pause", "Pause what plays, else play.", features=(Can.PLAY | Can.PAUSE,), prepare=_play_pause
        ),
        DomainService("media_play", "Play.", features=(Can.PLAY,)),
        DomainService("media_pause", "Pause.", features=(Can.PAUSE,)),
        DomainService("media_stop", "Stop.", features=(Can.STOP,)),
        DomainService("media_next_track", "Go to the next track.", features=(Can.NEXT_TRACK,)),
        DomainService("media_previous_track", "Go to the previous track.", features=(Can.PREVIOUS_TRACK,)),
        DomainService(
            "media_seek",
            "Go to a moment of what plays.",
            (Field("seek_position", positive_float, {"number": {"min": 0}}, "Seconds from its start.", required=True),),
            features=(Can.SEEK,),
        ),
        DomainService(
            "play_media",
            "Play something.",
            (
                Field("media", _media, {"media": {}}, "What to play: media_content_id and media_content_type."),
                word("media_content_id", "What to play, where media is not given."),
                word("media_content_type", "Its kind, like music or playlist."),
                Field("enqueue", _enqueue, {"select": {"options": list(_ENQUEUE)}}, "Where in the queue.", group="way"),
                flag("announce", "Whether to go on afterwards with what plays now.", group="way"),
                mapping("extra", "What else the player understands."),
            ),
            features=(Can.PLAY_MEDIA,),
            check=_flat_media,
            prepare=_play_media,
        ),
        DomainService(
            "browse_media",
            "Answer with what there is to play.",
            _PLACE,
            features=(Can.BROWSE_MEDIA,),
            supports_response="only",
        ),
        DomainService(
            "search_media",
            "Answer with what is found.",
            (
                word("search_query", "What to look for.", required=True),
                *_PLACE,
                words("media_filter_classes", "Only of these classes."),
            ),
            features=(Can.SEARCH_MEDIA,),
            supports_response="only",
        ),
        DomainService(
            "select_source",
            "Choose an input.",
            (word("source", "One of the player's inputs.", required=True),),
            features=(Can.SELECT_SOURCE,),
        ),
        DomainService(
            "select_sound_mode",
            "Choose how it sounds.",
            (word("sound_mode", "One of the player's sound modes.", required=True),),
            features=(Can.SELECT_SOUND_MODE,),
        ),
        DomainService("clear_playlist", "Take everything out of the queue.", features=(Can.CLEAR_PLAYLIST,)),
        DomainService(
            "shuffle_set",
            "Play in any order or in that of the list.",
            (flag("shuffle", "Whether in any order.", required=True),),
            features=(Can.SHUFFLE_SET,),
        ),
        DomainService(
            "repeat_set",
            "Play again from the start.",
            (choice("repeat", ("off", "all", "one"), "Nothing, the list, or the track.", required=True),),
            features=(Can.REPEAT_SET,),
        ),
        DomainService(
            "join",
            "Let others play the same.",
            (Field("group_members", entity_ids, {"entity": {"multiple": True}}, "The others.", required=True),),
            features=(Can.GROUPING,),
            prepare=_no_members,
        ),
        DomainService("unjoin", "Let it play alone again.", features=(Can.GROUPING,)),
    ),
)
