"""The command that renders templates: results as they change, errors, what is listened to."""

from typing import Any

import pytest

from inglenook.auth import Role
from inglenook.clock import VirtualClock
from inglenook.web.allowance import MOST_S, SHARE, Allowance
from inglenook.web.app import CLIENTS

from .clients import client_of_a_home, signed_in

NO_LISTENERS = {"all": False, "entities": [], "domains": [], "time": False}


async def test_a_template_is_rendered_now_and_whenever_it_gives_something_else() -> None:
    async with client_of_a_home(Role.READ_ONLY) as (gateway, client):
        gateway.home.states.set("sensor.a", "1")

        await client.result("render_template", template="{{ states('sensor.a') | int + add }}", variables={"add": 2})
        first = await client.event()
        gateway.home.states.set("sensor.b", "5")
        gateway.home.states.set("sensor.a", "1.5")
        gateway.home.states.set("sensor.a", "4")
        second = await client.event()
        await client.result("unsubscribe_events", subscription=1)
        gateway.home.states.set("sensor.a", "7")
        await client.ask("ping")

        listeners = {**NO_LISTENERS, "entities": ["sensor.a"]}
        assert first == {"result": 3, "listeners": listeners}
        assert second == {"result": 6, "listeners": listeners}
        assert not client.events


@pytest.mark.parametrize(
    ("template", "listeners"),
    [
        ("{{ 1 }}", {}),
        ("{{ now().year > 2000 }}", {"time": True}),
        ("{{ states.light | count }}", {"domains": ["light"]}),
        ("{{ states | count }}", {"all": True}),
    ],
)
async def test_a_client_hears_what_a_template_depends_on(template: str, listeners: dict[str, Any]) -> None:
    async with client_of_a_home() as (_, client):
        await client.result("render_template", template=template)

        assert (await client.event())["listeners"] == {**NO_LISTENERS, **listeners}


async def test_what_cannot_be_read_is_refused() -> None:
    async with client_of_a_home() as (_, client):
        assert await client.code("render_template", template="{{ 1 +") == "template_error"
        assert (
            await client.code("render_template", template="{{ 1 | no_such }}", report_errors=True) == "template_error"
        )
        assert await client.code("render_template", template=5) == "invalid_format"


async def test_a_template_that_fails_is_told_and_rendered_again() -> None:
    async with client_of_a_home() as (gateway, client):
        template = "{{ 1 / states('sensor.a') | float(0) }}"
        await client.result("render_template", template=template, report_errors=True)
        failed = await client.event()
        await client.result("render_template", template=template)
        gateway.home.states.set("sensor.a", "2")

        results = [await client.event() for _ in range(2)]

        assert failed["level"] == "ERROR"
        assert "ZeroDivisionError" in failed["error"]
        assert [one["result"] for one in results] == [0.5, 0.5]
        assert await client.code("render_template", template="{{ 1 / 0 }}", timeout=3) == "template_error"


async def test_an_unknown_variable_is_a_warning_and_fails_a_strict_template() -> None:
    async with client_of_a_home() as (_, client):
        await client.result("render_template", template="a{{ missing }}", report_errors=True)
        warning, result = await client.event(), await client.event()
        await client.result("render_template", template="a{{ missing }}", report_errors=True, strict=True)
        error = await client.event()

        assert warning["level"] == "WARNING"
        assert "missing" in warning["error"]
        assert result["result"] == "a"
        assert error == {**warning, "level": "ERROR"}
        strict = {"template": "a{{ missing }}", "strict": True, "timeout": 3}
        assert await client.code("render_template", **strict) == "template_error"


async def test_templates_that_take_too_long_are_rendered_less_often() -> None:
    async with client_of_a_home(Role.READ_ONLY) as (gateway, client):
        gateway.home.states.set("sensor.a", "1")
        slow = {"template": "{{ states('sensor.a') }}", "report_errors": True}
        await client.result("render_template", **slow)
        assert (await client.event())["result"] == 1
        (connection,) = gateway.app[CLIENTS].connections

        connection.allowance.take(60)
        gateway.home.states.set("sensor.a", "2")
        gateway.home.states.set("sensor.a", "3")

        assert "more than their share" in (await client.event())["error"]
        assert await client.code("render_template", **slow) == "template_error"
        assert await client.code("subscribe_condition", condition="{{ true }}") == "template_error"
        assert not client.events
        async with signed_in(gateway, Role.READ_ONLY) as other:  # another user
            assert (await other.ask("ping"))["type"] == "pong"


async def test_what_an_admin_asks_for_is_rendered_at_any_rate() -> None:
    async with client_of_a_home() as (gateway, client):
        (connection,) = gateway.app[CLIENTS].connections
        connection.allowance.take(60)

        await client.result("render_template", template="{{ 1 }}")

        assert (await client.event())["result"] == 1


async def test_a_share_comes_back_with_time() -> None:
    clock = VirtualClock()
    allowance = Allowance(clock)

    allowance.take(MOST_S + 1)
    before = allowance.is_spent
    await clock.advance(1.1 / SHARE)

    assert before
    assert not allowance.is_spent
