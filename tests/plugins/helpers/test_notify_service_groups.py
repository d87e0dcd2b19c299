"""notify: groups of services."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import ConfigErrors, ServiceNotFound
from inglenook.model import ServiceCall


@pytest.fixture
def told(house: House) -> list[tuple[str, Mapping[str, Any]]]:
    """Return what the services notify.phone and notify.tv were told."""
    calls: list[tuple[str, Mapping[str, Any]]] = []
    for name in ("phone", "tv"):

        def note(call: ServiceCall, name: str = name) -> None:
            calls.append((name, call.data))

        house.home.services.register("notify", name, note)
    return calls


def group(services: str, name: str = "Every Body") -> str:
    """Return a group of services."""
    return f"{{platform: group, name: {name}, services: [{services}]}}"


async def test_each_service_is_told_the_same_and_what_is_its_own(
    house: House, told: list[tuple[str, Mapping[str, Any]]]
) -> None:
    phone = "{service: notify.phone, data: {title: Home, data: {channel: alarm, loud: true}}}"
    await house.declare(f"notify: {group(f'{phone}, {{action: tv}}')}")

    await house.call("notify.every_body", message="Fire", data={"loud": False})

    assert told == [
        ("phone", {"message": "Fire", "title": "Home", "data": {"channel": "alarm", "loud": False}}),
        ("tv", {"message": "Fire", "data": {"loud": False}}),
    ]


async def test_one_that_fails_keeps_the_message_from_no_other(
    house: House, told: list[tuple[str, Mapping[str, Any]]]
) -> None:
    await house.declare(f"notify: {group('{action: nobody}, {action: tv}')}")

    with pytest.raises(ServiceNotFound, match=r"notify\.nobody"):
        await house.call("notify.every_body", message="Fire")

    assert told == [("tv", {"message": "Fire"})]


async def test_a_reload_brings_what_is_declared(house: House, told: list[tuple[str, Mapping[str, Any]]]) -> None:
    await house.declare(f"notify: [{group('{action: phone}', 'Old')}, {group('{action: phone}', 'Same')}]")

    await house.reload("group", f"notify: [{group('{action: tv}', 'Same')}]")
    await house.call("notify.same", message="Hello")

    assert told == [("tv", {"message": "Hello"})]
    assert not house.home.services.has("notify", "old")


async def test_one_that_comes_to_itself_or_whose_name_is_taken_is_left_out(
    house: House, told: list[tuple[str, Mapping[str, Any]]], caplog: pytest.LogCaptureFixture
) -> None:
    there, back = group("{action: back}", "There"), group("{action: there}", "Back")

    await house.declare(f"notify: [{there}, {back}, {group('{action: tv}', 'Phone')}]")
    await house.call("notify.phone", message="Hello")

    assert told == [("phone", {"message": "Hello"})]
    assert not house.home.services.has("notify", "there")
    assert "notify.back would tell itself; the group is left out" in caplog.text
    assert "notify.phone is there already" in caplog.text


async def test_a_check_knows_the_service(house: House) -> None:
    await house.declare(f"notify: {group('{action: tv}')}")

    assert "notify.every_body" in house.plugins.service_names()


@pytest.mark.parametrize(
    ("services", "problem"),
    [
        ("", "expected one service or more"),
        ("{data: {}}", "expected action, the name of a service of notify"),
        ("{action: light.turn_on}", "light.turn_on"),
        ("{action: tv, data: loud}", "expected a mapping"),
    ],
)
async def test_what_is_wrong_is_told(house: House, services: str, problem: str) -> None:
    with pytest.raises(ConfigErrors, match=problem):
        await house.declare(f"notify: {group(services)}")
