"""A resource: an address that is asked again and again, and what it answers as text."""

import json
from collections.abc import Mapping
from typing import Any, Final
from xml.parsers.expat import ExpatError

import voluptuous as vol

from inglenook import InglenookError, Templates
from inglenook.values import boolean, one_of, shown, string
from inglenook_outside.answers import NoAnswer
from inglenook_outside.fetching import Answer, Fetcher, Login, Request, Trust
from inglenook_outside.schemas import Config, Keys, Validator, timeout

TIMEOUT_S: Final = 10.0
_XML: Final = ("text/xml", "application/xml", "application/xhtml+xml", "application/rss+xml")
_BAD: Final = 400


def address(value: Any) -> str:
    """Return an address for a request."""
    text = string(value)
    if text.lower().startswith(("http://", "https://")):
        return text
    raise vol.Invalid(f"expected an address that begins with http:// or https://, got {shown(value)}")


def upper(*choices: str) -> Validator:
    """Return a validator of words that may be written in small letters."""
    return vol.All(string, lambda text: text.upper(), one_of(*choices))


def login_keys() -> Keys:
    """Return the keys that say who asks, and how far the answer is trusted."""
    return {
        "authentication": one_of("basic", "digest"),
        "username": string,
        "password": string,
        vol.Optional("verify_ssl", default=True): boolean,
        vol.Optional("timeout", default=TIMEOUT_S): timeout,
    }


def keys(template: Validator) -> Keys:
    """Return the keys that say what is asked."""
    return {
        "resource": address,
        "resource_template": template,
        vol.Optional("method", default="GET"): upper("GET", "POST"),
        "payload": string,
        "payload_template": template,
        "headers": {string: template},
        "params": {string: template},
        **login_keys(),
        vol.Optional("ssl_cipher_list", default="python_default"): one_of(
            "python_default", "modern", "intermediate", "insecure"
        ),
        vol.Optional("encoding", default="UTF-8"): _encoding,
    }


def one_resource(config: Config) -> Config:
    """Return settings that name a resource in one way, and raise ``vol.Invalid`` for others."""
    for first in ("resource", "payload"):
        if first in config and f"{first}_template" in config:
            raise vol.Invalid(f"expected either {first} or {first}_template, got both")
    if "resource" in config or "resource_template" in config:
        return config
    raise vol.Invalid("expected resource or resource_template, got neither")


def _encoding(value: Any) -> str:
    name = string(value)
    try:
        "".encode(name)
    except LookupError:
        raise vol.Invalid(f"expected an encoding like UTF-8, got {shown(value)}") from None
    return name


class Resource:
    """What is asked, with its templates filled in each time.

    Args:
        fetcher: sends the requests.
        templates: compiles them.
        config: validated, as of :func:`keys`.
    """

    def __init__(self, fetcher: Fetcher, templates: Templates, config: Config) -> None:
        self._fetcher = fetcher
        self._config = config
        self._url = templates.compile(config["resource_template"]) if "resource_template" in config else None
        self._body = templates.compile(config["payload_template"]) if "payload_template" in config else None
        self._headers = templates.compile_tree(config.get("headers", {}))
        self._params = templates.compile_tree(config.get("params", {}))
        self._login = login_of(config)
        self._trust = Trust(config["verify_ssl"], config.get("ssl_cipher_list") == "insecure")

    async def ask(self) -> str:
        """Return what it answers as text; XML becomes JSON.

        Raises:
            NoAnswer: it did not answer, or with an error that says nothing a template could read.
        """
        answer = await self.send(self._config["method"], self._filled_in_url(), self._filled_in_body())
        if answer.status >= _BAD and not _is_told(answer):
            raise NoAnswer(f"{answer.place} answered with status {answer.status}")
        text = answer.text(self._config["encoding"])
        return _as_json(answer.place, text) if answer.content_type in _XML else text

    async def send(self, method: str, url: str, body: bytes | None) -> Answer:
        """Send a request with the headers and parameters of the resource and return the answer.

        Raises:
            NoAnswer: there was none.
        """
        try:
            headers, params = self._headers({}), self._params({})
        except InglenookError as error:
            raise NoAnswer(str(error)) from error
        return await self._fetcher.fetch(
            Request(
                method,
                url,
                texts(headers),
                texts(params),
                body,
                self._login,
                self._trust,
                self._config["timeout"],
            )
        )

    def _filled_in_url(self) -> str:
        if self._url is None:
            return str(self._config["resource"])
        try:
            return self._url.render_text()
        except InglenookError as error:
            raise NoAnswer(f"resource_template: {error}") from error

    def _filled_in_body(self) -> bytes | None:
        if self._body is None:
            payload = self._config.get("payload")
            return payload.encode() if payload else None
        try:
            return self._body.render_text().encode()
        except InglenookError as error:
            raise NoAnswer(f"payload_template: {error}") from error


def login_of(config: Config) -> Login | None:
    """Return who asks, or None."""
    if not config.get("username"):
        return None
    return Login(config["username"], config.get("password", ""), config.get("authentication", "basic"))


def texts(given: Mapping[str, Any]) -> dict[str, str]:
    """Return headers or parameters as text; what is None is left out."""
    return {
        str(name): str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in given.items()
        if value is not None
    }


def _is_told(answer: Answer) -> bool:
    """Return whether an answer is for programs, so that a template may make something of an error."""
    return answer.content_type in (*_XML, "application/json", "text/json") or answer.content_type.endswith("+json")


def _as_json(place: str, text: str) -> str:
    import xmltodict  # noqa: PLC0415 - a parser that a home without XML saves

    try:
        return json.dumps(xmltodict.parse(text))
    except (ExpatError, ValueError, RecursionError) as error:
        raise NoAnswer(f"{place} answered XML that cannot be read: {error}") from error
