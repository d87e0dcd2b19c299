"""rest: what an address answers, and switches that are turned by requests."""

import asyncio
import base64
import re

import pytest
from aiohttp import web
from tests.plugins.outside.place import Peer, Place

from inglenook.errors import ConfigErrors
from inglenook_outside import fetching


async def test_several_entities_share_one_answer(place: Place, peer: Peer) -> None:
    peer.say("/weather", '{"temperature": 21.5, "rain": "on", "wind": {"speed": 3, "from": "west"}}')
    await place.declare(f"""
        rest:
          - resource: {peer.url}/weather
            sensor:
              - name: Temperature
                value_template: "{{{{ value_json.temperature }}}}"
                unit_of_measurement: °C
                device_class: temperature
              - name: Wind
                value_template: "{{{{ value_json.wind.speed }}}}"
                json_attributes: [from, nothing]
                json_attributes_path: "$.wind"
            binary_sensor:
              - name: Rain
                value_template: "{{{{ value_json.rain }}}}"
        """)

    assert place.state("sensor.temperature") == "21.5"
    assert place.attribute("sensor.temperature", "device_class") == "temperature"
    assert (place.state("sensor.wind"), place.attribute("sensor.wind", "from")) == ("3", "west")
    assert place.state("binary_sensor.rain") == "on"
    assert len(peer.asked) == 1
    peer.say("/weather", '{"temperature": 3, "rain": 0, "wind": {}}')
    assert await place.ask_again("binary_sensor.rain") == "off"
    assert place.state("sensor.temperature") == "3"


async def test_a_platform_has_an_address_of_its_own(place: Place, peer: Peer) -> None:
    peer.say("/x", "open", kind="text/plain")
    await place.declare(f"""
        sensor: [{{platform: rest, resource: "{peer.url}/x"}}]
        binary_sensor: [{{platform: rest, resource: "{peer.url}/x", scan_interval: 60}}]
        """)

    assert place.state("sensor.rest_sensor") == "open"
    assert place.state("binary_sensor.rest_binary_sensor") == "on"


async def test_what_is_asked_is_made_by_templates(place: Place, peer: Peer) -> None:
    peer.say("/room/hall", "1", kind="text/plain")
    place.home.states.set("input_text.room", "hall")
    await place.declare(f"""
        rest:
          - resource_template: "{peer.url}/room/{{{{ states('input_text.room') }}}}?a=1"
            method: post
            payload_template: '{{"room": "{{{{ states("input_text.room") }}}}"}}'
            headers: {{X-Room: "{{{{ states('input_text.room') }}}}", Plain: text}}
            params: {{day: "{{{{ 2 + 3 }}}}", really: "{{{{ 1 == 1 }}}}"}}
            sensor: [{{name: Room}}]
        """)

    [asked] = peer.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/room/hall", '{"room": "hall"}')
    assert asked.query == {"a": "1", "day": "5", "really": "true"}
    assert (asked.headers["X-Room"], asked.headers["Plain"]) == ("hall", "text")
    assert asked.headers["User-Agent"].startswith("inglenook/")


async def test_a_name_and_a_password_are_shown(place: Place, peer: Peer) -> None:
    peer.say("/x", "1")
    await place.declare(f"""
        rest: [{{resource: "{peer.url}/x", authentication: basic, username: me, password: hü, sensor: [{{name: A}}]}}]
        """)

    assert peer.asked[0].headers["Authorization"] == "Basic " + base64.b64encode("me:hü".encode()).decode()


async def test_a_digest_is_shown_once_it_is_asked_for(place: Place, peer: Peer) -> None:
    def answer(request: web.Request) -> web.Response:
        shown = request.headers.get("Authorization", "")
        if re.match(r'Digest username="me", realm="garden"', shown):
            return web.Response(text="in")
        challenge = 'Digest realm="garden", nonce="abc", qop="auth", algorithm=MD5'
        return web.Response(status=401, headers={"WWW-Authenticate": challenge})

    peer.answers["/x"] = answer
    await place.declare(f"""
        rest: [{{resource: "{peer.url}/x", authentication: digest, username: me, password: p, sensor: [{{name: A}}]}}]
        """)

    assert place.state("sensor.a") == "in"


async def test_xml_becomes_json(place: Place, peer: Peer) -> None:
    peer.say("/x", "<pool><temp>25</temp><pump state='on'>1</pump></pool>", kind="text/xml")
    await place.declare(f"""
        sensor:
          - platform: rest
            resource: {peer.url}/x
            name: Pool
            value_template: "{{{{ value_json.pool.temp }}}}"
            json_attributes_path: "$.pool"
            json_attributes: [pump]
        """)

    assert place.state("sensor.pool") == "25"
    assert place.attribute("sensor.pool", "pump") == {"@state": "on", "#text": "1"}
    peer.say("/x", "<pool>", kind="text/xml")
    assert await place.ask_again("sensor.pool") == "unavailable"


async def test_the_encoding_is_that_of_the_headers_else_that_of_the_settings(place: Place, peer: Peer) -> None:
    peer.answers["/x"] = lambda _: web.Response(body="größer".encode("latin-1"), content_type="text/plain")
    await place.declare(f"""
        rest: [{{resource: "{peer.url}/x", encoding: latin-1, sensor: [{{name: A}}]}}]
        """)
    assert place.state("sensor.a") == "größer"

    peer.answers["/x"] = lambda _: web.Response(text="größer", content_type="text/plain", charset="utf-8")

    assert await place.ask_again("sensor.a") == "größer"


async def test_an_error_makes_it_unavailable_unless_it_is_told_to_programs(
    place: Place, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    peer.say("/x", "<html>no</html>", status=500, kind="text/html")
    await place.declare(f"""
        rest:
          - resource: {peer.url}/x?key=secret
            sensor: {{name: A, value_template: "{{{{ value_json.why }}}}"}}
        """)
    assert place.state("sensor.a") == "unavailable"
    assert f"rest A: {peer.url}/x answered with status 500; unavailable until it answers" in caplog.text
    assert "secret" not in caplog.text

    peer.say("/x", '{"why": "night"}', status=404)

    assert await place.ask_again("sensor.a") == "night"


async def test_nobody_there_is_told_once(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    port = await free_port()
    await place.declare(f'rest: [{{resource: "http://127.0.0.1:{port}/x?key=secret", sensor: [{{name: A}}]}}]')

    await place.ask_again("sensor.a")

    assert place.state("sensor.a") == "unavailable"
    assert caplog.text.count("rest A: ") == 1
    assert "Connect call failed" in caplog.text
    assert "secret" not in caplog.text


async def test_one_who_never_answers_is_given_up(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: writers.append(writer), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await place.declare(f'rest: [{{resource: "http://127.0.0.1:{port}/", timeout: 0.1, sensor: [{{name: A}}]}}]')

    assert place.state("sensor.a") == "unavailable"
    assert "did not answer within 0.1 s" in caplog.text
    for writer in writers:
        writer.close()
        await writer.wait_closed()
    server.close()
    await server.wait_closed()


async def test_an_answer_without_end_is_cut_off(
    place: Place, peer: Peer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_BODY", 10_000)

    def unpacks_large(_: web.Request) -> web.Response:
        response = web.Response(text="x" * 1_000_000)
        response.enable_compression(web.ContentCoding.gzip)
        return response

    peer.answers["/x"] = unpacks_large
    await place.declare(f'rest: [{{resource: "{peer.url}/x", sensor: [{{name: A}}]}}]')

    assert place.state("sensor.a") == "unavailable"
    assert "answered more than 9 KiB" in caplog.text


async def test_a_redirect_is_followed_on_the_host_that_was_named_and_no_further(
    place: Place, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    peer.say("/new", "here", kind="text/plain")
    peer.send_to("/old", "/new")
    await place.declare(f'rest: [{{resource: "{peer.url}/old", sensor: [{{name: A}}]}}]')
    assert place.state("sensor.a") == "here"
    count = len(peer.asked)

    peer.send_to("/old", peer.url.replace("127.0.0.1", "localhost") + "/new?key=secret")

    assert await place.ask_again("sensor.a") == "unavailable"
    assert len(peer.asked) == count + 1
    assert "only the host that was named is asked" in caplog.text
    assert "secret" not in caplog.text


async def test_an_availability_template_looks_at_the_answer(place: Place, peer: Peer) -> None:
    peer.say("/x", '{"v": 1, "fine": "no"}')
    await place.declare(f"""
        rest: [{{resource: "{peer.url}/x", sensor: [{{name: A, availability: "{{{{ value_json.fine }}}}"}}]}}]
        """)
    assert place.state("sensor.a") == "unavailable"

    peer.say("/x", '{"v": 1, "fine": "yes"}')

    assert await place.ask_again("sensor.a") == '{"v": 1, "fine": "yes"}'


async def test_force_update_counts_every_answer_as_a_change(place: Place, peer: Peer) -> None:
    peer.say("/x", "5")
    await place.declare(f"""
        rest: [{{resource: "{peer.url}/x", sensor: [{{name: A, force_update: true}}, {{name: B}}]}}]
        """)
    changed: list[str] = []
    place.home.bus.listen("state_changed", lambda event: changed.append(event.data["entity_id"]))

    await place.ask_again("sensor.a")

    assert changed == ["sensor.a"]


async def test_a_switch_sends_bodies_and_asks_what_it_is(place: Place, peer: Peer) -> None:
    peer.say("/led", '{"active": false}')
    place.home.states.set("input_number.level", "7")
    await place.declare(f"""
        switch:
          - platform: rest
            name: Led
            resource: {peer.url}/led
            method: put
            body_on: '{{"level": {{{{ states("input_number.level") }}}}}}'
            body_off: '{{"level": 0}}'
            is_on_template: "{{{{ value_json.active }}}}"
            headers: {{Content-Type: application/json}}
        """)
    assert place.state("switch.led") == "off"

    await place.call("switch.turn_on", entity_id="switch.led")

    assert place.state("switch.led") == "on"
    assert (peer.asked[-1].method, peer.asked[-1].body) == ("PUT", '{"level": 7}')
    assert await place.ask_again("switch.led") == "off"


async def test_a_switch_without_a_template_compares_with_its_bodies(
    place: Place, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    peer.say("/state", "ON", kind="text/plain")
    await place.declare(f"""
        switch: [{{platform: rest, resource: "{peer.url}/led", state_resource: "{peer.url}/state"}}]
        """)
    assert place.state("switch.rest_switch") == "on"

    await place.call("switch.turn_off", entity_id="switch.rest_switch")

    assert place.state("switch.rest_switch") == "on"
    assert f"switch.rest_switch: {peer.url}/led answered with status 404" in caplog.text
    peer.say("/state", "perhaps", kind="text/plain")
    assert await place.ask_again("switch.rest_switch") == "unknown"


async def test_a_reload_keeps_what_stayed(place: Place, peer: Peer) -> None:
    for path in ("/a", "/b", "/c"):
        peer.say(path, path, kind="text/plain")
    item = '- {{platform: rest, resource: "{}/{}", name: {}}}\n'
    await place.declare("sensor:\n" + "".join(item.format(peer.url, name, name) for name in "ab"))
    place.write("sensor:\n" + "".join(item.format(peer.url, name, name) for name in "bc"))

    await place.call("rest.reload")

    assert [place.state(f"sensor.{name}") for name in "abc"] == [None, "/b", "/c"]
    assert [asked.path for asked in peer.asked] == ["/a", "/b", "/c"]


async def test_of_two_with_one_unique_id_the_second_is_left_out(
    place: Place, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    peer.say("/x", "1")
    await place.declare(f"""
        rest:
          - resource: {peer.url}/x
            sensor: [{{name: A, unique_id: u}}, {{name: B, unique_id: u}}, {{name: C}}]
        """)

    assert [place.state(f"sensor.{name}") for name in "abc"] == ["1", None, "1"]
    assert "B is left out" in caplog.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rest: [{sensor: []}]", r"1:\d+: rest\[0\]: expected resource or resource_template, got neither"),
        ("rest: [{resource: 'ftp://a'}]", r"1:\d+: rest\[0\].resource: expected an address .* got 'ftp://a'"),
        ("rest: [{resource: 'http://a', resource_template: b}]", "expected either resource or resource_template"),
        ("rest: [{resource: 'http://a', method: PUT}]", r"rest\[0\].method: expected GET or POST; got 'PUT'"),
        ("rest: [{resource: 'http://a', encoding: x}]", r"rest\[0\].encoding: expected an encoding like UTF-8"),
        (
            "rest: [{resource: 'http://a', sensor: {naem: a}}]",
            r"1:40: rest\[0\].sensor.naem: unknown key; did you mean",
        ),
        ("rest: {resource: 'ftp://a'}", r"1:18: rest.resource: expected an address .* got 'ftp://a'"),
        ("rest: [5]", r"1:8: rest\[0\]: expected a mapping, got 5"),
        ("rest: 5", r"1:1: rest: expected a list, got 5"),
        ("sensor: [{platform: rest}]", r"1:\d+: sensor: expected resource or resource_template, got neither"),
        ("switch: [{platform: rest}]", r"1:\d+: switch.resource: this key is required"),
    ],
)
async def test_what_is_wrong_is_told_with_its_place(place: Place, text: str, told: str) -> None:
    with pytest.raises(ConfigErrors, match=told):
        await place.declare(text)


async def free_port() -> int:
    """Return a port that nobody listens on."""
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port
