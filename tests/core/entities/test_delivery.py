"""The way of a call to its entities: targets, features, errors, and what is waited for."""

import asyncio
import logging
from collections.abc import Awaitable, Generator
from typing import Any

import pytest

from inglenook.entities import Domain, DomainService, Light, Switch, register_domains
from inglenook.entity import Entity
from inglenook.errors import (
    CommandFailed,
    InvalidServiceData,
    ServiceError,
    ServiceValidationError,
)
from inglenook.home import Home
from inglenook.model import NO_TARGET, new_context


class Lamp(Light):
    def __init__(self, name: str, home: Home, **registry: Any) -> None:
        self.name = name
        self.unique_id = name
        self.is_on = False
        home.entities.add(self, "test")
        if registry:
            home.registry.entities.update(self.entity_id, **registry)

    def turn_on(self, **wanted: Any) -> None:
        self.is_on = True
        self.write()

    def turn_off(self, **wanted: Any) -> None:
        self.is_on = False
        self.write()


class SlowLamp(Lamp):
    async def turn_on(self, **wanted: Any) -> None:  # type: ignore[override]
        await self.clock.sleep(3)
        super().turn_on()


class BrokenLamp(Lamp):
    def turn_on(self, **wanted: Any) -> None:
        raise ZeroDivisionError("a plugin's mistake")


class Ticket:
    """Something under way already, like a command to a device."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.was_awaited = False

    def __await__(self) -> Generator[Any, None, None]:
        self.was_awaited = True
        yield from asyncio.sleep(0).__await__()
        if self.error:
            raise self.error


@pytest.fixture(autouse=True)
def _domains(home: Home) -> None:
    register_domains(home)


def lit(home: Home) -> list[str]:
    return [state.object_id for state in home.states.domain("light") if state.state == "on"]


# -- targets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "reached"),
    [
        ({"entity_id": "light.a"}, ["a"]),
        ({"entity_id": "light.a, light.b"}, ["a", "b"]),
        ({"entity_id": "all"}, ["a", "b", "c"]),
        ({"entity_id": "none"}, []),
        ({"entity_id": []}, []),
        ({"entity_id": "group.upstairs"}, ["a", "c"]),
        ({"area_id": "kitchen"}, ["b", "c"]),
        ({"floor_id": "ground", "entity_id": "light.a"}, ["a", "b", "c"]),
        ({"label_id": "evening"}, ["a"]),
        ({"area_id": "kitchen", "exclude": {"entity_id": "light.b"}}, ["c"]),
        ({"entity_id": "all", "exclude": {"area_id": ["kitchen"]}}, ["a"]),
        ({"entity_id": "light.a", "exclude": {"entity_id": "light.a"}}, []),
        ({"entity_id": "light.a, switch.s, light.gone"}, ["a"]),
    ],
)
async def test_a_call_reaches_what_its_target_names(home: Home, target: dict[str, Any], reached: list[str]) -> None:
    home.registry.floors.create("Ground")
    home.registry.ensure_area("Kitchen")
    home.registry.areas.update("kitchen", floor_id="ground")
    home.registry.labels.create("Evening")
    Lamp("a", home, labels=("evening",))
    Lamp("b", home, area_id="kitchen")
    Lamp("c", home, area_id="kitchen")
    home.states.set("group.upstairs", "off", {"entity_id": ["light.a", "group.loft"]})
    home.states.set("group.loft", "off", {"entity_id": ["light.c", "group.upstairs"]})

    await home.services.call("light", "turn_on", target)

    assert lit(home) == reached


async def test_an_entity_may_be_named_by_its_registry_id(home: Home) -> None:
    lamp = Lamp("a", home)
    entry = home.registry.entities.get(lamp.entity_id)
    assert entry is not None

    await home.services.call("light", "turn_on", {"entity_id": entry.id})

    assert lit(home) == ["a"]


async def test_a_call_without_any_target_is_refused(home: Home) -> None:
    with pytest.raises(InvalidServiceData, match=r"light\.turn_on: needs a target, one of entity_id, device_id"):
        await home.services.call("light", "turn_on", {"brightness": 9}, target=NO_TARGET)


@pytest.mark.parametrize(
    ("entity_ids", "missing"),
    [("light.a,light.gone,switch.x", "light.gone, switch.x, area attic"), ("light.a", "area attic")],
)
async def test_what_is_missing_is_warned_of_once_a_call(
    home: Home, caplog: pytest.LogCaptureFixture, entity_ids: str, missing: str
) -> None:
    caplog.set_level(logging.WARNING)
    Lamp("a", home)

    await home.services.call("light", "turn_on", {"entity_id": entity_ids, "area_id": "attic"})

    assert [record.getMessage() for record in caplog.records] == [
        f"light.turn_on: there is no {missing} of domain light"
    ]
    assert lit(home) == ["a"]


async def test_unavailable_entities_are_left_out_without_a_word(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    lamp = Lamp("a", home)
    lamp.is_available = False

    await home.services.call("light", "turn_on", {"entity_id": "light.a"})

    assert lamp.is_on is False
    assert caplog.records == []


async def test_a_missing_feature_is_an_error_only_for_the_entity_that_was_named(home: Home) -> None:
    class Dish(Entity):
        domain = "dish"
        name = "a"
        supported_features = 1

    heat = DomainService("heat", "Heat it.", features=(2,))
    register_domains(home, [Domain("dish", Dish, (heat,))])
    dish = home.entities.add(Dish(), "test")

    await home.services.call("dish", "heat", {"entity_id": "all"})
    with pytest.raises(ServiceValidationError, match=r"dish\.a does not support dish\.heat"):
        await home.services.call("dish", "heat", {"entity_id": [dish.entity_id, "dish.b"]})


# -- what is waited for -----------------------------------------------------------------------------------------------


async def test_a_call_that_has_nothing_to_wait_for_is_done_when_it_returns(home: Home) -> None:
    Lamp("a", home)
    Lamp("b", home)

    one = home.services.start("light", "turn_on", {"entity_id": "light.a"})
    two = home.services.start("light", "turn_off", {"entity_id": "light.a,light.b"})

    assert (one, two) == (None, None)


@pytest.mark.parametrize("ids", ["light.a", "light.a,light.b"])
async def test_coroutines_are_waited_for_all_at_once(home: Home, ids: str) -> None:
    SlowLamp("a", home)
    SlowLamp("b", home)
    began = home.clock.monotonic()

    answer = home.services.start("light", "turn_on", {"entity_id": ids})
    assert isinstance(answer, Awaitable)
    before = lit(home)
    await answer

    assert before == []
    assert lit(home) == [entity_id.removeprefix("light.") for entity_id in ids.split(",")]
    assert home.clock.monotonic() - began == pytest.approx(3)


@pytest.mark.parametrize("ids", ["light.a", "light.a,light.b"])
async def test_a_ticket_is_waited_for_only_by_those_who_want_acknowledgement(home: Home, ids: str) -> None:
    tickets = [Ticket(), Ticket(), Ticket()]

    class Remote(Lamp):
        def turn_on(self, **wanted: Any) -> Ticket:  # type: ignore[override]
            return tickets.pop()

    Remote("a", home)
    Lamp("b", home)
    first, second = tickets[2], tickets[1]

    answer = home.services.start("light", "turn_on", {"entity_id": ids})
    await home.services.call("light", "turn_on", {"entity_id": ids}, wants_ack=True)

    assert answer is None
    assert not first.was_awaited
    assert second.was_awaited


async def test_those_who_want_acknowledgement_hear_of_failure(home: Home) -> None:
    class Remote(Lamp):
        def turn_on(self, **wanted: Any) -> Ticket:  # type: ignore[override]
            return Ticket(CommandFailed("bulb is broken"))

    Remote("a", home)
    Lamp("b", home)

    with pytest.raises(CommandFailed, match="bulb is broken"):
        await home.services.call("light", "turn_on", {"entity_id": "light.a,light.b"}, wants_ack=True)

    assert lit(home) == ["b"]


@pytest.mark.parametrize("kind", [Lamp, SlowLamp])
async def test_one_entity_that_fails_does_not_keep_the_call_from_the_others(home: Home, kind: type[Lamp]) -> None:
    BrokenLamp("a", home)
    kind("b", home)

    with pytest.raises(ZeroDivisionError):
        await home.services.call("light", "turn_on", {"entity_id": "light.a,light.b"})

    assert lit(home) == ["b"]


async def test_a_service_that_answers_gives_the_answer_of_each_entity(home: Home) -> None:
    class Oracle(Switch):
        domain = "oracle"

        def ask(self, about: str) -> dict[str, str]:
            return {"answer": f"{about}? no"}

    class SlowOracle(Oracle):
        async def ask(self, about: str) -> dict[str, str]:  # type: ignore[override]
            await self.clock.sleep(1)
            return {"answer": "later"}

    ask = DomainService("ask", "Ask.", supports_response="only", prepare=lambda _, data: ("ask", {"about": "rain"}))
    register_domains(home, [Domain("oracle", Oracle, (ask,))])
    for name, kind in (("a", Oracle), ("b", SlowOracle)):
        oracle = kind()
        oracle.name = name
        home.entities.add(oracle, "test")

    one = await home.services.call("oracle", "ask", {"entity_id": "oracle.a"}, return_response=True)
    both = await home.services.call("oracle", "ask", {"entity_id": "all"}, return_response=True)

    assert one == {"oracle.a": {"answer": "rain? no"}}
    assert both == {"oracle.a": {"answer": "rain? no"}, "oracle.b": {"answer": "later"}}
    with pytest.raises(ServiceError, match="no entity is there to answer"):
        await home.services.call("oracle", "ask", {"entity_id": "oracle.gone"}, return_response=True)


async def test_what_a_call_changes_bears_the_context_of_the_call(home: Home) -> None:
    Lamp("a", home)
    context = new_context(0)

    await home.services.call("light", "turn_on", {"entity_id": "light.a"}, context=context)

    state = home.states.get("light.a")
    assert state is not None
    assert (state.state, state.context) == ("on", context)
