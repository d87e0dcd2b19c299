"""The command line of the runner."""

import json
from pathlib import Path

import pytest
from tests.conformance.__main__ import main

_RECORDED = Path(__file__).parent / "recorded"


def test_it_counts_by_family_and_says_the_sum_last(capsys: pytest.CaptureFixture[str]) -> None:
    status = main([str(_RECORDED / "action.if.yaml"), str(_RECORDED / "action.stop.yaml")])

    lines = capsys.readouterr().out.splitlines()
    assert status == 0
    assert [line.split() for line in lines] == [
        ["action.if", "3", "passed", "0", "failed"],
        ["action.stop", "4", "passed", "0", "failed"],
        ["7", "passed,", "0", "failed"],
    ]


def test_a_failure_is_an_exit_status_of_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (_RECORDED / "action.if.yaml").read_text(encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(text.replace("event: automation_triggered", "event: never"), encoding="utf-8")

    status = main([str(tmp_path), "--failures"])

    out = capsys.readouterr().out
    assert status == 1
    assert "expected {" in out
    assert out.splitlines()[-1] == "0 passed, 3 failed"


def test_what_happened_is_recorded_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(_RECORDED), "--family", "action.if", "--record", str(tmp_path / "out.json")])

    recorded = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert len(recorded) == 3
    assert all(outcome["records"] and outcome["final"] for outcome in recorded.values())


def test_one_case_is_shown_with_all_that_happened(capsys: pytest.CaptureFixture[str]) -> None:
    status = main([str(_RECORDED / "templates.yaml"), "--show", "tpl/native_types/000"])

    out = capsys.readouterr().out
    assert status == 0
    assert "what happened:" in out
    assert "as recorded" in out
    assert out.splitlines()[-1] == "1 passed, 0 failed"


def test_what_nothing_is_expected_of_is_recorded_all_the_same(tmp_path: Path) -> None:
    scenario = "- {name: x/y, family: x, config: 'automation: []', until: 1}\n"
    (tmp_path / "only.yaml").write_text(scenario, encoding="utf-8")

    status = main([str(tmp_path), "--record", str(tmp_path / "out.json")])

    assert status == 0
    assert "records" in json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["x/y"]
