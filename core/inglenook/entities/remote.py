"""Remotes: what sends the infrared or radio commands of other things."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar, Final

from inglenook.config.values import positive_float, positive_int
from inglenook.entities.domain import Domain, DomainService, Field, Prepared
from inglenook.entities.domain_entity import ToggleEntity
from inglenook.entities.fields import choice, flag, word, words
from inglenook.entities.toggle import is_on
from inglenook.entity import Entity


class RemoteFeature(IntFlag):
    """What a remote can do beside sending; bits as everywhere in the field."""

    LEARN_COMMAND = 1
    DELETE_COMMAND = 2
    ACTIVITY = 4


class Remote(ToggleEntity):
    """A remote. An author writes ``turn_on()``, ``turn_off()``, ``send_command(command, **rest)`` and what else it can.

    One that knows activities sets ``supported_features`` with ACTIVITY itself.

    Attributes:
        current_activity: one of ``activity_list``.
    """

    domain = "remote"
    SHOWN = ("current_activity",)
    DESCRIBED = ("activity_list",)
    FEATURES: ClassVar[Mapping[str, int]] = {
        "learn_command": RemoteFeature.LEARN_COMMAND,
        "delete_command": RemoteFeature.DELETE_COMMAND,
    }

    current_activity: str | None = None
    activity_list: tuple[str, ...] | None = None


def _toggle(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    return ("turn_off" if is_on(entity) else "turn_on"), data


def _seconds(name: str, description: str, **options: Any) -> Field:
    return Field(name, positive_float, {"number": {"min": 0, "max": 60}}, description, **options)


_ACTIVITY: Final = word("activity", "One of the remote's activities.")
_DEVICE: Final = word("device", "What the command is for.")
_COMMAND: Final = words("command", "One command or several.")
_COMMAND_NEEDED: Final = words("command", "One command or several.", required=True)

REMOTE: Final = Domain(
    "remote",
    Remote,
    (
        DomainService("turn_on", "Turn it on.", (_ACTIVITY,)),
        DomainService("turn_off", "Turn it off.", (_ACTIVITY,)),
        DomainService("toggle", "Turn it off if it is on, else on.", (_ACTIVITY,), prepare=_toggle),
        DomainService(
            "send_command",
            "Send commands.",
            (
                _DEVICE,
                _COMMAND_NEEDED,
                Field("num_repeats", positive_int, {"number": {"min": 0, "max": 255}}, "How many times.", default=1),
                _seconds("delay_secs", "Seconds between two.", default=0.4),
                _seconds("hold_secs", "Seconds that each is held.", default=0.0),
            ),
        ),
        DomainService(
            "learn_command",
            "Learn commands from another remote.",
            (
                _DEVICE,
                _COMMAND,
                choice("command_type", ("ir", "rf"), "Infrared or radio."),
                flag("alternative", "Whether a second code for the same is to be learnt."),
                Field("timeout", positive_int, {"number": {"min": 0, "max": 60}}, "Seconds to wait for it."),
            ),
            features=(RemoteFeature.LEARN_COMMAND,),
        ),
        DomainService(
            "delete_command",
            "Forget commands.",
            (_DEVICE, _COMMAND_NEEDED),
            features=(RemoteFeature.DELETE_COMMAND,),
        ),
    ),
)
