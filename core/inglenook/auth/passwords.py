"""Passwords: argon2 hashes, made and compared in a thread of their own so that the loop goes on."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from inglenook.errors import TooManyAttempts

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MEMORY_KIB: Final = 19_456  # with two rounds and one lane what OWASP asks at least; some 30 ms of a small computer
ROUNDS: Final = 2
LONGEST: Final = 1_024  # characters
_QUEUE: Final = 32  # log-ins that wait for the thread
_BUSY_S: Final = 2.0

_Result = TypeVar("_Result")


class Passwords:
    """Makes and compares hashes, one at a time: so many memory and no more.

    Args:
        memory_kib: of one hash.
        rounds: over that memory.
        in_thread: False does it on the loop, for tests under virtual time.
    """

    def __init__(self, *, memory_kib: int = MEMORY_KIB, rounds: int = ROUNDS, in_thread: bool = True) -> None:
        self._memory_kib = memory_kib
        self._rounds = rounds
        self._in_thread = in_thread
        self._thread: ThreadPoolExecutor | None = None
        self._waiting = 0
        self._hasher: PasswordHasher | None = None
        self._nobodys = ""  # what the password of an unknown user is compared with: the same time, the same answer

    async def hash(self, password: str) -> str:
        """Return the hash of ``password``, salt and parameters in it.

        Raises:
            TooManyAttempts: too many wait already.
        """
        return await self._run(lambda: self._argon2().hash(password))

    async def is_right(self, known_hash: str | None, password: str) -> bool:
        """True when ``password`` is that of ``known_hash``; None, nobody's, takes as long and is never right.

        Raises:
            TooManyAttempts: too many wait already.
        """
        return await self._run(lambda: self._compare(known_hash, password))

    def is_outdated(self, known_hash: str) -> bool:
        """True when the hash was made with less than what is asked for now."""
        return self._argon2().check_needs_rehash(known_hash)

    def close(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
            self._thread = None

    def _argon2(self) -> "PasswordHasher":
        if self._hasher is None:
            from argon2 import PasswordHasher  # noqa: PLC0415 - 20 ms that a start without a log-in need not pay

            hasher = PasswordHasher(time_cost=self._rounds, memory_cost=self._memory_kib, parallelism=1)
            self._nobodys = hasher.hash("")
            self._hasher = hasher
        return self._hasher

    def _compare(self, known_hash: str | None, password: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - as above

        hasher = self._argon2()
        try:
            is_right = hasher.verify(known_hash or self._nobodys, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return is_right and known_hash is not None and len(password) <= LONGEST

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        if not self._in_thread:
            return work()
        if self._waiting >= _QUEUE:
            raise TooManyAttempts(_BUSY_S)
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="passwords")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1
