"""A device's frame becomes a typed message, or an error that names the field."""

import contextlib
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.errors import ProtocolError
from inglenook.protocol import (
    Ack,
    Bye,
    CommandFrame,
    Describe,
    EntityDescription,
    EventFrame,
    Hello,
    Pair,
    Ping,
    Reading,
    Result,
    StateFrame,
    decode_device_frame,
    decode_hub_frame,
    encode,
    encode_ack,
    make_proof,
    make_token,
    token_hash,
    verify_proof,
)


def frame(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def refusal(payload: bytes) -> ProtocolError:
    with pytest.raises(ProtocolError) as caught:
        decode_device_frame(payload)
    return caught.value


def assert_decodes_or_is_refused(payload: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        decode_device_frame(payload)


@pytest.mark.parametrize(
    "sent",
    [
        Hello(version=1, device="hall", proof="p", heartbeat_s=30.0),
        Pair(device="hall", code="123456"),
        Describe(entities={"lamp": {"domain": "light"}}),
        StateFrame(1, {"lamp": Reading("on", {"brightness": 3}), "t": 21.5, "m": True, "x": None}, 1.5),
        EventFrame(2, "button", "press", {"count": 2}),
        Result("01J", ok=True, states={"lamp": "on"}),
        Ping(),
        Bye(300.0),
    ],
)
def test_what_a_device_encodes_the_hub_decodes(sent: Any) -> None:
    assert decode_device_frame(encode(sent)) == sent


def test_the_order_of_the_fields_does_not_matter_and_unknown_ones_are_ignored() -> None:
    found = decode_device_frame(b'{"seq": 3, "mood": "fine", "states": {"a": 1}, "type": "state"}')

    assert found == StateFrame(3, {"a": 1})


def test_an_unknown_type_is_ignored_for_newer_devices() -> None:
    assert decode_device_frame(frame(type="selfie", seq="what")) is None
    assert decode_hub_frame(frame(type="selfie")) is None


@pytest.mark.parametrize(
    ("payload", "code", "field"),
    [
        (b"", "not_json", ""),
        (b"{", "not_json", ""),
        (b"\xff\xfe", "not_json", ""),
        (b'{"type":"state","seq":1,"states":{"a":NaN}}', "not_json", ""),
        (b'{"type":"state","seq":1,"states":{"a":"\xff"}}', "not_json", ""),
        (b'{"type":"state","seq":1,"states":{"a":{"attributes":{"q":' + b"[" * 3000, "not_json", ""),
        (b'{"type":"state","seq":1,"states":{"a":' + b"9" * 5000 + b"}}", "invalid", "states"),
        (b"[1]", "invalid", ""),
        (b"{}", "invalid", "type"),
        (frame(type=5), "invalid", "type"),
        (frame(type="state", seq="1", states={}), "invalid", "seq"),
        (frame(type="state", seq=1), "invalid", "states"),
        (frame(type="state", seq=1, states={"ok": 1, "bad": [1]}), "invalid", "states.bad"),
        (frame(type="state", seq=1, states={"bad": {"state": {}}}), "invalid", "states.bad.state"),
        (frame(type="state", seq=1, states={"bad": {"attributes": 1}}), "invalid", "states.bad.attributes"),
        (b'{"type":"state","seq":1,"states":{"a":1e999}}', "invalid", "states"),
        (frame(type="event", seq=1, entity="b", event=""), "invalid", "event"),
        (frame(type="hello", version=1), "invalid", "device"),
        (frame(type="hello", version=1, device="no spaces"), "invalid", "device"),
        (frame(type="hello", version=1, device="a" * 65), "invalid", "device"),
        (frame(type="hello", version=1, device="a", token="x" * 256), "invalid", "token"),
        (frame(type="hello", version=1, device="a", heartbeat_s=0), "invalid", "heartbeat_s"),
        (frame(type="bye", wake_in_s=-1), "invalid", "wake_in_s"),
        (frame(type="describe", entities={"lamp": 1}), "invalid", "entities.lamp"),
        (frame(type="result", command="x", ok="yes"), "invalid", "ok"),
    ],
)
def test_a_bad_frame_is_refused_by_the_name_of_its_field(payload: bytes, code: str, field: str) -> None:
    error = refusal(payload)

    assert (error.code, error.field) == (code, field)
    assert "`$" not in error.message


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_decode_or_be_refused(payload: bytes) -> None:
    assert_decodes_or_is_refused(payload)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_no_json_in_the_place_of_states_does_anything_but_decode_or_be_refused(states: Any) -> None:
    assert_decodes_or_is_refused(frame(type="state", seq=1, states=states))


def test_a_description_keeps_what_its_domain_knows() -> None:
    found = EntityDescription.parse("t", {"domain": "number", "name": "Target", "min": 5, "max": 30})

    assert (found.domain, found.name, found.capabilities) == ("number", "Target", {"min": 5, "max": 30})


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({}, "entities.t.domain"),
        ({"domain": "ligth"}, "entities.t.domain"),
        ({"domain": "light", "name": 5}, "entities.t.name"),
        ({"domain": "light", "icon": "x" * 300}, "entities.t.icon"),
    ],
)
def test_a_bad_description_is_refused_by_the_name_of_its_field(raw: dict[str, Any], field: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        EntityDescription.parse("t", raw)

    assert caught.value.field == field


def test_the_hubs_frames_are_what_a_device_decodes() -> None:
    assert decode_hub_frame(encode_ack(7)) == Ack(7)
    assert json.loads(encode(CommandFrame("01J", "lamp", "turn_on", {"brightness": 128}, 10.0))) == {
        "type": "command", "command": "01J", "entity": "lamp", "service": "turn_on", "data": {"brightness": 128},
        "ttl_s": 10.0,
    }  # fmt: skip
    with pytest.raises(ProtocolError):
        decode_hub_frame(b"welcome")
    with pytest.raises(ProtocolError):
        decode_hub_frame(frame(type="ack", seq="x"))


def test_a_proof_made_with_the_token_is_checked_with_nothing_but_its_hash() -> None:
    token = make_token()

    proof = make_proof(token, "nonce", "hall")

    assert proof == hmac.new(token.encode(), b"noncehall", hashlib.sha256).hexdigest()
    assert verify_proof(proof, token_hash(token), "nonce", "hall")
    assert not verify_proof(proof, token_hash(token), "other", "hall")
    assert not verify_proof(proof, token_hash(make_token()), "nonce", "hall")
    assert not verify_proof("", token_hash(token), "nonce", "hall")
    assert not verify_proof("é", token_hash(token), "nonce", "hall")


def test_tokens_differ_and_are_longer_than_the_block_of_their_hash() -> None:
    first, second = make_token(), make_token()

    assert first != second
    assert len(first) > 64
    assert len(bytes.fromhex(first.removeprefix("inglenook_"))) == 32
