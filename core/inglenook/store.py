"""The store: one SQLite file, written in batches by a thread, so that the loop never waits for a disk.

Whoever owns a table gives the newest row of a key with :meth:`Store.put`; rows of one key coalesce until they are
written, a batch is one transaction, and :meth:`Store.on_durable` tells when it is safe to acknowledge what it holds.
Who changes too often to make a row each time marks what is dirty, calls :meth:`Store.wake` and gives its rows from
``before_write``, once a batch.
Survives ``kill -9``: WAL with ``synchronous=NORMAL`` loses nothing committed when the process dies. Against the loss
of power choose ``full``.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import msgspec

from inglenook.clock import Clock, Timer
from inglenook.errors import StoreError

_log = logging.getLogger(__name__)

FILE_NAME: Final = "inglenook.db"
MARK: Final = ".closed"  # behind the name: the file that says that the last one was closed in order
SCHEMA_VERSION: Final = 4
BATCH_S: Final = 0.01  # what arrives within this time is written as one transaction
BATCH_MAX_S: Final = 0.25  # under load batches are further apart, so that writing takes a small part of the time
_PAUSE_RATIO: Final = 100  # a batch that took a while is followed by this many times as long without one
_BREATH_RATIO: Final = 10  # likewise when somebody waits for the next,
_BREATH_MAX_S: Final = 0.02  # and never longer than this
_MIN_PACKED: Final = 4  # from so many on, rows are written by one statement,
_MAX_PACKED: Final = 500  # and so many at most, for SQLite takes the text of all of them apart in memory
RETRY_S: Final = 5.0  # after a write that failed
_DAMAGED: Final = ("malformed", "***", "not a database")  # what SQLite says of a file that is no longer whole

Row = tuple[Any, ...]
MakeRow = Callable[[], Row]
Rows = dict[str, "Row | MakeRow | None"]
Synchronous = Literal["normal", "full"]

# Every table: its columns in the order of a row, the first the primary key. A change raises SCHEMA_VERSION and adds a
# step to _MIGRATIONS.
TABLES: Final[dict[str, dict[str, type]]] = {
    "states": {
        "entity_id": str, "state": str, "attributes": str,
        "changed_at": float, "updated_at": float, "context_id": str,
    },
    "devices": {"id": str, "entry": str},
    "entities": {"id": str, "entry": str},
    "areas": {"id": str, "entry": str},
    "floors": {"id": str, "entry": str},
    "labels": {"id": str, "entry": str},
    "categories": {"id": str, "entry": str},
    "imported": {"key": str, "entry": str},
    "sessions": {"device": str, "session": str, "received": int, "touched_at": float, "entry": str},
    "commands": {"id": str, "device": str, "entry": str},
    "tokens": {"device": str, "sha256": str, "created_at": float},
    "settings": {"key": str, "value": str},
    "users": {"id": str, "entry": str},
    "refresh_tokens": {"id": str, "entry": str},
    "bans": {"address": str, "banned_at": float},
}  # fmt: skip


class Store:
    """The tables of one home.

    Args:
        path: the database file; None keeps everything in memory and writes it on the loop, for tests.
        clock: times the batches.
        synchronous: ``normal`` survives a killed process, ``full`` a power cut too, for a disk flush a batch.

    Attributes:
        before_write: called on the loop before each batch is taken, to give what it should hold.
        given: rows that :meth:`put` and :meth:`delete` were given so far; while it stays, there is nothing to wait for.
    """

    def __init__(self, path: Path | None, clock: Clock, synchronous: Synchronous = "normal") -> None:
        self.path = path
        self._clock = clock
        self._synchronous = synchronous
        self._connection: sqlite3.Connection | None = None
        self._thread: ThreadPoolExecutor | None = None
        self.before_write: list[Callable[[], object]] = []
        self._dirty: dict[str, Rows] = {}
        self._callbacks: list[Callable[[], object]] = []
        self._settled: list[Callable[[], object]] = []  # called after the next batch, whatever becomes of it
        self._written_at = 0.0  # when the last batch was done
        self._breath_s = 0.0  # before the next one, if somebody waits for it
        self._has_more = False  # since the last batch was taken
        self._timer: Timer | None = None
        self._writing: asyncio.Task[bool] | None = None
        self._is_failing = False
        self._pause_s = BATCH_S
        self.given = 0
        self.batches = 0
        self.rows = 0

    # -- open and close -------------------------------------------------------------------------------------------

    def open(self, copy_of: Path | None = None) -> None:
        """Open the file, make or migrate its tables. Blocking; called once before the loop is busy.

        Args:
            copy_of: a database whose content to begin with; nothing is ever written to it.

        Raises:
            StoreError: the file is no database, is damaged, is of a newer version, or cannot be written.
        """
        name = str(self.path) if self.path else ":memory:"
        try:
            is_sound = copy_of is None
            if self.path:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                is_sound = _take_mark(self.path)
                _keep_private(self.path)
            connection = sqlite3.connect(name, check_same_thread=False, isolation_level=None)
            if copy_of is not None:
                with contextlib.closing(sqlite3.connect(f"{copy_of.as_uri()}?mode=ro", uri=True)) as original:
                    original.backup(connection)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA synchronous={self._synchronous.upper()}")
            version: int = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0 or version < SCHEMA_VERSION:
                _migrate(connection, version)
            elif version > SCHEMA_VERSION:
                raise StoreError(
                    f"{name} was written by a newer inglenook (schema {version}, this one knows {SCHEMA_VERSION}); "
                    "install that version, or restore a backup"
                )
            if not is_sound:
                _check(connection)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(_explain(name, error)) from error
        self._connection = connection
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def close(self) -> None:
        """Write what waits and close the file."""
        if self._connection is None:
            return
        is_written = await self.flush()
        if self._timer:
            self._timer.cancel()
        assert self._thread is not None
        self._thread.shutdown()
        self._connection.close()
        self._connection = None
        if self.path and is_written:
            _leave_mark(self.path)

    # -- read and write -------------------------------------------------------------------------------------------

    def load(self, table: str) -> list[Row]:
        """Return every row of ``table``, in the order of :data:`TABLES`. Blocking; for starting and for tools."""
        assert self._connection is not None
        columns = ", ".join(TABLES[table])
        try:
            return self._connection.execute(f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608 - names are ours
        except sqlite3.Error as error:
            raise StoreError(_explain(str(self.path), error)) from error

    def put(self, table: str, row: Row) -> None:
        """Write ``row`` with the next batch, replacing the row of the same key (its first value)."""
        self._dirty.setdefault(table, {})[row[0]] = row
        self.given += 1
        self.wake()

    def put_made(self, table: str, key: str, make: MakeRow) -> None:
        """As :meth:`put`, with a row that ``make`` builds in the store's thread from what never changes; no errors."""
        self._dirty.setdefault(table, {})[key] = make
        self.wake()

    def delete(self, table: str, key: str) -> None:
        """Delete the row of ``key`` with the next batch."""
        self._dirty.setdefault(table, {})[key] = None
        self.given += 1
        self.wake()

    def wake(self) -> None:
        """Write a batch soon: something will be given by ``before_write``."""
        self._has_more = True
        if self._timer is None:
            self._schedule(self._pause_s)

    def hurry(self) -> None:
        """Write a batch as soon as one is ever written, however busy the store is: somebody stays awake for it."""
        self._write_within(BATCH_S)

    def on_durable(self, callback: Callable[[], object]) -> None:
        """Call ``callback`` on the loop once everything given so far is written; at once if nothing waits."""
        if not self._has_more and self._writing is None:
            callback()
            return
        self._callbacks.append(callback)
        self.wake()

    def on_settled(self, callback: Callable[[], object]) -> None:
        """Call ``callback`` on the loop once everything given so far is written, or has failed to be.

        At once if nothing waits, or nothing can be written now. Otherwise a batch is written at the end of this turn of
        the loop, which is shared by all who ask for it; a crowd of them is slowed down a little, so that writing takes
        a tenth of the time at most.
        """
        if self._is_failing or not (self._has_more or self._writing is not None):
            callback()
            return
        self._settled.append(callback)
        self._write_within(max(0.0, self._written_at + self._breath_s - self._clock.monotonic()))

    async def flush(self) -> bool:
        """Write what waits now; False if it cannot be written (it is kept and tried again)."""
        while self._has_more or self._writing is not None:
            if not await self._write():
                return False
        return True

    @property
    def is_failing(self) -> bool:
        """True while what is given cannot be written; it is kept and tried again."""
        return self._is_failing

    def statistics(self) -> dict[str, int]:
        """Return batches and rows written so far, and rows that wait."""
        return {"batches": self.batches, "rows": self.rows, "waiting": sum(map(len, self._dirty.values()))}

    # -- the machinery --------------------------------------------------------------------------------------------

    def _write_within(self, delay_s: float) -> None:
        self._has_more = True
        if self._timer is None:
            self._schedule(delay_s)
        elif self._timer.remaining > delay_s:
            self._timer.restart(delay_s)

    def _schedule(self, delay_s: float) -> None:
        self._timer = self._clock.call_later(delay_s, self._start_write)

    def _start_write(self) -> None:
        self._timer = None
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write_once(), name="store: write")

    async def _write_once(self) -> bool:
        is_written = False
        try:
            is_written = await self._write_batch()
        finally:
            self._writing = None
            if self._has_more and self._timer is None:
                pause_s = self._breath_s if self._settled else self._pause_s
                self._schedule(pause_s if is_written else RETRY_S)
        return is_written

    async def _write(self) -> bool:
        if self._writing is None:
            if self._timer:
                self._timer.cancel()
            self._start_write()
        assert self._writing is not None
        return await asyncio.shield(self._writing)

    async def _write_batch(self) -> bool:
        for give in self.before_write:
            give()
        dirty, self._dirty = self._dirty, {}
        callbacks, self._callbacks = self._callbacks, []
        settled, self._settled = self._settled, []
        self._has_more = False
        if self._timer is not None:  # what was given just now is in this batch
            self._timer.cancel()
            self._timer = None
        started = self._clock.monotonic()
        if dirty:
            try:
                if self.path is None:
                    self._commit(dirty)  # a thread would race with virtual time
                else:
                    await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, dirty)
            except (sqlite3.Error, OSError, RuntimeError) as error:
                self._keep(dirty, callbacks, error)
                _call(settled)
                return False
        self._written_at = self._clock.monotonic()
        took_s = self._written_at - started
        self._pause_s = min(max(took_s * _PAUSE_RATIO, BATCH_S), BATCH_MAX_S)
        self._breath_s = min(took_s * _BREATH_RATIO, _BREATH_MAX_S)
        if self._is_failing:
            self._is_failing = False
            _log.info("writing %s works again", self.path)
        _call(callbacks + settled)
        return True

    def _keep(self, dirty: dict[str, Rows], callbacks: list[Callable[[], object]], error: Exception) -> None:
        """Put a batch that could not be written back, behind what has been given since."""
        for table, rows in dirty.items():
            self._dirty[table] = {**rows, **self._dirty.get(table, {})}
        self._callbacks = callbacks + self._callbacks
        self._has_more = True
        if not self._is_failing:
            self._is_failing = True
            why = _explain(str(self.path), error)
            _log.error("%s; the home goes on, nothing is acknowledged until it works", why)

    def _commit(self, dirty: dict[str, Rows]) -> None:
        """Write one batch as one transaction. Runs in the store's thread."""
        connection = self._connection
        assert connection is not None
        connection.execute("BEGIN IMMEDIATE")
        try:
            for table, rows in dirty.items():
                _write_rows(connection, table, rows)
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        self.batches += 1
        self.rows += sum(map(len, dirty.values()))


def _call(callbacks: list[Callable[[], object]]) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception:  # noqa: BLE001 - one callback must never keep the others from knowing
            _log.exception("%r failed after a write", callback)


def _write_rows(connection: sqlite3.Connection, table: str, rows: Rows) -> None:
    """Write and delete rows, a statement each: after every statement the thread waits for its turn among the threads.

    A busy loop gives it away once in 5 ms, so that a statement a row would take a second for two hundred of them.
    """
    kept = [row() if callable(row) else row for row in rows.values() if row is not None]
    gone = [(key,) for key, row in rows.items() if row is None]
    statements = _STATEMENTS[table]
    for several, one_by_one, at_once in (
        (kept, statements.upsert, statements.upsert_all),
        (gone, statements.delete, statements.delete_all),
    ):
        for start in range(0, len(several), _MAX_PACKED):
            part = several[start : start + _MAX_PACKED]
            packed = _packed(part) if len(part) >= _MIN_PACKED else None
            if packed is not None:
                connection.execute(at_once, (packed,))
                continue
            try:
                connection.executemany(one_by_one, part)
            except UnicodeEncodeError:
                connection.executemany(one_by_one, [_writable(row) for row in part])


def _packed(rows: list[Row]) -> str | None:
    """Return the rows as one text that SQLite takes apart; None for what would not come out of it as it went in."""
    try:
        packed = msgspec.json.encode(rows)
    except (TypeError, ValueError):
        return None
    return None if b"\\u0000" in packed else packed.decode()


def _writable(row: Row) -> Row:
    """Return the row with a question mark for each half of a character, which no file can hold."""
    return tuple(value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in row)


class _Statements(NamedTuple):
    """How a table is written: row by row, and all rows of a JSON text at once."""

    upsert: str
    upsert_all: str
    delete: str
    delete_all: str


def _statements(table: str) -> _Statements:
    """Return the statements; a row is written in place, which costs half of replacing it with its index entry."""
    key, *others = columns = list(TABLES[table])
    marks = ", ".join("?" * len(columns))
    parts = ", ".join(f"json_extract(value, '$[{number}]')" for number in range(len(columns)))
    changes = ", ".join(f"{column} = excluded.{column}" for column in others)
    in_place = f"ON CONFLICT ({key}) DO UPDATE SET {changes}"
    return _Statements(
        f"INSERT INTO {table} VALUES ({marks}) {in_place}",  # noqa: S608 - the names are ours
        f"INSERT INTO {table} SELECT {parts} FROM json_each(?) WHERE true {in_place}",  # noqa: S608
        f"DELETE FROM {table} WHERE {key} = ?",  # noqa: S608
        f"DELETE FROM {table} WHERE {key} IN (SELECT json_extract(value, '$[0]') FROM json_each(?))",  # noqa: S608
    )


_STATEMENTS: Final = {table: _statements(table) for table in TABLES}


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring the tables to :data:`SCHEMA_VERSION`, a transaction a step, so that a crash leaves a whole version."""
    import sqlite_utils  # noqa: PLC0415 - 100 ms that a start without a migration need not pay

    database = sqlite_utils.Database(connection)
    for step in range(version, SCHEMA_VERSION):
        connection.execute("BEGIN IMMEDIATE")
        try:
            _MIGRATIONS[step](database)
            connection.execute(f"PRAGMA user_version={step + 1}")
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise


def _make_first_tables(database: Any) -> None:
    """Schema 1: every table of :data:`TABLES`."""
    for name, columns in TABLES.items():
        if name not in database.table_names():
            database[name].create(columns, pk=next(iter(columns)))


def _add_imported(database: Any) -> None:
    """Schema 2: what was last seen in the registries of another home."""
    if "imported" not in database.table_names():
        database["imported"].create(TABLES["imported"], pk="key")


def _add_users(database: Any) -> None:
    """Schema 3: who may come in, with which tokens, and which addresses may not."""
    for name in ("users", "refresh_tokens", "bans"):
        if name not in database.table_names():
            database[name].create(TABLES[name], pk=next(iter(TABLES[name])))


def _add_categories(database: Any) -> None:
    """Schema 4: the categories that clients put entities in."""
    if "categories" not in database.table_names():
        database["categories"].create(TABLES["categories"], pk="id")


_MIGRATIONS: Final[tuple[Callable[[Any], None], ...]] = (_make_first_tables, _add_imported, _add_users, _add_categories)


def _keep_private(path: Path) -> None:
    """Let nobody else read the file, what SQLite makes beside it included: there are keys in it."""
    path.touch(mode=0o600)
    with contextlib.suppress(PermissionError):  # it is another user's, who lets us write
        path.chmod(0o600)


def _leave_mark(path: Path) -> None:
    """Note beside a file that was closed in order what it looks like: the next start need not read all of it then."""
    with contextlib.suppress(OSError):  # without the mark the file is read
        if look := _look(path):
            _mark(path).write_text(look)


def _take_mark(path: Path) -> bool:
    """True when the file at ``path`` was closed in order and nobody has written to it since; the mark is gone then."""
    try:
        mark = _mark(path).read_text(errors="replace")
        _mark(path).unlink()
    except OSError:  # there is none, or it is somebody else's
        return False
    return mark == _look(path)


def _mark(path: Path) -> Path:
    return path.with_name(f"{path.name}{MARK}")


def _look(path: Path) -> str:
    """Return size and time of the last change; nothing of a file that is not there, or not all: its WAL lies beside."""
    if not path.is_file() or path.with_name(f"{path.name}-wal").exists():
        return ""
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns}"


def _check(connection: sqlite3.Connection) -> None:
    """Read each table once, so that a damaged file is found at the start and not in the night."""
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(f"malformed: {found}")


def _explain(name: str, error: Exception) -> str:
    """Return what is wrong with the file ``name``, and what a person can do about it."""
    text = str(error)
    is_damaged = any(words in text for words in _DAMAGED)
    if is_damaged or (isinstance(error, sqlite3.DatabaseError) and "row" in text):
        return f"{name} is damaged ({text}); move it away to start afresh, or put a backup in its place"
    if "readonly" in text or isinstance(error, PermissionError):
        return f"{name} cannot be written ({text}); check the folder's owner and mode, or name another one with --data"
    if "full" in text or getattr(error, "errno", None) == 28:
        return f"no room left to write {name} ({text}); free some space on that disk"
    return f"{name}: {text}"
