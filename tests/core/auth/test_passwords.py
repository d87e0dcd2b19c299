"""Hashing in its thread: the loop goes on, and no more wait than it can bear."""

import asyncio

from inglenook.auth import Passwords
from inglenook.auth.passwords import MEMORY_KIB, ROUNDS
from inglenook.errors import TooManyAttempts


async def test_a_hash_bears_what_it_was_made_with() -> None:
    passwords = Passwords()

    made = await passwords.hash("open sesame")
    is_right = await passwords.is_right(made, "open sesame")
    passwords.close()

    assert made.startswith(f"$argon2id$v=19$m={MEMORY_KIB},t={ROUNDS},p=1$")
    assert is_right
    assert not passwords.is_outdated(made)


async def test_a_hash_that_is_none_is_nobodys() -> None:
    passwords = Passwords(memory_kib=8, rounds=1)

    found = [await passwords.is_right(known, "x") for known in ("", "x", "$argon2id$v=19$m=8", "$2b$12$abc", None)]
    passwords.close()

    assert found == [False] * 5


async def test_who_comes_when_too_many_wait_is_told_to_come_again() -> None:
    passwords = Passwords(memory_kib=8, rounds=1)

    results = await asyncio.gather(*(passwords.hash("x") for _ in range(40)), return_exceptions=True)
    again = await passwords.hash("x")
    passwords.close()

    assert [isinstance(result, TooManyAttempts) for result in results] == [False] * 32 + [True] * 8
    assert again
