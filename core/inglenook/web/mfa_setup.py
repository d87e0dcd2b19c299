"""Setting up the second step of a log-in, by its user: ``auth/setup_mfa`` and ``auth/depose_mfa``."""

import secrets
from typing import Any, Final

from inglenook.auth import Admission, User
from inglenook.errors import InvalidEntry, UnknownEntry

MODULE: Final = "totp"

Wire = dict[str, Any]


class MfaSetup:
    """The set-ups that are going on, one a user, in memory."""

    def __init__(self, admission: Admission) -> None:
        self._auth = admission.auth
        self._totp = admission.totp
        self._going_on: dict[str, tuple[str, str]] = {}  # user id: flow id, secret

    def begin(self, user: User, mfa_module_id: str) -> Wire:
        """Return the form that shows a new secret and asks for its first code; ends an earlier one of the user's."""
        _check_module(mfa_module_id)
        if user.username is None:
            raise InvalidEntry(f"user {user.name!r} does not log in, so that a second step is of no use")
        flow_id, secret = secrets.token_hex(16), self._totp.make_secret()
        self._going_on[user.id] = flow_id, secret
        return self._form(user, flow_id, secret, {})

    def answer(self, user: User, flow_id: str, user_input: Wire) -> Wire:
        """Take the first code: return that it is set up, or the form again.

        Raises:
            UnknownEntry: the user has no such set-up.
        """
        known_id, secret = self._going_on.get(user.id, ("", ""))
        if not known_id or known_id != flow_id:
            raise UnknownEntry("Invalid flow specified")
        code = user_input.get("code")
        if not isinstance(code, str) or not self._totp.is_right(secret, code):
            return self._form(user, flow_id, secret, {"base": "invalid_code"})
        del self._going_on[user.id]
        self._auth.set_totp(user, secret)
        return {
            "type": "create_entry",
            "flow_id": flow_id,
            "handler": MODULE,
            "title": "Authenticator app",
            "result": {},
        }

    def depose(self, user: User, mfa_module_id: str) -> None:
        """Ask the user for no second step any more."""
        _check_module(mfa_module_id)
        self._auth.set_totp(user, None)

    def _form(self, user: User, flow_id: str, secret: str, errors: dict[str, str]) -> Wire:
        name = user.username or ""
        shown = {"code": secret, "url": self._totp.address(secret, name), "qr_code": self._totp.picture(secret, name)}
        return {
            "type": "form",
            "flow_id": flow_id,
            "handler": MODULE,
            "step_id": "init",
            "data_schema": [{"type": "string", "name": "code", "required": True}],
            "errors": errors,
            "description_placeholders": shown,
            "last_step": None,
            "preview": None,
        }


def _check_module(mfa_module_id: str) -> None:
    if mfa_module_id != MODULE:
        raise UnknownEntry(f"MFA module {mfa_module_id} not found")
