"""The builder makes what PyYAML's safe loader makes, knows every place, and refuses what no home can mean."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from inglenook.config.builder import _PARSER, MAX_DEPTH, Document, _PythonParser, build
from inglenook.config.trees import Input, key_position, position_of, start_of, value_position
from inglenook.errors import ConfigError, Position

PARSERS = [pytest.param(_PARSER, id="C"), pytest.param(_PythonParser, id="Python")]

SCALARS = (
    "1 -7 +3 0 010 0x1F 0b101 1_000 1:30 -1:30 190:20:30 1e3 1.5 1.5e+3 -.5 1_0.5 1:30.5 .inf -.INF .NaN . "
    "yes No ON off y n true False TRUE tRUE null ~ Null nULL 2026-03-29 2026-03-29T01:10:00Z "
    "07:30:00 0o17 089 08 1. light.hall mdi:lamp 'on' \"5\" '' \"a\\tb\""
)


def messages(document: Document) -> list[str]:
    return [str(warning) for warning in document.warnings]


@pytest.mark.parametrize("word", SCALARS.split(" "))
def test_a_scalar_means_what_it_means_to_pyyaml(word: str) -> None:
    expected = yaml.safe_load(f"- {word}")[0]

    value = build(f"- {word}", "x.yaml").tree[0]

    assert repr(value) == repr(expected)
    assert type(value) is type(expected)


DOCUMENTS = [
    "",
    "# nothing",
    "just text",
    "a: 1\nb: [x, {c: 2}]\n",
    "- a\n-\n- - b\n  - c\n",
    "text: |\n  one\n  two\nfolded: >-\n  one\n  two\n",
    "base: &b {x: 1, y: [2]}\nother: {<<: *b, y: 3}\nlist: {<<: [{x: 1}, {x: 2, z: 3}], q: *b}\n",
    "? key\n: value\n1: int\nyes: bool\n",
    "a: !!str 5\nb: !!int '5'\nc: !!float 1\nd: !!bool 'on'\ne: !!null ''\nf: ! 5\ng: ! '5'\n",
    "%YAML 1.1\n---\na: 1\n...\n",
    "a: 'é 🔥'\n日本: 1\n",
    "'<<': 1\n",
]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("text", DOCUMENTS)
def test_a_document_is_what_it_is_to_pyyaml(text: str, parser: Any) -> None:
    document = build(text, "x.yaml", parser)

    assert document.tree == yaml.safe_load(text)


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=25,
)


@given(TREES)
def test_whatever_pyyaml_writes_is_read_back(tree: Any) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True)

    assert build(text, "x.yaml").tree == yaml.safe_load(text)


@pytest.mark.parametrize("parser", PARSERS)
def test_every_key_value_and_item_knows_its_place(parser: Any) -> None:
    text = "a: 1\nb:\n  - x\n  - {c: 2}\n"

    tree = build(text, "x.yaml", parser).tree

    assert start_of(tree) == Position("x.yaml", 1, 1)
    assert key_position(tree, "b") == Position("x.yaml", 2, 1)
    assert value_position(tree, "a") == Position("x.yaml", 1, 4)
    assert value_position(tree["b"], 0) == Position("x.yaml", 3, 5)
    assert key_position(tree["b"][1], "c") == Position("x.yaml", 4, 6)
    assert value_position(tree["b"][1], "c") == Position("x.yaml", 4, 9)


def test_a_path_leads_to_the_deepest_known_place() -> None:
    tree = build("a:\n  - b: 1\n", "x.yaml").tree

    assert position_of(tree, []) == Position("x.yaml", 1, 1)
    assert position_of(tree, ["a", 0, "b"]) == Position("x.yaml", 2, 8)
    assert position_of(tree, ["a", 0, "b"], at_key=True) == Position("x.yaml", 2, 5)
    assert position_of(tree, ["a", 0, "missing", "deeper"]) == Position("x.yaml", 2, 5)
    assert position_of(tree, ["a", 7]) == Position("x.yaml", 2, 3)
    assert position_of({"made": "by code"}, ["made"]) is None


def test_a_part_of_a_file_knows_its_lines_and_may_move() -> None:
    tree = build("- a: 1\n", "x.yaml", first_line=10).tree

    assert position_of(tree, [0, "a"]) == Position("x.yaml", 11, 6)

    tree.source.first_line = 20
    assert position_of(tree, [0, "a"]) == Position("x.yaml", 21, 6)


def test_a_duplicate_key_is_told_with_both_places_and_the_last_wins() -> None:
    document = build("a: 1\nb: 2\na: 3\n", "x.yaml")

    assert document.tree == {"a": 3, "b": 2}
    assert messages(document) == ["x.yaml:3:1: the key 'a' stands here again (first at 1:1); this one counts"]
    assert value_position(document.tree, "a") == Position("x.yaml", 3, 4)
    assert value_position(document.tree, "b") == Position("x.yaml", 2, 4)


def test_a_merged_key_keeps_its_place_and_is_no_duplicate() -> None:
    document = build("base: &b\n  x: 1\n  y: 2\nother:\n  <<: *b\n  y: 3\n", "x.yaml")

    other = document.tree["other"]

    assert other == {"x": 1, "y": 3}
    assert value_position(other, "x") == Position("x.yaml", 2, 6)
    assert value_position(other, "y") == Position("x.yaml", 6, 6)
    assert document.warnings == []


def test_a_merge_mark_that_is_no_key_is_text() -> None:
    assert build("[<<, {a: <<}, '<<']", "x.yaml").tree == ["<<", {"a": "<<"}, "<<"]
    assert build("<<", "x.yaml").tree == "<<"


def test_a_number_of_base_60_is_told() -> None:
    document = build("for: 1:30\nat: '1:30'\n", "x.yaml")

    assert document.tree == {"for": 90, "at": "1:30"}
    assert messages(document) == ["x.yaml:1:6: 1:30 is the number 90 to YAML; quote it if it is a time"]


def test_an_input_stays_in_the_tree_outside_a_blueprint_too() -> None:
    assert build("a: !input lamp\n", "x.yaml").tree == {"a": Input("lamp")}


BAD = {
    "a:\n\t- b": "x.yaml:2:1: a tab is used for indentation; expected spaces",
    "a: 1\n\tb: 1": "x.yaml:2:1: a tab is used for indentation; expected spaces",
    "a: >\n\tfoo": "x.yaml:2:1: a tab is used for indentation; expected spaces",
    "\ta: 1": "x.yaml:1:1: a tab is used for indentation; expected spaces",
    "a: 1\n  b: 2": "x.yaml:2:4: unexpected ':'; expected one key a line",
    "a: b: c": "x.yaml:1:5: unexpected ':'",
    "a: [1, 2": "expected ',' or ']': the list that opens at 1:4 does not end",
    "a: {b: 1": "expected ',' or '}': the mapping that opens at 1:4 does not end",
    "a: 'x": "the quoted text that opens at 1:4 does not end",
    "a: @x": "x.yaml:1:4: no value may begin with '@'; quote the text",
    "a: `x": "x.yaml:1:4: no value may begin with '`'; quote the text",
    "- a\nb: 1": "x.yaml:2:1: expected another list item ('- …') or the end of the list",
    "key: - a": "x.yaml:1:6: unexpected '-'; expected the list to begin on a line of its own",
    'a: "\\q"': "unknown escape in double quotes",
    "a: |x\n b": "expected a line break after '|' or '>'",
    "  a: 1\n b: 2": "x.yaml:2:2: expected the end of the file; is this line indented less than the first one?",
    "a: 'b' c": "x.yaml:1:8: expected a key at the depth of its neighbours",
    "%YAML 3.0\n---\na": "expected YAML 1.1",
    "a: \x01": "x.yaml:1:4: the control character U+0001 is not allowed in YAML; remove it",
    "a: 1\n---\nb: 1": "x.yaml:2:1: expected one document a file",
    "a: *b": "x.yaml:1:4: *b: nothing above, and complete, is marked &b",
    "&a [*a]": "x.yaml:1:5: *a: nothing above, and complete, is marked &a",
    "a: !foo x": "x.yaml:1:4: unknown tag !foo; expected one of !include",
    "a: !foo\n  b: 1": "x.yaml:1:4: unknown tag !foo",
    "a: !include [b]": "x.yaml:1:4: unknown tag !include; expected one of !include",
    "a: !!set {b}": "x.yaml:1:4: unknown tag !!set",
    "a: !!int x": "x.yaml:1:4: 'x' looks like a int and is none",
    "a: 2026-13-41": "x.yaml:1:4: '2026-13-41' looks like a timestamp and is none; quote it if it is text",
    "a: " + "9" * 5000: "x.yaml:1:4: expected a number of at most 400 characters, got 5000",
    "a: {{ states('x') }}": "x.yaml:1:5: expected a word as key, got {{ … }}; quote a template",
    "<<: 5": "x.yaml:1:5: expected a mapping, or a list of mappings, to merge",
    "[" * (MAX_DEPTH + 1): f"x.yaml:1:{MAX_DEPTH + 1}: expected at most {MAX_DEPTH} levels of nesting",
}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("text", BAD, ids=[key[:20].encode("unicode_escape").decode() for key in BAD])
def test_a_fault_is_told_with_its_place_and_what_was_expected(text: str, parser: Any) -> None:
    with pytest.raises(ConfigError) as error:
        build(text, "x.yaml", parser)

    assert BAD[text] in str(error.value)
    assert error.value.position is not None
    assert error.value.position.line > 0


def test_aliases_that_explode_are_refused_before_they_do() -> None:
    levels = ["a: &a0 [" + ", ".join(["x"] * 10) + "]"]
    levels += [f"b{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 10)]

    with pytest.raises(ConfigError, match=r"x\.yaml:7:\d+: aliases make this larger than 2,000,000 values"):
        build("\n".join(levels), "x.yaml")


def test_this_environment_has_the_parser_in_c() -> None:
    assert _PARSER is not _PythonParser


def test_the_example_rules_are_the_same_to_both_parsers() -> None:
    for path in Path("rules").glob("*.yaml"):
        text = path.read_text()

        assert build(text, "x").tree == build(text, "x", _PythonParser).tree == yaml.safe_load(text)


def test_a_colon_without_a_space_between_braces_is_told() -> None:
    with pytest.raises(ConfigError, match=r"x\.yaml:1:6: unexpected ':'; expected a space after the colon"):
        build("a: {b:}", "x.yaml")  # the twin of libyaml in Python takes this for a key without a value
