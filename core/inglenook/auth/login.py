"""Logging in, step by step: username and password, then a code of the user's authenticator app if it has one."""

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from inglenook.auth.attempts import Attempts
from inglenook.auth.auth import Auth, normalized
from inglenook.auth.clients import is_redirect_of
from inglenook.auth.codes import Codes
from inglenook.auth.model import User, may_come_from
from inglenook.auth.totp import Totp
from inglenook.clock import Clock
from inglenook.errors import NotLocal, Unauthorized, UnknownEntry

LIFE_S: Final = 300.0  # of a flow
WRONG_CODES: Final = 3  # then the log-in begins anew
_MOST: Final = 1_000  # flows at once; the oldest give way
_MOST_OF_ONE: Final = 20  # of one address, so that it pushes nobody else's out
_LONGEST_NAME: Final = 256  # characters of a username that are looked at


class Step(StrEnum):
    """What the next answer has to hold; the words of the wire."""

    CREDENTIALS = "init"
    CODE = "mfa"
    DONE = "done"
    ABORTED = "aborted"


@dataclass(slots=True)
class Flow:
    """One person logging in to one client.

    Attributes:
        challenge: of PKCE, which the exchange of the code has to meet.
        address: where the person was who began it.
        step: what is asked for now.
        error: why the last answer was not taken: ``invalid_auth``, ``invalid_code``; empty when it was.
        code: the authorization code, when it is done.
    """

    id: str
    client_id: str
    redirect_uri: str
    challenge: str | None
    address: str
    expires_at: float
    step: Step = Step.CREDENTIALS
    error: str = ""
    code: str = ""
    user: User | None = None
    wrong_codes: int = 0


class Login:
    """The log-ins that are going on, in memory."""

    def __init__(self, auth: Auth, attempts: Attempts, codes: Codes, totp: Totp, clock: Clock) -> None:
        self._auth = auth
        self._attempts = attempts
        self._codes = codes
        self._totp = totp
        self._clock = clock
        self._flows: dict[str, Flow] = {}

    def start(self, client_id: str, redirect_uri: str, address: str, challenge: str | None = None) -> Flow:
        """Begin to log in to a client, which gets its code at ``redirect_uri``; the person is at ``address``.

        Raises:
            Unauthorized: that is no address of the client's.
        """
        if not is_redirect_of(client_id, redirect_uri):
            raise Unauthorized("redirect_uri is not of the client that client_id names")
        now = self._clock.monotonic()
        self._flows = {flow.id: flow for flow in self._flows.values() if flow.expires_at > now}
        same = [flow.id for flow in self._flows.values() if flow.address == address]
        if len(same) >= _MOST_OF_ONE:
            del self._flows[same[0]]
        elif len(self._flows) >= _MOST:
            del self._flows[next(iter(self._flows))]
        flow = Flow(secrets.token_hex(16), client_id, redirect_uri, challenge, address, now + LIFE_S)
        self._flows[flow.id] = flow
        return flow

    def abort(self, flow_id: str) -> None:
        """End a log-in.

        Raises:
            UnknownEntry: it is not going on.
        """
        self.flow(flow_id)
        del self._flows[flow_id]

    async def answer(
        self, flow_id: str, client_id: str, fields: dict[str, str], address: str, *, is_local: bool = False
    ) -> Flow:
        """Take what the person at ``address`` answered, and return the flow at its next step.

        Args:
            flow_id: of :meth:`start`.
            client_id: of the same.
            fields: ``username`` and ``password``, or ``code``.
            address: where the person is, as far as it is known for sure.
            is_local: whether that is in the home's own network.

        Raises:
            UnknownEntry: there is no such flow.
            NotLocal: all is right, and the user has to be in the home's own network; the flow is over.
            Unauthorized: the flow is another client's.
            TooManyAttempts: not so fast.
        """
        flow = self.flow(flow_id)
        if flow.client_id != client_id:
            raise Unauthorized("client_id is not that of the flow")
        if flow.step is Step.CREDENTIALS:
            await self._take_password(flow, fields, address)
        else:
            self._take_code(flow, fields, address)
        if flow.step in (Step.DONE, Step.ABORTED):
            self._flows.pop(flow.id, None)
        if flow.step is Step.DONE:
            self._hand_over(flow, is_local=is_local)
        return flow

    def flow(self, flow_id: str) -> Flow:
        """Return a log-in that is going on.

        Raises:
            UnknownEntry: there is none of that id.
        """
        flow = self._flows.get(flow_id)
        if flow is None or flow.expires_at <= self._clock.monotonic():
            raise UnknownEntry("Invalid flow specified")
        return flow

    async def _take_password(self, flow: Flow, fields: dict[str, str], address: str) -> None:
        username, password = normalized(fields.get("username", "")[:_LONGEST_NAME]), fields.get("password", "")
        self._attempts.check(address, username)
        user = self._auth.user_named(username)
        known = user.password_hash if user is not None else None
        is_right = await self._auth.passwords.is_right(known, password)
        if not is_right or user is None or not user.is_active:
            self._attempts.fail(address, username)
            flow.error = "invalid_auth"
            return
        await self._auth.renew_hash(user, password)
        flow.user, flow.error = user, ""
        if user.totp_secret is not None:
            flow.step = Step.CODE
            return
        self._finish(flow, user, address)

    def _take_code(self, flow: Flow, fields: dict[str, str], address: str) -> None:
        user = flow.user
        if user is None or user.totp_secret is None or not user.is_active:  # changed since the first step
            flow.step = Step.ABORTED
            return
        username = user.username or ""
        self._attempts.check(address, username)
        if self._totp.is_right(user.totp_secret, fields.get("code", "")):
            self._finish(flow, user, address)
            return
        self._attempts.fail(address, username)
        flow.wrong_codes += 1
        flow.error = "invalid_code"
        if flow.wrong_codes >= WRONG_CODES:
            flow.step = Step.ABORTED

    def _finish(self, flow: Flow, user: User, address: str) -> None:
        self._attempts.succeed(address, user.username or "")
        flow.step, flow.error = Step.DONE, ""

    def _hand_over(self, flow: Flow, *, is_local: bool) -> None:
        if flow.user is None or not may_come_from(flow.user, is_local=is_local):
            raise NotLocal("the user may log in from the home's own network only")
        flow.code = self._codes.create(flow.client_id, flow.user, flow.challenge)
