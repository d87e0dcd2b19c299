"""Templates and conditions that a client watches, as long as they take no more than its user's share of the time."""

from collections.abc import Mapping
from typing import Any, Final

from inglenook.auth import Permission, may
from inglenook.errors import TemplateError
from inglenook.rules.tracking import Trackable
from inglenook.templates import Tracked
from inglenook.web.commands.command import Request

_TOO_MUCH: Final = "the templates of this user take more than their share of the time; they are rendered less often"
_NOTHING: Final = Tracked(
    None, frozenset(), frozenset(), frozenset(), all_states=False, uses_time=False, error=TemplateError(_TOO_MUCH)
)


class Metered:
    """What a client watches. It fails while the share is spent: what failed is tried again after a minute.

    What an admin asks for is worked out at once at any rate, and only counts when it is worked out again.

    Args:
        request: of the client.
        inner: what is watched.

    Raises:
        TemplateError: the share is spent.
    """

    def __init__(self, request: Request, inner: Trackable) -> None:
        self._clock = request.home.clock
        self._allowance = request.allowance
        self._inner = inner
        self._is_free = may(request.user, Permission.ADMIN)
        if not self._is_free and self._allowance.is_spent:
            raise TemplateError(_TOO_MUCH)

    def go_on(self) -> None:
        """From now on every time counts: what the client asked for has been worked out."""
        self._is_free = False

    def track(self, variables: Mapping[str, Any]) -> Tracked:
        """Return the result and what it depends on."""
        if self._is_free:
            return self._inner.track(variables)
        if self._allowance.is_spent:
            return _NOTHING
        began = self._clock.monotonic()
        tracked = self._inner.track(variables)
        self._allowance.take(self._clock.monotonic() - began)
        return tracked
