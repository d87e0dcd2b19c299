"""Watched templates: rendered again when something they looked at changes, and only then."""

from typing import Any

from inglenook.errors import TemplateError
from inglenook.home import Home
from inglenook.rules.index import StateIndex
from inglenook.rules.tracking import Change, TemplateWatch
from inglenook.templates import Templates


class Watching:
    """A watch that counts."""

    def __init__(self, home: Home, text: str) -> None:
        self.results: list[Any] = []
        self.changes: list[str | None] = []
        self.index = StateIndex(home.bus)
        self.templates = Templates(home)
        self.watch = TemplateWatch(self.index, home.clock, self.templates.compile(text), {}, self.note)

    def note(self, result: Any, error: TemplateError | None, change: Change | None) -> None:
        self.results.append("error" if error else result)
        self.changes.append(change.entity_id if change else None)


async def test_only_a_changed_result_is_told(home: Home) -> None:
    home.states.set("sensor.a", "1")
    watching = Watching(home, "{{ states('sensor.a') | int(0) > 2 }}")

    for state in ("2", "3", "4", "1"):
        home.states.set("sensor.a", state)
    home.states.set("sensor.b", "9")

    assert watching.watch.result is False
    assert watching.results == [True, False]
    assert watching.changes == ["sensor.a", "sensor.a"]


async def test_what_is_looked_at_may_change_with_the_result(home: Home) -> None:
    home.states.set("sensor.which", "a")
    home.states.set("sensor.a", "1")
    home.states.set("sensor.b", "2")
    watching = Watching(home, "{{ states('sensor.' ~ states('sensor.which')) }}")

    home.states.set("sensor.which", "b")
    home.states.set("sensor.a", "7")
    home.states.set("sensor.b", "8")

    assert watching.results == [2, 8]
    assert not watching.index.is_watched("sensor.a")


async def test_a_whole_domain_is_looked_at_once_a_second_at_most(home: Home) -> None:
    home.states.set("light.a", "on")
    watching = Watching(home, "{{ states.light | selectattr('state', 'eq', 'on') | list | count }}")
    await home.clock.sleep(1)

    for number in range(5):
        home.states.set(f"light.n{number}", "on")
    first = list(watching.results)
    await home.clock.sleep(1.01)

    assert (first, watching.results) == ([2], [2, 6])


async def test_one_that_failed_is_tried_again_by_its_entities_at_once(home: Home) -> None:
    watching = Watching(home, "{{ states('sensor.a') | int }}")
    failed = watching.watch.error is not None

    home.states.set("sensor.a", "5")

    assert failed
    assert watching.results == [5]


async def test_the_time_is_asked_for_at_every_whole_minute(home: Home) -> None:
    watching = Watching(home, "{{ now().minute }}")

    await home.clock.sleep(150)

    assert watching.results == [1, 2]
    assert watching.changes == [None, None]


async def test_stopped_it_watches_nothing(home: Home) -> None:
    watching = Watching(home, "{{ states('sensor.a') }} {{ now().minute }} {{ states.light | count }}")

    watching.watch.stop()
    home.states.set("sensor.a", "5")
    home.states.set("light.a", "on")
    await home.clock.sleep(120)

    assert watching.results == []
    assert not watching.index.is_watched("light.a")
