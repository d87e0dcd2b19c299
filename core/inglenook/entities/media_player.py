"""Media players: what plays music, film and speech, and how loud."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar

from inglenook.entities.domain_entity import DomainEntity, StateValue


class MediaPlayerFeature(IntFlag):
    """What a media player can do; bits as everywhere in the field."""

    PAUSE = 1
    SEEK = 2
    VOLUME_SET = 4
    VOLUME_MUTE = 8
    PREVIOUS_TRACK = 16
    NEXT_TRACK = 32
    TURN_ON = 128
    TURN_OFF = 256
    PLAY_MEDIA = 512
    VOLUME_STEP = 1024
    SELECT_SOURCE = 2048
    STOP = 4096
    CLEAR_PLAYLIST = 8192
    PLAY = 16384
    SHUFFLE_SET = 32768
    SELECT_SOUND_MODE = 65536
    BROWSE_MEDIA = 131072
    REPEAT_SET = 262144
    GROUPING = 524288
    MEDIA_ANNOUNCE = 1048576
    MEDIA_ENQUEUE = 2097152
    SEARCH_MEDIA = 4194304


class MediaPlayer(DomainEntity):
    """A media player. An author writes those of the services' methods that it can do, like ``media_play()``.

    ``toggle`` and ``media_play_pause`` need not be written: they are told as what they come to. One that can announce
    or enqueue sets ``supported_features`` itself.

    Attributes:
        playback: the state: ``off``, ``on``, ``idle``, ``playing``, ``paused`` or ``buffering``.
        volume_level: 0 to 1.
        media_duration: seconds.
        media_position: seconds, as it was at ``media_position_updated_at``.
        repeat: ``off``, ``all`` or ``one``.
        group_members: entity ids of the players that play the same.
    """

    domain = "media_player"
    SHOWN = (
        "volume_level", "is_volume_muted", "media_content_id", "media_content_type", "media_duration",
        "media_position", "media_position_updated_at", "media_title", "media_artist", "media_album_name",
        "media_album_artist", "media_track", "media_series_title", "media_season", "media_episode", "media_channel",
        "media_playlist", "app_id", "app_name", "source", "sound_mode", "shuffle", "repeat", "group_members",
    )  # fmt: skip
    DESCRIBED = ("source_list", "sound_mode_list")
    FEATURES: ClassVar[Mapping[str, int]] = {
        "media_pause": MediaPlayerFeature.PAUSE,
        "media_seek": MediaPlayerFeature.SEEK,
        "volume_set": MediaPlayerFeature.VOLUME_SET,
        "volume_mute": MediaPlayerFeature.VOLUME_MUTE,
        "media_previous_track": MediaPlayerFeature.PREVIOUS_TRACK,
        "media_next_track": MediaPlayerFeature.NEXT_TRACK,
        "turn_on": MediaPlayerFeature.TURN_ON,
        "turn_off": MediaPlayerFeature.TURN_OFF,
        "play_media": MediaPlayerFeature.PLAY_MEDIA,
        "volume_up": MediaPlayerFeature.VOLUME_STEP,
        "select_source": MediaPlayerFeature.SELECT_SOURCE,
        "media_stop": MediaPlayerFeature.STOP,
        "clear_playlist": MediaPlayerFeature.CLEAR_PLAYLIST,
        "media_play": MediaPlayerFeature.PLAY,
        "shuffle_set": MediaPlayerFeature.SHUFFLE_SET,
        "select_sound_mode": MediaPlayerFeature.SELECT_SOUND_MODE,
        "browse_media": MediaPlayerFeature.BROWSE_MEDIA,
        "repeat_set": MediaPlayerFeature.REPEAT_SET,
        "join": MediaPlayerFeature.GROUPING,
        "search_media": MediaPlayerFeature.SEARCH_MEDIA,
    }

    playback: str | None = None
    volume_level: float | None = None
    is_volume_muted: bool | None = None
    media_content_id: str | None = None
    media_content_type: str | None = None
    media_duration: float | None = None
    media_position: float | None = None
    media_position_updated_at: str | None = None
    media_title: str | None = None
    media_artist: str | None = None
    media_album_name: str | None = None
    media_album_artist: str | None = None
    media_track: int | None = None
    media_series_title: str | None = None
    media_season: str | None = None
    media_episode: str | None = None
    media_channel: str | None = None
    media_playlist: str | None = None
    app_id: str | None = None
    app_name: str | None = None
    source: str | None = None
    sound_mode: str | None = None
    shuffle: bool | None = None
    repeat: str | None = None
    group_members: tuple[str, ...] | None = None

    source_list: tuple[str, ...] | None = None
    sound_mode_list: tuple[str, ...] | None = None

    def shown_state(self) -> StateValue:
        """Return ``playback``."""
        return self.playback

    def shown_attributes(self) -> dict[str, Any]:
        """Return what plays; of a player that is off only whom it is grouped with."""
        return self._given(("group_members",) if self.playback == "off" else self.SHOWN)
