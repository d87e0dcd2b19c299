"""The second step of a log-in: codes of an authenticator app (TOTP, RFC 6238), each good once."""

from typing import Final

from inglenook.clock import Clock

ISSUER: Final = "inglenook"
STEP_S: Final = 30
_WINDOW: Final = 1  # steps that the clock of a phone may be off, to either side


class Totp:
    """Makes secrets and checks codes; remembers the last step of each secret, so that no code is taken twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[str, int] = {}

    def make_secret(self) -> str:
        """Return a new secret, in base 32."""
        import pyotp  # noqa: PLC0415 - few log-ins need it

        return pyotp.random_base32()

    def address(self, secret: str, username: str) -> str:
        """Return the ``otpauth:`` address that an authenticator app reads."""
        import pyotp  # noqa: PLC0415 - as above

        return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)

    def picture(self, secret: str, username: str) -> str:
        """Return that address as a QR code: an ``svg`` element, black on nothing."""
        import segno  # noqa: PLC0415 - as above

        return segno.make(self.address(secret, username)).svg_inline(scale=4)

    def is_right(self, secret: str, code: str) -> bool:
        """True when ``code`` (six digits, spaces among them) is that of the moment, and was not taken before."""
        import pyotp  # noqa: PLC0415 - as above

        digits = code.replace(" ", "")
        if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
            return False
        now = int(self._clock.now()) // STEP_S
        found = None
        for step in range(now - _WINDOW, now + _WINDOW + 1):
            if pyotp.utils.strings_equal(pyotp.TOTP(secret).generate_otp(step), digits):
                found = step
        if found is None or found <= self._last.get(secret, -1):
            return False
        self._last[secret] = found
        return True
