"""What a domain was given in several places becomes one tree that still knows where each part stands."""

from pathlib import Path

from inglenook.config.configuration import read_configuration
from inglenook.config.sections import Sections
from inglenook.config.trees import key_position, position_of, value_position


def sections_of(folder: Path, text: str, **others: str) -> Sections:
    (folder / "configuration.yaml").write_text(text)
    for name, content in others.items():
        (folder / f"{name}.yaml").write_text(content)
    return read_configuration(folder).sections


def test_mappings_are_merged_and_the_first_of_a_name_counts(tmp_path: Path) -> None:
    sections = sections_of(
        tmp_path, "timer: {a: 1}\ntimer more: !include more.yaml\n", more="a: 2\nb:\n  duration: 5\n"
    )

    tree = sections.joined("timer")

    assert tree == {"a": 1, "b": {"duration": 5}}
    assert str(key_position(tree, "a")) == "configuration.yaml:1:9"
    assert str(position_of(tree, ["b", "duration"])) == "more.yaml:3:13"


def test_lists_and_single_items_are_put_one_after_the_other(tmp_path: Path) -> None:
    sections = sections_of(tmp_path, "zone:\n  - name: A\nzone one: {name: B}\nzone none:\nzone two: [{name: C}]\n")

    tree = sections.joined("zone")

    assert tree == [{"name": "A"}, {"name": "B"}, {"name": "C"}]
    assert [str(value_position(tree, index)) for index in range(3)] == [
        "configuration.yaml:2:5",
        "configuration.yaml:3:11",
        "configuration.yaml:5:12",
    ]


def test_one_place_is_given_as_it_is(tmp_path: Path) -> None:
    sections = sections_of(tmp_path, "counter: 5\nsun:\n")

    assert (sections.joined("counter"), sections.joined("sun"), sections.joined("timer")) == (5, None, None)


def test_items_are_found_by_their_platform_under_whatever_key(tmp_path: Path) -> None:
    sections = sections_of(
        tmp_path,
        "light:\n  - {platform: group, name: A}\n  - {platform: other}\nlight two: {platform: group, name: B}\n"
        "sensor: [{platform: group, name: C}]\n",
    )

    items = sections.items_of("group")

    assert {domain: [item["name"] for item in found] for domain, found in items.items()} == {
        "light": ["A", "B"],
        "sensor": ["C"],
    }
    assert str(value_position(items["light"], 1)) == "configuration.yaml:4:12"
    assert sections.platforms() == ["group", "other"]


def test_items_that_nothing_handles_are_told_one_by_one(tmp_path: Path) -> None:
    sections = sections_of(tmp_path, "light:\n  - {platform: group}\n  - {platform: magic}\nswitch: []\n")

    assert [str(warning) for warning in sections.unhandled({"light.group", "switch.magic"})] == [
        "configuration.yaml:3:5: nothing handles light items of platform magic; this one has no effect",
        "configuration.yaml:4:1: nothing handles the key switch; it has no effect",
    ]


def test_an_item_that_names_no_platform_is_told_beside_those_that_do(tmp_path: Path) -> None:
    sections = sections_of(
        tmp_path,
        "sensor:\n  - platform: group\n  - plaform: template\n  - name: X\n  -\n  - platform: 5\n"
        "switch: on\ncover: [{name: Y}]\nzone: [{name: Z}]\nfan: []\n",
    )

    assert [str(error) for error in sections.without_platform({"sensor.group", "fan"})] == [
        "configuration.yaml:3:5: sensor.plaform: unknown key; did you mean 'platform'?",
        "configuration.yaml:4:5: sensor.platform: this key is required",
        "configuration.yaml:6:15: sensor.platform: expected the name of a platform, got 5",
        "configuration.yaml:7:1: switch: expected items with a platform, got true",
        "configuration.yaml:8:9: cover.platform: this key is required",
    ]
    assert [str(warning) for warning in sections.unhandled({"sensor.group", "zone"})] == [
        "configuration.yaml:10:1: nothing handles the key fan; it has no effect",
    ]
