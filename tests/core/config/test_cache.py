"""A parse that comes from the cache is the parse that comes from the text."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from inglenook.config import cache as cache_module
from inglenook.config.builder import Document, build
from inglenook.config.cache import ParseCache
from inglenook.config.trees import ConfigDict, ConfigList
from inglenook.config.yaml import load

TEXT = """\
- id: one
  n: [1, 1.0, true, null, 2026-03-29, 2026-03-29T01:10:00Z, .inf, 0b1]
  in: !input lamp
  s: !secret token
  s: !secret token
- !include b.yaml
- {}
- [[]]
"""


def places(tree: Any) -> Any:
    """Return everything a tree knows, in a form that can be compared."""
    if isinstance(tree, ConfigDict):
        entries = [(key, places(value)) for key, value in tree.items()]
        return "dict", tree.source.path, tree.start, tree.marks, entries
    if isinstance(tree, ConfigList):
        return "list", tree.source.path, tree.start, tree.marks, [places(item) for item in tree]
    return type(tree).__name__, tree


def known(document: Document) -> Any:
    tags = [(places(tree), key) for tree, key in document.tags]
    warnings = [str(warning) for warning in document.warnings]
    return places(document.tree), document.start, tags, warnings, document.nodes


@pytest.mark.parametrize("text", [TEXT, "", "x", "!include b.yaml", "a: 1\na: 2", "# c\n\n  - x"])
def test_a_cached_document_is_the_fresh_one_in_every_part(tmp_path: Path, text: str) -> None:
    cache = ParseCache(tmp_path / "parsed.cache")
    cache.put(text.encode(), build(text, "a.yaml"))
    cache.save()

    cached = ParseCache(tmp_path / "parsed.cache").get(text.encode(), "moved.yaml")

    assert cached is not None
    assert known(cached) == known(build(text, "moved.yaml"))


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=9) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(TREES)
@example([0.0, -0.0])
def test_whatever_was_read_comes_back_the_same(tree: Any) -> None:
    text = yaml.safe_dump(tree)
    document = build(text, "a.yaml")

    cached = cache_module._unpack_document(cache_module._pack_document(document), "a.yaml")

    assert repr(known(cached)) == repr(known(document))  # not a number is not itself


def test_an_unchanged_file_is_not_parsed_again_and_a_changed_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []

    def counting_build(text: str, path: str) -> Document:
        parsed.append(path)
        return build(text, path)

    monkeypatch.setattr("inglenook.config.reading.build", counting_build)
    (tmp_path / "a.yaml").write_text("x: !include b.yaml\ny: !secret s\nz: !env_var INGLENOOK_Z")
    (tmp_path / "b.yaml").write_text("1")
    (tmp_path / "secrets.yaml").write_text("s: old")

    def read() -> Any:
        cache = ParseCache(tmp_path / "parsed.cache")
        tree = load(tmp_path / "a.yaml", cache=cache).tree
        cache.save()
        return tree

    monkeypatch.setenv("INGLENOOK_Z", "first")
    assert read() == {"x": 1, "y": "old", "z": "first"}
    (tmp_path / "secrets.yaml").write_text("s: new")
    monkeypatch.setenv("INGLENOOK_Z", "second")
    parsed.clear()

    assert read() == {"x": 1, "y": "new", "z": "second"}
    assert parsed == ["secrets.yaml"]


def test_no_secret_is_in_the_cache_through_the_file_that_uses_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("y: !secret s")
    (tmp_path / "secrets.yaml").write_text("s: hush-hush")
    cache = ParseCache(tmp_path / "parsed.cache")

    load(tmp_path / "a.yaml", cache=cache)
    cache.save()

    assert b"hush-hush" not in (tmp_path / "parsed.cache").read_bytes()


@pytest.mark.parametrize("damage", ["cut", "flip", "header", "empty"])
def test_a_damaged_or_foreign_cache_is_ignored(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "parsed.cache"
    cache = ParseCache(path)
    cache.put(b"a: 1", build("a: 1", "a.yaml"))
    cache.save()
    content = path.read_bytes()
    path.write_bytes(
        {
            "cut": content[:-1],
            "flip": content[:-1] + bytes([content[-1] ^ 1]),
            "header": b"other" + content,
            "empty": b"",
        }[damage]
    )

    assert ParseCache(path).get(b"a: 1", "a.yaml") is None


def test_what_earlier_starts_used_stays_as_long_as_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "parsed.cache"
    for text in ("a: 1", "b: 1"):
        cache = ParseCache(path)
        cache.put(text.encode(), build(text, "a.yaml"))
        cache.save()

    assert ParseCache(path).get(b"a: 1", "a.yaml") is not None

    monkeypatch.setattr("inglenook.config.cache.KEPT_BYTES", 30)  # room for one
    cache = ParseCache(path)
    cache.put(b"c: 1", build("c: 1", "a.yaml"))
    cache.close()

    assert cache.get(b"c: 1", "a.yaml") is None
    last = ParseCache(path)
    assert last.get(b"a: 1", "a.yaml") is None
    assert last.get(b"b: 1", "a.yaml") is not None
    assert last.get(b"c: 1", "a.yaml") is not None


def test_what_passed_every_check_is_known_at_the_next_starts(tmp_path: Path) -> None:
    path = tmp_path / "parsed.cache"
    first = ParseCache(path)
    first.add_good(b"one")
    first.save()
    second = ParseCache(path)
    second.add_good(b"two")
    second.save()

    assert ParseCache(path).is_good(b"one")
    assert ParseCache(path).is_good(b"two")
    assert not ParseCache(path).is_good(b"three")


def test_what_cannot_be_kept_is_parsed_anew(tmp_path: Path) -> None:
    cache = ParseCache(tmp_path / "parsed.cache")

    for text in ("a: &a [1]\nb: *a", f"a: {2**70}"):
        cache.put(text.encode(), build(text, "a.yaml"))

        assert cache.get(text.encode(), "a.yaml") is None


def test_a_cache_that_grows_too_large_or_cannot_be_written_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    away = ParseCache(tmp_path / "no folder" / "parsed.cache")
    away.put(b"a: 1", build("a: 1", "a.yaml"))
    away.save()
    monkeypatch.setattr(cache_module, "MAX_BYTES", 10)
    large = ParseCache(tmp_path / "parsed.cache")
    large.put(b"a: 1", build("a: 1", "a.yaml"))
    large.save()

    assert "the next start will be slower" in caplog.text
    assert not (tmp_path / "parsed.cache").exists()
