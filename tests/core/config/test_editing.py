"""A rule changes in the text of its file, and every other character stays."""

import pytest

from inglenook.config.editing import Editor, dump, same
from inglenook.config.yaml import loads
from inglenook.errors import ConfigError, Position

TEXT = """\
# our automations

- id: '1'   # the first
  alias: "Hall light"
  triggers:
  # when somebody comes
  - trigger: state
    entity_id: binary_sensor.hall   # the sensor
    to: "on"
  - {trigger: time, at: "07:30"}
  conditions: []
  actions:
  - action: light.turn_on
    target: {entity_id: light.hall}
    data:
      brightness: &bright 200


- id: two
  alias: Second
  triggers: []
  actions:
    - delay: 5  # wait
    - action: light.turn_off
      data: {x: !secret word}
# the end
"""
FIRST = Position("a.yaml", 3, 3)
SECOND = Position("a.yaml", 19, 3)


def rule(text: str, index: int) -> dict[str, object]:
    tree = loads(text.replace("!secret word", "hush"))[index]
    return {**tree}


def changed(index: int, **keys: object) -> str:
    old = rule(TEXT, index)
    new = {**old, **keys}
    text = Editor(TEXT, "a.yaml").replaced((FIRST, SECOND)[index], old, new)
    assert same(rule(text, index), new)
    assert rule(text, 1 - index) == rule(TEXT, 1 - index)
    return text


def test_what_says_the_same_changes_nothing() -> None:
    assert changed(0) == TEXT
    assert changed(1) == TEXT


def test_one_value_changes_and_its_comment_stays() -> None:
    text = changed(1, actions=[{"delay": 7}, {"action": "light.turn_off", "data": {"x": "hush"}}])

    assert text == TEXT.replace("delay: 5  # wait", "delay: 7  # wait")


def test_an_item_comes_at_the_end_of_a_list() -> None:
    old = rule(TEXT, 1)["actions"]
    assert isinstance(old, list)

    text = changed(1, actions=[*old, {"action": "light.toggle", "target": {"entity_id": ["light.a"]}}])

    added = "    - action: light.toggle\n      target:\n        entity_id:\n        - light.a\n"
    assert text == TEXT.replace("# the end", f"{added}# the end")


def test_an_item_goes_and_the_comments_of_the_others_stay() -> None:
    triggers = rule(TEXT, 0)["triggers"]
    assert isinstance(triggers, list)

    assert changed(0, triggers=triggers[:1]) == TEXT.replace('  - {trigger: time, at: "07:30"}\n', "")


def test_an_item_comes_first() -> None:
    triggers = rule(TEXT, 0)["triggers"]
    assert isinstance(triggers, list)

    text = changed(0, triggers=[{"trigger": "sun", "event": "sunset"}, *triggers])

    before = "  - trigger: state\n"
    assert text == TEXT.replace(before, f"  - trigger: sun\n    event: sunset\n{before}")


def test_an_empty_list_gets_items_and_a_new_key_stands_behind_its_neighbour() -> None:
    text = changed(0, conditions=[{"condition": "state"}], mode="single", max_exceeded="silent")

    new = TEXT.replace("  conditions: []\n", "  conditions:\n  - condition: state\n")
    assert text == new.replace("&bright 200\n", "&bright 200\n  mode: single\n  max_exceeded: silent\n")


def test_text_of_several_lines_is_a_block_and_true_words_are_quoted() -> None:
    text = changed(1, alias="two\nlines", description="on")

    assert "  alias: |-\n    two\n    lines\n  triggers" in text
    assert "  description: 'on'\n" in text


@pytest.mark.parametrize("end", ["  # when it is dark", "  # when it is dark\n", "\n", ""])
def test_text_of_several_lines_that_comes_last_is_read_as_it_was_given(end: str) -> None:
    text = f"- id: a\n  alias: old{end}"
    new = {"id": "a", "more": {"template": "one\ntwo\n"}}

    for way in (Editor(text, "a.yaml").replaced, lambda at, _, new: Editor(text, "a.yaml").rewritten(at, new)):
        assert loads(way(Position("a.yaml", 1, 3), {"id": "a", "alias": "old"}, new)) == [new]


@pytest.mark.parametrize("value", ["a\u2028b\nc", "\x85", "a\rb", "\ufeffx\n", "\x00", "\tx\n\ty"])
def test_characters_that_end_lines_elsewhere_stay_what_they_are(value: str) -> None:
    changed(1, alias=value, more=[{value: [value]}])


def test_a_script_in_brackets_that_grows_stands_on_lines_of_its_own() -> None:
    text = "night: {alias: Night}  # short\nday: {}\n"
    new = {"alias": "Night", "sequence": [{"event": f"night_{number}"} for number in range(9)]}

    for way in (Editor(text, "a.yaml").replaced, lambda at, _, new: Editor(text, "a.yaml").rewritten(at, new)):
        assert loads(way(Position("a.yaml", 1, 8), {"alias": "Night"}, new)) == {"night": new, "day": {}}


def test_a_secret_that_would_be_lost_is_refused_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r"a.yaml:25:17: !secret"):
        changed(1, actions=[{"delay": 5}, {"action": "light.turn_off", "data": {"x": "other"}}])


def test_a_rule_goes_with_its_lines() -> None:
    text = Editor(TEXT, "a.yaml").removed(SECOND)

    assert text == TEXT[: TEXT.index("- id: two")] + "# the end\n"


def test_the_only_rule_leaves_an_empty_list() -> None:
    assert Editor("# mine\n- id: a\n  alias: b\n", "a.yaml").removed(Position("a.yaml", 2, 3)) == "# mine\n[]\n"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "- id: n\n"),
        ("[]\n", "- id: n\n"),
        ("# none yet\n", "# none yet\n- id: n\n"),
        ("- id: a", "- id: a\n- id: n\n"),
        ("- id: a  # one\n# end\n", "- id: a  # one\n- id: n\n# end\n"),
        ("  - id: a\r\n", "  - id: a\r\n  - id: n\r\n"),
    ],
)
def test_a_rule_is_added_at_the_end(text: str, after: str) -> None:
    assert Editor(text, "a.yaml").appended([{"id": "n"}]) == after


def test_a_list_in_brackets_is_added_to_by_hand() -> None:
    with pytest.raises(ConfigError, match="by hand"):
        Editor('[{"id": "a"}]', "a.yaml").appended([{"id": "n"}])


@pytest.mark.parametrize(
    "value", ["on", "12:30", "1e3", " x ", "a: b", "#", "!secret x", "é\t", "", "a\n\n b\n", "a\n\n", "\n", None, 1.5]
)
def test_what_is_written_is_read_as_the_same(value: object) -> None:
    assert loads(dump({"x": [value, {"y": value}]}) + "\n") == {"x": [value, {"y": value}]}
