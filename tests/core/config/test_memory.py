"""Files that are read again: what did not change is the same tree, and is not parsed."""

from pathlib import Path

import pytest

from inglenook.config.configuration import Configuration, read_configuration
from inglenook.config.trees import start_of

TWO = "- alias: A\n- alias: B\n"


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    (tmp_path / "configuration.yaml").write_text("automation: !include a.yaml\nscript: !include s.yaml\n")
    (tmp_path / "a.yaml").write_text(TWO)
    (tmp_path / "s.yaml").write_text("go:\n  sequence: []\n")
    return read_configuration(tmp_path)


def automations(configuration: Configuration) -> list[object]:
    return [raw for raw, _ in configuration.sections.listed("automation")]


def test_what_stands_as_it_stood_is_the_same_tree(configuration: Configuration) -> None:
    again = configuration.read_again()

    assert again.digest == configuration.digest
    assert all(one is other for one, other in zip(automations(again), automations(configuration), strict=True))
    assert again.sections.trees["script"][0] is configuration.sections.trees["script"][0]


def test_of_a_list_the_items_that_did_not_change_are_the_same_where_they_stand_now(
    configuration: Configuration,
) -> None:
    first, second = automations(configuration)
    (configuration.folder / "a.yaml").write_text("- alias: A\n  mode: single\n- alias: C\n- alias: B\n")

    again = configuration.read_again()

    assert automations(again) == [{"alias": "A", "mode": "single"}, {"alias": "C"}, {"alias": "B"}]
    assert automations(again)[2] is second is not first
    assert str(start_of(second)) == "a.yaml:4:3"
    assert [str(place) for _, place in again.sections.listed("automation")] == [
        "a.yaml:1:3",
        "a.yaml:3:3",
        "a.yaml:4:3",
    ]
    assert again.digest != configuration.digest


def test_what_is_filled_in_is_read_anew(configuration: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    (configuration.folder / "a.yaml").write_text("- alias: !env_var NAME\n")
    monkeypatch.setenv("NAME", "one")
    one = configuration.read_again()
    monkeypatch.setenv("NAME", "two")
    two = one.read_again()

    assert automations(one) == [{"alias": "one"}]
    assert automations(two) == [{"alias": "two"}]
    assert one.digest != two.digest
    (configuration.folder / "a.yaml").write_text(TWO)
    assert automations(two.read_again()) == [{"alias": "A"}, {"alias": "B"}]
