"""Admission: all that is between a person who wants in and the tokens of a client."""

from inglenook.auth.attempts import Attempts
from inglenook.auth.auth import Auth
from inglenook.auth.codes import Codes
from inglenook.auth.login import Login
from inglenook.auth.onboarding import Onboarding
from inglenook.auth.totp import Totp
from inglenook.clock import Clock
from inglenook.store import Store


class Admission:
    """How people come in.

    Args:
        auth: the users and tokens, loaded.
        store: keeps who is shut out.
        clock: the home's.
        threshold: failed log-ins after which an address is shut out; None for never.

    Attributes:
        attempts: counts failures.
        codes: what a client exchanges for tokens.
        login: the log-ins that are going on.
        onboarding: waits for the first person.
        totp: the codes of authenticator apps.
    """

    def __init__(self, auth: Auth, store: Store, clock: Clock, threshold: int | None = 10) -> None:
        self.auth = auth
        self.attempts = Attempts(store, clock, threshold)
        self.attempts.load()
        self.codes = Codes(clock)
        self.totp = Totp(clock)
        self.login = Login(auth, self.attempts, self.codes, self.totp, clock)
        self.onboarding = Onboarding(auth, self.attempts)
