"""Which addresses a client may name, and where its user may be sent."""

import pytest

from inglenook.auth.clients import is_client_id, is_redirect_of


@pytest.mark.parametrize("client_id", ["http://localhost:8123/", "https://app.example", "https://app.example/x?y=1"])
def test_an_address_names_a_client(client_id: str) -> None:
    assert is_client_id(client_id)


@pytest.mark.parametrize(
    "client_id",
    [
        "", "app.example", "/", "javascript:alert(1)", "data:text/html,x", "ftp://app.example/", "http://", "http:///x",
        "https://user@app.example/", "https://user:pw@app.example/", "https://app.example/#x", "https://app.example/#",
        "https://app.example/../x", "https://app.example/./x", "https://app.example:port/", "https://app.example:99999/",
        "https://app.example\\@evil.example/", "https://app.example /", "https://app.example\n/", "https://äpp.example/",
        "https://app.example%2f.evil.example/", "https://[::1/", "https://app.example/<script>",
        "https://a/" + "x" * 2048,
    ],
)  # fmt: skip
def test_what_is_no_plain_address_names_none(client_id: str) -> None:
    assert not is_client_id(client_id)


@pytest.mark.parametrize(
    ("client_id", "redirect_uri"),
    [
        ("http://localhost:8123/", "http://localhost:8123/lovelace/0?auth_callback=1"),
        ("https://app.example", "https://app.example:443/back"),
        ("https://APP.example", "https://app.example/back"),
        ("https://home-assistant.io/iOS", "homeassistant://auth-callback"),
    ],
)
def test_a_user_is_sent_to_the_client_itself(client_id: str, redirect_uri: str) -> None:
    assert is_redirect_of(client_id, redirect_uri)


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "", "https://evil.example/", "http://app.example/", "https://app.example:8443/", "https://app.example.evil.example/",
        "https://sub.app.example/", "//app.example/", "/back", "javascript://app.example/%0aalert(1)",
        "data:text/html,https://app.example/", "https://app.example@evil.example/", "https://app.example\\@evil.example/",
        "https://evil.example\\.app.example/", "https://app.example\t.evil.example/", "https://app.example%00.evil/",
        "homeassistant://auth-callback", "https:app.example", "https:///app.example/",
    ],
)  # fmt: skip
def test_a_user_is_sent_nowhere_else(redirect_uri: str) -> None:
    assert not is_redirect_of("https://app.example/", redirect_uri)
