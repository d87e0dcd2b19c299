"""Commands about integrations: what was set up, what there is, how the system is. Nothing here is set up by clients."""

import logging
import platform
import sys
from datetime import UTC, datetime
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.home import Home
from inglenook.version import HA_VERSION, __version__
from inglenook.web import entries
from inglenook.web.commands.command import CommandError, Commands, Request
from inglenook.web.commands.fields import texts
from inglenook.web.descriptions import components_of

COMMANDS: Final = Commands()
_FILTER: Final = {"type_filter": vol.Any(None, texts), "domain": str}


@COMMANDS.command("config_entries/get", Permission.ADMIN, _FILTER)
def get_entries(request: Request) -> list[dict[str, Any]]:
    """Return the helpers that were set up as integrations."""
    return _entries(request)


@COMMANDS.command("config_entries/subscribe", Permission.ADMIN, _FILTER)
def subscribe_entries(request: Request) -> None:
    """Send the same as an event. They do not change while the home runs."""
    request.accept()
    request.subscribe()
    request.event([{"type": None, "entry": entry} for entry in _entries(request)])


@COMMANDS.command("config_entries/flow/progress", Permission.ADMIN)
def flows(request: Request) -> list[Any]:
    """Return the set-ups that are going on, of which there are none."""
    del request
    return []


@COMMANDS.command("config_entries/flow/subscribe", Permission.ADMIN, {"type_filter": vol.Any(None, texts)})
def subscribe_flows(request: Request) -> None:
    """Send the set-ups that are going on."""
    request.event([])
    request.subscribe()


@COMMANDS.command("entity/source", Permission.READ, {"entity_id": texts})
def sources(request: Request) -> dict[str, dict[str, str]]:
    """Return which integration each registered entity comes from."""
    wanted = request.data.get("entity_id")
    return {
        entry.entity_id: {"domain": entry.platform}
        for entry in request.home.registry.entities
        if entry.entity_id in request.home.entities and (wanted is None or entry.entity_id in wanted)
    }


@COMMANDS.command("manifest/list", Permission.READ, {"integrations": texts})
def list_manifests(request: Request) -> list[dict[str, Any]]:
    """Return what is told of integrations, of all by default."""
    wanted = request.data.get("integrations")
    return [_manifest(domain) for domain in _domains(request.home) if wanted is None or domain in wanted]


@COMMANDS.command("manifest/get", Permission.READ, {vol.Required("integration"): str})
def get_manifest(request: Request) -> dict[str, Any]:
    """Return what is told of one integration."""
    domain = request.data["integration"]
    if domain not in _domains(request.home):
        raise CommandError("not_found", "Integration not found")
    return _manifest(domain)


@COMMANDS.command("integration/descriptions", Permission.READ)
def descriptions(request: Request) -> dict[str, dict[str, Any]]:
    """Return what a client could set up, which is nothing: the configuration is where that is done."""
    del request
    return {
        "core": {"integration": {}, "helper": {}, "translated_name": []},
        "custom": {"integration": {}, "helper": {}},
    }


@COMMANDS.command("integration/setup_info", Permission.ADMIN)
def setup_info(request: Request) -> list[Any]:
    """Return how long each integration took to start, which is not measured one by one."""
    del request
    return []


@COMMANDS.command("integration/wait", Permission.ADMIN, {vol.Required("domain"): str})
def wait(request: Request) -> dict[str, bool]:
    """Say whether an integration is set up. Nothing is at work on one while clients are answered."""
    return {"integration_loaded": request.data["domain"] in _domains(request.home)}


@COMMANDS.command("config_entries/get_single", Permission.ADMIN, {vol.Required("entry_id"): str})
def get_entry(request: Request) -> dict[str, Any]:
    """Return one helper that was set up as an integration."""
    return {"config_entry": _entry(request)}


@COMMANDS.command("config_entries/subentries/list", Permission.ADMIN, {vol.Required("entry_id"): str})
def list_subentries(request: Request) -> list[Any]:
    """Return the parts of a helper that was set up as an integration: it has none."""
    _entry(request)
    return []


@COMMANDS.command(
    "config_entries/disable",
    Permission.ADMIN,
    {vol.Required("entry_id"): str, vol.Required("disabled_by"): vol.Any(None, "user")},
)
def disable_entry(request: Request) -> None:
    """Refuse to turn a helper off as a whole; its entity can be."""
    _entry(request)
    raise CommandError("not_supported", "A helper is not disabled as a whole; disable its entity.")


@COMMANDS.command(
    "config_entries/ignore_flow", Permission.ADMIN, {vol.Required("flow_id"): str, vol.Required("title"): str}
)
def ignore_flow(request: Request) -> None:
    """Refuse to ignore what was discovered: nothing is set up in steps here."""
    raise CommandError("not_found", f"There is no flow {request.data['flow_id']:.80}")


@COMMANDS.command("application_credentials/list", Permission.ADMIN)
def credentials(request: Request) -> list[Any]:
    """Return with what the home logs in elsewhere, which is nothing."""
    del request
    return []


@COMMANDS.command("application_credentials/config", Permission.ADMIN)
def credentials_config(request: Request) -> dict[str, Any]:
    """Return what could log in elsewhere, which is nothing."""
    del request
    return {"domains": [], "integrations": {}}


@COMMANDS.command("logger/log_info", Permission.ADMIN)
def log_info(request: Request) -> list[dict[str, Any]]:
    """Return at which level integrations log."""
    return [
        {"domain": domain, "level": logging.getLogger(f"inglenook_{domain}").getEffectiveLevel()}
        for domain in _domains(request.home)
    ]


@COMMANDS.command("system_health/info", Permission.ADMIN)
def system_health(request: Request) -> None:
    """Send how the system is."""
    home = request.home
    info = {
        "version": HA_VERSION,
        "inglenook_version": __version__,
        "installation_type": "inglenook",
        "python_version": platform.python_version(),
        "os_name": platform.system(),
        "os_version": platform.release(),
        "arch": platform.machine(),
        "virtualenv": sys.prefix != sys.base_prefix,
        "timezone": home.settings.time_zone,
        "config_dir": str(home.settings.config_dir),
        "entities": len(home.states),
        **request.house.engine.statistics(),
    }
    request.accept()
    request.subscribe()
    begins = {"type": "date", "value": datetime.fromtimestamp(request.house.history.begins_at, UTC).isoformat()}
    past = {"oldest_recorder_run": begins, "current_recorder_run": begins, "database_engine": "memory"}
    request.event({"type": "initial", "data": {"homeassistant": {"info": info}, "recorder": {"info": past}}})
    request.event({"type": "finish"})


def _entry(request: Request) -> dict[str, Any]:
    for helper in request.house.stores.helpers:
        if helper.entry_id == request.data["entry_id"]:
            return entries.config_entry(helper)
    raise CommandError("not_found", "Config entry not found")


def _entries(request: Request) -> list[dict[str, Any]]:
    domain, kinds = request.data.get("domain"), request.data.get("type_filter")
    if kinds is not None and "helper" not in kinds:
        return []
    return [
        entries.config_entry(helper)
        for helper in request.house.stores.helpers
        if helper.entry_id and domain in (None, helper.kind)
    ]


def _domains(home: Home) -> list[str]:
    return [name for name in components_of(home) if "." not in name]


def _manifest(domain: str) -> dict[str, Any]:
    return {
        "codeowners": [],
        "config_flow": False,
        "dependencies": [],
        "domain": domain,
        "integration_type": "hub",
        "is_built_in": True,
        "name": domain.replace("_", " ").capitalize(),
        "overwrites_built_in": False,
        "requirements": [],
    }
