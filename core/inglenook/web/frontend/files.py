"""Files for browsers: of a folder and never from beside it, with the right type, packed where a packed one is there."""

import asyncio
from pathlib import Path
from typing import Final

from aiohttp import web

from inglenook.web.frontend.policy import FILE_POLICY

FOR_GOOD: Final = "public, max-age=2678400"  # their names change with their content
ASK_AGAIN: Final = "no-cache"
# Python's own table depends on its version and on the machine; a module of the wrong type is not run.
_TYPES: Final = {
    ".css": "text/css", ".html": "text/html", ".ico": "image/x-icon", ".jpeg": "image/jpeg", ".jpg": "image/jpeg",
    ".js": "text/javascript", ".json": "application/json", ".mjs": "text/javascript", ".png": "image/png",
    ".svg": "image/svg+xml", ".txt": "text/plain", ".wasm": "application/wasm", ".webmanifest":
    "application/manifest+json", ".webp": "image/webp", ".woff": "font/woff", ".woff2": "font/woff2",
    ".xml": "text/xml",
}  # fmt: skip
_WITH_CHARSET: Final = ("text/", "application/json", "image/svg+xml")


async def file_answer(
    folder: Path, name: str, *, cache: str | None = FOR_GOOD, policy: str = FILE_POLICY
) -> web.StreamResponse:
    """Return the file ``name`` of ``folder``; aiohttp sends its packed sibling to browsers that take it.

    Args:
        folder: where it lies.
        name: its path below, as it came.
        cache: the value of ``Cache-Control``; None sends none.
        policy: what it may load when a browser shows or runs it.

    Raises:
        HTTPNotFound: there is no such file, or it lies elsewhere.
    """
    path = await asyncio.to_thread(_inside, folder, name)
    if path is None:
        raise web.HTTPNotFound
    headers = {"Content-Security-Policy": policy, "Vary": "Accept-Encoding"}
    if cache is not None:
        headers["Cache-Control"] = cache
    answer = web.FileResponse(path, headers=headers)
    kind = _TYPES.get(path.suffix.lower())
    if kind is not None:
        answer.content_type = kind
        if kind.startswith(_WITH_CHARSET):
            answer.charset = "utf-8"
    return answer


def _inside(folder: Path, name: str) -> Path | None:
    """Return the file, which lies in ``folder`` once every link is followed; None for what does not."""
    if "\\" in name or "\0" in name or any(part in ("", ".", "..") for part in name.split("/")):
        return None
    if any(part.startswith(".") for part in name.split("/")):
        return None
    try:
        path = (folder / name).resolve(strict=True)
        is_inside = path.is_relative_to(folder.resolve(strict=True)) and path.is_file()
    except (OSError, RuntimeError, ValueError):
        return None
    return path if is_inside else None
