"""The pytest plugin: fixtures, and a loop for every ``async def`` test.

A test that asks for ``home`` (or is marked ``virtual``) runs on a virtual loop, where waiting costs no time; any other
runs on a real one. No further plugin is needed.
"""

import asyncio
import inspect
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from inglenook.home import Home
    from inglenook.testing.devices import FakeDevice
    from inglenook.testing.gateway import Gateway


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", "virtual: run this async test on a virtual loop, without waiting")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give each ``async def`` test a loop before its other fixtures."""
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
        item.fixturenames.insert(0, "inglenook_loop")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object | None:
    """Run an ``async def`` test on its loop."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    loop = pyfuncitem.funcargs["inglenook_loop"]
    assert isinstance(loop, asyncio.AbstractEventLoop)
    names = pyfuncitem._fixtureinfo.argnames  # noqa: SLF001 - the only way to a test's own arguments
    loop.run_until_complete(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture
def inglenook_loop(request: pytest.FixtureRequest) -> Iterator[asyncio.AbstractEventLoop]:
    """The event loop that the test runs on."""
    from inglenook.clock import VirtualLoop

    is_virtual = "home" in request.fixturenames or request.node.get_closest_marker("virtual") is not None
    loop: asyncio.AbstractEventLoop = VirtualLoop() if is_virtual else asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield loop
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        asyncio.set_event_loop(None)
        loop.close()


@pytest.fixture
def home(inglenook_loop: asyncio.AbstractEventLoop) -> Iterator["Home"]:
    """A home with nothing in it, under virtual time, its store in memory."""
    from inglenook.testing.homes import make_virtual_home

    async def make() -> "Home":
        made = make_virtual_home()
        made.clock.monotonic()  # binds it to this loop, so that plain tests may fire events too
        return made

    made = inglenook_loop.run_until_complete(make())
    yield made
    inglenook_loop.run_until_complete(made.store.close())


@pytest.fixture
def gateway(inglenook_loop: asyncio.AbstractEventLoop) -> Iterator["Gateway"]:
    """A home in real time with a real socket on this machine; ``gateway.device(...)`` makes a device for it."""
    from inglenook.testing.gateway import running_gateway

    context = running_gateway()
    made = inglenook_loop.run_until_complete(context.__aenter__())
    yield made
    inglenook_loop.run_until_complete(context.__aexit__(None, None, None))


@pytest.fixture
def device(home: "Home") -> "FakeDevice":
    """A device of ``home`` with a token, not connected yet, whose frames are handled at once, without a socket."""
    from inglenook.testing.devices import FakeDevice

    home.devices.start()
    return FakeDevice(home, "device")
