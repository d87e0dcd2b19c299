"""A home that runs with its last good configuration says so, wherever a person may look."""

import logging
from typing import Final

from inglenook.config.configuration import Configuration
from inglenook.errors import ConfigErrors
from inglenook.home import Home

_log = logging.getLogger(__name__)

_WHAT: Final = "the configuration cannot be read; the home runs with what it last was"
_HINT: Final = "Mend it, then call homeassistant.reload_all or restart the home."


def tell_of_stale(home: Home, configuration: Configuration) -> None:
    """Log it and leave a notification, if it is so. Called once the plugin of notifications is set up."""
    if not configuration.stale:
        return
    errors = ConfigErrors(configuration.stale)
    _log.error("%s:\n%s", _WHAT, errors)
    if home.services.has("persistent_notification", "create"):
        message = f"{_WHAT.capitalize()}:\n\n{errors}\n\n{_HINT}"
        data = {"notification_id": "configuration", "title": "Configuration", "message": message}
        home.services.start("persistent_notification", "create", data)
