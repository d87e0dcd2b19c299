"""Hot reload: watch the rule files and swap in what changed, each file a transaction.

A file is read, checked and then swapped in one step; one with something newly wrong in it leaves its running version in
place and is told once. Events only say where to look: what a file holds now decides, not what happened to it. So
atomic replacement, renaming and the swap files of editors need no special case.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Generic, Protocol

from inglenook.clock import Clock
from inglenook.config.cache import ParseCache
from inglenook.config.reading import shown_path
from inglenook.config.rule_files import RawRule, RuleFile, Rules, is_rule_file, rule_files
from inglenook.config.stamps import Stamp, digest_of, stamp_of
from inglenook.config.yaml import absolute, source_line
from inglenook.errors import ConfigError, ConfigErrors, Position
from inglenook.reload.followed_file import FollowedFile, Rule, Version

_log = logging.getLogger(__name__)

DEBOUNCE_MS: Final = 50  # longest time that a burst of changes is gathered
STEP_MS: Final = 20  # a burst ends when this long nothing came; the watch wakes so often, whether or not anything comes
GONE_S: Final = 0.2  # some editors write a new file some time after they moved the old one away
THREAD_BYTES: Final = 50_000  # reading more takes longer than the loop should stand still
RETRY_S: Final = 30.0  # between two attempts to watch, when the system has no watches left
NAMES: Final = 5  # of rules that a line of the log lists
SLICE_S: Final = 0.005  # how long rules are checked before the loop gets a turn


class SwapReport(Protocol):
    """What a swap did, as names of rules; and why rules that are in order by themselves were left out."""

    @property
    def added(self) -> Sequence[str]: ...
    @property
    def changed(self) -> Sequence[str]: ...
    @property
    def removed(self) -> Sequence[str]: ...
    @property
    def kept(self) -> Sequence[str]: ...
    @property
    def refused(self) -> Sequence[ConfigError]: ...


class RuleDoor(Protocol[Rule]):
    """What the rule engine offers to whoever brings rules."""

    @property
    def fingerprint(self) -> bytes:
        """What a rule's being good depends on beside its text."""

    def check(self, raw: Any, position: Position | None = None, *, is_known_good: bool = False) -> Rule:
        """Return the rule that is ready to run, or raise ConfigErrors."""

    def swap(self, source: str, rules: Sequence[Rule]) -> SwapReport:
        """Replace the rules that came from ``source`` in one step."""


@dataclass(frozen=True, slots=True)
class Reload:
    """What became of one file that changed: a report, or the errors for which its running version stays.

    With a report, ``errors`` are those of the rules in it that cannot run while the others do.
    """

    source: str
    report: SwapReport | None
    errors: tuple[ConfigError, ...] = ()


class Reloader(Generic[Rule]):
    """The rules folders of one home.

    Args:
        engine: takes the rules.
        folders: where rule files are; one that is not there is awaited, one that goes keeps its rules running.
        root: the configuration folder.
        clock: times and sleeps.
        config_files: files of the configuration itself.
        on_config: called with those that changed; None if nobody wants to know.
        invalid: makes what stands for a rule that is wrong at the start, of its tree, errors and place.
        on_reload: called after each file that was swapped in, or refused.
        parts: returns the further files that a rule is made of, when it is: the rule is made anew when they change.
        on_other: called with those of ``others`` that changed.
    """

    def __init__(
        self,
        engine: RuleDoor[Rule],
        folders: Sequence[Path],
        root: Path,
        clock: Clock,
        *,
        config_files: Iterable[Path] = (),
        invalid: Callable[[Any, ConfigErrors, Position], Rule] | None = None,
        on_reload: Callable[[Reload], object] = lambda _: None,
        parts: Callable[[Any], frozenset[Path]] = lambda _: frozenset(),
        on_other: Callable[[set[Path]], object] = lambda _: None,
        on_config: Callable[[set[Path]], Awaitable[None]] | None = None,
    ) -> None:
        self._engine = engine
        self._folders = [absolute(folder) for folder in folders]
        self._root = absolute(root)
        self._clock = clock
        self._invalid = invalid
        self._on_reload = on_reload
        self._parts = parts
        self._on_other = on_other
        self._on_config = on_config
        self._others: dict[Path, Stamp | None] = {}
        self._files: dict[Path, FollowedFile[Rule]] = {}
        self._config = {path: digest_of(path) for path in map(absolute, config_files)}
        self._away: set[Path] = set()  # folders whose rules run although they are gone
        self._changed: set[Path] = set()
        self._wake = asyncio.Event()
        self._lock = asyncio.Lock()
        self._is_blind = False  # the system refused to watch, and that was told
        self._has_new_files = False  # to watch, maybe in other folders
        self._swapped = self._refused = 0

    @property
    def others(self) -> frozenset[Path]:
        """Files beside the rule files that somebody wants to hear of; the watch follows when they become others."""
        return frozenset(self._others)

    @others.setter
    def others(self, files: frozenset[Path]) -> None:
        if files != self._others.keys():
            self._others = {path: self._others[path] if path in self._others else stamp_of(path) for path in files}
            self._has_new_files = True
            self._wake.set()

    # -- the doors ------------------------------------------------------------------------------------------------

    def load(self, cache: ParseCache | None = None) -> list[ConfigError]:
        """Bring in every rule of every file, at the start; return what is wrong and what is seldom meant.

        A rule that is wrong is left out and the others of its file run: there is no version before that could stay.
        """
        problems: list[ConfigError] = []
        for path in self._present():
            problems += self._load(path, cache)
        return problems

    async def reload(self, *paths: Path) -> None:
        """Look at every file again now, as after an edit, or at ``paths`` alone."""
        await self._take(set(map(absolute, paths)) or {*self._present(), *self._files})

    def note(self, path: Path, content: bytes | None = None) -> None:
        """Take what a file of the configuration holds, or will hold, as known."""
        self._config[absolute(path)] = digest_of(path) if content is None else sha256(content).digest()

    async def watch(self) -> None:
        """Swap in what changes, from now on until cancelled."""
        while True:
            folders = self._watched()
            is_over = asyncio.Event()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(folders, is_over))
                await self._clock.sleep(0)  # the listener's first step sets up the watch
                await self._take(self._stale())  # changed before it stood, or in a folder that is new
                self._take_others({path for path, stamp in self._others.items() if stamp_of(path) != stamp})
                while not is_over.is_set():
                    await self._wake.wait()
                    if await self._take_safely(folders):
                        is_over.set()

    def statistics(self) -> dict[str, int]:
        """Return how many files and rules there are, and how often a file was swapped in and refused."""
        rules = sum(len(file.version.running) for file in self._files.values())
        return {"files": len(self._files), "rules": rules, "swapped": self._swapped, "refused": self._refused}

    # -- where to look --------------------------------------------------------------------------------------------

    async def _listen(self, folders: frozenset[Path], is_over: asyncio.Event) -> None:
        """Note what changes in ``folders`` until ``is_over``; sets it when the watch cannot go on."""
        from watchfiles import awatch  # noqa: PLC0415 - takes 90 ms, and the home is up before it is needed

        try:
            async for changes in awatch(
                *folders, watch_filter=None, debounce=DEBOUNCE_MS, step=STEP_MS, recursive=False, stop_event=is_over
            ):
                self._changed.update(Path(name) for _, name in changes)
                self._wake.set()
        except FileNotFoundError:
            pass  # a folder went in this very moment: begin again with those that are there
        except (OSError, RuntimeError) as error:
            if not self._is_blind:
                _log.error("cannot watch the rule files, looking every %s s instead: %s", RETRY_S, error)
            self._is_blind = True
            await self._clock.sleep(RETRY_S)
        is_over.set()
        self._wake.set()

    async def _take_safely(self, folders: frozenset[Path]) -> bool:
        """As :meth:`_take_changes`; a fault in taking one change leaves the watch for the next."""
        try:
            return await self._take_changes(folders)
        except Exception:  # noqa: BLE001 - what fails here is a fault of ours, and all that is saved later counts as well
            _log.exception("what was saved could not be taken in, what ran before runs on")
            return False

    async def _take_changes(self, folders: frozenset[Path]) -> bool:
        """Act on what was noted; return whether the watch on ``folders`` has to be set up anew."""
        self._wake.clear()
        changed, self._changed = self._changed, set()
        await self._take_config(changed & self._config.keys())
        await self._take(self._affected(changed))
        if not changed.isdisjoint(folders):  # one went, and if it is back already it is not the one that is watched
            return True
        if not self._has_new_files and not any(path.is_dir() for path in changed):
            return False
        self._has_new_files = False
        return self._watched() != folders

    def _affected(self, changed: set[Path]) -> set[Path]:
        """Return the rule files to look at when ``changed`` has changed."""
        self._take_others(changed & self._others.keys())
        affected = {path for path, file in self._files.items() if not file.files.isdisjoint(changed)}
        for path in changed:
            if path.is_dir() or path.is_symlink():  # many files may have another content at once
                affected |= self._stale()
            elif is_rule_file(path.name) and self._folder(path):
                affected.add(path)
        return affected

    def _take_others(self, changed: set[Path]) -> None:
        if changed:
            self._others |= {path: stamp_of(path) for path in changed}
            self._on_other(changed)

    def _watched(self) -> frozenset[Path]:
        """Return the folders that matter: of rules with all within and what holds them, and of other files read."""
        folders = {path.parent for path in (*self._config, *self._others)}
        for file in self._files.values():
            folders.update(path.parent for path in file.files)
        for folder in self._folders:
            folders.add(folder.parent)
            folders.update(map(Path, _walk(folder)))
        return frozenset(map(_existing, folders))

    def _present(self) -> Iterator[Path]:
        """Yield every rule file there is; notes which folders have gone and come."""
        for folder in self._folders:
            if folder.is_dir():
                if folder in self._away:
                    self._away.discard(folder)
                    _log.info("the rules folder %s is back", self._shown(folder))
                yield from rule_files(folder)
            elif folder not in self._away and any(path.is_relative_to(folder) for path in self._files):
                self._away.add(folder)
                _log.warning("the rules folder %s is gone; its rules run on as they were", self._shown(folder))

    def _stale(self) -> set[Path]:
        """Return the files that are new, and those that are gone or changed, or something that they include."""
        present = set(self._present())
        return {path for path, file in self._files.items() if file.is_stale()} | (present - self._files.keys())

    def _folder(self, path: Path) -> Path | None:
        return next((folder for folder in self._folders if str(path).startswith(f"{folder}{os.sep}")), None)

    def _is_in_reach(self, path: Path) -> bool:
        """True when the rules folder that ``path`` belongs to is there, whether the file is or not."""
        folder = self._folder(path)
        return folder is not None and folder.is_dir()

    def _shown(self, path: Path) -> str:
        return shown_path(path, self._root)

    # -- what to do -----------------------------------------------------------------------------------------------

    async def _take(self, paths: set[Path]) -> None:
        """Bring the running rules in line with what ``paths`` hold now, file by file."""
        async with self._lock:
            paths = set(filter(self._is_in_reach, paths))
            gone = {path for path in paths if self._may_come_back(path)}
            came = sorted(paths - gone)
            if gone and all(path in self._files or not path.exists() for path in came):
                await self._apply_each(came)
                came = []
                await self._clock.sleep(GONE_S)
            await self._apply_each(sorted(gone))  # what was moved goes under its old name before it comes under the new
            await self._apply_each(came)

    def _may_come_back(self, path: Path) -> bool:
        """True when a file with running rules is gone or empty, maybe only while an editor writes it."""
        file, stamp = self._files.get(path), stamp_of(path)
        return file is not None and bool(file.version.running) and (stamp is None or not stamp.size)

    async def _apply_each(self, paths: Iterable[Path]) -> None:
        for path in paths:
            try:
                await self._apply(path)
            except Exception:  # noqa: BLE001 - whatever one file does, the watch on the others goes on
                _log.exception("%s cannot be taken in", self._shown(path))

    async def _apply(self, path: Path) -> None:
        if not self._is_in_reach(path):
            return
        stamp = stamp_of(path)
        if stamp is None:
            self._remove(path)
            return
        file = self._file(path)
        files = file.files
        try:
            rules = await self._read(file, stamp.size)
            file.note_parts(self._parts(raw.raw) for raw in rules.rules)
            await self._clock.sleep(0)  # others have their turn between two things that take long with many rules
            version = await self._check(file, rules)
            await self._clock.sleep(0)
        except ConfigErrors as error:
            self._refuse(file, error.errors)
        else:
            if file.would_lose(version):
                self._refuse(file, version.errors)
            else:
                self._accept(file, rules, version)
        self._has_new_files |= file.files != files

    async def _read(self, file: FollowedFile[Rule], size: int) -> Rules:
        if size <= THREAD_BYTES:
            return file.read()
        return await asyncio.get_running_loop().run_in_executor(None, file.read)

    async def _check(self, file: FollowedFile[Rule], rules: Rules) -> Version[Rule]:
        """Return the rules ready to run, and what is wrong; one whose text is as it was is not checked again."""
        version = Version[Rule](errors=rules.unread)
        pause_at = self._clock.monotonic() + SLICE_S
        for raw in rules.rules:
            known = file.version.running.get(id(raw.raw))
            if known is not None and not self._parts(raw.raw):
                version.running[id(raw.raw)] = known
                continue
            self._take_in(version, raw, rules.unread_in(raw))
            if self._clock.monotonic() > pause_at:
                await self._clock.sleep(0)
                pause_at = self._clock.monotonic() + SLICE_S
        return version

    def _take_in(
        self, version: Version[Rule], raw: RawRule, unread: Sequence[ConfigError], *, is_known_good: bool = False
    ) -> None:
        """Add a rule to ``version`` if it is in order, else what is wrong with it and what stands for it.

        ``unread``: why it lacks something; ``version`` has these errors already.
        """
        if unread:
            version.stand_ins += [self._invalid(raw.raw, ConfigErrors(unread), raw.position)] if self._invalid else []
            return
        try:
            version.running[id(raw.raw)] = raw, self._checked(raw, is_known_good=is_known_good)
        except ConfigErrors as error:
            version.errors += error.errors
            version.stand_ins += [self._invalid(raw.raw, error, raw.position)] if self._invalid else []

    def _checked(self, raw: RawRule, *, is_known_good: bool = False) -> Rule:
        try:
            return self._engine.check(raw.raw, raw.position, is_known_good=is_known_good)
        except ConfigErrors:
            raise
        except Exception as error:
            _log.exception("%s: the rule cannot be checked", raw.position)
            message = f"cannot be checked: {type(error).__name__}: {error}"  # a plugin's kinds may fail in any way
            raise ConfigErrors([ConfigError(message, raw.position)]) from error

    def _accept(self, file: FollowedFile[Rule], rules: Rules, version: Version[Rule]) -> None:
        for warning in rules.warnings:
            _log.warning("%s", warning)
        rest = "holds rules that are wrong; the others run" if version.running else "is refused, none of its rules runs"
        is_told = bool(version.errors) and self._tell(file, rest, version.errors)
        if file.told and not version.errors:
            _log.info("%s is right again", file.source)
            file.told = None
        before, file.version = file.version, version
        if is_told or version.rules != before.rules:
            self._swap(file, is_told=is_told)

    def _remove(self, path: Path) -> None:
        file = self._files.pop(path, None)
        if file is not None:
            file.version = Version()
            self._swap(file)

    def _swap(self, file: FollowedFile[Rule], *, is_told: bool = False) -> None:
        report = self._engine.swap(file.source, file.version.rules)
        self._swapped += 1
        for error in report.refused:
            _log.error("%s", self._with_line(error))
        counts = ("added", report.added), ("changed", report.changed), ("removed", report.removed)
        words = [f"{what} {_listed(names)}" for what, names in counts if names]
        if words:
            _log.info("%s: %s", file.source, "; ".join(words))
        if words or is_told:
            self._on_reload(Reload(file.source, report, tuple(file.version.errors)))

    def _refuse(self, file: FollowedFile[Rule], errors: Sequence[ConfigError]) -> None:
        """Leave the running version, and say so once for each content."""
        rest = f"is refused, {'the version before runs on' if file.version.running else 'none of its rules runs'}"
        if self._tell(file, rest, errors):
            self._refused += 1
            self._on_reload(Reload(file.source, None, tuple(errors)))

    def _tell(self, file: FollowedFile[Rule], rest: str, errors: Sequence[ConfigError]) -> bool:
        """Log what is wrong; False if that was done for the same content already."""
        told = file.reader.digest, str(ConfigErrors(errors))
        if told == file.told:
            return False
        file.told = told
        _log.error("%s %s:\n%s", file.source, rest, "\n".join(map(self._with_line, errors)))
        return True

    def _load(self, path: Path, cache: ParseCache | None) -> list[ConfigError]:
        file = self._file(path)
        try:
            rules = file.read(cache)
        except ConfigErrors as error:
            file.told = file.reader.digest, str(error)
            return list(error.errors)
        file.note_parts(self._parts(raw.raw) for raw in rules.rules)
        mark = sha256(file.reader.digest + self._engine.fingerprint).digest()
        is_good = cache is not None and cache.is_good(mark)
        version = file.version = Version(errors=rules.unread)
        for raw in rules.rules:
            self._take_in(version, raw, rules.unread_in(raw), is_known_good=is_good)
        if version.errors:
            file.told = file.reader.digest, str(ConfigErrors(version.errors))
        elif cache is not None and rules.files == {path}:  # what it includes may change without a trace in its digest
            cache.add_good(mark)
        report = self._engine.swap(file.source, version.rules)
        return [*rules.warnings, *version.errors, *report.refused]

    def _file(self, path: Path) -> FollowedFile[Rule]:
        file = self._files.get(path)
        if file is None:
            folder = self._folder(path) or self._root
            root = self._root if folder.is_relative_to(self._root) else folder
            file = self._files[path] = FollowedFile(RuleFile(path, root, self._root), self._shown(path))
        return file

    def _with_line(self, error: ConfigError) -> str:
        line = source_line(error.position, self._root) if error.position else ""
        return f"{error}\n{line}" if line else str(error)

    async def _take_config(self, changed: set[Path]) -> None:
        changed = {path for path in changed if digest_of(path) != self._config[path]}
        for path in changed:
            self.note(path)
        if changed and self._on_config is not None:
            await self._on_config(changed)


def _listed(names: Sequence[str]) -> str:
    """Return the names, or of many the first few and how many more there are."""
    return ", ".join(names[:NAMES]) + (f" and {len(names) - NAMES} more" if len(names) > NAMES else "")


def _walk(folder: Path) -> Iterator[str]:
    """Yield ``folder`` and the folders within whose rule files count."""
    for name, folders, _ in os.walk(folder):
        folders[:] = [inner for inner in folders if not inner.startswith(".")]
        yield name


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next((level for level in (folder, *folder.parents) if level.is_dir()), folder)
