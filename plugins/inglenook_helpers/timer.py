"""``timer``: a countdown that rules start, stop and hear the end of."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import voluptuous as vol

from inglenook import Domain, DomainService, Field, Home, PluginScope, ServiceValidationError, State, hookimpl
from inglenook.values import boolean, duration, icon, positive_duration, string
from inglenook_helpers.declared import Declared, Section
from inglenook_helpers.schemas import Config, named

_log = logging.getLogger(__name__)

IDLE: Final = "idle"
ACTIVE: Final = "active"
PAUSED: Final = "paused"


class Timer(Declared):
    """A countdown in whole seconds of the wall clock. Its state changes before the event that tells of it.

    ``duration`` is what the settings say while it is idle, and what it was started with while it is not. ``remaining``
    is what was left when it was last started, changed or paused.
    """

    domain = "timer"
    state: str

    def __init__(self, home: Home, object_id: str, config: Config) -> None:
        self._home = home
        self.state = IDLE
        self._duration = 0.0
        self._remaining: float | None = None
        self._end: float | None = None
        self._last_transition: str | None = None
        self._cancel_alarm: Callable[[], None] | None = None
        super().__init__(object_id, config)

    def configure(self, config: Config) -> None:
        """Take the settings; a countdown that runs goes on as it was started."""
        super().configure(config)
        self._configured, self._restores = config["duration"], config["restore"]
        if self.state == IDLE:
            self._duration = self._configured

    def added(self) -> None:
        """Go on where it was when the home stopped, if it shall; what should have ended meanwhile ends now."""
        last = self.last_state
        if not self._restores or last is None or last.state not in (ACTIVE, PAUSED):
            return
        try:
            self._take_up(last)
        except (KeyError, ValueError, vol.Invalid) as error:
            _log.warning("%s: its last state cannot be taken up (%s); it is idle", self.entity_id, error)
            self._rest()

    def removed(self) -> None:
        """Stop counting."""
        self._stop()

    # -- services -------------------------------------------------------------------------------------------------

    def start(self, duration: float | None = None) -> None:
        """Count down: ``duration`` seconds, or what a pause left, or again what it was started with."""
        transition = "restarted" if self.state in (ACTIVE, PAUSED) else "started"
        if duration:
            self._duration = self._remaining = duration
        elif not self._remaining:
            self._remaining = self._duration
        self.state = ACTIVE
        self._run_until(self._now() + (self._remaining or 0.0))
        self._tell(transition)

    def change(self, duration: float) -> None:
        """Let a countdown that runs end ``duration`` seconds later, or with a negative one sooner.

        Raises:
            ServiceValidationError: it does not run, or would be longer than it was at first, or over already.
        """
        if self._end is None:
            raise ServiceValidationError(f"{self.entity_id} is {self.state}; only an active timer can be changed")
        remaining = self._end + duration - self._now()
        if not 0 <= remaining <= self._duration:
            raise ServiceValidationError(
                f"{self.entity_id}: {remaining:g} s would remain; expected 0 to {self._duration:g} s, its duration"
            )
        self._remaining = remaining
        self._run_until(self._end + duration)
        self.write()
        self._fire("changed")

    def pause(self) -> None:
        """Stop counting for now; one that does not run stays as it is."""
        if self._end is None:
            return
        self._remaining = self._end - self._now()
        self._stop()
        self.state = PAUSED
        self._tell("paused")

    def cancel(self) -> None:
        """Be idle without having finished; one that is idle stays as it is."""
        if self.state != IDLE:
            self._rest()
            self._tell("cancelled")

    def finish(self) -> None:
        """End now; the event tells when it would have ended by itself. One that is idle stays as it is."""
        if self.state == IDLE:
            return
        end = self._end if self._end is not None else self._now()
        self._rest()
        self._tell("finished", finished_at=_iso(end))

    def shown_attributes(self) -> dict[str, Any]:
        """Return the times as text, and what last happened."""
        found = {"duration": _clock_text(self._duration), "last_transition": self._last_transition}
        if self._end is not None:
            found["finishes_at"] = _iso(self._end)
        if self._remaining is not None:
            found["remaining"] = _clock_text(self._remaining)
        return {**found, "restore": True} if self._restores else found

    # -- the countdown --------------------------------------------------------------------------------------------

    def _now(self) -> float:
        return float(int(self.clock.now()))

    def _take_up(self, last: State) -> None:
        self._duration = duration(last.attributes["duration"])
        self._remaining = duration(last.attributes["remaining"])
        self._last_transition = last.attributes.get("last_transition")
        self.state = last.state
        if last.state == ACTIVE:
            self._run_until(datetime.fromisoformat(str(last.attributes["finishes_at"])).timestamp())

    def _run_until(self, end: float) -> None:
        self._stop()
        self._end = end
        self._cancel_alarm = self.clock.call_at(end, self.finish).cancel

    def _stop(self) -> None:
        self._end = None
        if self._cancel_alarm is not None:
            self._cancel_alarm()
            self._cancel_alarm = None

    def _rest(self) -> None:
        self._stop()
        self.state, self._remaining, self._duration = IDLE, None, self._configured

    def _tell(self, transition: str, **more: str) -> None:
        self._last_transition = transition
        self.write()
        self._fire(transition, **more)

    def _fire(self, what: str, **more: str) -> None:
        state = self._home.states.get(self.entity_id)
        context = state.context if state is not None else None
        self._home.bus.fire(f"timer.{what}", {"entity_id": self.entity_id, **more}, context)


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


def _clock_text(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


DOMAIN: Final = Domain(
    "timer",
    Timer,
    (
        DomainService(
            "start",
            "Start the timer; one that is paused goes on, one that runs begins again.",
            (Field("duration", positive_duration, {"duration": {}}, "How long, if not as its settings say."),),
        ),
        DomainService("pause", "Pause the timer."),
        DomainService("cancel", "Stop the timer without finishing it."),
        DomainService("finish", "Finish the timer now."),
        DomainService(
            "change",
            "Let a timer that runs end later or sooner.",
            (Field("duration", duration, {"duration": {}}, "How much later; negative for sooner.", required=True),),
        ),
    ),
)


KEYS: Final[dict[Any, Any]] = {
    "name": string,
    "icon": icon,
    vol.Optional("duration", default=0.0): positive_duration,
    vol.Optional("restore", default=False): boolean,
}


@hookimpl
def config_schema() -> vol.Schema:
    """Return the settings of each."""
    return named(KEYS)


@hookimpl
def client_items() -> str:
    """Let clients make them."""
    return "named"


@hookimpl
def register_entity_domains() -> Mapping[str, Any]:
    """Offer the services."""
    return {DOMAIN.name: DOMAIN}


@hookimpl
def setup(home: Home, config: Mapping[str, Config], scope: PluginScope) -> None:
    """Add what is declared."""
    Section(home, scope, lambda object_id, settings: Timer(home, object_id, settings)).bring(config)
