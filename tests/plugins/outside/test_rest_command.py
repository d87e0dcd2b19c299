"""rest_command: services that send requests."""

import ssl
from pathlib import Path

import pytest
from aiohttp import web
from tests.plugins.outside.place import Peer, Place

from inglenook.cli.tls import make_certificate
from inglenook.errors import ConfigErrors, ServiceError, TemplateError
from inglenook_outside.fetching import Request, Trust


async def test_templates_are_filled_in_from_the_call(place: Place, peer: Peer) -> None:
    peer.say("/users/4", "{}")
    await place.declare(f"""
        rest_command:
          tell:
            url: "{peer.url}/users/{{{{ number }}}}?q={{{{ 'a b' | urlencode }}}}"
            method: PATCH
            headers: {{X-Who: "{{{{ who }}}}", content-type: text/plain}}
            payload: '{{"who": "{{{{ who }}}}", "entity": "{{{{ entity_id }}}}"}}'
            content_type: application/json; charset=utf-8
        """)

    await place.call("rest_command.tell", number=4, who="zoë", entity_id="light.x")

    [asked] = peer.asked
    assert (asked.method, asked.path, asked.query["q"]) == ("PATCH", "/users/4", "a b")
    assert asked.body == '{"who": "zoë", "entity": "light.x"}'
    assert asked.headers["Content-Type"] == "application/json; charset=utf-8"
    assert asked.headers["X-Who"] == "zoë"


async def test_who_asks_gets_content_status_and_headers(place: Place, peer: Peer) -> None:
    peer.say("/json", '{"a": [1, null]}')
    peer.say("/text", "plain", kind="text/plain", status=202)
    await place.declare(f"""
        rest_command:
          json: {{url: "{peer.url}/json"}}
          text: {{url: "{peer.url}/text"}}
        """)

    json = await place.call("rest_command.json", wants_response=True)
    text = await place.call("rest_command.text", wants_response=True)

    assert (json["content"], json["status"], json["headers"]["X-Path"]) == ({"a": [1, None]}, 200, "/json")
    assert (text["content"], text["status"]) == ("plain", 202)
    assert await place.call("rest_command.json") is None


async def test_an_error_of_the_server_is_an_answer_and_a_warning(
    place: Place, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    await place.declare(f'rest_command: {{gone: {{url: "{peer.url}/gone?key=secret"}}}}')

    response = await place.call("rest_command.gone", wants_response=True)

    assert (response["status"], response["content"]) == (404, "nothing here")
    assert f"rest_command.gone: {peer.url}/gone answered with status 404" in caplog.text
    assert "secret" not in caplog.text


async def test_json_that_is_none_is_an_error_for_who_wants_it(place: Place, peer: Peer) -> None:
    peer.say("/x", "{oops")
    await place.declare(f'rest_command: {{x: {{url: "{peer.url}/x"}}}}')

    await place.call("rest_command.x")
    with pytest.raises(ServiceError, match="answered as JSON what is no JSON"):
        await place.call("rest_command.x", wants_response=True)


async def test_no_answer_is_an_error(place: Place, peer: Peer) -> None:
    await place.declare("""
        rest_command:
          nowhere: {url: "http://127.0.0.1:1/"}
          nothing: {url: "{{ where }}"}
        """)

    with pytest.raises(ServiceError, match=r"http://127\.0\.0\.1:1/: Cannot connect"):
        await place.call("rest_command.nowhere")
    for where in ("file:///etc/passwd", "nonsense", "http://"):
        with pytest.raises(ServiceError, match="expected an address that begins with http"):
            await place.call("rest_command.nothing", where=where)


async def test_no_value_makes_a_header_of_its_own(place: Place, peer: Peer) -> None:
    await place.declare(f"""
        rest_command: {{header: {{url: "{peer.url}/", headers: {{X: "{{{{ value }}}}"}}}}}}
        """)

    with pytest.raises(ServiceError, match="headers"):
        await place.call("rest_command.header", value="a\r\nY: b")

    assert peer.asked == []


async def test_a_template_that_fails_is_an_error(place: Place, peer: Peer) -> None:
    await place.declare(f"""
        rest_command: {{x: {{url: "{peer.url}/{{{{ 1 / 0 }}}}"}}}}
        """)

    with pytest.raises(TemplateError):
        await place.call("rest_command.x")

    assert peer.asked == []


async def test_an_address_may_be_sent_as_it_is_written(place: Place, peer: Peer) -> None:
    peer.say("/a/b", "{}")
    await place.declare(f"""
        rest_command: {{x: {{url: "{peer.url}/a%2Fb", skip_url_encoding: true}}}}
        """)

    response = await place.call("rest_command.x", wants_response=True)

    assert response["status"] == 200
    assert Request("GET", "http://a").trust == Trust(verify_ssl=True)


async def test_a_certificate_that_nobody_vouches_for_is_refused(place: Place, tmp_path: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate(tmp_path))
    app = web.Application()
    app.router.add_get("/", _answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    port = runner.addresses[0][1]
    await place.declare(f"""
        rest_command:
          strict: {{url: "https://127.0.0.1:{port}/"}}
          lax: {{url: "https://127.0.0.1:{port}/", verify_ssl: false}}
          old: {{url: "https://127.0.0.1:{port}/", verify_ssl: false, insecure_cipher: true}}
        """)

    with pytest.raises(ServiceError, match="certificate verify failed"):
        await place.call("rest_command.strict")
    for name in ("lax", "old"):
        assert (await place.call(f"rest_command.{name}", wants_response=True))["content"] == "safe"
    await runner.cleanup()


async def test_a_reload_brings_and_takes_away(place: Place, peer: Peer) -> None:
    peer.say("/b", "{}")
    await place.declare(f'rest_command: {{a: {{url: "{peer.url}/a"}}}}')
    place.write(f'rest_command: {{b: {{url: "{peer.url}/b"}}}}')

    await place.call("rest_command.reload")

    assert not place.home.services.has("rest_command", "a")
    assert (await place.call("rest_command.b", wants_response=True))["status"] == 200


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{a: {method: get}}", r"1:\d+: rest_command.a.url: this key is required"),
        ("{a: {url: x, method: head}}", r"1:\d+: rest_command.a.method: expected get, patch, .* got 'head'"),
        ("{A b: {url: x}}", r"1:\d+: rest_command.A b: "),
        ("{a: {url: '{{ x'}}", r"1:\d+: rest_command.a.url: template"),
    ],
)
async def test_what_is_wrong_is_told_with_its_place(place: Place, text: str, told: str) -> None:
    with pytest.raises(ConfigErrors, match=told):
        await place.declare(f"rest_command: {text}")


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a self-signed certificate and its key."""
    text, key, _ = make_certificate(("127.0.0.1",), 1)
    (folder / "certificate.pem").write_bytes(text)
    (folder / "key.pem").write_bytes(key)
    return folder / "certificate.pem", folder / "key.pem"


async def _answer(_: web.Request) -> web.Response:
    return web.Response(text="safe")
