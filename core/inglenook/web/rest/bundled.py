"""The house's own routes of the client API, family by family."""

from typing import Final

from inglenook.web.rest import home
from inglenook.web.rest.routes import Route

BUNDLED: Final[tuple[Route, ...]] = (*home.ROUTES,)
