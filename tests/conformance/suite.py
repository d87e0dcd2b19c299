"""Finds recorded cases in files and folders, runs them, and counts."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml
from tests.conformance.result import Result
from tests.conformance.scenario import run_scenario
from tests.conformance.template_rows import run_templates
from tests.conformance.validation import run_validation
from tests.conformance.zone import TIME_ZONE, process_in

TEMPLATES: Final = "templates"
VALIDATION: Final = "validation"


@dataclass(slots=True)
class Cases:
    """What the files hold."""

    scenarios: list[Mapping[str, Any]] = field(default_factory=list)
    validations: list[Mapping[str, Any]] = field(default_factory=list)
    template_files: list[Mapping[str, Any]] = field(default_factory=list)

    def chosen(self, family: str | None, name: str | None) -> "Cases":
        """Return the cases of one family, or the one of a name."""

        def fits(case: Mapping[str, Any], its_family: str) -> bool:
            return family in (None, its_family) and name in (None, case["name"])

        return Cases(
            [case for case in self.scenarios if fits(case, case["family"])],
            [case for case in self.validations if fits(case, VALIDATION)],
            [{**file, "rows": [row for row in file["rows"] if fits(row, TEMPLATES)]} for file in self.template_files],
        )


def read_cases(paths: Iterable[Path]) -> Cases:
    """Read the files, and those in the folders, of ``paths``.

    Raises:
        OSError: one cannot be read.
        ValueError: one is not in the format.
    """
    cases = Cases()
    for path in _files(paths):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
        if isinstance(content, dict) and "rows" in content:
            cases.template_files.append(content)
        elif isinstance(content, list):
            for case in content:
                (cases.validations if "kind" in case else cases.scenarios).append(case)
        else:
            raise ValueError(f"{path}: expected a list of cases, or a world with rows")
    return cases


def run(cases: Cases, tell: Callable[[Result], object] = lambda result: None) -> list[Result]:
    """Run every case and return the results, told one by one."""
    results: list[Result] = []
    with process_in(TIME_ZONE):
        for result in _run(cases):
            tell(result)
            results.append(result)
    return results


def count(results: Iterable[Result]) -> dict[str, tuple[int, int]]:
    """Return how many passed and failed, by family."""
    passed: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for result in results:
        (passed if result.is_pass else failed)[result.family] += 1
    return {family: (passed[family], failed[family]) for family in sorted({*passed, *failed})}


def _run(cases: Cases) -> Iterator[Result]:
    for file in cases.template_files:
        yield from run_templates(file["world"], file["rows"])
    yield from run_validation(cases.validations)
    yield from map(run_scenario, cases.scenarios)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.yaml"))
        else:
            yield path


_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
