"""Blueprints from the web: which addresses name one, and how it is fetched. Only when an admin asks for it."""

import re
from collections.abc import Awaitable, Callable
from html.parser import HTMLParser
from typing import Any, Final

import aiohttp
import msgspec

from inglenook.errors import ConfigError

MAX_BYTES: Final = 1024 * 1024
TIMEOUT_S: Final = 15.0

Get = Callable[[str], Awaitable[bytes]]

_FILE: Final = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+)/(?:blob|raw)/(.+\.yaml)")
_RAW: Final = re.compile(r"https://raw\.githubusercontent\.com/([\w.-]+)/[\w.-]+/.+\.yaml")
_GIST: Final = re.compile(r"https://gist\.github\.com/(?:([\w.-]+)/)?([0-9a-f]+)")
_TOPIC: Final = re.compile(r"(https://community\.home-assistant\.io/t/([\w-]+)/\d+)(?:/\d+)?")
_FORMS: Final = "a file or gist of github.com, or a topic of community.home-assistant.io, as https://…"


async def find_blueprint(url: str, get: Get) -> tuple[str, str]:
    """Return a name like ``author/motion`` and the text of the blueprint that an address names.

    Args:
        url: of a file on GitHub, a gist, or a topic of the forum.
        get: fetches an address.

    Raises:
        ConfigError: the address is none of these, or no blueprint is there.
    """
    plain = url.partition("?")[0].partition("#")[0]
    if found := _FILE.fullmatch(plain):
        owner, repository, rest = found.groups()
        plain = f"https://raw.githubusercontent.com/{owner}/{repository}/{rest}"
    if found := _RAW.fullmatch(plain):
        return _name(found[1], plain), (await get(plain)).decode("utf-8-sig", "replace")
    if found := _GIST.fullmatch(plain):
        return _of_gist(_json(await get(f"https://api.github.com/gists/{found[2]}")))
    if found := _TOPIC.fullmatch(plain):
        return _of_topic(found[2], _json(await get(f"{found[1]}.json")))
    raise ConfigError(f"expected the address of {_FORMS}, got {url!r:.200}")


async def get_https(url: str) -> bytes:
    """Return what an address holds; no redirect is followed.

    Raises:
        ConfigError: it cannot be fetched within ``TIMEOUT_S`` and ``MAX_BYTES``.
    """
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise ConfigError(f"{url} cannot be fetched: it answers {answer.status}")
            content = bytearray()
            async for chunk in answer.content.iter_chunked(65_536):
                content += chunk
                if len(content) > MAX_BYTES:
                    raise ConfigError(f"{url} cannot be fetched: it is larger than {MAX_BYTES:,} bytes")
            return bytes(content)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise ConfigError(f"{url} cannot be fetched: {error or 'it took too long'}") from error


class _Post(HTMLParser):
    """The text of each piece of code in a post."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.codes: list[str] = []
        self._parts: list[str] | None = None  # of the piece that is being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a piece."""
        del attrs
        if tag == "code":
            self._parts = []

    def handle_endtag(self, tag: str) -> None:
        """End a piece."""
        if tag == "code" and self._parts is not None:
            self.codes.append("".join(self._parts))
            self._parts = None

    def handle_data(self, data: str) -> None:
        """Read on."""
        if self._parts is not None:
            self._parts.append(data)


def _of_gist(gist: Any) -> tuple[str, str]:
    match gist:
        case {"files": dict(files)}:
            owner = str((gist.get("owner") or {}).get("login") or "gist")
            for name, file in files.items():
                text = file.get("content") if isinstance(file, dict) else None
                if name.endswith(".yaml") and isinstance(text, str) and _is_blueprint(text):
                    return _name(owner, name), text
    raise ConfigError("this gist holds no blueprint: no file that ends in .yaml has a key blueprint")


def _of_topic(slug: str, topic: Any) -> tuple[str, str]:
    match topic:
        case {"post_stream": {"posts": [{"cooked": str(cooked), **post}, *_]}}:
            page = _Post()
            page.feed(cooked)
            page.close()
            for text in page.codes:
                if _is_blueprint(text):
                    return _name(str(post.get("username") or "forum"), slug), text
    raise ConfigError("the first post of this topic holds no blueprint")


def _json(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError("the answer is no JSON") from error


def _is_blueprint(text: str) -> bool:
    return re.search(r"^blueprint:", text, re.MULTILINE) is not None


def _name(owner: str, file: str) -> str:
    stem = file.rpartition("/")[2].removesuffix(".yaml")
    return "/".join(re.sub(r"[^\w-]+", "_", part).strip("_") or "blueprint" for part in (owner, stem))
