"""The numbers that Prometheus scrapes: right, for those who may see them, and bounded."""

from ipaddress import ip_network

import pytest
from prometheus_client.parser import text_string_to_metric_families

from inglenook.auth import Role
from inglenook.bus import MAX_TYPES
from inglenook.config.settings import Http
from inglenook.testing.gateway import Gateway

from .rest_client import RestClient, rest_client

HERE = (ip_network("127.0.0.1"),)
AFAR = (ip_network("8.8.8.8"),)

RULE = {
    "alias": "a",
    "triggers": {"trigger": "event", "event_type": "go"},
    "actions": [{"if": "{{ trigger.event.data.fail is defined }}", "then": {"action": "no.such"}}],
}


async def scraped(client: RestClient) -> dict[str, float]:
    """Return each sample by name and labels."""
    answer = await client.answer("GET", "/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        sample.name + "".join(f"|{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(await answer.text())
        for sample in family.samples
    }


def run(gateway: Gateway) -> None:
    gateway.engine.swap("test", [gateway.engine.check(RULE)])
    for data in ({}, {}, {"fail": 1}):
        gateway.home.bus.fire("go", data)


async def test_events_runs_and_their_times_are_counted() -> None:
    async with rest_client() as (gateway, client):
        run(gateway)

        found = await scraped(client)

        assert found["inglenook_events_total|go"] == 3
        assert found["inglenook_rule_runs_total|finished"] == 2
        assert found["inglenook_rule_runs_total|error"] == 1
        assert found["inglenook_rule_run_seconds_count"] == found["inglenook_rule_run_seconds_bucket|+Inf"] == 3
        assert 0 < found["inglenook_rule_run_seconds_sum"] < 5
        assert found["inglenook_rules"] == 1


async def test_devices_clients_queues_and_memory_are_there() -> None:
    async with rest_client() as (gateway, client):
        async with gateway.device("hall", {"lamp": {"domain": "light"}}) as device:
            device.set(lamp="off")
            await device.delivered()
            found = await scraped(client)

        assert found["inglenook_devices_connected"] == 1
        assert found["inglenook_received_bytes_total|devices"] > 50
        assert found["inglenook_sent_bytes_total|devices"] > 50
        assert found["inglenook_received_bytes_total|clients"] == 0
        assert found["inglenook_device_reconnects_total"] == 0
        assert found["process_resident_memory_bytes"] > 1e6
        assert {name for name in found if name.startswith("inglenook_queue_depth")} == {
            f"inglenook_queue_depth|{queue}" for queue in ("events", "store", "commands", "runs")
        }
        assert found["inglenook_loop_lag_seconds"] >= 0


@pytest.mark.parametrize("use_tap", [True, False])
async def test_bytes_are_counted_whichever_way_frames_are_read(use_tap: bool) -> None:
    async with rest_client(use_tap=use_tap) as (gateway, client):
        async with gateway.device("hall", {"lamp": {"domain": "light"}}) as device:
            device.set(lamp="off")
            await device.delivered()

        found = await scraped(client)

        assert min(found[f"inglenook_{way}_bytes_total|devices"] for way in ("received", "sent")) > 50


async def test_types_of_events_beyond_a_bound_are_counted_together() -> None:
    async with rest_client() as (gateway, client):
        for number in range(MAX_TYPES + 50):
            gateway.home.bus.fire(f'type{number}"\n')

        found = await scraped(client)

        assert sum(name.startswith("inglenook_events_total") for name in found) == MAX_TYPES + 1
        assert found["inglenook_events_total|other"] >= 50


@pytest.mark.parametrize(
    ("role", "http", "forwarded", "status"),
    [
        (None, Http(), None, 401),
        (Role.READ_ONLY, Http(), None, 401),
        (Role.USER, Http(), None, 401),
        (Role.ADMIN, Http(), None, 200),
        (None, Http(metrics_from=HERE), None, 200),
        (None, Http(metrics_from=(ip_network("10.0.0.0/8"),)), None, 401),
        (None, Http(metrics_from=HERE), "8.8.8.8", 401),
        (None, Http(metrics_from=HERE, use_x_forwarded_for=True, trusted_proxies=HERE), "8.8.8.8", 401),
        (
            None,
            Http(metrics_from=AFAR, use_x_forwarded_for=True, trusted_proxies=HERE),
            "8.8.8.8",
            200,
        ),
    ],
)
async def test_who_may_see_them(role: Role | None, http: Http, forwarded: str | None, status: int) -> None:
    async with rest_client(role or Role.OWNER, http=http) as (_, client):
        if role is None:
            client.headers = {}
        if forwarded is not None:
            client.headers["X-Forwarded-For"] = forwarded

        assert (await client.ask("GET", "/metrics"))[0] == status
