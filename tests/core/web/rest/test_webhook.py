"""Webhooks: what rules are told of a request, and that nobody learns from the answer."""

from io import BytesIO
from typing import Any

import pytest

from inglenook.config.settings import Http
from inglenook.model import Event
from inglenook.testing.gateway import Gateway
from inglenook.web.origins import is_local

from .rest_client import RestClient, rest_client


def rule(gateway: Gateway, **trigger: Any) -> list[Any]:
    """Add a rule on the webhook ``door``; return what its runs see of the trigger."""
    heard: list[Any] = []
    gateway.home.bus.listen("heard", lambda event: heard.append(event.data["trigger"]))
    raw = {
        "triggers": {"trigger": "webhook", "webhook_id": "door", **trigger},
        "actions": {
            "event": "heard",
            "event_data_template": {"trigger": "{{ trigger }}"},
        },
    }
    gateway.engine.swap("test", [gateway.engine.check(raw)])
    return heard


async def status(client: RestClient, method: str = "POST", path: str = "door", **options: Any) -> int:
    return (await client.answer(method, f"/api/webhook/{path}", **options)).status


async def test_json_a_form_and_the_query_reach_the_rule() -> None:
    async with rest_client() as (gateway, client):
        heard = rule(gateway)
        client.headers = {}

        await status(client, path="door?a=1&a=2&b=", json={"open": [True]})
        await status(client, data={"x": "1"})

        assert heard[0]["json"] == {"open": [True]}
        assert heard[0]["query"] == {"a": "1", "b": ""}
        assert heard[0]["webhook_id"] == "door"
        assert heard[1]["data"] == {"x": "1"}


@pytest.mark.parametrize("path", ["door", "no-such", "a%2Fb", "x" * 300])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
async def test_the_answer_is_the_same_whatever_is_there(path: str, method: str) -> None:
    async with rest_client() as (gateway, client):
        heard = rule(gateway)
        client.headers = {}

        answer = await client.answer(method, f"/api/webhook/{path}")

        assert (answer.status, answer.content_length or 0) == (200, 0)
        assert len(heard) == (path == "door" and method in ("POST", "PUT"))


async def test_only_the_methods_that_a_rule_allows_start_it() -> None:
    async with rest_client() as (gateway, client):
        heard = rule(gateway, allowed_methods=["GET"])

        for method in ("GET", "HEAD", "POST", "PUT"):
            await status(client, method)

        assert len(heard) == 1


@pytest.mark.parametrize(("only", "times"), [(True, 0), (False, 1)])
async def test_from_outside_only_what_may_be_called_from_there(only: bool, times: int) -> None:
    from ipaddress import ip_network

    http = Http(use_x_forwarded_for=True, trusted_proxies=(ip_network("127.0.0.0/8"),))
    async with rest_client(http=http) as (gateway, client):
        heard = rule(gateway, local_only=only)
        client.headers["X-Forwarded-For"] = "8.8.8.8"

        assert await status(client) == 200
        assert len(heard) == times


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"\xff"),
        ("application/json", b"[" * 100_000),
        ("application/json", b""),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"--a\r\n"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"a=b"),
    ],
)
async def test_what_cannot_be_read_starts_nothing(content: str, body: bytes) -> None:
    async with rest_client() as (gateway, client):
        heard = rule(gateway)
        client.headers = {"Content-Type": content}

        assert await status(client, data=body) == 200
        assert not heard


async def test_a_body_has_a_bound() -> None:
    async with rest_client() as (gateway, client):
        heard = rule(gateway)

        client.headers = {"Content-Type": "application/json"}
        assert await status(client, data=BytesIO(b"1" * (2 << 20))) == 413
        assert not heard


async def test_only_admins_hear_of_webhooks() -> None:
    async with rest_client() as (gateway, client):
        heard: list[Event] = []
        gateway.home.bus.listen("webhook_received", heard.append)

        await status(client, json=1)

        assert heard[0].data["webhook_id"] == "door"
        from inglenook.web.commands.connection import PUBLIC_EVENTS

        assert "webhook_received" not in PUBLIC_EVENTS


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True), ("::1", True), ("192.168.3.4", True), ("10.0.0.1", True), ("172.31.0.1", True),
        ("fd00::1", True), ("fe80::1", True), ("::ffff:192.168.0.1", True), ("169.254.1.1", True),
        ("8.8.8.8", False), ("172.32.0.1", False), ("2001:db8::1", False), ("::ffff:8.8.8.8", False), ("", False),
        ("100.64.0.1", False),
    ],
)  # fmt: skip
def test_what_is_near(address: str, expected: bool) -> None:
    assert is_local(address) is expected


async def test_a_request_that_the_rule_does_not_take_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    async with rest_client() as (gateway, client):
        rule(gateway, allowed_methods=["POST", "PUT"])
        client.headers = {}

        for method in ("GET", "POST", "GET"):
            await status(client, method)

        told = [record.getMessage() for record in caplog.records if "left alone" in record.getMessage()]
        assert len(told) == 1
        assert "GET is not one of its allowed_methods, POST, PUT" in told[0]
