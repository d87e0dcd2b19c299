"""Requests over HTTP: to the host that was named and no other, with a bound on time and size."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, NamedTuple

import aiohttp
from yarl import URL

from inglenook import PluginScope, __version__
from inglenook_outside.answers import NoAnswer

MAX_BODY: Final = 2 * 1024 * 1024  # bytes, after they were unpacked
AT_ONCE: Final = 32  # connections of one section; a further request waits for its turn
_CHUNK: Final = 64 * 1024
_WEAK_CIPHERS: Final = "DEFAULT:@SECLEVEL=0"

Kind = Literal["basic", "digest"]


@dataclass
class Login:
    """A name and a password, and how they are shown. One for all requests to a place: a digest is counted."""

    username: str
    password: str
    kind: Kind = "basic"

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """What shows them with the first request."""
        if self.kind == "digest":
            return {}
        return {"Authorization": aiohttp.encode_basic_auth(self.username, self.password)}

    @cached_property
    def digest(self) -> tuple[aiohttp.DigestAuthMiddleware, ...]:
        """What shows them once it was asked to."""
        return (aiohttp.DigestAuthMiddleware(self.username, self.password),) if self.kind == "digest" else ()


class Trust(NamedTuple):
    """How far a server is believed to be who it says: whether its certificate is checked, and weak ciphers taken."""

    verify_ssl: bool = True
    weak_ciphers: bool = False

    def for_aiohttp(self) -> ssl.SSLContext | bool:
        """Return it as aiohttp takes it."""
        if not self.weak_ciphers:
            return self.verify_ssl
        context = ssl.create_default_context()
        context.set_ciphers(_WEAK_CIPHERS)
        if not self.verify_ssl:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


VERIFIED: Final = Trust()


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask.

    Attributes:
        url: with a scheme; taken as it is where ``is_encoded``, else what has to be is quoted.
        params: added to what the address asks already.
        timeout_s: for all of it, from the connection to the last byte.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    login: Login | None = None
    trust: Trust = VERIFIED
    timeout_s: float = 10.0
    is_encoded: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        place: who answered, for people: the address without what it asks, which may be secret.
        content_type: in lower case, without parameters.
        charset: that the headers name, or None.
    """

    place: str
    status: int
    headers: Mapping[str, str]
    content_type: str
    charset: str | None
    body: bytes

    def text(self, encoding: str = "utf-8") -> str:
        """Return the body as text: in the charset of the headers, else, or where that fails, in ``encoding``.

        Raises:
            NoAnswer: it is no text in either.
        """
        for name in (self.charset or encoding, encoding):
            try:
                return self.body.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
        raise NoAnswer(f"{self.place} answered what is no text in {encoding}")


class Fetcher:
    """Sends the requests of one section, over one session.

    Args:
        scope: of the plugin; the session ends with it.
    """

    def __init__(self, scope: PluginScope) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._ssl: dict[Trust, ssl.SSLContext | bool] = {}
        scope.on_teardown(self.close)

    async def fetch(self, request: Request) -> Answer:
        """Send ``request`` and return the answer, whatever its status.

        A redirect is followed where it leads to the same host, and not from https back to http.

        Raises:
            NoAnswer: there was none in time, it was too large, or it leads elsewhere.
        """
        url = _address(request)
        place = _shown(url)
        login = request.login
        try:
            async with self._opened().request(
                request.method,
                url,
                headers={**(login.headers if login else {}), **request.headers},
                params=dict(request.params) or None,
                data=request.body,
                middlewares=(_stay_at(url), *(login.digest if login else ())),
                ssl=self._trusting(request.trust),
                timeout=aiohttp.ClientTimeout(total=request.timeout_s),
            ) as response:
                return await _read(place, response)
        except TimeoutError:
            raise NoAnswer(f"{place} did not answer within {request.timeout_s:g} s") from None
        except (aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
            raise NoAnswer(f"{place}: {_told(error)}") from error

    async def close(self) -> None:
        """End the session, and with it what is under way."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=AT_ONCE),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": f"inglenook/{__version__}"},
            )
        return self._session

    def _trusting(self, trust: Trust) -> ssl.SSLContext | bool:
        if trust not in self._ssl:
            self._ssl[trust] = trust.for_aiohttp()
        return self._ssl[trust]


def _address(request: Request) -> URL:
    try:
        url = URL(request.url, encoded=request.is_encoded)
    except ValueError:
        url = URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise NoAnswer("expected an address that begins with http:// or https:// and names a host")
    return url


def _shown(url: URL) -> str:
    """Return an address without name, password and query."""
    return str(url.with_user(None).with_query(None).with_fragment(None))


def _stay_at(url: URL) -> aiohttp.ClientMiddlewareType:
    """Return what refuses to follow a redirect to elsewhere."""

    async def stay(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        if request.url.host != url.host:
            raise NoAnswer(f"{_shown(url)} leads to {_shown(request.url)}; only the host that was named is asked")
        if url.scheme == "https" and request.url.scheme != "https":
            raise NoAnswer(f"{_shown(url)} leads back to http, where everybody can listen")
        return await send(request)

    return stay


async def _read(place: str, response: aiohttp.ClientResponse) -> Answer:
    found = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        found += chunk
        if len(found) > MAX_BODY:
            raise NoAnswer(f"{place} answered more than {MAX_BODY // 1024} KiB")
    content_type, charset = response.content_type.lower(), response.charset
    return Answer(place, response.status, dict(response.headers), content_type, charset, bytes(found))


def _told(error: Exception) -> str:
    """Return what went wrong, without the address: it may hold secrets."""
    if isinstance(error, aiohttp.InvalidURL):
        return "this is no address"
    if isinstance(error, aiohttp.TooManyRedirects):
        return "it leads in a circle"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"{type(error).__name__}: {error.message or error.status}"
    return str(error) or type(error).__name__
