"""The first person of a home: who can read its console gets a code, and becomes its owner with it."""

import hmac
import secrets
from typing import Final

from inglenook.auth.attempts import Attempts
from inglenook.auth.auth import Auth
from inglenook.auth.model import Role, User
from inglenook.errors import InvalidEntry, Unauthorized

STEPS: Final = ("user", "core_config", "analytics", "integration")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another


class Onboarding:
    """Waits for the first person, unless somebody looks after the home already.

    Attributes:
        code: like ``K7QF-9XBM-T2WD``; None when nobody is waited for.
    """

    def __init__(self, auth: Auth, attempts: Attempts) -> None:
        self._auth = auth
        self._attempts = attempts
        self.code: str | None = None
        self._done: set[str] = set()
        if not auth.has_admin:
            self.code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))

    @property
    def is_open(self) -> bool:
        """True while nobody looks after the home."""
        return self.code is not None and not self._auth.has_admin

    @property
    def done(self) -> frozenset[str]:
        """The steps of :data:`STEPS` that are done: all, if who looks after the home came in by another door."""
        is_ours = self.is_open or "user" in self._done
        return frozenset(self._done if is_ours else STEPS)

    def finish(self, step: str) -> None:
        """Note that a step is done.

        Raises:
            InvalidEntry: it was done before.
        """
        if step in self.done:
            raise InvalidEntry(f"Step {step} is done already")
        self._done.add(step)

    def check(self, code: str, address: str) -> None:
        """Let who gives the right code go on.

        Raises:
            Unauthorized: the code is wrong, or nobody is waited for.
            TooManyAttempts: not so fast.
        """
        if not self.is_open or self.code is None:
            raise Unauthorized("somebody looks after this home already")
        if not code.strip():
            raise Unauthorized("the code on the console is missing")
        self._attempts.check(address)
        given = code.strip().upper().encode()
        if not hmac.compare_digest(given, self.code.encode()):
            self._attempts.fail(address)
            raise Unauthorized("the code is not the one on the console")

    async def create_owner(self, code: str, name: str, username: str, password: str, address: str) -> User:
        """Return the new owner; the code is of no use any more.

        Raises:
            Unauthorized, TooManyAttempts: as :meth:`check`.
            InvalidEntry: the user cannot be made; the code is good for another try.
        """
        self.check(code, address)
        known, self.code = self.code, None  # nobody else gets in while the password is hashed
        try:
            user = await self._auth.create_user(name, username=username, password=password, role=Role.OWNER)
        except BaseException:
            self.code = known
            raise
        self._done.add("user")
        return user
