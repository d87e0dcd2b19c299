"""A rules folder is read file by file; after an edit only what changed is parsed, with the same result."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.config.builder import Document, build
from inglenook.config.cache import ParseCache
from inglenook.config.rule_files import RuleFile, Rules, is_rule_file, read_rules, rule_files
from inglenook.config.trees import ConfigDict, ConfigList, start_of, value_position
from inglenook.errors import ConfigErrors, Position


def read(folder: Path, text: str) -> Rules:
    (folder / "hall.yaml").write_text(text)
    return read_rules(folder / "hall.yaml", folder)


def found(rules: Rules) -> list[tuple[Any, str]]:
    return [(rule.raw, str(rule.position)) for rule in rules.rules]


def places(tree: Any) -> Any:
    """Return everything a tree knows, in a form that can be compared."""
    if isinstance(tree, ConfigDict):
        return start_of(tree), [(key, value_position(tree, key), places(value)) for key, value in tree.items()]
    if isinstance(tree, ConfigList):
        return start_of(tree), [(value_position(tree, index), places(item)) for index, item in enumerate(tree)]
    return tree


# -- which files, which rules ---------------------------------------------------------------------------------------


def test_rule_files_are_found_below_the_folder_in_order(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "sub/c.yaml", ".git/x.yaml", "secrets.yaml", "a.yaml~", ".a.yaml.swp", "#a.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    assert list(rule_files(tmp_path)) == [tmp_path / "a.yml", tmp_path / "b.yaml", tmp_path / "sub/c.yaml"]


@pytest.mark.parametrize(
    "name", ["4913", "hall.yaml~", "hall.yaml.swp", ".hall.yaml.swp", "#hall.yaml#", ".#hall.yaml", "hall.yaml.bak"]
)
def test_what_editors_leave_beside_a_file_is_no_rule_file(name: str) -> None:
    assert not is_rule_file(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- alias: A\n- alias: B\n", [({"alias": "A"}, "hall.yaml:1:3"), ({"alias": "B"}, "hall.yaml:2:3")]),
        ("alias: A\ntriggers: []\n", [({"alias": "A", "triggers": []}, "hall.yaml:1:1")]),
        ("automation:\n  - alias: A\nautomation two:\n  alias: B\n", [
            ({"alias": "A"}, "hall.yaml:2:5"),
            ({"alias": "B"}, "hall.yaml:4:3"),
        ]),
        ("automation:\n", []),
        ("", []),
        ("# nothing yet\n", []),
        ("[]", []),
    ],
)  # fmt: skip
def test_a_file_is_a_list_one_rule_or_a_mapping_with_automation(tmp_path: Path, text: str, expected: Any) -> None:
    assert found(read(tmp_path, text)) == expected


def test_what_is_no_rule_is_told_completely(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as error:
        read(tmp_path, "- alias: A\n- words\n-\n")

    assert [str(each) for each in error.value.errors] == [
        "hall.yaml:2:3: expected an automation (a mapping with triggers and actions), got 'words'",
        "hall.yaml:3:2: expected an automation (a mapping with triggers and actions), got null",
    ]


def test_other_keys_beside_automation_are_told(tmp_path: Path) -> None:
    rules = read(tmp_path, "automation: []\nscript: {}\n")

    assert [str(each) for each in rules.warnings] == [
        "hall.yaml:2:1: script has no effect in a rule file; only automation: has. It belongs in the configuration"
    ]


def test_a_file_of_other_sections_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as error:
        read(tmp_path, "script:\n  a: {sequence: []}\nscene: []\n")

    assert [str(each).partition(";")[0] for each in error.value.errors] == [
        "hall.yaml:1:1: script has no effect in a rule file",
        "hall.yaml:3:1: scene has no effect in a rule file",
    ]


def test_a_rule_file_may_include_and_names_what_it_read(tmp_path: Path) -> None:
    (tmp_path / "actions.yaml").write_text("- event: x\n")

    rules = read(tmp_path, "- actions: !include actions.yaml\n")

    assert rules.rules[0].raw == {"actions": [{"event": "x"}]}
    assert rules.files == {tmp_path / "hall.yaml", tmp_path / "actions.yaml"}


def test_a_rule_file_may_be_a_link_and_linked_folders_are_not_entered(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "real.yaml").write_text("- alias: A\n")
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "hall.yaml").symlink_to("../elsewhere/real.yaml")
    (folder / "more").symlink_to("../elsewhere")

    assert list(rule_files(folder)) == [folder / "hall.yaml"]
    assert found(read_rules(folder / "hall.yaml", folder)) == [({"alias": "A"}, "hall.yaml:1:3")]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match=r"none\.yaml: there is no such file"):
        read_rules(tmp_path / "none.yaml", tmp_path)


# -- reading again --------------------------------------------------------------------------------------------------


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were parsed since the last look."""
    texts: list[str] = []

    def recording_build(text: str, path: str, **options: Any) -> Document:
        texts.append(text)
        return build(text, path, **options)

    monkeypatch.setattr("inglenook.config.reading.build", recording_build)
    monkeypatch.setattr("inglenook.config.list_parts.build", recording_build)
    return texts


def test_after_an_edit_only_the_changed_rule_is_parsed_and_the_others_are_the_same(
    tmp_path: Path, parsed: list[str]
) -> None:
    file = RuleFile(tmp_path / "hall.yaml", tmp_path)
    file.path.write_text("# head\n- alias: A\n- alias: B\n- alias: C\n")
    before = file.read().rules
    parsed.clear()

    file.path.write_text("# head\n- alias: A\n- alias: B\n  mode: queued\n- alias: C\n")
    after = file.read().rules

    assert parsed == ["- alias: B\n  mode: queued\n"]
    assert after[0].raw is before[0].raw
    assert after[2].raw is before[2].raw
    assert [str(rule.position) for rule in after] == ["hall.yaml:2:3", "hall.yaml:3:3", "hall.yaml:5:3"]
    assert value_position(after[2].raw, "alias") == Position("hall.yaml", 5, 10)


def test_a_rule_is_the_same_object_wherever_it_moves(tmp_path: Path, parsed: list[str]) -> None:
    file = RuleFile(tmp_path / "hall.yaml", tmp_path)
    file.path.write_text("- alias: A\n- alias: B\n")
    first, second = file.read().rules
    parsed.clear()

    for text in ("- alias: B\n- alias: A\n", "\n\n- alias: A\n- alias: B\n", "- alias: A\n"):
        file.path.write_text(text)
        again = file.read().rules
        assert {id(rule.raw) for rule in again} <= {id(first.raw), id(second.raw)}

    assert parsed == []


@pytest.mark.parametrize(
    "text",
    [
        "- alias: A\n- alias: !secret s\n",
        "- &a {alias: A}\n- *a\n",
        "- alias: 'one\n- two'\n- alias: B\n",
        "automation:\n- alias: A\n",
        "alias: A\n",
        "- alias: A\u2028  mode: queued\n",
        "---\n- alias: A\n",
        "- alias: A\n...\n",
        "",
    ],
)
def test_a_file_that_is_no_plain_list_is_read_as_a_whole(tmp_path: Path, text: str) -> None:
    (tmp_path / "secrets.yaml").write_text("s: hush")
    file = RuleFile(tmp_path / "hall.yaml", tmp_path)
    file.path.write_text("- alias: A\n- alias: B\n")
    file.read()

    for _ in range(2):
        file.path.write_text(text)
        assert found(file.read()) == found(read_rules(file.path, tmp_path))


def test_a_broken_edit_is_told_and_the_next_good_one_is_read(tmp_path: Path) -> None:
    file = RuleFile(tmp_path / "hall.yaml", tmp_path)
    file.path.write_text("- alias: A\n- alias: B\n")
    file.read()

    file.path.write_text("- alias: A\n- alias: 'B\n")
    with pytest.raises(ConfigErrors, match=r"hall\.yaml:2:12: the quoted text that opens at 2:10 does not end"):
        file.read()
    file.path.write_text("- alias: A\n- alias: C\n")

    assert [rule.raw["alias"] for rule in file.read().rules] == ["A", "C"]


def test_what_follows_the_end_of_the_document_is_no_rule(tmp_path: Path) -> None:
    file = RuleFile(tmp_path / "hall.yaml", tmp_path)
    file.path.write_text("- alias: A\n- alias: B\n")
    file.read()

    file.path.write_text("- alias: A\n...\n- alias: B\n")

    with pytest.raises(ConfigErrors, match=r"hall\.yaml:3:1: expected the end of the file"):
        file.read()


ITEMS = st.sampled_from([
    "- alias: A\n", "- alias: B\n  mode: queued\n", "-\n  alias: C\n", "- text: |\n    one\n    - two\n\n",
    "- {alias: D}\n# remark\n", "- alias: 'E\n    more'\r\n", "- n: [1,\n   2]\n\n\n", "- alias: A\n  alias: F\n",
])  # fmt: skip
FILES = st.lists(ITEMS, min_size=1, max_size=6).map("".join)


@given(st.lists(FILES, min_size=2, max_size=4))
def test_reading_again_gives_what_reading_anew_gives(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("rules")
    file = RuleFile(folder / "hall.yaml", folder)

    for text in texts:
        file.path.write_text(text)
        again, anew = file.read(), read_rules(file.path, folder)

        assert [rule.raw for rule in again.rules] == [rule.raw for rule in anew.rules]
        assert [places(rule.raw) for rule in again.rules] == [places(rule.raw) for rule in anew.rules]
        assert [rule.position for rule in again.rules] == [rule.position for rule in anew.rules]


def test_a_cached_file_is_read_again_in_parts_too(tmp_path: Path, parsed: list[str]) -> None:
    (tmp_path / "hall.yaml").write_text("- alias: A\n- alias: B\n")
    cache = ParseCache(tmp_path / "parsed.cache")
    read_rules(tmp_path / "hall.yaml", tmp_path, cache)
    file = RuleFile(tmp_path / "hall.yaml", tmp_path)
    parsed.clear()

    file.read(cache)
    file.path.write_text("- alias: A\n- alias: C\n")
    file.read(cache)

    assert parsed == ["- alias: C\n"]
