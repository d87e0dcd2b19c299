"""Cameras: what can be asked of them. Pictures themselves do not pass through the hub."""

from collections.abc import Mapping
from enum import IntFlag
from typing import ClassVar, Final

from inglenook.entities.domain import Domain, DomainService
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import choice, entity_of, whole, word


class CameraFeature(IntFlag):
    """What a camera can do; bits as everywhere in the field."""

    ON_OFF = 1
    STREAM = 2


class Camera(DomainEntity):
    """A camera. An author writes those of the services' methods that it can do, like ``snapshot(filename)``.

    Attributes:
        is_recording: shown as the state ``recording``.
        is_streaming: shown as the state ``streaming``; neither is ``idle``.
        motion_detection: whether it looks for motion; None when it never does.
    """

    domain = "camera"
    SHOWN = ("brand", "model_name", "motion_detection")
    FEATURES: ClassVar[Mapping[str, int]] = {"turn_off": CameraFeature.ON_OFF, "play_stream": CameraFeature.STREAM}

    is_recording: bool = False
    is_streaming: bool = False
    motion_detection: bool | None = None
    brand: str | None = None
    model_name: str | None = None

    def shown_state(self) -> StateValue:
        """Return ``recording``, ``streaming`` or ``idle``."""
        if self.is_recording:
            return "recording"
        return "streaming" if self.is_streaming else "idle"


_FILE: Final = word("filename", "The file to write.", required=True)

CAMERA: Final = Domain(
    "camera",
    Camera,
    (
        DomainService("turn_on", "Turn it on.", features=(CameraFeature.ON_OFF,)),
        DomainService("turn_off", "Turn it off.", features=(CameraFeature.ON_OFF,)),
        DomainService("enable_motion_detection", "Look for motion."),
        DomainService("disable_motion_detection", "Look for motion no more."),
        DomainService("snapshot", "Write a picture to a file.", (_FILE,)),
        DomainService(
            "play_stream",
            "Show what it sees on a media player.",
            (
                entity_of("media_player", "media_player", "Where.", required=True),
                choice("format", ("hls",), "How it is sent.", default="hls"),
            ),
            features=(CameraFeature.STREAM,),
        ),
        DomainService(
            "record",
            "Write a film to a file.",
            (
                _FILE,
                whole("duration", 1, 3600, "How long.", unit="s", default=30),
                whole("lookback", 0, 300, "How much from before the call.", unit="s", default=0),
            ),
            features=(CameraFeature.STREAM,),
        ),
    ),
)
