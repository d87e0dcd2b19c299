"""The commands of inglenook's own: figures, devices, rules and the log."""

import logging
import threading
from typing import Any

import pytest

from inglenook.auth import Role
from inglenook.config.yaml import loads
from inglenook.home import Home
from inglenook.rules import InvalidRule
from inglenook.testing import FakeDevice
from inglenook.testing.gateway import Gateway
from inglenook.web import device_report
from inglenook.web.device_report import DeviceWatch

from .clients import Client, client_of_a_home, signed_in

RULES = """
- id: hall
  alias: Hall
  triggers: {trigger: event, event_type: go}
  actions: [{event: done}]
- id: broken
  alias: Broken
  triggers: {trigger: event, event_type: crash}
  actions: [{action: light.nothing_like_it}]
"""


def take_rules(gateway: Gateway) -> None:
    engine = gateway.engine
    engine.swap("rules.yaml", [engine.check(raw) for raw in loads(RULES, "rules.yaml")])


async def rows(client: Client) -> dict[str, dict[str, Any]]:
    return {row["entity_id"]: row for row in await client.result("inglenook/rules")}


async def test_statistics_come_each_second_and_a_second_client_gets_those_that_were() -> None:
    async with client_of_a_home() as (gateway, client):
        await client.result("inglenook/statistics/subscribe")
        assert (await client.event())["readings"] == []

        (reading,) = (await client.event())["readings"]
        async with signed_in(gateway) as other:
            await other.result("inglenook/statistics/subscribe")
            before = (await other.event())["readings"]

    assert reading["clients"] == 1
    assert reading["loop_lag_ms"] >= 0
    assert reading["memory_bytes"] > 10_000_000
    assert before == [reading]


async def test_rules_are_told_with_their_last_run_and_what_went_wrong() -> None:
    async with client_of_a_home() as (gateway, client):
        take_rules(gateway)
        gateway.home.bus.fire("go")
        gateway.home.bus.fire("crash")
        found = await rows(client)

    hall, broken = found["automation.hall"], found["automation.broken"]
    assert (hall["id"], hall["kind"], hall["state"], hall["outcome"]) == ("hall", "automation", "on", "finished")
    assert hall["took_s"] == 0
    assert hall["last_triggered"] == pytest.approx(gateway.home.clock.now(), abs=60)
    assert "nothing_like_it" in broken["error"]
    assert broken["outcome"] == "error"


async def test_a_rule_that_is_not_valid_is_told_with_its_errors() -> None:
    async with client_of_a_home() as (gateway, client):
        from inglenook.errors import ConfigErrors

        raw = loads("{id: odd, alias: Odd, triggers: [], actions: [{delay: soon}]}", "odd.yaml")
        with pytest.raises(ConfigErrors) as caught:
            gateway.engine.check(raw)
        gateway.engine.swap("odd.yaml", [InvalidRule(raw, caught.value.errors)])
        found = await rows(client)

    assert found["automation.odd"]["state"] == "unavailable"
    assert "odd.yaml:1:" in found["automation.odd"]["error"]


async def test_who_is_no_admin_is_not_told_of_files_and_errors() -> None:
    async with client_of_a_home(Role.USER) as (gateway, client):
        take_rules(gateway)
        (row, _) = (await rows(client)).values()

        assert "where" not in row
        assert "error" not in row
        assert await client.code("inglenook/rules/trace", entity_id=row["entity_id"]) == "unauthorized"
        assert await client.code("inglenook/statistics/subscribe") == "unauthorized"
        assert await client.code("inglenook/log/subscribe") == "unauthorized"


async def test_the_last_run_of_a_rule_is_told_step_by_step() -> None:
    async with client_of_a_home() as (gateway, client):
        take_rules(gateway)
        gateway.home.bus.fire("go")
        found = await client.result("inglenook/rules/trace", entity_id="automation.hall")

        assert found["run"]["outcome"] == "finished"
        assert [step["path"] for step in found["run"]["steps"]] == ["action/0"]
        assert await client.code("inglenook/rules/trace", entity_id="automation.hal") == "not_found"


async def test_lines_of_the_log_come_as_they_are_written_from_any_thread() -> None:
    async with client_of_a_home() as (_, client):
        log = logging.getLogger("inglenook.test")
        log.warning("before %s", "that")
        await client.result("inglenook/log/subscribe")
        first = (await client.event())["lines"]

        thread = threading.Thread(target=log.error, args=("<b>%s</b>", "after"))
        thread.start()
        thread.join()
        (news,) = (await client.event())["lines"]

    assert first[-1]["message"] == "before that"
    assert (news["level"], news["logger"], news["message"]) == ("ERROR", "inglenook.test", "<b>after</b>")


async def test_devices_are_told_all_at_first_and_then_those_that_changed(home: Home, device: FakeDevice) -> None:
    device.connect()
    device.describe({"power": {"domain": "sensor", "device_class": "battery"}})
    told: list[dict[str, Any]] = []
    watch = DeviceWatch(home, told.append)
    watch.start()

    await home.clock.sleep(1.5)
    assert len(told) == 1
    device.report(power="41")
    await home.clock.sleep(1)
    device.drop()
    await home.clock.sleep(1)
    watch.close()
    device.connect()
    await home.clock.sleep(5)

    first, second, third = told
    assert [row["status"] for row in first["devices"]] == ["connected"]
    assert [row["battery"] for row in second["changed"]] == [41]
    assert [row["status"] for row in third["changed"]] == ["away"]


async def test_of_many_devices_only_some_are_looked_at_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_report, "LOOKED_AT", 2)
    told: list[dict[str, Any]] = []
    watch = DeviceWatch(home, told.append)
    watch.start()
    for number in range(5):
        home.devices.add(f"device{number}")

    await home.clock.sleep(3.5)
    watch.close()

    assert [len(one["changed"]) for one in told[1:]] == [2, 2, 1]
    assert told[0] == {"devices": []}
