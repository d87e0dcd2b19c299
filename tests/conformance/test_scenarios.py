"""Every recorded scenario and validation does here what it did there, but for those listed in expected_failures.txt.

The list only shrinks: a case on it that passes fails the test.
"""

from functools import cache
from pathlib import Path

import pytest
from tests.conformance.suite import Cases, read_cases, run

_HERE = Path(__file__).parent
_FILES = sorted(path for path in (_HERE / "recorded").glob("*.yaml") if path.stem != "templates")


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_a_family_does_what_was_recorded(path: Path) -> None:
    cases = read_cases([path])

    failures = {result.name: result.differences[0] for result in run(cases) if not result.is_pass}

    expected = _expected() & _names(cases)
    assert {name: difference for name, difference in failures.items() if name not in expected} == {}
    assert expected - failures.keys() == set(), "these pass now: take them off expected_failures.txt"


def test_every_expected_failure_is_a_recorded_case() -> None:
    assert _expected() - _names(read_cases(_FILES)) == set()


def test_a_wrong_outcome_is_seen() -> None:
    cases = read_cases([_HERE / "recorded" / "trigger.event.yaml"])
    scenario = {**cases.scenarios[0], "expect": {"records": [{"t": 1, "event": "never"}], "final": {}}}

    (result,) = run(Cases(scenarios=[scenario]))

    assert "never" in result.differences[0]


@cache
def _expected() -> frozenset[str]:
    lines = (_HERE / "expected_failures.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if (name := line.partition("#")[0].strip()))


def _names(cases: Cases) -> set[str]:
    return {case["name"] for case in (*cases.scenarios, *cases.validations)}
