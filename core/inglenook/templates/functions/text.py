"""Functions of text: slugs, hashes, base64, JSON, bytes."""

import base64
import hashlib
import json
import logging
import re
import struct
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from inglenook.registry import slugify
from inglenook.templates.bounds import check_struct
from inglenook.templates.functions.invalid import NO_DEFAULT, default_or_raise
from inglenook.templates.library import Library

_log = logging.getLogger(__name__)

_NOT_FINITE: Final = re.compile("NaN|Infinity")
_ENDINGS: Final = {1: "st", 2: "nd", 3: "rd"}


def offer(library: Library) -> None:
    """Offer the functions of this module."""
    library.offer_all({"slugify": _slug, "pack": pack, "unpack": unpack})
    in_chain = {
        "ordinal": ordinal,
        "ord": ord,
        "from_hex": bytes.fromhex,
        "to_json": to_json,
        "from_json": from_json,
        "base64_encode": base64_encode,
    }
    library.offer_all(in_chain, "f")
    library.offer("base64_decode", base64_decode, "f", "home")
    library.offer_all({name: _digest(name) for name in ("md5", "sha1", "sha256", "sha512")}, "gf", "home")
    library.offer("urlencode", urlencode, "g")


def ordinal(value: Any) -> str:
    """Return the number as it is counted: ``1st``, ``2nd``, ``11th``."""
    number = int(value)
    ending = "th" if number % 100 in (11, 12, 13) else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"


def to_json(value: Any, ensure_ascii: bool = False, pretty_print: bool = False, sort_keys: bool = False) -> str:
    """Return ``value`` as JSON; a number that is not finite is null there, but not with ``ensure_ascii``.

    Raises:
        TypeError: something in it has no JSON form, as times have none.
    """
    indent = 2 if pretty_print else None
    separators = None if ensure_ascii or pretty_print else (",", ":")
    text = json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
    if ensure_ascii or not _NOT_FINITE.search(text):
        return text
    plain = msgspec.json.decode(msgspec.json.encode(value))  # which writes null for what JSON has no number for
    return json.dumps(plain, ensure_ascii=False, indent=indent, separators=separators, sort_keys=sort_keys)


def from_json(text: Any, default: Any = NO_DEFAULT) -> Any:
    """Return what a JSON text says.

    Raises:
        ValueError: it is none and there is no default.
    """
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, TypeError, UnicodeError):
        return default_or_raise(default, "from_json", text)


def base64_encode(value: str | bytes, encoding: str = "utf-8") -> str:
    """Return ``value`` in base64."""
    data = value.encode(encoding) if isinstance(value, str) else value
    return base64.b64encode(data).decode("ascii")


def base64_decode(value: str, encoding: str | None = "utf-8") -> str | bytes:
    """Return what is in a base64 text; as bytes when ``encoding`` is none."""
    data = base64.b64decode(value)
    return data.decode(encoding) if encoding else data


def pack(value: Any, layout: str) -> bytes | None:
    """Return ``value`` as the bytes that ``layout`` (as in Python's ``struct``) describes; none if it does not fit."""
    try:
        check_struct(layout)
        return struct.pack(layout, value)
    except struct.error:
        _log.warning("pack: %r does not fit %r", value, layout)
        return None


def unpack(value: bytes, layout: str, offset: int = 0) -> Any:
    """Return the first value in ``value`` as ``layout`` describes it; none if there are too few bytes."""
    try:
        check_struct(layout)
        return struct.unpack_from(layout, value, offset)[0]
    except struct.error:
        _log.warning("unpack: %r does not fit %r", value, layout)
        return None


def _slug(text: str | bytes | None, separator: str = "_") -> str:
    if text is None:
        return ""
    return slugify(text if isinstance(text, str) else str(text, "utf-8", "ignore"), separator)


def _digest(name: str) -> Callable[[str], str]:
    def digest(text: str) -> str:
        return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

    return digest
