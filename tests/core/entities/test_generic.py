"""The services for entities of whatever domain."""

import logging
from typing import Any

import pytest

from inglenook.entities import Sensor, register_generic_services
from inglenook.errors import ServiceValidationError
from inglenook.home import Home
from inglenook.model import ServiceCall, new_context

Heard = list[tuple[str, tuple[str, ...], dict[str, Any]]]


@pytest.fixture
def heard(home: Home) -> Heard:
    calls: Heard = []

    def hear(call: ServiceCall) -> None:
        calls.append((f"{call.domain}.{call.service}", call.target.entity_id, dict(call.data)))

    for domain in ("switch", "light", "cover"):
        for service in ("turn_on", "toggle"):
            home.services.register(domain, service, hear)
    register_generic_services(home)
    return calls


async def test_each_domain_is_called_once_in_the_order_of_names(home: Home, heard: Heard) -> None:
    home.states.set("group.g", "off", {"entity_id": ["switch.a", "light.c"]})

    await home.services.call(
        "homeassistant", "turn_on", {"entity_id": ["switch.b", "light.a", "group.g"], "transition": 2}
    )

    assert heard == [
        ("light.turn_on", ("light.a", "light.c"), {"transition": 2}),
        ("switch.turn_on", ("switch.a", "switch.b"), {"transition": 2}),
    ]


async def test_a_domain_without_the_service_is_warned_of_and_left_out(
    home: Home, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    await home.services.call("homeassistant", "toggle", {"entity_id": "cover.a,sensor.b"})

    assert heard == [("cover.toggle", ("cover.a",), {})]
    assert [record.getMessage() for record in caplog.records] == [
        "homeassistant.toggle is nothing that sensor.b can do"
    ]


async def test_a_call_that_names_nothing_does_nothing_and_says_so(
    home: Home, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    await home.services.call("homeassistant", "turn_on")

    assert heard == []
    assert "needs entities" in caplog.text


async def test_what_the_domains_do_is_waited_for(home: Home, heard: Heard) -> None:
    async def slow(call: ServiceCall) -> None:
        await home.clock.sleep(2)
        heard.append(("slow", call.target.entity_id, {}))

    home.services.register("light", "turn_on", slow)

    await home.services.call("homeassistant", "turn_on", {"entity_id": "light.a"}, context=new_context(0))

    assert heard == [("slow", ("light.a",), {})]


async def test_entities_that_can_look_again_are_asked_to(home: Home, heard: Heard) -> None:
    class Meter(Sensor):
        name = "Meter"
        state = 1

        async def update(self) -> None:
            self.state = 2
            self.write()

    home.entities.add(Meter(), "test")

    await home.services.call("homeassistant", "update_entity", {"entity_id": "sensor.meter,sensor.gone"})

    state = home.states.get("sensor.meter")
    assert state is not None
    assert state.state == "2"


@pytest.mark.parametrize("is_slow", [False, True])
async def test_a_domain_that_refuses_does_not_keep_the_call_from_the_next(
    home: Home, heard: Heard, is_slow: bool
) -> None:
    def refuse(call: ServiceCall) -> None:
        raise ServiceValidationError("no light today")

    async def refuse_later(call: ServiceCall) -> None:
        await home.clock.sleep(1)
        refuse(call)

    home.services.register("light", "turn_on", refuse_later if is_slow else refuse)

    with pytest.raises(ServiceValidationError, match="no light today"):
        await home.services.call("homeassistant", "turn_on", {"entity_id": "light.a,switch.b"})

    assert heard == [("switch.turn_on", ("switch.b",), {})]
