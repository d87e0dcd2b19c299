"""Every listener hears every event, in one order."""

import pytest

from inglenook.bus import MAX_CHAIN, MAX_WAITING
from inglenook.home import Home
from inglenook.model import Event


def test_an_event_fired_by_a_listener_comes_after_the_current_one(home: Home) -> None:
    heard: list[str] = []
    home.bus.listen("first", lambda _: home.bus.fire("second"))
    home.bus.listen("second", lambda event: heard.append(event.event_type))
    home.bus.listen("first", lambda event: heard.append(event.event_type))

    home.bus.fire("first")

    assert heard == ["first", "second"]


def test_a_failing_listener_does_not_silence_the_next(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    def fail(event: Event) -> None:
        raise ValueError(event.event_type)

    heard: list[str] = []
    home.bus.listen("ping", fail)
    home.bus.listen("ping", lambda event: heard.append(event.event_type))

    home.bus.fire("ping")

    assert heard == ["ping"]
    assert "ValueError: ping" in caplog.text


def test_an_unsubscribed_listener_hears_nothing(home: Home) -> None:
    heard: list[str] = []
    unsubscribe = home.bus.listen("ping", lambda event: heard.append(event.event_type))

    unsubscribe()
    home.bus.fire("ping")

    assert heard == []
    assert not home.bus.has_listeners("ping")


async def test_an_event_that_causes_itself_is_cut_and_the_house_goes_on(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []
    home.bus.listen("loop", lambda _: home.bus.fire("loop"))
    home.bus.listen("calm", lambda event: heard.append(event.event_type))

    home.bus.fire("loop")
    home.bus.fire("calm")
    await home.clock.sleep(1)

    assert heard == ["calm"]
    assert home.bus.statistics()["cut_chains"] == 1
    assert f"number {MAX_CHAIN + 1} in one chain" in caplog.text


async def test_events_that_multiply_are_dropped_before_they_fill_the_memory(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    def multiply(_: Event) -> None:
        for _number in range(MAX_WAITING // 100):
            home.bus.fire("loop")

    unsubscribe = home.bus.listen("loop", multiply)

    home.bus.fire("loop")
    full = home.bus.statistics()
    unsubscribe()
    await home.clock.sleep(1)

    assert full["waiting"] <= MAX_WAITING
    assert full["overflowed"] > 0
    assert home.bus.statistics()["waiting"] == 0
    assert caplog.text.count("dropped, and those that follow") == 1


async def test_others_get_their_turn_while_many_events_wait(home: Home) -> None:
    order: list[str] = []

    def fire_many(_: Event) -> None:
        for _number in range(1_000):
            home.bus.fire("one")

    home.bus.listen("many", fire_many)
    home.bus.listen("one", lambda event: order.append(event.event_type))
    home.clock.call_soon(lambda: order.append("other"))

    home.bus.fire("many")
    await home.clock.sleep(1)

    assert order.index("other") < 1_000
    assert order.count("one") == 1_000


def test_a_listener_to_all_hears_every_type(home: Home) -> None:
    heard: list[str] = []
    home.bus.listen("*", lambda event: heard.append(event.event_type))

    home.bus.fire("one")
    home.bus.fire("two")

    assert heard == ["one", "two"]
