"""Firings: a trigger that happened, and what a trigger is handed to watch with."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from inglenook.config.trees import start_of
from inglenook.home import Home
from inglenook.model import NO_DATA, Context
from inglenook.rules.faults import located
from inglenook.rules.index import EventIndex, StateIndex
from inglenook.templates import Templates

_log = logging.getLogger(__name__)

MakePayload = Callable[..., dict[str, Any]]


class Firing(Struct, eq=False):
    """One trigger that happened; its payload is built only when somebody looks.

    Attributes:
        common: ``id``, ``idx``, ``alias`` and ``platform`` of the trigger.
        make_payload: returns the rest of what templates see as ``trigger``, when it is given ``about``.
        context: of the event that caused it, or None.
        own_variables: the trigger's ``variables``, not rendered yet.
        about: what the trigger saw.
    """

    common: Mapping[str, Any]
    make_payload: MakePayload
    context: Context | None
    own_variables: Mapping[str, Any] = NO_DATA
    about: tuple[Any, ...] = ()
    made: dict[str, Any] | None = None

    @property
    def payload(self) -> dict[str, Any]:
        """What templates see as ``trigger``."""
        if self.made is None:
            self.made = {**self.common, **self.make_payload(*self.about)}
        return self.made

    @property
    def description(self) -> str | None:
        """Why it happened, like ``state of light.hall``; None when a service call started the rule."""
        return self.payload.get("description")


MANUAL: Final[Mapping[str, Any]] = {"platform": None}
"""What ``trigger`` is in a run that a service call started."""


class Arming:
    """What a trigger watches with.

    Attributes:
        config: the trigger's validated keys.
        variables: what its limited templates may use: ``trigger_variables``, or a run's variables while it waits.
        name: the rule's name, for logs.
        path: where the triggers stand in the rule, for logs.
        common: ``id``, ``idx``, ``alias``, ``platform``.
    """

    __slots__ = (
        "_on_fire",
        "_own_variables",
        "_written",
        "common",
        "config",
        "events",
        "home",
        "name",
        "path",
        "states",
        "templates",
        "variables",
    )

    def __init__(
        self,
        home: Home,
        templates: Templates,
        states: StateIndex,
        events: EventIndex,
        config: Mapping[str, Any],
        common: Mapping[str, Any],
        variables: Mapping[str, Any],
        name: str,
        on_fire: Callable[[Firing], object],
        path: str,
    ) -> None:
        self.home = home
        self.templates = templates
        self.states = states
        self.events = events
        self.config = config
        self.common = common
        self.variables = variables
        self.name = name
        self._on_fire = on_fire
        self.path = path
        self._written = config
        self._own_variables: Mapping[str, Any] = config.get("variables", NO_DATA)

    def meaning(self, config: Mapping[str, Any]) -> "Arming":
        """Return the same for a trigger that stands for another one, whose validated keys are ``config``."""
        made = Arming(
            self.home, self.templates, self.states, self.events, config, self.common, self.variables, self.name,
            self._on_fire, self.path,
        )  # fmt: skip
        made._written = self._written
        made._own_variables = self._own_variables
        return made

    @property
    def place(self) -> str:
        """Where the trigger stands, as logs show it: its path in the rule; file, line and column if they are known."""
        return located(f"{self.path}/{self.common['idx']}", start_of(getattr(self._written, "raw", self._written)))

    def fire(self, make_payload: MakePayload, context: Context | None = None, about: tuple[Any, ...] = ()) -> None:
        """Say that the trigger happened.

        Args:
            make_payload: returns the kind's own part of ``trigger``, with its ``description``; called at most once,
                and only if the rule looks at it.
            context: of the event that caused it.
            about: the arguments of ``make_payload``, which cost less to keep than a function made for each firing.
        """
        self._on_fire(Firing(self.common, make_payload, context, self._own_variables, about))

    def log(self, message: str, *arguments: object) -> None:
        """Warn of something that keeps this trigger from working."""
        _log.warning("rule %s, %s: " + message, self.name, self.place, *arguments)
