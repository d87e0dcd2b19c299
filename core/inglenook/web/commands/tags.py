"""Commands that list, make, change and remove tags."""

from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.web.commands.command import Commands, Request
from inglenook.web.commands.fields import optional_text

COMMANDS: Final = Commands()
_TEXT: Final = vol.All(str, vol.Length(max=1_000))
_ABOUT: Final = {"name": _TEXT, "description": _TEXT}
_WHICH: Final = {vol.Required("tag_id"): str}


@COMMANDS.command("tag/list", Permission.READ)
def list_tags(request: Request) -> list[dict[str, Any]]:
    """Return the tags."""
    return request.house.tags.all()


@COMMANDS.command("tag/create", Permission.ADMIN, {"tag_id": optional_text, **_ABOUT})
async def create_tag(request: Request) -> dict[str, Any]:
    """Add a tag."""
    about = dict(request.data)
    made = request.house.tags.create(about.pop("tag_id", None), about)
    await request.home.store.flush()
    return made


@COMMANDS.command("tag/update", Permission.ADMIN, {**_WHICH, **_ABOUT})
async def update_tag(request: Request) -> dict[str, Any]:
    """Change what a tag is called."""
    changes = dict(request.data)
    changed = request.house.tags.update(changes.pop("tag_id"), changes)
    await request.home.store.flush()
    return changed


@COMMANDS.command("tag/delete", Permission.ADMIN, _WHICH)
async def delete_tag(request: Request) -> None:
    """Forget a tag."""
    request.house.tags.delete(request.data["tag_id"])
    await request.home.store.flush()
