"""All that the frontend shows beside states: what it remembers, dashboards, messages and issues of one home."""

from pathlib import Path

from inglenook.config.frontend import Frontend
from inglenook.config.lovelace import Lovelace
from inglenook.home import Home
from inglenook.web.frontend.dashboards import Dashboards
from inglenook.web.frontend.file_dashboards import FileDashboards
from inglenook.web.frontend.issues import Issues, Problems
from inglenook.web.frontend.memory import FrontendMemory
from inglenook.web.frontend.notices import Notices


class Surface:
    """What commands and pages of the frontend read and change; made before the plugins, so that it hears them all.

    Args:
        home: whose frontend it is; its store is open.
        frontend: what the configuration says.
        problems: returns what is wrong or seldom meant in the configuration; None for nothing.
        lovelace: what the configuration says of dashboards.
        folder: where its files are; None for a home without files.
    """

    def __init__(
        self,
        home: Home,
        frontend: Frontend | None = None,
        problems: Problems | None = None,
        lovelace: Lovelace | None = None,
        folder: Path | None = None,
    ) -> None:
        self.memory = FrontendMemory(home, frontend)
        self.dashboards = Dashboards(self.memory, home.bus, FileDashboards(lovelace or Lovelace(), folder, home.bus))
        self.notices = Notices(home.bus)
        self.issues = Issues(problems or tuple, self.memory, home.bus, home.clock)
