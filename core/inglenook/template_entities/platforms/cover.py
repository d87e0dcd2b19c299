"""Template covers."""

from collections.abc import Awaitable
from typing import Any, Final

from inglenook.config.device_classes import device_class
from inglenook.config.values import boolean
from inglenook.entities import Cover, CoverFeature
from inglenook.model import State
from inglenook.rules.shape import template
from inglenook.template_entities.entity import TemplateEntity
from inglenook.template_entities.grammar import STATE, Platform
from inglenook.template_entities.platforms.number import as_number
from inglenook.template_entities.results import Results
from inglenook.templates import truthy

_TILT: Final = CoverFeature.OPEN_TILT | CoverFeature.CLOSE_TILT | CoverFeature.SET_TILT_POSITION


class TemplateCover(TemplateEntity, Cover):
    """A cover whose state or position a template gives; without either it is where it was last sent."""

    TEMPLATES = ("state", "position", "tilt")
    ACTIONS = {  # noqa: RUF012 - the base says that it is of the class
        "open_cover": CoverFeature.OPEN,
        "close_cover": CoverFeature.CLOSE,
        "stop_cover": CoverFeature.STOP,
        "set_cover_position": CoverFeature.SET_POSITION | CoverFeature.OPEN | CoverFeature.CLOSE,
        "set_cover_tilt_position": _TILT,
    }

    @property
    def is_optimistic(self) -> bool:
        """True when no template says where it is, or it was told to believe its actions."""
        return not self.config.keys() & {"state", "position"} or self.config.get("optimistic", False)

    def apply(self, found: Results) -> None:
        """Take where it is, and where it goes."""
        if "state" in found:
            self._be(found.get("state"))
        if "position" in found:
            self.current_position = _percent(found.get("position"))
        if "tilt" in found:
            self.current_tilt_position = _percent(found.get("tilt"))

    def recall(self, last: State) -> None:
        """Be where it last was."""
        self._be(last.state)
        self.current_position = _percent(last.attributes.get("current_position"))
        self.current_tilt_position = _percent(last.attributes.get("current_tilt_position"))

    def open_cover(self) -> Awaitable[Any] | None:
        """Run the actions under ``open_cover``, or those for a position with 100."""
        return self._go("open_cover", 100)

    def close_cover(self) -> Awaitable[Any] | None:
        """Run the actions under ``close_cover``, or those for a position with 0."""
        return self._go("close_cover", 0)

    def stop_cover(self) -> Awaitable[Any] | None:
        """Run the actions under ``stop_cover``."""
        return self.act("stop_cover")

    def set_cover_position(self, position: int) -> Awaitable[Any] | None:
        """Run the actions under ``set_cover_position`` with ``position``."""
        return self.act("set_cover_position", {"position": position}, lambda: self._sent(position))

    def open_cover_tilt(self) -> Awaitable[Any] | None:
        """Tilt the slats open."""
        return self.set_cover_tilt_position(100)

    def close_cover_tilt(self) -> Awaitable[Any] | None:
        """Tilt the slats shut."""
        return self.set_cover_tilt_position(0)

    def set_cover_tilt_position(self, tilt_position: int) -> Awaitable[Any] | None:
        """Run the actions under ``set_cover_tilt_position`` with ``tilt``."""
        return self.act("set_cover_tilt_position", {"tilt": tilt_position}, lambda: self._tilted(tilt_position))

    def _go(self, key: str, position: int) -> Awaitable[Any] | None:
        if key in self.config:
            return self.act(key, then=lambda: self._sent(position))
        return self.set_cover_position(position)

    def _be(self, result: Any) -> None:
        word = result.lower() if isinstance(result, str) else None
        self.travel = "opening" if word == "opening" else "closing" if word == "closing" else None
        if self.travel is None:
            self.is_closed = None if result is None else word == "closed" or not (word == "open" or truthy(result))

    def _sent(self, position: int) -> None:
        if self.is_optimistic:
            self.is_closed = position == 0
            if "set_cover_position" in self.config:
                self.current_position = position

    def _tilted(self, position: int) -> None:
        if "tilt" not in self.config or self.config.get("tilt_optimistic", False):
            self.current_tilt_position = position


def _percent(value: Any) -> int | None:
    number = as_number(value)
    return round(number) if number is not None and 0 <= number <= 100 else None


COVER: Final = Platform(
    TemplateCover,
    {
        **STATE, "position": template, "tilt": template, "device_class": device_class("cover"), "optimistic": boolean,
        "tilt_optimistic": boolean,
    },
    ("open_cover", "close_cover", "stop_cover", "set_cover_position", "set_cover_tilt_position"),
)  # fmt: skip
