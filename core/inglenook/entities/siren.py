"""Sirens: tones, volume and duration."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar, Final

from inglenook.entities.domain import Domain, DomainService, Prepared
from inglenook.entities.domain_entity import ToggleEntity
from inglenook.entities.fields import real, seconds, word
from inglenook.entities.listed import require_listed
from inglenook.entities.toggle import is_on
from inglenook.entity import Entity


class SirenFeature(IntFlag):
    """What a siren can do; bits as everywhere in the field."""

    TURN_ON = 1
    TURN_OFF = 2
    TONES = 4
    VOLUME_SET = 8
    DURATION = 16


class Siren(ToggleEntity):
    """A siren or chime. An author writes ``turn_on()`` and ``turn_off()``.

    ``turn_on`` gets ``tone``, ``volume_level`` (0 to 1) and ``duration`` (seconds) as far as ``supported_features`` has
    TONES, VOLUME_SET and DURATION, which an author sets beside TURN_ON and TURN_OFF.

    Attributes:
        available_tones: the names of its tones.
    """

    domain = "siren"
    DESCRIBED = ("available_tones",)
    FEATURES: ClassVar[Mapping[str, int]] = {"turn_on": SirenFeature.TURN_ON, "turn_off": SirenFeature.TURN_OFF}

    available_tones: tuple[str, ...] | None = None


_NEEDS: Final = {
    "tone": SirenFeature.TONES,
    "volume_level": SirenFeature.VOLUME_SET,
    "duration": SirenFeature.DURATION,
}


def _turn_on(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    features = entity.supported_features
    wanted = {name: value for name, value in data.items() if not features or features & _NEEDS[name]}
    if "tone" in wanted:
        require_listed(entity, "tone", wanted["tone"], "available_tones")
    return "turn_on", wanted


def _toggle(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    return ("turn_off", {}) if is_on(entity) else _turn_on(entity, data)


_FIELDS: Final = (
    word("tone", "One of the siren's tones."),
    real("volume_level", 0, 1, "How loud, from 0 to 1."),
    seconds("duration", "After how long it falls silent."),
)

SIREN: Final = Domain(
    "siren",
    Siren,
    (
        DomainService("turn_on", "Sound the siren.", _FIELDS, features=(SirenFeature.TURN_ON,), prepare=_turn_on),
        DomainService("turn_off", "Silence the siren.", features=(SirenFeature.TURN_OFF,)),
        DomainService(
            "toggle",
            "Silence it if it sounds, else sound it.",
            _FIELDS,
            features=(SirenFeature.TURN_ON | SirenFeature.TURN_OFF,),
            prepare=_toggle,
        ),
    ),
)
