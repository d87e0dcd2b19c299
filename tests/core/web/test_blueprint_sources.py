"""Which addresses name a blueprint, and what is fetched for them."""

import json

import pytest

from inglenook.errors import ConfigError
from inglenook.web.blueprint_sources import find_blueprint

TEXT = "blueprint:\n  name: Motion\n  domain: automation\ntriggers: []\n"
RAW = "https://raw.githubusercontent.com/ada/homes/main/light/motion.yaml"
GIST = {"owner": {"login": "ada"}, "files": {"a.md": {"content": "x"}, "motion.yaml": {"content": TEXT}}}
COOKED = f'<p>See <code>a</code></p><pre><code class="lang-yaml">{TEXT.replace("[]", "&quot;[]&quot;")}</code></pre>'
TOPIC = {"post_stream": {"posts": [{"username": "ada", "cooked": COOKED}]}}
PAGES = {
    RAW: TEXT,
    "https://api.github.com/gists/0a1b": json.dumps(GIST),
    "https://community.home-assistant.io/t/motion-light/42.json": json.dumps(TOPIC),
    "https://api.github.com/gists/ff": json.dumps({"files": {"a.yaml": {"content": "x: 1"}}}),
    "https://api.github.com/gists/aa": "no json",
    "https://community.home-assistant.io/t/empty/1.json": '{"post_stream": {"posts": []}}',
}


async def get(url: str) -> bytes:
    return PAGES[url].encode()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (RAW, "ada/motion"),
        ("https://github.com/ada/homes/blob/main/light/motion.yaml?plain=1#L3", "ada/motion"),
        ("https://gist.github.com/ada/0a1b", "ada/motion"),
        ("https://community.home-assistant.io/t/motion-light/42/7", "ada/motion-light"),
    ],
)
async def test_each_form_of_address_leads_to_its_blueprint(url: str, name: str) -> None:
    found, text = await find_blueprint(url, get)

    assert found == name
    assert text.replace('"', "") == TEXT


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://github.com/ada/homes/blob/main/motion.yaml", "expected the address of"),
        ("https://github.com.evil.example/ada/homes/blob/main/motion.yaml", "expected the address of"),
        ("file:///etc/passwd", "expected the address of"),
        ("https://127.0.0.1/motion.yaml", "expected the address of"),
        ("https://gist.github.com/ada/ff", "this gist holds no blueprint"),
        ("https://gist.github.com/ada/aa", "no JSON"),
        ("https://community.home-assistant.io/t/empty/1", "holds no blueprint"),
    ],
)
async def test_what_names_no_blueprint_is_refused(url: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        await find_blueprint(url, get)
