"""Auth: the users of a home and the tokens they carry, behind one door."""

from collections.abc import Callable
from typing import Final
from uuid import uuid4

from inglenook.auth.model import Permission, RefreshToken, Role, TokenKind, User, UserChange, may
from inglenook.auth.passwords import LONGEST, Passwords
from inglenook.auth.rows import USERS, load_users, user_row
from inglenook.auth.tokens import DAY_S, Tokens, Unsubscribe
from inglenook.clock import Clock, Timer
from inglenook.errors import InvalidEntry, UnknownEntry
from inglenook.store import Store

LONGEST_NAME: Final = 100  # characters of a username
LONG_LIVED_DAYS: Final = 3_650
MAX_LONG_LIVED: Final = 200  # tokens of one user
_LONGEST_LABEL: Final = 255  # characters of a token's name and icon
_SWEEP_S: Final = 3_600.0  # between two looks for tokens that have expired


class Auth:
    """Who may come in. Reads and writes the store's ``users`` and ``refresh_tokens``; nothing here waits for it.

    Args:
        store: is open; whoever made a change that must not be lost waits for its ``flush``.
        clock: the home's.
        passwords: how hashes are made; None for what keeps them safe.

    Attributes:
        on_change: called with what became of a user, and the user, once that is so.
    """

    def __init__(self, store: Store, clock: Clock, *, passwords: Passwords | None = None) -> None:
        self.passwords = passwords or Passwords(in_thread=store.path is not None)
        self._store = store
        self._clock = clock
        self._users: dict[str, User] = {}
        self._tokens = Tokens(store, clock)
        self._sweep: Timer | None = None
        self.on_change: list[Callable[[UserChange, User], object]] = []
        self.verify: Callable[[str], RefreshToken | None] = self._tokens.verify
        """Return whose access token it is; None for one that is forged, expired, withdrawn or of who is kept out."""

    def load(self) -> None:
        """Read users and tokens from the store. Blocking."""
        self._users = load_users(self._store)
        self._tokens.load(self._users)

    def start(self) -> None:
        """From now on withdraw tokens when they expire, which closes the sockets of long-lived ones."""
        self._tokens.revoke_expired()
        self._sweep = self._clock.call_later(_SWEEP_S, self.start)

    def stop(self) -> None:
        """End what :meth:`start` began."""
        if self._sweep is not None:
            self._sweep.cancel()
        self.passwords.close()

    # -- users ----------------------------------------------------------------------------------------------------

    @property
    def has_admin(self) -> bool:
        """True when somebody can look after the home; until then it waits to be taken over."""
        return any(may(user, Permission.ADMIN) for user in self._users.values())

    def users(self) -> list[User]:
        """Return everybody, in the order in which they came."""
        return sorted(self._users.values(), key=lambda user: user.created_at)

    def user(self, user_id: str) -> User | None:
        """Return the user of that id."""
        return self._users.get(user_id)

    def user_named(self, username: str) -> User | None:
        """Return who logs in with ``username``."""
        wanted = normalized(username)
        return next((user for user in self._users.values() if user.username == wanted), None)

    async def create_user(
        self,
        name: str,
        *,
        username: str | None = None,
        password: str | None = None,
        role: Role = Role.USER,
        local_only: bool = False,
    ) -> User:
        """Let somebody in.

        Args:
            name: as it is shown.
            username: what is typed to log in; needs a password.
            password: not empty.
            role: what the user may do.
            local_only: whether the user has to be in the home's own network.

        Raises:
            InvalidEntry: the name is empty, the username is taken, the password is empty or too long.
        """
        if not name.strip():
            raise InvalidEntry("expected the name of the user, got an empty one")
        if (username is None) is not (password is None):
            raise InvalidEntry("a username and a password come together")
        self._check_username(username)
        hashed = await self._hash(password) if password is not None else None
        self._check_username(username)  # another may have been faster
        now = self._clock.now()
        user = User(uuid4().hex, name.strip(), role, username and normalized(username), True, now, hashed)
        user.local_only = local_only
        self._users[user.id] = user
        self._write(user)
        self._tell(UserChange.ADDED, user)
        return user

    async def set_login(self, user: User, username: str, password: str) -> None:
        """Let ``user`` log in with that name and password, in place of those it had.

        Raises:
            InvalidEntry: as of :meth:`create_user`.
        """
        if normalized(username) != user.username:
            self._check_username(username)
        hashed = await self._hash(password)
        if normalized(username) != user.username:
            self._check_username(username)
        user.username, user.password_hash = normalized(username), hashed
        self._write(user)

    async def renew_hash(self, user: User, password: str) -> None:
        """Hash the password of who just logged in anew, if its hash was made with less than is asked for now."""
        if user.password_hash is not None and self.passwords.is_outdated(user.password_hash):
            user.password_hash = await self._hash(password)
            self._write(user)

    def rename_login(self, user: User, username: str) -> None:
        """Let ``user`` log in with another name and the same password.

        Raises:
            InvalidEntry: the name is empty or taken, or the user does not log in.
        """
        if user.username is None:
            raise InvalidEntry(f"user {user.name!r} does not log in")
        if normalized(username) != user.username:
            self._check_username(username)
        user.username = normalized(username)
        self._write(user)

    def remove_login(self, user: User) -> None:
        """Let ``user`` log in no more. What it is logged in to stays until its tokens are withdrawn."""
        user.username = user.password_hash = user.totp_secret = None
        self._write(user)

    async def set_password(self, user: User, password: str) -> None:
        """Give ``user`` another password. Who is logged in stays so.

        Raises:
            InvalidEntry: it is empty or too long, or the user does not log in.
        """
        if user.username is None:
            raise InvalidEntry(f"user {user.name!r} does not log in, so that a password is of no use")
        user.password_hash = await self._hash(password)
        self._write(user)

    def update_user(
        self,
        user: User,
        *,
        name: str | None = None,
        role: Role | None = None,
        is_active: bool | None = None,
        local_only: bool | None = None,
    ) -> None:
        """Change what is given; sockets of a user whose rights changed close, and may come again.

        Raises:
            InvalidEntry: the name is empty, or nobody would be left to look after the home.
        """
        if name is not None and not name.strip():
            raise InvalidEntry("expected the name of the user, got an empty one")
        before = user.role, user.is_active, user.local_only
        after = (
            role or user.role,
            user.is_active if is_active is None else is_active,
            user.local_only if local_only is None else local_only,
        )
        if may(user, Permission.ADMIN) and not may(User("", "", after[0], is_active=after[1]), Permission.ADMIN):
            self._check_not_last(user)
        user.name = name.strip() if name is not None else user.name
        user.role, user.is_active, user.local_only = after
        self._write(user)
        if before != after:
            for token in self._tokens.all(user):
                self._tokens.disconnect(token.id)
        self._tell(UserChange.UPDATED, user)

    def set_totp(self, user: User, secret: str | None) -> None:
        """Ask ``user`` for a code of ``secret`` (base 32) at each log-in, or for none."""
        user.totp_secret = secret
        self._write(user)

    def remove_user(self, user: User) -> None:
        """Forget ``user`` and withdraw all its tokens.

        Raises:
            UnknownEntry: it is not there.
            InvalidEntry: nobody would be left to look after the home.
        """
        if user.id not in self._users:
            raise UnknownEntry(f"there is no user {user.name!r}")
        self._check_not_last(user)
        self.revoke_all(user)
        del self._users[user.id]
        self._store.delete(USERS, user.id)
        self._tell(UserChange.REMOVED, user)

    def may(self, user: User | None, permission: Permission) -> bool:
        """True when ``user`` may do what asks for ``permission``; nobody (None) may do nothing."""
        return may(user, permission)

    def _check_username(self, username: str | None) -> None:
        if username is None:
            return
        if not 0 < len(normalized(username)) <= LONGEST_NAME:
            raise InvalidEntry(f"expected a username of 1 to {LONGEST_NAME} characters, got {len(username.strip())}")
        if self.user_named(username) is not None:
            raise InvalidEntry(f"there is a user {normalized(username)!r} already")

    def _check_not_last(self, user: User) -> None:
        others = (other for other in self._users.values() if other is not user)
        if may(user, Permission.ADMIN) and not any(may(other, Permission.ADMIN) for other in others):
            raise InvalidEntry(f"{user.name!r} is the only one who can look after the home; make another admin first")

    async def _hash(self, password: str) -> str:
        if not 0 < len(password) <= LONGEST:
            raise InvalidEntry(f"expected a password of 1 to {LONGEST} characters, got {len(password)}")
        return await self.passwords.hash(password)

    def _tell(self, change: UserChange, user: User) -> None:
        for callback in tuple(self.on_change):
            callback(change, user)

    def _write(self, user: User) -> None:
        self._store.put(USERS, user_row(user))

    # -- tokens ---------------------------------------------------------------------------------------------------

    def tokens(self, user: User | None = None) -> list[RefreshToken]:
        """Return the tokens of ``user``, or of everybody, oldest first."""
        return self._tokens.all(user)

    def token(self, token_id: str) -> RefreshToken | None:
        """Return the token of that id, if it has not expired."""
        return self._tokens.get(token_id)

    def create_refresh_token(self, user: User, client_id: str | None) -> tuple[RefreshToken, str]:
        """Return a new refresh token for a client, and its text: nobody can read that again."""
        return self._tokens.create(user, client_id)

    def create_long_lived(
        self, user: User, name: str, *, lifespan_days: float = LONG_LIVED_DAYS, icon: str | None = None
    ) -> str:
        """Return a long-lived access token for a program: nobody can read it again.

        Args:
            user: whom it stands for, with all that the user may.
            name: what it is for; unique among the tokens of the user, at most 255 characters.
            lifespan_days: until it ends.
            icon: shown beside the name, at most 255 characters.

        Raises:
            InvalidEntry: the name is empty, too long or taken, the icon is too long, the lifespan is not positive, or
                the user has :data:`MAX_LONG_LIVED` already.
        """
        if not name.strip():
            raise InvalidEntry("expected a name for the token, got an empty one")
        if len(name) > _LONGEST_LABEL or len(icon or "") > _LONGEST_LABEL:
            raise InvalidEntry(
                f"expected at most {_LONGEST_LABEL} characters for the name and for the icon of the token, "
                f"got {len(name)} and {len(icon or '')}"
            )
        tokens = self.tokens(user)
        if sum(token.kind is TokenKind.LONG_LIVED for token in tokens) >= MAX_LONG_LIVED:
            raise InvalidEntry(f"user {user.name!r} has {MAX_LONG_LIVED} long-lived tokens; withdraw one first")
        if any(token.client_name == name.strip() for token in tokens):
            raise InvalidEntry(f"user {user.name!r} has a token {name.strip()!r} already")
        if not 0 < lifespan_days <= 100 * 366:
            raise InvalidEntry(
                f"expected the lifespan of the token in days, up to a hundred years, got {lifespan_days}"
            )
        return self._tokens.create_long_lived(user, name.strip(), lifespan_days * DAY_S, icon)

    def access_token(self, token: RefreshToken) -> str:
        """Return a new access token of ``token``; it lives ``token.lifespan_s``."""
        return self._tokens.access_token(token)

    def refresh_token(self, text: str) -> RefreshToken | None:
        """Return the refresh token of that text, if it has not expired."""
        return self._tokens.by_secret(text)

    def touch(self, token: RefreshToken, address: str | None) -> None:
        """Note that ``token`` was used from ``address`` now."""
        self._tokens.touch(token, address)

    def revoke(self, token_id: str) -> None:
        """Withdraw a token: nothing made of it is believed any more, and its sockets close.

        Raises:
            UnknownEntry: there is none of that id.
        """
        self._tokens.revoke(token_id)

    def set_expiry(self, token: RefreshToken, *, does_expire: bool) -> None:
        """Let a log-in end when nobody uses it for a while, or never."""
        self._tokens.set_expiry(token, does_expire=does_expire)

    def revoke_all(self, user: User) -> None:
        """Withdraw every token of ``user``."""
        for token in self.tokens(user):
            self.revoke(token.id)

    def on_revoked(self, token_id: str, callback: Callable[[], object]) -> Unsubscribe:
        """Call ``callback`` once, when the token is withdrawn or its user's rights change; return what ends that."""
        return self._tokens.on_revoked(token_id, callback)


def normalized(username: str) -> str:
    """Return ``username`` as it is compared: without spaces around it, in small letters."""
    return username.strip().casefold()
