"""What ``inglenook run`` shows: where the home listens, what goes wrong, which rule ran and why."""

import logging
from typing import TYPE_CHECKING, Final, TextIO

from rich.console import Console as RichConsole
from rich.markup import escape

from inglenook.clock import Clock
from inglenook.errors import ConfigErrors
from inglenook.rules import Outcome, RuleEngine, RunRecord
from inglenook.rules.description import steps_text
from inglenook.version import __version__

if TYPE_CHECKING:
    from inglenook.server.running import HomeServer

MOST_RUNS: Final = 10  # that are shown one by one, in
RUNS_S: Final = 1.0

_STYLES: Final = {"ERROR": "bold red", "CRITICAL": "bold red", "WARNING": "yellow", "DEBUG": "dim"}
_MARKS: Final = {Outcome.FINISHED: "[green]✓[/]", Outcome.ERROR: "[red]✗[/]"}
_OTHER_MARK: Final = "[yellow]•[/]"


class Console:
    """Writes lines to ``stream``: coloured in a terminal, plain in a file or journal."""

    def __init__(self, stream: TextIO) -> None:
        self._rich = RichConsole(file=stream, soft_wrap=True, highlight=False)
        self._clock = Clock()

    def log_handler(self) -> logging.Handler:
        """Return a handler that shows log records as lines of this console."""
        return _LogHandler(self)

    def show_started(self, server: "HomeServer") -> None:
        """Show that the home runs, where, and what is wrong with its configuration; then each run of a rule."""
        settings, gateway = server.configuration.settings, server.gateway
        rules, entities = len(server.engine.rules), len(server.home.entities)
        scripts = len(server.engine.listed_scripts)
        secure = "s" if server.configuration.http.tls else ""
        host = f"[{gateway.host}]" if ":" in gateway.host else gateway.host
        for problem in server.problems:
            for one in problem.errors if isinstance(problem, ConfigErrors) else (problem,):
                self._rich.print(f"[yellow]![/] {escape(str(one))}")
        self._rich.print(f"[bold]inglenook {__version__}[/]  {escape(settings.name)}")
        self._rich.print(
            f"{rules} rules, {scripts} scripts, {entities} entities, data in {escape(str(settings.data_dir))}"
        )
        self._rich.print(f"devices connect to [bold]ws{secure}://{host}:{gateway.port}/api/device[/]")
        if server.onboarding_code:
            address = f"http{secure}://{host}:{gateway.port}/onboarding?code={server.onboarding_code}"
            self._rich.print(f"nobody looks after this home yet; take it over at [bold]{address}[/]")
        self._rich.print(f"listening on [bold]http{secure}://{host}:{gateway.port}[/], stop with Ctrl-C")
        server.engine.on_run.append(_RunLines(self, server.engine, server.home.clock).tell)

    def show_run(self, engine: RuleEngine, run: RunRecord) -> None:
        """Show one run of a rule: its name, what triggered it, what it did."""
        took = f"{run.duration_s * 1000:.1f} ms" if run.duration_s < 1 else f"{run.duration_s:.1f} s"
        rule = engine.rule_of(run.entity_id)
        did = steps_text(rule.raw, run.last_steps) if rule else ""
        if run.outcome is not Outcome.FINISHED:
            did = f"{run.error or run.outcome.value} ({did})" if did else run.error or run.outcome.value
        mark = _MARKS.get(run.outcome, _OTHER_MARK)
        why = f"[dim]because of[/] {escape(run.trigger)}" if run.trigger else "[dim]because it was called[/]"
        self.print(f"{mark} [bold]{escape(run.rule)}[/]  {why}  → {escape(did)}  [dim]{took}[/]")

    def print(self, markup: str) -> None:
        """Write one line of rich markup, behind the time of day."""
        self._rich.print(f"[dim]{self._clock.utc().astimezone():%H:%M:%S}[/] {markup}")


class _RunLines:
    """Shows the runs of rules, of a crowd only the first, then how many more: a line costs more than a run."""

    def __init__(self, console: Console, engine: RuleEngine, clock: Clock) -> None:
        self._console = console
        self._engine = engine
        self._clock = clock
        self._shown = 0
        self._more = 0

    def tell(self, run: RunRecord) -> None:
        """Show a run, or count it."""
        if self._shown == MOST_RUNS:
            self._more += 1
            return
        if not self._shown:
            self._clock.call_later(RUNS_S, self._begin_anew)
        self._shown += 1
        self._console.show_run(self._engine, run)

    def _begin_anew(self) -> None:
        more, self._more, self._shown = self._more, 0, 0
        if more:
            self._console.print(f"[dim]… and {more} more runs of rules[/]")


class _LogHandler(logging.Handler):
    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        style = _STYLES.get(record.levelname, "")
        text = escape(self.format(record))
        self._console.print(f"[{style}]{record.levelname.lower()}[/] {text}" if style else text)
