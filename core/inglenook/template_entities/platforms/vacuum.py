"""Template vacuums."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, ClassVar, Final

import voluptuous as vol

from inglenook.config.values import boolean, text
from inglenook.entities import Vacuum
from inglenook.entities import VacuumFeature as Can
from inglenook.errors import ServiceValidationError
from inglenook.rules.shape import Shaped, each, template
from inglenook.template_entities.fields import Field, FieldEntity, choice, whole
from inglenook.template_entities.grammar import STATE, Platform

STATES: Final = ("cleaning", "docked", "idle", "paused", "returning", "error")


def _segments(result: Any) -> tuple[Mapping[str, Any], ...]:
    """Return the parts of the home that a vacuum knows, each with ``id`` and ``name``."""
    if isinstance(result, list | tuple) and all(map(_is_segment, result)):
        return tuple(result)
    raise ValueError("expected a list of mappings with id and name")


def _is_segment(value: Any) -> bool:
    return isinstance(value, Mapping) and {"id", "name"} <= value.keys()


class TemplateVacuum(FieldEntity, Vacuum):
    """A vacuum; without a template for its state it is what it was last told to be."""

    TEMPLATES = ("state", "fan_speed", "battery_level", "segments")
    FIELDS: ClassVar[Mapping[str, Field]] = {
        "state": Field("activity", choice(*STATES)),
        "fan_speed": Field("fan_speed", str),
        "battery_level": Field("battery_level", whole(0, 100)),
        "segments": Field("segments", _segments),
    }
    ACTIONS: ClassVar[Mapping[str, int]] = {
        "start": Can.START,
        "pause": Can.PAUSE,
        "stop": Can.STOP,
        "return_to_base": Can.RETURN_HOME,
        "clean_spot": Can.CLEAN_SPOT,
        "locate": Can.LOCATE,
        "set_fan_speed": Can.FAN_SPEED,
        "clean_segments": Can.CLEAN_AREA,
    }
    SHOWN = ("fan_speed", "battery_level")

    battery_level: int | None = None
    segments: Sequence[Mapping[str, Any]] | None = None

    def describe(self) -> None:
        """Say what it can do, at which speeds."""
        self.fan_speed_list = tuple(self.config["fan_speeds"]) or None
        super().describe()

    def start(self) -> Awaitable[Any] | None:
        """Run the actions under ``start``."""
        return self._go("start", "cleaning")

    def pause(self) -> Awaitable[Any] | None:
        """Run the actions under ``pause``."""
        return self._go("pause", "paused")

    def stop(self) -> Awaitable[Any] | None:
        """Run the actions under ``stop``."""
        return self._go("stop", "idle")

    def return_to_base(self) -> Awaitable[Any] | None:
        """Run the actions under ``return_to_base``."""
        return self._go("return_to_base", "returning")

    def clean_spot(self) -> Awaitable[Any] | None:
        """Run the actions under ``clean_spot``."""
        return self._go("clean_spot", "cleaning")

    def locate(self) -> Awaitable[Any] | None:
        """Run the actions under ``locate``."""
        return self.act("locate")

    def set_fan_speed(self, fan_speed: str) -> Awaitable[Any] | None:
        """Run the actions under ``set_fan_speed`` with ``fan_speed``.

        Raises:
            ServiceValidationError: it is none of the vacuum's speeds.
        """
        if self.fan_speed_list and fan_speed not in self.fan_speed_list:
            raise ServiceValidationError(
                f"{self.entity_id}: fan_speed {fan_speed!r} is none of {', '.join(self.fan_speed_list)}"
            )
        return self.act("set_fan_speed", {"fan_speed": fan_speed}, lambda: self.told("fan_speed", fan_speed=fan_speed))

    def clean_area(self, cleaning_area_id: Sequence[str]) -> Awaitable[Any] | None:
        """Run the actions under ``clean_segments`` with ``segment_ids``: of the segments that bear the areas' names.

        Raises:
            ServiceValidationError: no segment bears the name of one of the areas.
        """
        ids = [one["id"] for area_id in cleaning_area_id for one in self._segments_of(area_id)]
        return self.act("clean_segments", {"segment_ids": ids}, lambda: self.told("state", activity="cleaning"))

    def _segments_of(self, area_id: str) -> list[Mapping[str, Any]]:
        area = self.workshop.home.registry.areas.get(area_id)
        names = {area_id.lower(), *(name.lower() for name in ((area.name, *area.aliases) if area else ()))}
        found = [one for one in self.segments or () if str(one["name"]).lower() in names]
        if not found:
            known = ", ".join(str(one["name"]) for one in self.segments or ()) or "none"
            raise ServiceValidationError(f"{self.entity_id} knows no segment called {area_id}; it knows {known}")
        return found

    def _go(self, key: str, activity: str) -> Awaitable[Any] | None:
        return self.act(key, then=lambda: self.told("state", activity=activity))


def _segments_together(config: Shaped) -> None:
    """Require segments, the actions that clean them, and an id to know them by, all or none."""
    if ("segments" in config) != ("clean_segments" in config):
        raise vol.Invalid("segments and clean_segments belong together; give both")


VACUUM: Final = Platform(
    TemplateVacuum,
    {
        **STATE, "fan_speed": template, vol.Optional("fan_speeds", default=list): each(text), "battery_level": template,
        "segments": template, "optimistic": boolean,
    },
    (
        vol.Required("start"), "pause", "stop", "return_to_base", "clean_spot", "locate", "set_fan_speed",
        "clean_segments",
    ),
    spelled={"fan_speed_list": "fan_speeds"},
    checks=(_segments_together,),
)  # fmt: skip
