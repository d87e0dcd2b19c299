"""Template media players."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, ClassVar, Final

from inglenook.config.device_classes import device_class
from inglenook.config.values import boolean
from inglenook.entities import MediaPlayer
from inglenook.entities import MediaPlayerFeature as Can
from inglenook.model import Context
from inglenook.rules.shape import template
from inglenook.template_entities.fields import Field, FieldEntity, choice, flag, number, texts
from inglenook.template_entities.grammar import STATE, Platform

STATES: Final = ("off", "on", "idle", "playing", "paused", "buffering", "standby")
_NUMBERS: Final = ("media_duration", "media_position", "media_track")
_TEXTS: Final = (
    "media_content_id", "media_content_type", "media_title", "media_artist", "media_album_name", "media_album_artist",
    "media_series_title", "media_season", "media_episode", "media_channel", "media_playlist", "app_id", "app_name",
    "source", "sound_mode",
)  # fmt: skip
_SETTING: Final = frozenset({
    "volume_set", "volume_mute", "select_source", "select_sound_mode", "shuffle_set", "repeat_set",
})  # fmt: skip


class TemplateMediaPlayer(FieldEntity, MediaPlayer):
    """A media player; what no template gives is what it was last told to be."""

    FIELDS: ClassVar[Mapping[str, Field]] = {
        "state": Field("playback", choice(*STATES)),
        "volume_level": Field("volume_level", number(0, 1)),
        "is_volume_muted": Field("is_volume_muted", flag),
        **{name: Field(name, str) for name in _TEXTS},
        **{name: Field(name, number(0, 1e9)) for name in _NUMBERS},
        "source_list": Field("source_list", texts),
        "sound_mode_list": Field("sound_mode_list", texts),
        "shuffle": Field("shuffle", flag),
        "repeat": Field("repeat", choice("off", "all", "one")),
        "group_members": Field("group_members", texts),
    }
    TEMPLATES = tuple(FIELDS)
    AS_TEXT = FieldEntity.AS_TEXT | {*_TEXTS}
    ACTIONS: ClassVar[Mapping[str, int]] = {
        "turn_on": Can.TURN_ON,
        "turn_off": Can.TURN_OFF,
        "media_play": Can.PLAY,
        "media_pause": Can.PAUSE,
        "media_stop": Can.STOP,
        "media_next_track": Can.NEXT_TRACK,
        "media_previous_track": Can.PREVIOUS_TRACK,
        "media_seek": Can.SEEK,
        "play_media": Can.PLAY_MEDIA,
        "volume_set": Can.VOLUME_SET,
        "volume_mute": Can.VOLUME_MUTE,
        "volume_up": Can.VOLUME_STEP,
        "volume_down": Can.VOLUME_STEP,
        "select_source": Can.SELECT_SOURCE,
        "select_sound_mode": Can.SELECT_SOUND_MODE,
        "shuffle_set": Can.SHUFFLE_SET,
        "repeat_set": Can.REPEAT_SET,
        "clear_playlist": Can.CLEAR_PLAYLIST,
        "join": Can.GROUPING,
        "unjoin": Can.GROUPING,
    }

    def perform(self, service: str, data: Mapping[str, Any], context: Context) -> Awaitable[Any] | Any:
        """Run the actions that bear the service's name, with what the call says."""
        if service not in self.ACTIONS:
            return super().perform(service, data, context)
        return super().perform("command", {"service": service, "wanted": data}, context)

    def command(self, service: str, wanted: Mapping[str, Any]) -> Awaitable[Any] | None:
        """Run the actions under ``service``."""
        return self.act(service, wanted, self._outcome(service, wanted))

    def _outcome(self, service: str, data: Mapping[str, Any]) -> Callable[[], object] | None:
        """Return what takes a call for done, if it says what comes of it."""
        states = {
            "turn_on": "on", "turn_off": "off", "media_play": "playing", "media_pause": "paused", "media_stop": "idle",
            "play_media": "playing",
        }  # fmt: skip
        if service in states:
            return lambda: self.told("state", playback=states[service])
        return partial(self._set, data) if service in _SETTING else None

    def _set(self, data: Mapping[str, Any]) -> None:
        for name, value in data.items():
            self.told(name, **{name: value})


MEDIA_PLAYER: Final = Platform(
    TemplateMediaPlayer,
    {
        **STATE,
        **{name: template for name in TemplateMediaPlayer.FIELDS if name != "state"},
        "device_class": device_class("media_player"),
        "optimistic": boolean,
    },
    tuple(TemplateMediaPlayer.ACTIONS),
)
