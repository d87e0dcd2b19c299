"""Rows are durable before anybody is told so; a disk that fails stops nothing."""

import asyncio
import os
import shutil
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from inglenook.clock import Clock
from inglenook.errors import StoreError
from inglenook.home import Home
from inglenook.store import SCHEMA_VERSION, TABLES, Store


def opened(path: Path) -> Store:
    store = Store(path, Clock())
    store.open()
    return store


async def test_rows_of_one_key_coalesce_and_survive_a_reopening(tmp_path: Path) -> None:
    store = opened(tmp_path / "home.db")
    store.put("areas", ("hall", "old"))
    store.put("areas", ("hall", "new"))
    store.put("areas", ("attic", "x"))
    store.delete("areas", "attic")
    await store.close()

    again = opened(tmp_path / "home.db")

    assert again.load("areas") == [("hall", "new")]
    assert store.statistics() == {"batches": 1, "rows": 2, "waiting": 0}
    await again.close()


async def test_on_durable_tells_after_the_commit(tmp_path: Path) -> None:
    store = opened(tmp_path / "home.db")
    seen: list[int] = []
    done = asyncio.Event()

    def count_rows() -> None:
        other = sqlite3.connect(tmp_path / "home.db")
        seen.append(other.execute("select count(*) from areas").fetchone()[0])
        other.close()
        done.set()

    store.put("areas", ("hall", "x"))
    store.on_durable(count_rows)
    was_told_at_once = bool(seen)
    await done.wait()

    assert not was_told_at_once
    assert seen == [1]
    await store.close()


async def test_on_durable_with_nothing_waiting_tells_at_once(tmp_path: Path) -> None:
    store = opened(tmp_path / "home.db")
    seen: list[int] = []

    store.on_durable(lambda: seen.append(1))

    assert seen == [1]
    await store.close()


async def test_somebody_in_a_hurry_is_told_as_soon_as_ever_and_others_with_the_next_batch(home: Home) -> None:
    store, told = home.store, list[float]()
    store._pause_s = 0.2  # as after a batch that took a while
    start = home.clock.monotonic()

    def note() -> None:
        told.append(round(home.clock.monotonic() - start, 3))

    store.put("areas", ("hall", "x"))
    store.on_durable(note)
    await home.clock.sleep(0.05)
    store.hurry()
    await home.clock.sleep(0.5)
    store._pause_s = 0.2
    start = home.clock.monotonic()
    store.put("areas", ("hall", "y"))
    store.on_durable(note)
    await home.clock.sleep(0.5)

    assert told == [0.06, 0.2]


async def test_who_settles_together_shares_a_batch(home: Home) -> None:
    store, told = home.store, list[float]()
    store._pause_s = 0.2  # as after a batch that took a while
    await home.clock.sleep(1)
    start, before = home.clock.monotonic(), store.batches

    for number in range(10):
        store.put("areas", (f"{number}", "x"))
        store.on_settled(lambda: told.append(round(home.clock.monotonic() - start, 3)))
    await home.clock.sleep(1)

    assert told == [0] * 10
    assert store.batches - before == 1


async def test_a_crowd_that_settles_is_slowed_down_a_little(home: Home) -> None:
    store, told = home.store, list[float]()
    await home.clock.sleep(1)
    store._pause_s, store._breath_s, store._written_at = 0.2, 0.05, home.clock.monotonic()  # as after a slow batch
    start = home.clock.monotonic()

    store.put("areas", ("hall", "x"))
    store.on_settled(lambda: told.append(round(home.clock.monotonic() - start, 3)))
    await home.clock.sleep(1)

    assert told == [0.05]


async def test_with_nothing_to_write_it_is_settled_at_once(home: Home) -> None:
    told: list[int] = []
    await home.store.flush()

    home.store.on_settled(lambda: told.append(1))

    assert told == [1]


async def test_what_cannot_be_written_is_settled_all_the_same(home: Home) -> None:
    store, told = home.store, list[str]()
    assert store._connection is not None
    store._connection.execute("PRAGMA query_only=1")

    store.put("areas", ("hall", "x"))
    store.on_settled(lambda: told.append("first"))
    store.on_durable(lambda: told.append("durable"))
    await home.clock.sleep(0.05)
    store.on_settled(lambda: told.append("second"))
    assert told == ["first", "second"]
    store._connection.execute("PRAGMA query_only=0")
    await home.clock.sleep(10)

    assert told == ["first", "second", "durable"]


async def test_a_write_that_fails_is_kept_told_once_and_tried_again(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    store = home.store
    told: list[str] = []
    connection = store._connection
    assert connection is not None
    connection.execute("PRAGMA query_only=1")

    store.put("areas", ("hall", "old"))
    store.on_durable(lambda: told.append("durable"))
    first = await store.flush()
    store.put("areas", ("hall", "new"))
    second = await store.flush()
    connection.execute("PRAGMA query_only=0")
    third = await store.flush()

    assert (first, second, third) == (False, False, True)
    assert told == ["durable"]
    assert store.load("areas") == [("hall", "new")]
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    assert "nothing is acknowledged until it works" in caplog.text


async def test_every_table_has_the_columns_it_is_said_to_have(home: Home) -> None:
    connection = home.store._connection
    assert connection is not None

    for table, columns in TABLES.items():
        found = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        assert found == list(columns), table


def test_a_file_that_is_no_database_is_refused_with_what_helps(tmp_path: Path) -> None:
    path = tmp_path / "home.db"
    path.write_text("this is not a database, it only has its name" * 50)

    with pytest.raises(StoreError, match=r"home\.db is damaged .*; move it away"):
        Store(path, Clock()).open()


async def test_a_damaged_database_is_found_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "home.db"
    store = opened(path)
    for number in range(2000):
        store.put("areas", (f"area_{number}", "x" * 100))
    await store.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8192] = b"\xff" * 8192
    path.write_bytes(content)
    os.utime(path, (1e9, 1e9))  # not in the moment in which it was closed

    with pytest.raises(StoreError, match="is damaged"):
        Store(path, Clock()).open()


async def test_only_what_was_not_closed_in_order_is_read_all_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "home.db"
    checked: list[bool] = []
    monkeypatch.setattr("inglenook.store._check", lambda _: checked.append(True))

    async def is_checked(path: Path = path) -> bool:
        checked.clear()
        store = opened(path)
        store.put("areas", ("hall", "x"))
        await store.flush()
        shutil.copytree(tmp_path, f"{tmp_path}-killed", dirs_exist_ok=True)  # what a kill would leave now
        await store.close()
        return bool(checked)

    is_new, after_close = await is_checked(), await is_checked()
    after_kill = await is_checked(Path(f"{tmp_path}-killed") / "home.db")
    os.utime(path, (1e9, 1e9))
    after_change = await is_checked()
    (tmp_path / "home.db.closed").unlink()
    without_mark = await is_checked()

    assert (is_new, after_close, after_kill, after_change, without_mark) == (True, False, True, True, True)
    assert not await is_checked()


async def test_a_store_that_could_not_write_leaves_no_mark(tmp_path: Path) -> None:
    store = opened(tmp_path / "home.db")
    store.put("areas", ("hall", object()))

    await store.close()

    assert not (tmp_path / "home.db.closed").exists()


async def test_nobody_else_reads_the_database(tmp_path: Path) -> None:
    path = tmp_path / "home.db"
    path.touch(mode=0o644)

    store = opened(path)
    store.put("areas", ("hall", "{}"))
    await store.flush()

    beside = [path.with_name(f"home.db{end}") for end in ("", "-shm", "-wal")]
    assert [file.stat().st_mode & 0o77 for file in beside] == [0, 0, 0]
    await store.close()


async def test_a_database_of_an_older_version_gets_the_tables_that_are_new(tmp_path: Path) -> None:
    path = tmp_path / "home.db"
    store = opened(path)
    store.put("areas", ("hall", "{}"))
    await store.close()
    connection = sqlite3.connect(path)
    connection.executescript("DROP TABLE imported; DROP TABLE users; PRAGMA user_version=1")
    connection.close()

    store = opened(path)
    store.put("imported", ("areas/hall", "{}"))
    store.put("users", ("ann", "{}"))
    await store.flush()

    assert store.load("areas") == [("hall", "{}")]
    assert store.load("imported") == [("areas/hall", "{}")]
    assert store.load("users") == [("ann", "{}")]
    await store.close()


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "home.db"
    await opened(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    connection.close()

    with pytest.raises(StoreError, match="written by a newer inglenook"):
        Store(path, Clock()).open()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreError, match="file"):
        Store(tmp_path / "file" / "home.db", Clock()).open()


async def test_a_source_gives_its_rows_once_a_batch_also_while_one_is_being_written(tmp_path: Path) -> None:
    store = opened(tmp_path / "home.db")
    levels: list[str] = []

    def give() -> None:
        for level in levels:
            store.put_made("areas", "hall", partial(tuple, ("hall", level)))

    store.before_write.append(give)

    levels.append("one")
    store.wake()
    first = asyncio.create_task(store.flush())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    levels.append("two")
    store.wake()
    await first
    await store.flush()

    assert store.load("areas") == [("hall", "two")]
    await store.close()


@pytest.mark.parametrize("count", [1, 3, 40, 1003])
async def test_what_was_written_comes_back_as_it_was_however_much_it_is(tmp_path: Path, count: int) -> None:
    odd = ["", "\x00zero", "a\x00b", "ünï ☂", '"\\\n', "null", "1", "{}"]
    rows = [
        (f"s{n} {odd[n % 8]}", odd[n % 8], odd[(n + 3) % 8], 1764300000.123456 + n, n / 7, "01ABC")
        for n in range(count)
    ]
    store = opened(tmp_path / "home.db")
    for row in rows:
        store.put("states", row)
    await store.flush()

    assert sorted(store.load("states")) == sorted(rows)
    for row in rows[::2]:
        store.delete("states", row[0])
    await store.flush()
    assert sorted(store.load("states")) == sorted(rows[1::2])
    await store.close()


async def test_text_that_no_file_can_hold_keeps_no_other_row_from_being_written(tmp_path: Path) -> None:
    store = opened(tmp_path / "home.db")
    for name in ("a", "b", "c", "d", "e"):
        store.put("areas", (name, "half \ud800" if name == "c" else "whole"))

    assert await store.flush()

    assert sorted(store.load("areas"))[1:4] == [("b", "whole"), ("c", "half ?"), ("d", "whole")]
    await store.close()
