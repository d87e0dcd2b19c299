"""What a person should mend, as the frontend shows it under repairs: problems of the configuration."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

from inglenook.bus import EventBus
from inglenook.clock import Clock
from inglenook.errors import ConfigError, UnknownEntry
from inglenook.web.frontend.memory import FrontendMemory
from inglenook.web.frontend.words import ISSUE_DOMAIN, ISSUE_KEY

EVENT_UPDATED: Final = "repairs_issue_registry_updated"
_IGNORED: Final = "ignored_issues"
_MOST: Final = 500

Problems = Callable[[], Sequence[ConfigError]]


class Issues:
    """The issues of one home.

    Args:
        problems: returns what is wrong or seldom meant in the configuration and the rules.
        memory: keeps which of them are to be shown no more.
        bus: hears of it.
        clock: says since when they are known.
    """

    def __init__(self, problems: Problems, memory: FrontendMemory, bus: EventBus, clock: Clock) -> None:
        self._problems = problems
        self._memory = memory
        self._bus = bus
        self._since = clock.utc().isoformat()

    def all(self) -> list[dict[str, Any]]:
        """Return the issues, 500 at most, as clients read them."""
        ignored = frozenset(self._memory.get(_IGNORED, ()))
        found = {_id(problem): problem for problem in list(self._problems())[:_MOST]}
        return [self._issue(ident, problem, is_ignored=ident in ignored) for ident, problem in found.items()]

    def ignore(self, ident: str, *, is_ignored: bool) -> None:
        """Show an issue no more, or again.

        Raises:
            UnknownEntry: there is none of that id.
        """
        known = {issue["issue_id"] for issue in self.all()}
        if ident not in known:
            raise UnknownEntry(f"There is no issue {ident:.80}")
        before = known.intersection(self._memory.get(_IGNORED, ()))
        after = before | {ident} if is_ignored else before - {ident}
        self._memory.set(_IGNORED, sorted(after) or None)
        self._bus.fire(EVENT_UPDATED, {"action": "update", "domain": ISSUE_DOMAIN, "issue_id": ident})

    def _issue(self, ident: str, problem: ConfigError, *, is_ignored: bool) -> dict[str, Any]:
        return {
            "breaks_in_ha_version": None,
            "created": self._since,
            "dismissed_version": None,
            "domain": ISSUE_DOMAIN,
            "ignored": is_ignored,
            "is_fixable": False,
            "issue_domain": None,
            "issue_id": ident,
            "learn_more_url": None,
            "severity": "warning",
            "translation_key": ISSUE_KEY,
            "translation_placeholders": {"message": str(problem)},
        }


def _id(problem: ConfigError) -> str:
    return hashlib.sha256(str(problem).encode("utf-8", "replace")).hexdigest()[:16]
