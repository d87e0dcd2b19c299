"""Commands about media that can be played: a home keeps none itself, and says so."""

from typing import Any, Final, NoReturn

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.web.commands.command import CommandError, Commands, Request

COMMANDS: Final = Commands()
_ROOT: Final = "media-source://"
_WHICH: Final = {vol.Required("media_content_id"): str}


@COMMANDS.command("media_source/browse_media", Permission.READ, {vol.Optional("media_content_id", default=""): str})
def browse_sources(request: Request) -> dict[str, Any]:
    """Return where media come from: nowhere."""
    wanted = request.data["media_content_id"]
    if wanted not in ("", _ROOT):
        raise CommandError("browse_media_failed", f"There are no media {wanted!r:.80}.")
    return {
        "title": "Media Sources",
        "media_class": "app",
        "media_content_type": "apps",
        "media_content_id": _ROOT,
        "children_media_class": "app",
        "can_play": False,
        "can_expand": True,
        "can_search": False,
        "thumbnail": None,
        "not_shown": 0,
        "children": [],
    }


@COMMANDS.command("media_source/resolve_media", Permission.READ, {**_WHICH, "expires": int})
def resolve(request: Request) -> NoReturn:
    """Refuse to say where media can be fetched: there are none."""
    raise CommandError("resolve_media_failed", f"There are no media {request.data['media_content_id']!r:.80}.")


@COMMANDS.command(
    "media_player/browse_media",
    Permission.READ,
    {vol.Required("entity_id"): str, "media_content_id": str, "media_content_type": str},
)
def browse_player(request: Request) -> NoReturn:
    """Refuse to say what a player can play: none tells."""
    entity_id = request.data["entity_id"]
    if not entity_id.startswith("media_player.") or entity_id not in request.home.states:
        raise CommandError("not_found", f"There is no media player {entity_id!r:.80}.")
    raise CommandError("not_supported", "The player does not tell what it can play.")
