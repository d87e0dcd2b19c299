"""The running home: start its parts from the inside outwards, stop them in reverse."""

import asyncio
import gc
import logging
import signal
import ssl
import sys
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any, Final

from inglenook.auth import Auth
from inglenook.auth.desk import Desk
from inglenook.clock import Clock
from inglenook.config.configuration import Configuration
from inglenook.config.home_settings import HomeSettings
from inglenook.config.log_levels import read_log_levels
from inglenook.errors import ConfigError
from inglenook.extras import DISCOVERY, install_command
from inglenook.history import MemoryHistory
from inglenook.history.recorder import register_recorder
from inglenook.home import Home
from inglenook.model import EVENT_START, EVENT_STARTED, EVENT_STOP
from inglenook.plugins import PluginManager
from inglenook.protocol import VERSION, Advertisement
from inglenook.restore import keep_states, reopen_home
from inglenook.rules import RuleEngine
from inglenook.rules.last_run import find_rule, rule_trace
from inglenook.server.announcer import Announcer, is_local
from inglenook.server.blueprint_shelf import BlueprintShelf, Found
from inglenook.server.entry_reload import register_entry_reload
from inglenook.server.frontend_section import FrontendSection
from inglenook.server.home_services import HomeServices, Process
from inglenook.server.kept_traces import KeptTraces
from inglenook.server.lock import DataLock
from inglenook.server.log_section import LogSection
from inglenook.server.moving_in import FormerStates, move_in, show_vacant
from inglenook.server.notifier import Notifier
from inglenook.server.plugin_loading import load_plugins
from inglenook.server.rule_editing import RuleEditor
from inglenook.server.rule_rows import rule_row
from inglenook.server.rule_sources import RuleSources
from inglenook.server.self_check import SelfCheck
from inglenook.server.stale import tell_of_stale
from inglenook.server.template_section import TemplateSection
from inglenook.server.template_trial import try_template
from inglenook.server.vocabulary import macro_faults, templates_of, vocabulary_of
from inglenook.store import FILE_NAME, Store
from inglenook.templates import Templates
from inglenook.version import __version__
from inglenook.web import Server, make_app, serve
from inglenook.web.app import CLIENTS
from inglenook.web.control import ControlSocket
from inglenook.web.frontend.surface import Surface
from inglenook.web.security import ADMISSION
from inglenook.web.stores import Stores
from inglenook.web.system_log import LogMemory, SystemLog

_log = logging.getLogger(__name__)

STOP_S: Final = 5.0  # from the signal to the end of the process
RESTART_STATUS: Final = 100
KEEP_PARSED_S: Final = 5.0  # after the start
SWITCH_S: Final = 0.001  # how long a thread that reads files or writes the database may keep the loop waiting
GC_THRESHOLDS: Final = (50_000, 20, 50)  # rare collections: what an event makes is freed by its count


class HomeServer:
    """One home from start to stop.

    Args:
        configuration: as read; errors in it were raised when it was.
        host: listen there instead of where the configuration says.
        port: likewise; 0 lets the system choose.

    Attributes:
        log: what was logged last.
        onboarding_code: with which the first person takes the home over; None if somebody looks after it.
        problems: what is wrong or seldom meant in the configuration and the rules, once it has started.
        exit_status: what the process shall end with; ``RESTART_STATUS`` asks whoever started it to do so again.
    """

    def __init__(self, configuration: Configuration, *, host: str | None = None, port: int | None = None) -> None:
        self.configuration = configuration
        self.problems: list[ConfigError] = [*configuration.stale, *configuration.warnings]
        self._host = host if host is not None else configuration.http.host
        self._port = port if port is not None else configuration.http.port
        self._lock = DataLock(configuration.settings.data_dir)
        self._clock = Clock()
        self._notifier = Notifier(self._clock)
        self._stop_asked = asyncio.Event()
        self._check = SelfCheck(configuration)
        self.log = LogMemory()
        self.exit_status = 0
        self.onboarding_code: str | None = None
        self._undo: list[tuple[str, Callable[[], Any]]] = []
        self._templates: Templates
        self._former: FormerStates
        self._history: MemoryHistory
        self._said: HomeSettings
        self._stop_keeping: Callable[[], None]
        self.home: Home
        self.auth: Auth
        self.plugins: PluginManager
        self.engine: RuleEngine
        self._editor: RuleEditor
        self._sources: RuleSources
        self.blueprints: BlueprintShelf
        self.templates: TemplateSection
        self.surface: Surface
        self.gateway: Server

    async def start(self) -> None:
        """Start everything; when this returns, devices can connect and rules run.

        Raises:
            StoreError: the data folder is in use, damaged or cannot be written.
            OSError: the port is in use.
        """
        gc.disable()
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise
        finally:
            gc.enable()
        gc.freeze()  # what was made until now stays for good: no collection looks at it again
        gc.set_threshold(*GC_THRESHOLDS)
        sys.setswitchinterval(SWITCH_S)

    async def stop(self) -> None:
        """Stop in the reverse order of the start, within ``STOP_S``; a part that fails does not keep the others."""
        deadline = asyncio.get_running_loop().time() + STOP_S
        while self._undo:
            what, undo = self._undo.pop()
            try:
                async with asyncio.timeout_at(deadline):
                    result = undo()
                    if asyncio.iscoroutine(result):
                        await result
            except TimeoutError:
                _log.error("stopping %s took too long and was cut off", what)
            except Exception:  # noqa: BLE001 - whatever fails, the rest is stopped and stored
                _log.exception("stopping %s failed", what)

    def ask_to_stop(self) -> None:
        """Make :meth:`run` return once everything has stopped. May be called at any time, from the loop."""
        self._stop_asked.set()

    def ask_to_restart(self) -> None:
        """As :meth:`ask_to_stop`, with the exit status that asks for a new start."""
        self.exit_status = RESTART_STATUS
        self.ask_to_stop()

    async def run(self, ready: Callable[["HomeServer"], object]) -> None:
        """Start, call ``ready``, serve until SIGTERM, SIGINT or :meth:`ask_to_stop`, then stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.ask_to_stop)
        try:
            await self.start()
            ready(self)
            await self._stop_asked.wait()
        finally:
            self._notifier.stopping()
            await self.stop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    # -- the start, from the inside outwards ----------------------------------------------------------------------

    async def _start(self) -> None:
        logging.getLogger().addHandler(self.log)
        self._undo.append(("the memory of the log", lambda: logging.getLogger().removeHandler(self.log)))
        self._lock.acquire()
        self._undo.append(("the lock", self._lock.release))
        self._make_home()
        self._load_auth()
        await self._start_plugins()
        self._start_rules()
        await self._open_gateway()
        self._begin()
        keep = asyncio.get_running_loop().create_task(self._keep_parsed(), name="keep what was parsed")
        self._undo.append(("what was parsed", partial(_end, keep)))
        self._announce()

    def _move_in(self, home: Home) -> None:
        self.problems += move_in(home, self.configuration)

    def _make_home(self) -> None:
        settings, data = self.configuration.settings, self.configuration.data
        store = Store(settings.data_dir / FILE_NAME, self._clock, data.synchronous)
        store.open()
        self._undo.append(("the store", store.close))
        self._said = HomeSettings(store)
        self._said.recall(settings)
        home = self.home = reopen_home(
            settings,
            self._clock,
            store,
            limits=self.configuration.devices,
            customize=self.configuration.customize.attributes_of,
            moving_in=self._move_in,
        )
        self._former = FormerStates(home, self.configuration)
        self._former.restore()
        self.problems += self._former.problems
        show_vacant(home)
        self._history = MemoryHistory(home, self.configuration.history)
        self._history.start()
        register_recorder(home, self._history)
        self._undo.append(("the history", self._history.stop))
        self._templates = templates_of(home, self.configuration.folder)
        self.problems += macro_faults(self._templates)
        self._stop_keeping = keep_states(home)
        frontend = FrontendSection(home, self.configuration, lambda: self.problems)
        self.problems += frontend.problems
        self.surface = frontend.surface
        home.devices.start()
        self._undo.append(("the devices", home.devices.stop))

    def _load_auth(self) -> None:
        self.auth = Auth(self.home.store, self._clock)
        self.auth.load()
        self.auth.start()
        self._undo.append(("the users and tokens", self.auth.stop))

    async def _start_plugins(self) -> None:
        configuration = self.configuration
        self.plugins = PluginManager(self.home, configuration.settings.config_dir, configuration.read_again)
        loaded = load_plugins(self.home, configuration, self.plugins)
        self.problems += [*loaded.errors, *loaded.warnings, *loaded.unhandled]
        self._undo.append(("the plugins", self.plugins.teardown))
        self._undo.append(("the memory of states", self._stop_keeping))
        await self.plugins.setup()

    def _start_rules(self) -> None:
        templates = self._templates
        self._undo.append(("the system log", SystemLog(self.home, self.log).stop))
        process = Process(self.ask_to_stop, self.ask_to_restart)
        levels, problems = read_log_levels(self.configuration.sections)
        self.problems += problems
        self._undo.append(("the levels of the log", LogSection(self.home, levels).stop))
        register_entry_reload(self.home, self.configuration, self.plugins)
        HomeServices(self.home, templates, self.configuration, process, self._check, self._said)
        sources = self._sources = RuleSources(self.configuration, self.home, templates, vocabulary_of(self.plugins))
        self.engine = sources.engine
        self._history.follow(self.engine)
        self._editor = RuleEditor(sources, self.home)
        self.blueprints = BlueprintShelf(sources, _blueprint_at)
        traces = KeptTraces(self.engine, self.home.settings.data_dir, self._clock)
        traces.load()
        self._undo.append(("the traces of the rules", traces.stop))
        self._undo.append(("the rules", self.engine.stop))
        keep = asyncio.get_running_loop().create_task(traces.watch(), name="keep the traces")
        keep.add_done_callback(partial(_tell_of_end, "the traces of rules are kept at the stop alone"))
        self._undo.append(("the watch on the traces", partial(_end, keep)))
        self.problems += dict.fromkeys([*self.configuration.unread, *sources.load()])
        self.templates = TemplateSection(self.configuration, self.engine.workshop, sources.blueprints)
        self.problems += self.templates.load()
        sources.join(self.templates)
        self._undo.append(("the template entities", self.templates.stop))
        watch = asyncio.get_running_loop().create_task(sources.folders.watch(), name="watch the rules folders")
        watch.add_done_callback(partial(_tell_of_end, "the rules folders are watched no more"))
        self._undo.append(("the watch on the rules", partial(_end, watch)))

    async def _open_gateway(self) -> None:
        tls = self.configuration.http.tls
        context = _tls_context(str(tls.certificate), str(tls.key)) if tls else None
        app = make_app(
            self.home,
            auth=self.auth,
            http=self.configuration.http,
            engine=self.engine,
            history=self._history,
            commands=self.plugins.gather("register_commands"),
            log=self.log,
            check=self._check.run,
            stores=Stores(self._said, self.plugins.items, self._editor, self.blueprints, self.configuration.helpers),
            surface=self.surface,
        )
        self.gateway = await serve(self.home, self._host, self._port, context, app=app)
        self._undo.append(("the gateway", self.gateway.close))
        self.onboarding_code = app[ADMISSION].onboarding.code
        settings = self.home.settings
        if settings.internal_url is None:
            settings.internal_url = f"http{'s' if tls else ''}://{_reachable(self._host)}:{self.gateway.port}"
        diagnostics = app[CLIENTS].house.diagnostics
        diagnostics.is_stale = lambda: bool(self._sources.configuration.stale)
        vitals = diagnostics.vitals
        reports = {"rules": self._report_rules, "plugins": self.plugins.report, "vitals": vitals.snapshot}
        desk = Desk(app[ADMISSION], self.home.store)
        lookups = {"trace": self._trace, "template": self._try_template}
        control = ControlSocket(self.home, reports, lookups, desk)
        await control.open()
        self._undo.append(("the control socket", control.close))

    def _begin(self) -> None:
        self._undo.append(("the home", lambda: self.home.bus.fire(EVENT_STOP)))
        self.home.bus.fire(EVENT_START)
        self.templates.start()
        self._former.forget_the_rest()
        self.engine.start()
        self.home.bus.fire(EVENT_STARTED)
        tell_of_stale(self.home, self.configuration)
        self._notifier.ready(f"{__version__} listening on port {self.gateway.port}")

    async def _keep_parsed(self) -> None:
        """Keep what was parsed for the next start, once there is time for it; at the latest when the home stops."""
        try:
            await self._clock.sleep(KEEP_PARSED_S)
        finally:
            await asyncio.to_thread(self.configuration.cache.close)
            await asyncio.to_thread(self.configuration.keep)
            await asyncio.to_thread(self.configuration.memory.settle)

    def _announce(self) -> None:
        """Let devices in the local network find the home, if they may."""
        http = self.configuration.http
        chosen = http.announce
        if chosen is False or (chosen is None and is_local(self.gateway.addresses)):
            return
        if find_spec("zeroconf") is None:  # who asked for it has been warned by the configuration
            _log.info("devices do not find this home by themselves; for that: %s", install_command(DISCOVERY))
            return
        bound = self.gateway.addresses if isinstance(chosen, bool) or chosen is None else chosen
        advertisement = Advertisement(VERSION, is_tls=http.tls is not None)
        announcer = Announcer(self.home.settings.name, self.gateway.port, bound, advertisement, self._clock)
        task = asyncio.get_running_loop().create_task(announcer.run(), name="announce the home")
        task.add_done_callback(partial(_tell_of_end, "the home is announced no more to devices"))
        self._undo.append(("the announcement", partial(_end, task)))

    def _report_rules(self) -> list[dict[str, Any]]:
        return [rule_row(rule) for rule in (*self.engine.rules, *self.engine.listed_scripts)]

    def _try_template(self, text: str) -> dict[str, Any]:
        return try_template(self._templates, text)

    def _trace(self, rule: str) -> dict[str, Any]:
        return rule_trace(find_rule(self.engine, rule))


async def _blueprint_at(url: str) -> Found:
    from inglenook.web.blueprint_sources import find_blueprint, get_https  # noqa: PLC0415 - most homes never ask

    return Found(*await find_blueprint(url, get_https))


def _reachable(host: str) -> str:
    """Return where this machine reaches a server that listens on ``host``."""
    if host in ("", "0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _tell_of_end(what: str, task: asyncio.Task[None]) -> None:
    """A task that ends by itself, and should not, means that something is missing: a person must know."""
    if not task.cancelled():
        _log.error("%s; restart the home", what, exc_info=task.exception())


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


def _tls_context(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"certificate {certificate} and key {key} cannot be used: {error}") from error
    return context
