"""Files include files, secrets and the environment; what is wrong is told all at once, with its place."""

import os
from pathlib import Path
from typing import Any

import pytest

from inglenook.config import reading
from inglenook.config.yaml import key_position, load, loads, position_of, source_line, start_of
from inglenook.errors import ConfigError, ConfigErrors, Position


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write the files and return the first one's path."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder / next(iter(files))


def tree_of(folder: Path, files: dict[str, str]) -> Any:
    return load(write(folder, files), folder).tree


def errors_of(folder: Path, files: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigErrors) as error:
        tree_of(folder, files)
    return [str(each) for each in error.value.errors]


# -- includes -------------------------------------------------------------------------------------------------------


def test_an_included_file_is_found_from_the_file_that_names_it(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        {"main.yaml": "a: !include sub/a.yaml\n", "sub/a.yaml": "- !include b.yaml\n", "sub/b.yaml": "x: 1\n"},
    )

    assert tree == {"a": [{"x": 1}]}
    assert position_of(tree, ["a", 0, "x"]) == Position("sub/b.yaml", 1, 4)
    assert start_of(tree["a"]) == Position("sub/a.yaml", 1, 1)


def test_an_empty_included_file_is_an_empty_mapping(tmp_path: Path) -> None:
    assert tree_of(tmp_path, {"main.yaml": "a: !include a.yaml\n", "a.yaml": "# nothing\n"}) == {"a": {}}


FOLDER = {
    "d/b.yaml": "- 2\n- 3\n",
    "d/a.yaml": "x: 1\ny: 1\n",
    "d/sub/c.yaml": "- 4\n",
    "d/z.yaml": "y: 2\n",
    "d/empty.yaml": "",
    "d/other.yml": "- no\n",
    "d/.hidden.yaml": "- no\n",
    "d/.git/x.yaml": "- no\n",
    "d/secrets.yaml": "x: no\n",
}


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("!include_dir_list", [{"x": 1, "y": 1}, [2, 3], {"y": 2}, [4]]),
        ("!include_dir_merge_list", [2, 3, 4]),
        ("!include_dir_named", {"a": {"x": 1, "y": 1}, "b": [2, 3], "empty": {}, "z": {"y": 2}, "c": [4]}),
        ("!include_dir_merge_named", {"x": 1, "y": 2}),
    ],
)
def test_a_folder_is_included_file_by_file_in_order(tmp_path: Path, tag: str, expected: Any) -> None:
    assert tree_of(tmp_path, {"main.yaml": f"a: {tag} d\n", **FOLDER}) == {"a": expected}


def test_what_comes_from_several_files_keeps_its_places(tmp_path: Path) -> None:
    files = {"main.yaml": "a: !include_dir_merge_list d\nb: !include_dir_merge_named d\n", **FOLDER}

    tree = tree_of(tmp_path, files)

    assert position_of(tree, ["a", 1]) == Position("d/b.yaml", 2, 3)
    assert position_of(tree, ["a", 2]) == Position("d/sub/c.yaml", 1, 3)
    assert key_position(tree["b"], "y") == Position("d/z.yaml", 1, 1)
    assert start_of(tree["a"]) == Position("main.yaml", 1, 4)


def test_a_folder_that_is_not_there_is_empty_and_told(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, {"main.yaml": "a: !include_dir_list none\n"}))

    assert loaded.tree == {"a": []}
    assert [str(each) for each in loaded.warnings] == ["main.yaml:1:4: !include_dir_list: there is no folder none"]


def test_every_file_that_had_a_part_is_named(tmp_path: Path) -> None:
    files = {"main.yaml": "a: !include a.yaml\nb: !secret x\n", "a.yaml": "1\n", "secrets.yaml": "x: 1\n"}

    assert load(write(tmp_path, files)).files == {tmp_path / name for name in files}


def test_a_file_included_twice_is_read_once(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"main.yaml": "a: !include a.yaml\nb: !include a.yaml\n", "a.yaml": "x: 1\n"})

    assert tree["a"] is tree["b"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"main.yaml": "a: !include none.yaml"}, "main.yaml:1:4: !include: there is no file none.yaml"),
        ({"main.yaml": "a: !include d", "d/x.yaml": ""}, "d: expected a file, got a folder"),
        ({"main.yaml": "a: !include ../x.yaml"}, "lies outside the configuration folder"),
        ({"main.yaml": "a: !include /etc/passwd"}, "main.yaml:1:4: !include: /etc/passwd lies outside"),
        ({"main.yaml": "a: !include_dir_list /etc"}, "!include_dir_list: /etc lies outside"),
        ({"main.yaml": "a: !include main.yaml"}, "the file includes itself: main.yaml → main.yaml"),
        (
            {"main.yaml": "a: !include b.yaml", "b.yaml": "!include c.yaml", "c.yaml": "- !include b.yaml"},
            "c.yaml:1:3: !include: the file includes itself: b.yaml → c.yaml → b.yaml",
        ),
        ({"main.yaml": "!include_dir_list ."}, "main.yaml:1:1: !include_dir_list: the file includes itself"),
        ({"main.yaml": "a: !secret x"}, "main.yaml:1:4: !secret x: there is no secrets.yaml"),
        (
            {"main.yaml": "a: !secret tokn", "secrets.yaml": "token: hush"},
            "!secret tokn: secrets.yaml has none of that name; did you mean 'token'?",
        ),
        ({"main.yaml": "a: !secret x", "secrets.yaml": "[x]"}, "secrets.yaml:1:1: expected a mapping of names"),
        ({"main.yaml": "a: !secret x", "secrets.yaml": "x: !include main.yaml"}, "secrets.yaml holds plain values"),
        ({"main.yaml": "a: !env_var INGLENOOK_NOT_SET"}, "!env_var INGLENOOK_NOT_SET: it is not set, and no default"),
        ({"main.yaml": "a: !include b.yaml", "b.yaml": "x: [1"}, "b.yaml:1:6: expected ',' or ']'"),
    ],
)
def test_what_cannot_be_included_is_told_with_its_place(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    messages = errors_of(tmp_path, files)

    assert len(messages) == 1
    assert expected in messages[0]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    messages = errors_of(
        tmp_path,
        {
            "main.yaml": "a: !include a.yaml\nb: !secret b\nc: !include_dir_list d\n",
            "d/x.yaml": "{",
            "d/y.yaml": "y: !env_var INGLENOOK_NOT_SET",
        },
    )

    assert [message.split(" ")[0] for message in messages] == [
        "main.yaml:1:4:",
        "main.yaml:2:4:",
        "d/x.yaml:1:2:",
        "d/y.yaml:1:4:",
    ]


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_followed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write(tmp_path, {"outside.yaml": "x: 1", "home/real.yaml": "x: 2"})
    (home / "out.yaml").symlink_to(tmp_path / "outside.yaml")
    (home / "in.yaml").symlink_to(home / "real.yaml")
    (home / "dir").symlink_to(tmp_path)

    messages = errors_of(home, {"main.yaml": "a: !include out.yaml\nb: !include dir/outside.yaml\nc: !include in.yaml"})

    assert messages == [
        "main.yaml:1:4: !include: out.yaml lies outside the configuration folder",
        "main.yaml:2:4: !include: dir/outside.yaml lies outside the configuration folder",
    ]
    assert tree_of(home, {"main.yaml": "a: !include in.yaml"}) == {"a": {"x": 2}}


def test_a_linked_configuration_folder_is_as_good_as_the_real_one(tmp_path: Path) -> None:
    write(tmp_path, {"real/main.yaml": "a: !include a.yaml", "real/a.yaml": "1"})
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert load(tmp_path / "link" / "main.yaml").tree == {"a": 1}


def test_a_long_chain_of_includes_is_refused(tmp_path: Path) -> None:
    files = {f"f{n}.yaml": f"!include f{n + 1}.yaml" for n in range(40)}

    messages = errors_of(tmp_path, files)

    assert messages == ["f10.yaml:1:1: !include: expected at most 10 includes, one within the other"]


def test_includes_that_explode_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_NODES", 1000)
    files = {f"f{n}.yaml": f"[{', '.join([f'!include f{n + 1}.yaml'] * 10)}]" for n in range(6)}

    messages = errors_of(tmp_path, {**files, "f6.yaml": "x"})

    assert messages[0] == "f4.yaml:1:1: includes make the configuration larger than 1,000 values"


# -- secrets and environment ----------------------------------------------------------------------------------------


def test_a_secret_comes_from_the_nearest_file_that_has_it(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        {
            "main.yaml": "a: !include sub/deep/a.yaml\n",
            "sub/deep/a.yaml": "[!secret near, !secret far]",
            "sub/secrets.yaml": "near: 1",
            "secrets.yaml": "near: 2\nfar: 3",
        },
    )

    assert tree == {"a": [1, 3]}


def test_a_secret_is_not_sought_above_the_configuration_folder(tmp_path: Path) -> None:
    write(tmp_path, {"secrets.yaml": "x: 1"})

    assert errors_of(tmp_path / "home", {"main.yaml": "a: !secret x"}) == [
        "main.yaml:1:4: !secret x: there is no secrets.yaml"
    ]


def test_a_variable_of_the_environment_is_text_and_may_have_a_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INGLENOOK_PORT", "8123")

    tree = tree_of(tmp_path, {"main.yaml": "[!env_var INGLENOOK_PORT 1, !env_var INGLENOOK_NOT_SET two words]"})

    assert tree == ["8123", "two words"]


def test_a_secret_in_an_alias_or_a_merge_is_filled_in_everywhere(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        {
            "main.yaml": "a: &a {x: !secret s}\nb: *a\nc: {<<: *a, y: 1}\nd: &d !secret s\ne: [*d]",
            "secrets.yaml": "s: 7",
        },
    )

    assert tree == {"a": {"x": 7}, "b": {"x": 7}, "c": {"x": 7, "y": 1}, "d": 7, "e": [7]}


# -- files as they come ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"\n", b"# x\n", b"\xef\xbb\xbf"])
def test_an_empty_file_holds_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "main.yaml").write_bytes(content)

    assert load(tmp_path / "main.yaml").tree is None


def test_a_byte_order_mark_and_windows_line_ends_are_taken(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb:\r\n  - x\r\n")

    tree = load(tmp_path / "main.yaml").tree

    assert tree == {"a": 1, "b": ["x"]}
    assert position_of(tree, ["b", 0]) == Position("main.yaml", 3, 5)


def test_a_file_that_is_not_utf_8_is_told_with_the_place_of_the_byte(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_bytes("a: 1\nb: Küche\n".encode("latin-1"))

    with pytest.raises(ConfigError, match=r"main\.yaml:2:5: expected UTF-8, got the byte 0xfc"):
        load(tmp_path / "main.yaml")


def test_a_file_that_is_missing_unreadable_or_too_large_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    write(tmp_path, {"large.yaml": "a: 12345"})
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 5)

    for name, message in {
        "none.yaml": "none.yaml: there is no such file",
        "pipe.yaml": "pipe.yaml: expected a file, got a device",
        "large.yaml": "large.yaml: expected at most 5 bytes, got 8",
    }.items():
        with pytest.raises(ConfigError, match=message):
            load(tmp_path / name)


def test_a_text_that_stands_alone_includes_nothing() -> None:
    assert loads("a: 1") == {"a": 1}
    with pytest.raises(ConfigError, match="<text>:1:4: !include needs a file"):
        loads("a: !include x")


def test_a_place_is_shown_as_its_line_with_a_caret(tmp_path: Path) -> None:
    write(tmp_path, {"main.yaml": "a: 1\n\tb:  x\n", "secrets.yaml": "x: hush"})

    assert source_line(Position("main.yaml", 2, 6), tmp_path) == "    2 | \tb:  x\n      | \t    ^"
    assert source_line(Position("main.yaml", 9, 1), tmp_path) == ""
    assert source_line(Position("none.yaml", 1, 1), tmp_path) == ""
    assert source_line(Position("secrets.yaml", 1, 1), tmp_path) == ""
