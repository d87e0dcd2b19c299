"""home-assistant-js-websocket, the library under the web frontend and Node-RED, in Node against a running home."""

import asyncio
import json
import shutil
import subprocess
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar

from inglenook.auth import Role, User
from inglenook.model import ServiceCall
from inglenook.testing.gateway import Gateway, running_gateway

FOLDER = Path(__file__).parent / "js"
INVALID_AUTH = 2  # ERR_INVALID_AUTH of the library


class JsError(Exception):
    """The library threw or rejected."""

    def __init__(self, error: Any) -> None:
        super().__init__(str(error))
        self.error = error


class JsClient:
    """The library in a process of its own, told line by line what to do."""

    def __init__(self) -> None:
        command = ["node", str(FOLDER / "client.mjs")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._events: deque[dict[str, Any]] = deque()

    async def do(self, act: str, **options: Any) -> Any:
        """Let it do something and return what came of it.

        Raises:
            JsError: the library threw or rejected.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"act": act, **options}) + "\n")
        self._process.stdin.flush()
        while True:
            line = await self._line()
            if "error" in line:
                raise JsError(line["error"])
            if "result" in line:
                return line["result"]
            self._events.append(line)

    async def event(self, name: str) -> Any:
        """Return what the next event of that name told; those of others before it are forgotten."""
        while True:
            line = self._events.popleft() if self._events else await self._line()
            if line["event"] == name:
                return line["data"]

    async def log_in(self, gateway: Gateway, user: User) -> None:
        """Connect with a long-lived token."""
        token = gateway.auth.create_long_lived(user, f"js {len(gateway.auth.tokens())}")
        await self.do("connect", auth={"hassUrl": url_of(gateway), "token": token})
        self._events.clear()

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    async def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(20):
                line = await asyncio.to_thread(self._process.stdout.readline)
        except TimeoutError:
            self._process.kill()
            raise
        assert line, "the process of the library has ended"
        read: dict[str, Any] = json.loads(line)
        return read


@pytest.fixture(scope="module")
def js() -> Iterator[JsClient]:
    if not shutil.which("node") or not (FOLDER / "node_modules").exists():
        pytest.skip("needs node, and npm to have installed tests/clients/js (make test does)")
    client = JsClient()
    yield client
    client.end()


def url_of(gateway: Gateway) -> str:
    return f"http://127.0.0.1:{gateway.server.port}"


async def owner_of(gateway: Gateway) -> User:
    return await gateway.auth.create_user("somebody", role=Role.OWNER)


async def code_of(url: str, username: str, password: str) -> str:
    """Log in as the page of the log-in does; return the code that it sends the client back with."""
    start = {"client_id": f"{url}/", "redirect_uri": f"{url}/", "handler": ["homeassistant", None]}
    async with ClientSession(url, cookie_jar=CookieJar(unsafe=True)) as session:
        async with session.post("/auth/login_flow", json=start) as answer:
            flow = (await answer.json())["flow_id"]
        login = {"client_id": f"{url}/", "username": username, "password": password}
        async with session.post(f"/auth/login_flow/{flow}", json=login) as answer:
            code: str = (await answer.json())["result"]
            return code


async def test_it_sees_entities_services_and_the_configuration_change(js: JsClient) -> None:
    async with running_gateway() as gateway:
        home = gateway.home
        home.states.set("sensor.hall", "20", {"unit_of_measurement": "°C", "old": 1})
        await js.log_in(gateway, await owner_of(gateway))

        await js.do("subscribeEntities")
        first = await js.event("entities")
        home.states.set("sensor.hall", "21", {"unit_of_measurement": "°C"})
        changed = await js.event("entities")
        home.states.set("sensor.attic", "15")
        added = await js.event("entities")
        home.states.remove("sensor.hall")
        removed = await js.event("entities")
        await js.do("subscribeServices")
        services = await js.event("services")
        home.services.register("test", "note", lambda _: None, has_target=False)
        more_services = await js.event("services")
        await js.do("subscribeConfig")
        config = await js.event("config")
        state = home.states.get("sensor.attic")

    assert first["sensor.hall"]["state"] == "20"
    assert changed["sensor.hall"]["state"] == "21"
    assert changed["sensor.hall"]["attributes"] == {"unit_of_measurement": "°C"}
    assert changed["sensor.hall"]["changed"] > first["sensor.hall"]["changed"]
    assert set(added) == {"sensor.hall", "sensor.attic"}
    assert state is not None
    assert added["sensor.attic"]["context"] == {"id": state.context.id, "parent_id": None, "user_id": None}
    assert set(removed) == {"sensor.attic"}
    assert "test" not in services
    assert "turn_on" in services["light"]
    assert more_services["test"] == ["note"]
    assert config["state"] == "RUNNING"


async def test_it_calls_services_and_hears_why_one_fails(js: JsClient) -> None:
    async with running_gateway() as gateway:
        calls: list[ServiceCall] = []

        def answer(call: ServiceCall) -> dict[str, Any]:
            calls.append(call)
            return {"heard": call.data["a"]}

        gateway.home.services.register("test", "answer", answer, supports_response="only", has_target=False)
        owner = await owner_of(gateway)
        await js.log_in(gateway, owner)

        answered = await js.do("callService", domain="test", service="answer", data={"a": 1})
        with pytest.raises(JsError) as failed:
            await js.do("callService", domain="no", service="such")

    assert answered["response"] == {"heard": 1}
    assert calls[0].context.user_id == owner.id
    assert failed.value.error["code"] == "not_found"


async def test_it_renders_templates_as_what_they_use_changes(js: JsClient) -> None:
    async with running_gateway() as gateway:
        gateway.home.states.set("sensor.hall", "20")
        await js.log_in(gateway, await owner_of(gateway))
        message = {"type": "render_template", "template": "{{ states('sensor.hall') | int + more }}"}

        await js.do("subscribeMessage", message={**message, "variables": {"more": 1}})
        first = await js.event("message")
        gateway.home.states.set("sensor.hall", "30")
        second = await js.event("message")
        await js.do("unsubscribe", name="message")
        with pytest.raises(JsError) as failed:
            await js.do("send", message={"type": "render_template", "template": "{{ 1 +", "strict": True})

    assert (first["result"], second["result"]) == (21, 31)
    assert first["listeners"]["entities"] == ["sensor.hall"]
    assert failed.value.error["code"] == "template_error"


async def test_it_takes_many_frames_as_one(js: JsClient) -> None:
    async with running_gateway() as gateway:
        await js.log_in(gateway, await owner_of(gateway))
        await js.do("subscribeEvents", type="lovelace_updated")
        before = await js.do("frames")

        for number in range(50):
            gateway.home.bus.fire("lovelace_updated", {"number": number})

        heard = [(await js.event("events"))["data"]["number"] for _ in range(50)]
        after = await js.do("frames")

    assert heard == list(range(50))
    assert after == {"single": before["single"], "several": before["several"] + 1}


async def test_an_access_token_that_has_expired_is_made_anew_of_the_refresh_token(js: JsClient) -> None:
    async with running_gateway() as gateway:
        owner = await owner_of(gateway)
        client_id = f"{url_of(gateway)}/"
        _, refresh_token = gateway.auth.create_refresh_token(owner, client_id)
        old = {
            "hassUrl": url_of(gateway), "clientId": client_id, "expires": 0, "refresh_token": refresh_token,
            "access_token": "has expired", "expires_in": 1800,
        }  # fmt: skip

        await js.do("connect", auth=old)
        saved = await js.event("tokens")
        user = await js.do("getUser")
        bearer = gateway.auth.verify(saved["access_token"])

    assert saved["refresh_token"] == refresh_token
    assert saved["expires_in"] == 1800
    assert user["id"] == owner.id
    assert user["is_owner"]
    assert bearer is not None


async def test_it_logs_in_with_a_code_and_out_again(js: JsClient) -> None:
    async with running_gateway() as gateway:
        url = url_of(gateway)
        await gateway.auth.create_user("Ann", username="ann", password="open sesame", role=Role.OWNER)
        code = await code_of(url, "ann", "open sesame")

        await js.do("logIn", hassUrl=url, clientId=f"{url}/", authCode=code)
        saved = await js.event("tokens")
        user = await js.do("getUser")
        await js.do("logOut")
        await js.event("disconnected")
        refused = await js.event("reconnect-error")
        with pytest.raises(JsError) as again:
            await js.do("logIn", hassUrl=url, clientId=f"{url}/", authCode=code)

        assert saved["clientId"] == f"{url}/"
        assert user["name"] == "Ann"
        assert refused == INVALID_AUTH
        assert again.value.error == INVALID_AUTH
        assert gateway.auth.tokens() == []


@pytest.mark.parametrize("kind", ["long-lived", "refresh"])
async def test_a_token_that_is_none_is_told_as_one(js: JsClient, kind: str) -> None:
    async with running_gateway() as gateway:
        auth = {"hassUrl": url_of(gateway), "clientId": f"{url_of(gateway)}/", "expires": 0, "refresh_token": "wrong"}
        if kind == "long-lived":
            auth = {"hassUrl": url_of(gateway), "token": "wrong"}

        with pytest.raises(JsError) as failed:
            await js.do("connect", auth=auth)

    assert failed.value.error == INVALID_AUTH


async def test_after_a_restart_it_comes_again_with_its_subscriptions(js: JsClient, tmp_path: Path) -> None:
    async with running_gateway(data=tmp_path) as gateway:
        port = gateway.server.port
        gateway.home.states.set("sensor.hall", "20")
        await js.log_in(gateway, await owner_of(gateway))
        await js.do("subscribeEntities")
        await js.do("subscribeEvents", type="lovelace_updated")
        before = await js.event("entities")
        await js.do("hold")
    await js.event("disconnected")

    async with running_gateway(data=tmp_path, port=port) as gateway:
        gateway.home.states.set("sensor.hall", "22")
        await js.do("resume")
        await js.event("ready")
        after = await js.event("entities")
        await js.do("send", message={"type": "ping"})  # behind the subscriptions
        gateway.home.bus.fire("lovelace_updated", {"a": 1})
        event = await js.event("events")

    assert before["sensor.hall"]["state"] == "20"
    assert after["sensor.hall"]["state"] == "22"
    assert event["data"] == {"a": 1}
