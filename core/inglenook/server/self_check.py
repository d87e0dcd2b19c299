"""The check of the home's own configuration while it runs."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from typing import Any, Final, NamedTuple

import msgspec

from inglenook.config.configuration import Configuration

TIMEOUT_S: Final = 120.0


class Findings(NamedTuple):
    """What a check found, each with its place.

    ``errors`` are of the home as a whole. What makes one rule unavailable, with which the home runs, stands before the
    other ``warnings``.
    """

    errors: list[str]
    warnings: list[str]


class SelfCheck:
    """Checks as ``inglenook check`` does, in a process of its own: checking imports plugins. One at a time.

    Args:
        configuration: as it was read at the start; its files are read anew.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._turn = asyncio.Lock()

    async def run(self) -> Findings:
        """Check, and return what was found."""
        path, data = self._configuration.path, self._configuration.data.folder
        words = ("-m", "inglenook", "check", str(path), "--data", str(data), "--format", "json")
        async with self._turn:
            process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE, stderr=PIPE)
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    output, complaint = await process.communicate()
            except TimeoutError:
                return Findings([f"the check took longer than {TIMEOUT_S:.0f} s and was cut off"], [])
            finally:
                if process.returncode is None:  # too late, or nobody waits for it any more
                    process.kill()
                    await process.wait()
        try:
            found: dict[str, Any] = msgspec.json.decode(output)
        except msgspec.MsgspecError:  # it did not come so far
            return Findings([(complaint or output).decode(errors="replace").strip()[-4_000:]], [])
        errors = [_line(one) for one in found["errors"] if one["is_fatal"]]
        of_parts = [_line(one) for one in found["errors"] if not one["is_fatal"]]
        return Findings(errors, [*of_parts, *(_line(one) for one in found["warnings"])])


def _line(found: dict[str, Any]) -> str:
    place = ":".join(str(part) for part in (found["file"], found["line"], found["column"]) if part)
    return ": ".join(part for part in (place, found["where"], found["message"]) if part)
