"""``sun``: where the sun is, and when it rises and sets next."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import voluptuous as vol

from inglenook import DomainEntity, Home, PluginScope, hookimpl, next_sun_event
from inglenook_helpers.schemas import mapping

ABOVE: Final = "above_horizon"
BELOW: Final = "below_horizon"
DEEP_NIGHT_DEG: Final = -18.0
OFTEN_S: Final = 240.0  # between two looks while there is light
SELDOM_S: Final = 1200.0  # and while there is none
EVENTS: Final = ("dawn", "dusk", "midnight", "noon", "rising", "setting")
OF_THE_RULES: Final = {"rising": "sunrise", "setting": "sunset"}  # the very moments that triggers fire at
_DAYS_AHEAD: Final = 367


class Sun(DomainEntity):
    """The sun as seen from the home. Elevation and azimuth are in degrees, the times ISO text in UTC."""

    domain = "sun"
    name = "Sun"
    SHOWN = ("elevation", "azimuth", "rising")

    elevation: float = 0.0
    azimuth: float = 0.0
    rising: bool = False

    def __init__(self, home: Home) -> None:
        self._home = home
        self._events: dict[str, float | None] = {}
        self._cancel_alarm: Callable[[], None] | None = None

    def added(self) -> None:
        """Begin to follow the sun."""
        self._look()

    def removed(self) -> None:
        """Follow it no more."""
        if self._cancel_alarm is not None:
            self._cancel_alarm()
            self._cancel_alarm = None

    def move(self) -> None:
        """Look from the place where the home is now."""
        self._events = {}
        self._turn()

    def shown_state(self) -> str:
        """Return whether it is up: it sets before it rises."""
        return ABOVE if self._comes_first("setting", "rising") else BELOW

    def shown_attributes(self) -> dict[str, Any]:
        """Return what comes next when, where it is, and whether it is on its way up."""
        return {**{f"next_{name}": _iso(at) for name, at in self._events.items()}, **super().shown_attributes()}

    def _turn(self) -> None:
        self._look()
        self.write()

    def _look(self) -> None:
        """See where it is now, and come back at the next event, or some minutes later."""
        now = self.clock.now()
        for name in EVENTS:
            if (self._events.get(name) or 0.0) <= now:
                self._events[name] = self._next(name, now)
        self._place(now)
        self.rising = self._comes_first("noon", "midnight")
        self.removed()
        soon = now + (SELDOM_S if self.elevation < DEEP_NIGHT_DEG else OFTEN_S)
        self._cancel_alarm = self.clock.call_at(min([soon, *filter(None, self._events.values())]), self._turn).cancel

    def _comes_first(self, one: str, other: str) -> bool:
        return (self._events[one] or 0.0) < (self._events[other] or 0.0)

    def _place(self, now: float) -> None:
        from astral import sun  # noqa: PLC0415 - 20 ms that importing this module need not cost

        at = datetime.fromtimestamp(now, UTC)
        self.elevation = round(sun.elevation(self._observer(), at), 2)
        self.azimuth = round(sun.azimuth(self._observer(), at), 2)

    def _next(self, name: str, now: float) -> float | None:
        """Return when an event comes next, in seconds since the epoch; None if not within a year."""
        today = self.clock.local().date()
        try:
            if name in OF_THE_RULES:
                return next_sun_event(self._home, OF_THE_RULES[name], 0.0)
        except ValueError:
            return None
        for days in range(-1, _DAYS_AHEAD):
            at = self._on(name, today + timedelta(days=days))
            if at is not None and at > now:
                return at
        return None

    def _on(self, name: str, day: date) -> float | None:
        from astral import sun  # noqa: PLC0415 - as above

        event: Callable[..., datetime] = getattr(sun, name)
        try:
            return event(self._observer(), day, tzinfo=UTC).timestamp()
        except ValueError:  # there is none on that day, so far in the north or south
            return None

    def _observer(self) -> Any:
        from astral import Observer  # noqa: PLC0415 - as above

        settings = self._home.settings
        return Observer(settings.latitude, settings.longitude, settings.elevation)


def _iso(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()


@hookimpl
def config_schema() -> vol.Schema:
    """Return the settings: there are none that matter."""
    return vol.Schema(vol.All(mapping, {"elevation": object}))


@hookimpl
def setup(home: Home, scope: PluginScope) -> None:
    """Put the sun up."""
    sun = Sun(home)

    scope.add_entity(sun, "sun")
    scope.listen("core_config_updated", lambda _: sun.move())
