"""The devices of a home that does not run, for the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from inglenook.clock import Clock
from inglenook.config.configuration import Configuration
from inglenook.errors import StoreError
from inglenook.home import Home, make_home
from inglenook.restore import restore_states
from inglenook.server.lock import DataLock
from inglenook.store import FILE_NAME, Store


@asynccontextmanager
async def offline_home(configuration: Configuration) -> AsyncIterator[Home]:
    """Give the home with what its database holds, and nothing running; what is changed is written at the end.

    Raises:
        StoreError: a home runs on the data folder, or it cannot be written.
    """
    lock = DataLock(configuration.settings.data_dir)
    lock.acquire()
    store = Store(configuration.settings.data_dir / FILE_NAME, Clock(), configuration.data.synchronous)
    try:
        store.open()
        home = make_home(configuration.settings, Clock(), store)
        home.registry.load()
        restore_states(home)
        home.devices.start()
        yield home
        home.devices.stop()
        if not await store.flush():
            raise StoreError(f"{store.path} cannot be written; nothing was changed")
    finally:
        await store.close()
        lock.release()
