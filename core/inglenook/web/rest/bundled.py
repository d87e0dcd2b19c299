"""The house's own routes of the client API, family by family."""

from typing import Final

from inglenook.web.rest import (
    condition,
    config_flows,
    events,
    history,
    home,
    logbook,
    metrics,
    rule_files,
    services,
    states,
    stream,
    templates,
    webhook,
)
from inglenook.web.rest.routes import Route

BUNDLED: Final[tuple[Route, ...]] = (
    *home.ROUTES,
    *states.ROUTES,
    *events.ROUTES,
    *services.ROUTES,
    *templates.ROUTES,
    *condition.ROUTES,
    *config_flows.ROUTES,
    *webhook.ROUTES,
    *stream.ROUTES,
    *metrics.ROUTES,
    *history.ROUTES,
    *logbook.ROUTES,
    *rule_files.ROUTES,
)
