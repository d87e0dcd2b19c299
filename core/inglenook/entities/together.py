"""Waiting for several things that were started together."""

import asyncio
from collections.abc import Awaitable
from typing import Any


def together(waiting: list[Awaitable[Any]], failure: BaseException | None) -> Awaitable[None] | None:
    """Return what to await, if anything; it ends when all have ended, and raises the first failure.

    Args:
        waiting: what is under way.
        failure: what has failed already; raised at once if nothing has to be awaited.
    """
    if waiting:
        return _wait_for(waiting, failure)
    if failure is not None:
        raise failure
    return None


async def _wait_for(waiting: list[Awaitable[Any]], failure: BaseException | None) -> None:
    for answer in await asyncio.gather(*waiting, return_exceptions=True):
        if failure is None and isinstance(answer, BaseException):
            failure = answer
    if failure is not None:
        raise failure
