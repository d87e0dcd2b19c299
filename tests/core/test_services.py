"""Callables by name: schema, target, response, errors."""

from collections.abc import Mapping
from typing import Any

import pytest
import voluptuous as vol

from inglenook.errors import InvalidServiceData, ServiceNotFound, ServiceValidationError
from inglenook.home import Home
from inglenook.model import ServiceCall, Target
from inglenook.services import split_target


async def test_a_handler_gets_validated_data_and_the_target(home: Home) -> None:
    calls: list[ServiceCall] = []
    home.services.register("light", "blink", calls.append, vol.Schema({"times": vol.Coerce(int)}))

    await home.services.call("light", "blink", {"entity_id": "light.a, light.b", "times": "3"})

    assert calls[0].data == {"times": 3}
    assert calls[0].target == Target(("light.a", "light.b"))


async def test_a_handler_may_wait(home: Home) -> None:
    async def slow(call: ServiceCall) -> Mapping[str, Any]:
        await home.clock.sleep(60)
        return {"waited": True}

    home.services.register("test", "slow", slow, supports_response="optional")

    assert await home.services.call("test", "slow", return_response=True) == {"waited": True}


async def test_an_unknown_service_is_named(home: Home) -> None:
    with pytest.raises(ServiceNotFound, match=r"service light\.fly not found"):
        await home.services.call("light", "fly")


async def test_wrong_data_names_the_field(home: Home) -> None:
    home.services.register("light", "blink", lambda call: None, vol.Schema({"times": int}))

    with pytest.raises(InvalidServiceData, match=r"light\.blink: times: expected int"):
        await home.services.call("light", "blink", {"times": "many"})


async def test_a_response_must_be_asked_for_where_there_is_one_and_only_there(home: Home) -> None:
    home.services.register("test", "silent", lambda call: None)
    home.services.register("test", "answers", lambda call: {}, supports_response="only")

    with pytest.raises(ServiceValidationError, match="gives no response"):
        await home.services.call("test", "silent", return_response=True)
    with pytest.raises(ServiceValidationError, match="ask for its response"):
        await home.services.call("test", "answers")


async def test_a_call_is_announced_when_somebody_listens(home: Home) -> None:
    heard: list[Mapping[str, Any]] = []
    home.bus.listen("call_service", lambda event: heard.append(event.data))
    home.services.register("light", "blink", lambda call: None)

    await home.services.call("light", "blink", {"entity_id": "light.a", "times": 3})

    assert heard == [{"domain": "light", "service": "blink", "service_data": {"times": 3, "entity_id": ["light.a"]}}]


def test_offering_and_withdrawing_raise_the_version(home: Home) -> None:
    before = home.services.version

    home.services.register("light", "blink", lambda call: None)
    home.services.remove("light", "blink")
    home.services.remove("light", "blink")

    assert home.services.version == before + 2
    assert not home.services.has("light", "blink")


def test_a_target_takes_one_id_a_comma_separated_text_or_a_list() -> None:
    target, rest = split_target(
        {"entity_id": ["Light.A", "light.a"], "area_id": "hall, attic", "device_id": None, "x": 1}
    )

    assert target == Target(entity_id=("light.a",), area_id=("hall", "attic"))
    assert rest == {"x": 1}


def test_a_target_of_another_type_is_refused() -> None:
    with pytest.raises(InvalidServiceData, match="area_id: expected an id or a list of ids, got 5"):
        split_target({"area_id": 5})


@pytest.mark.parametrize("text", ["hall", "", "light.a,", "light.a light.b", "light.{{ x }}"])
def test_a_text_that_is_no_entity_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidServiceData, match=r"expected ids like light\.hall, all or none"):
        split_target({"entity_id": text})


def test_what_is_no_entity_id_in_a_list_is_left_to_whoever_looks_for_it() -> None:
    target, _ = split_target({"entity_id": ["light.a", "hall"]})

    assert target.entity_id == ("light.a", "hall")


async def test_others_hear_of_a_call_as_it_was_given_not_as_its_schema_makes_it(home: Home) -> None:
    told: list[object] = []
    heard: list[object] = []
    home.services.register(
        "test", "wait", lambda call: told.append(call.data), vol.Schema({"seconds": vol.Coerce(int)})
    )
    home.bus.listen("call_service", lambda event: heard.append(event.data["service_data"]))

    await home.services.call("test", "wait", {"seconds": "5", "entity_id": "test.one"})

    assert told == [{"seconds": 5}]
    assert heard == [{"seconds": "5", "entity_id": ["test.one"]}]
