"""Our own keys of a configuration: their schema, and what they become."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import voluptuous as vol

from inglenook.config.trees import key_position, value_position
from inglenook.config.values import (
    between,
    boolean,
    ensure_list,
    entity_id,
    float_,
    integer,
    one_of,
    positive_duration,
    positive_float,
    shown,
    string,
    text,
)
from inglenook.devices.limits import DeviceLimits
from inglenook.errors import Position
from inglenook.home import Settings
from inglenook.model import NO_DATA

Synchronous = Literal["normal", "full"]
Network = IPv4Network | IPv6Network

DEFAULT_PORT: Final = 8123
DEFAULT_RULES: Final = "rules"
DEFAULT_DATA: Final = "data"


@dataclass(frozen=True, slots=True)
class Tls:
    """The certificate that the home shows, and its key: PEM files, absolute paths."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Http:
    """Where the home listens, whether it says so, and whom it believes.

    Attributes:
        port: 0 takes any free one.
        announce: whether devices in the local network are told; None if devices there can reach the home. Addresses
            are those to announce, in place of all that the home listens on.
        use_x_forwarded_for: whether a proxy of ``trusted_proxies`` is believed who its clients are.
        trusted_proxies: networks; what others say of their clients is believed of nobody.
        cors_allowed_origins: whose pages may use the API in a browser, beside our own.
        ip_ban_enabled: whether an address is shut out after ``login_attempts_threshold`` failed log-ins; -1: never.
        use_x_frame_options: whether pages of others are kept from showing ours in a frame.
        metrics_from: networks that may read ``/metrics`` without a token.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    tls: Tls | None = None
    announce: bool | tuple[str, ...] | None = None
    use_x_forwarded_for: bool = False
    trusted_proxies: tuple[Network, ...] = ()
    cors_allowed_origins: tuple[str, ...] = ()
    ip_ban_enabled: bool = True
    login_attempts_threshold: int = 10
    use_x_frame_options: bool = True
    metrics_from: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Data:
    """Where the home keeps what it must remember, and how sure it is of the disk (see ``Store``)."""

    folder: Path
    synchronous: Synchronous = "normal"


@dataclass(frozen=True, slots=True)
class HistoryLimits:
    """How much of the past is kept: whichever bound is reached first counts.

    Attributes:
        keep: seconds.
        max: changes.
        max_mb: megabytes that they may take, as far as that can be told.
    """

    keep: float = 86_400.0
    max: int = 20_000
    max_mb: float = 16.0


class PluginConfig(NamedTuple):
    """What the configuration says to one plugin: its settings, unchecked, and where they stand."""

    settings: Any
    position: Position | None


@dataclass(frozen=True, slots=True)
class Customize:
    """Attributes that the person of the house adds to states: by entity id, by domain, by pattern of the entity id."""

    entities: dict[str, Any] = field(default_factory=dict)
    domains: dict[str, Any] = field(default_factory=dict)
    globs: dict[str, Any] = field(default_factory=dict)

    def attributes_of(self, entity_id: str) -> Mapping[str, Any]:
        """Return the attributes for one entity; the pattern wins over the domain, the id over both."""
        if not (self.globs or self.domains or self.entities):
            return NO_DATA
        fitting = [attributes for pattern, attributes in self.globs.items() if fnmatchcase(entity_id, pattern)]
        found: dict[str, Any] = {}
        for attributes in (self.domains.get(entity_id.partition(".")[0]), *fitting, self.entities.get(entity_id)):
            found.update(attributes or {})  # a package may leave it empty
        return found


def _time_zone(value: Any) -> str:
    try:
        return ZoneInfo(string(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise vol.Invalid(f"expected a time zone like Europe/Amsterdam, got {shown(value)}") from None


def _unit_system(value: Any) -> Any:
    name = one_of("metric", "us_customary", "imperial")(value)
    return "us_customary" if name == "imperial" else name


def _code(length: int, example: str) -> Any:
    def validate(value: Any) -> str:
        code = string(value)
        if len(code) == length and code.isascii() and code.isalpha():
            return code.upper()
        raise vol.Invalid(f"expected a code like {example}, got {shown(value)}")

    return validate


def _url(value: Any) -> str:
    url = string(value)
    if url.startswith(("http://", "https://")):
        return url.rstrip("/")
    raise vol.Invalid(f"expected an address that begins with http:// or https://, got {shown(value)}")


def _announce(value: Any) -> bool | tuple[str, ...] | None:
    if value == "auto":
        return None
    if isinstance(value, list) and value:
        return tuple(_address(one) for one in value)
    try:
        return boolean(value)
    except vol.Invalid:
        what = "expected auto, true, false or a list of addresses of this machine"
        raise vol.Invalid(f"{what}, got {shown(value)}") from None


def _address(value: Any) -> str:
    try:
        return str(ip_address(string(value)))
    except ValueError:
        raise vol.Invalid(f"expected an IP address like 192.168.1.2, got {shown(value)}") from None


def _network(value: Any) -> Network:
    try:
        return ip_network(string(value), strict=False)
    except ValueError:
        raise vol.Invalid(f"expected an address or network like 192.168.1.0/24, got {shown(value)}") from None


def _origin(value: Any) -> str:
    origin = string(value).rstrip("/")
    try:
        parts = urlsplit(origin)
        is_right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_right = False
    if origin == "*" or (is_right and origin == f"{parts.scheme}://{parts.netloc}" and "@" not in origin):
        return origin.lower()
    raise vol.Invalid(f"expected an origin like https://dashboard.example, or *, got {shown(value)}")


def _threshold(value: Any) -> int:
    number: int = integer(value)
    if number == -1 or number >= 1:
        return number
    raise vol.Invalid(f"expected a number of log-ins from 1, or -1 for never, got {shown(value)}")


def _optional_mapping(value: Any) -> Any:
    if value is None or isinstance(value, dict):
        return value or {}
    raise vol.Invalid(f"expected a mapping, got {shown(value)}")


def _section(schema: dict[Any, Any]) -> Any:
    """Return a schema for a key that may stand there empty."""
    return vol.All(_optional_mapping, vol.Schema(schema))  # a schema of its own: extra keys are refused here


def _limit(limit: dataclasses.Field[Any]) -> Any:
    if isinstance(limit.default, int):
        return between(integer, 1)
    return between(float_, 0.1) if limit.name == "rate_per_s" else positive_duration


_attributes: Final = vol.All(_optional_mapping, {string: object})

HOMEASSISTANT: Final = {
    "name": string,
    "latitude": between(float_, -90, 90),
    "longitude": between(float_, -180, 180),
    "elevation": float_,
    "radius": positive_float,
    "unit_system": _unit_system,
    "time_zone": _time_zone,
    "currency": _code(3, "EUR"),
    "country": vol.Any(None, _code(2, "NL")),
    "language": string,
    "internal_url": vol.Any(None, _url),
    "external_url": vol.Any(None, _url),
}
CUSTOMIZE: Final = {
    "customize": vol.All(_optional_mapping, {entity_id: _attributes}),
    "customize_domain": vol.All(_optional_mapping, {string: _attributes}),
    "customize_glob": vol.All(_optional_mapping, {string: _attributes}),
}
HTTP: Final = {
    "host": string,
    "port": between(integer, 0, 65535),
    "tls": {vol.Required("certificate"): text, vol.Required("key"): text},
    "announce": _announce,
    "use_x_forwarded_for": boolean,
    "trusted_proxies": vol.All(ensure_list, [_network]),
    "cors_allowed_origins": vol.All(ensure_list, [_origin]),
    "ip_ban_enabled": boolean,
    "login_attempts_threshold": _threshold,
    "use_x_frame_options": boolean,
    "metrics_from": vol.All(ensure_list, [_network]),
}
DEVICES: Final = {limit.name: _limit(limit) for limit in dataclasses.fields(DeviceLimits)}
ALLOW: Final = {"programs": boolean}
HISTORY: Final = {"keep": positive_duration, "max": between(integer, 1), "max_mb": between(float_, 0.1)}
DATA: Final = {"folder": text, "synchronous": one_of("normal", "full")}

# Home Assistant's keys that have no effect here. Those of homeassistant: are about its own folders, log-in and
# interface, and nobody misses them; those of http: a person may rely on, and is told.
_TOLERATED: Final = (
    "allowlist_external_dirs", "allowlist_external_urls", "auth_mfa_modules", "auth_providers", "debug",
    "legacy_templates", "media_dirs", "temperature_unit", "webrtc",
)  # fmt: skip
HTTP_WITHOUT_EFFECT: Final = ("base_url", "ssl_certificate", "ssl_key", "ssl_peer_certificate", "ssl_profile")
SERVER_HOST: Final = "server_host"
_SERVER_PORT: Final = "server_port"
_HTTP_THERE: Final = {SERVER_HOST: vol.All(ensure_list, [string], vol.Length(min=1)), _SERVER_PORT: HTTP["port"]}
HISTORY_WITHOUT_EFFECT: Final = ("exclude", "include", "use_include_order")

SCHEMA: Final = vol.Schema(
    {
        "homeassistant": _section(
            {**HOMEASSISTANT, **CUSTOMIZE, "packages": object, **dict.fromkeys(_TOLERATED, object)}
        ),
        "http": _section({**HTTP, **_HTTP_THERE, **dict.fromkeys(HTTP_WITHOUT_EFFECT, object)}),
        "devices": _section(DEVICES),
        "rules": vol.All(ensure_list, [text]),
        "plugins": vol.Any(None, {string: object}, [string], msg="expected a list of names, or a mapping"),
        "allow": _section(ALLOW),
        "data": _section(DATA),
        "history": _section({**HISTORY, **dict.fromkeys(HISTORY_WITHOUT_EFFECT, object)}),
    },
    extra=vol.ALLOW_EXTRA,
)
OWN_KEYS: Final = frozenset(SCHEMA.schema)


def make_http(own: dict[str, Any], folder: Path) -> Http:
    """Return the validated ``http`` of ``own``; paths are relative to ``folder``.

    Home Assistant's ``server_host``, of which the first counts, and ``server_port`` stand in for ``host`` and ``port``.
    """
    said = own.get("http", {})
    given = {key: value for key, value in said.items() if key in HTTP}
    if SERVER_HOST in said:
        given.setdefault("host", said[SERVER_HOST][0])
    if _SERVER_PORT in said:
        given.setdefault("port", said[_SERVER_PORT])
    if "tls" in given:
        given["tls"] = Tls(**{name: folder / path for name, path in given["tls"].items()})
    for name in ("trusted_proxies", "cors_allowed_origins", "metrics_from"):
        given[name] = tuple(given.get(name, ()))
    return Http(**given)


def make_history(own: dict[str, Any]) -> HistoryLimits:
    """Return the validated ``history`` of ``own``."""
    return HistoryLimits(**{key: value for key, value in own.get("history", {}).items() if key in HISTORY})


def make_data(own: dict[str, Any], folder: Path, given: Path | None) -> Data:
    """Return the validated ``data`` of ``own``; a folder ``given`` on the command line wins."""
    data = own.get("data", {})
    return Data(given or folder / data.get("folder", DEFAULT_DATA), data.get("synchronous", "normal"))


def make_settings(own: dict[str, Any], folder: Path, data_folder: Path, otherwise: dict[str, Any]) -> Settings:
    """Return the validated ``homeassistant`` and ``allow`` of ``own``; ``otherwise`` are those it does not mention."""
    given = {key: value for key, value in own.get("homeassistant", {}).items() if key in HOMEASSISTANT}
    allowed = {f"allow_{name}": own.get("allow", {}).get(name, False) for name in ALLOW}
    written = frozenset(given)
    return Settings(**{**otherwise, **given, **allowed}, config_dir=folder, data_dir=data_folder, written=written)


def make_plugins(own: dict[str, Any], tree: Any) -> dict[str, PluginConfig]:
    """Return the validated ``plugins`` of ``own`` by name, in order; ``tree`` is what stands there, with places."""
    plugins = own.get("plugins") or {}
    names = dict.fromkeys(plugins) if isinstance(plugins, list) else plugins
    keys = {name: plugins.index(name) for name in names} if isinstance(plugins, list) else {}
    return {
        name: PluginConfig(settings, value_position(tree, keys[name]) if keys else key_position(tree, name))
        for name, settings in names.items()
    }
