"""Commands about where the home is reached and how it listens. The configuration is where that is changed."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.config.settings import DEFAULT_PORT, Http
from inglenook.web.commands.command import CommandError, Commands, Request

COMMANDS: Final = Commands()


@COMMANDS.command("network/url", Permission.ADMIN)
def urls(request: Request) -> dict[str, str | None]:
    """Return under which addresses the home is reached."""
    settings = request.home.settings
    return {"internal": settings.internal_url, "external": settings.external_url, "cloud": None}


@COMMANDS.command("http/config", Permission.ADMIN)
def http_config(request: Request) -> dict[str, Any]:
    """Return how the home listens. It is as the configuration says, so that nothing waits to be confirmed."""
    return {
        "stable": _shown(request.house.http),
        "pending": None,
        "active_config_type": "stable",
        "default": {"server_port": DEFAULT_PORT},
    }


@COMMANDS.command("http/config/configure", Permission.ADMIN, {vol.Required("config"): vol.Any(None, dict)})
def configure_http(request: Request) -> None:
    """Refuse to change how the home listens."""
    raise CommandError(
        "not_supported", "How the home listens stands in its configuration under http:; change it there."
    )


def _shown(http: Http) -> dict[str, Any]:
    """Return the settings under the names of the wire."""
    tls = http.tls
    return {
        "server_host": [http.host],
        "server_port": http.port,
        "ssl_certificate": str(tls.certificate) if tls else None,
        "ssl_key": str(tls.key) if tls else None,
        "cors_allowed_origins": list(http.cors_allowed_origins),
        "use_x_forwarded_for": http.use_x_forwarded_for,
        "trusted_proxies": [str(network) for network in http.trusted_proxies],
        "use_x_frame_options": http.use_x_frame_options,
        "ip_ban_enabled": http.ip_ban_enabled,
        "login_attempts_threshold": http.login_attempts_threshold,
    }
