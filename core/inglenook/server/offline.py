"""The devices and persons of a home that does not run, for the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from inglenook.clock import Clock
from inglenook.config.configuration import Configuration
from inglenook.errors import StoreError
from inglenook.home import Home
from inglenook.plugins.items import Items
from inglenook.restore import reopen_home
from inglenook.server.lock import DataLock
from inglenook.store import FILE_NAME, Store


def has_run(configuration: Configuration) -> bool:
    """True when there is a database of the home."""
    return (configuration.settings.data_dir / FILE_NAME).is_file()


@asynccontextmanager
async def offline_home(configuration: Configuration, *, is_new_ok: bool) -> AsyncIterator[Home]:
    """Give the home with what its database holds, and nothing running; what is changed is written at the end.

    Args:
        configuration: of the home.
        is_new_ok: make the data folder of a home that has never run. Otherwise that home is empty, and stays so.

    Raises:
        StoreError: a home runs on the data folder, or it cannot be written.
    """
    clock = Clock()
    if not is_new_ok and not has_run(configuration):
        store = Store(None, clock)
        store.open()
        try:
            yield reopen_home(configuration.settings, clock, store)
        finally:
            await store.close()
        return
    lock = DataLock(configuration.settings.data_dir)
    lock.acquire()
    store = Store(configuration.settings.data_dir / FILE_NAME, clock, configuration.data.synchronous)
    try:
        store.open()
        home = reopen_home(configuration.settings, clock, store)
        home.devices.start()
        yield home
        home.devices.stop()
        if not await store.flush():
            raise StoreError(f"{store.path} cannot be written; nothing was changed")
    finally:
        await store.close()
        lock.release()


def forget_user(home: Home, user_id: str) -> None:
    """Let no person that clients made be a user who is gone, as a home that runs does when it hears of it."""
    items = Items(home.store)
    for item_id, settings in items.made("person").items():
        if settings.get("user_id") == user_id:
            items.put("person", item_id, {key: value for key, value in settings.items() if key != "user_id"})
