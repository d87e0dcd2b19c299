"""Run recorded cases: ``python -m tests.conformance PATH… [--family F] [--show NAME] [--record FILE]``.

Prints a row a family and, last, how many passed and failed; the exit status is 1 when one failed.
"""

import argparse
import json
import logging
import sys
from pathlib import Path
from typing import Any

import yaml
from tests.conformance.result import Result
from tests.conformance.suite import Cases, count, read_cases, run


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line says and return the exit status."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING if options.show else logging.CRITICAL)
    cases = read_cases(options.paths).chosen(options.family, options.show)
    results = run(cases)
    if options.show:
        _show(cases, results)
    elif options.failures:
        _list_failures(results)
    if options.record:
        recorded = {result.name: result.outcome for result in results}
        options.record.write_text(json.dumps(recorded, indent=1, ensure_ascii=False, default=str), encoding="utf-8")
    for family, (passed, failed) in count(results).items():
        _say(f"{family:32}{passed:5} passed {failed:5} failed")
    failed = sum(not result.is_pass for result in results)
    _say(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or folder of recorded cases")
    parser.add_argument("--family", help="only this family; templates and validation are families too")
    parser.add_argument("--show", metavar="NAME", help="only this case, with all that happened and the log")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write what happened, by name, as JSON")
    parser.add_argument("--failures", action="store_true", help="list what failed, and the first difference")
    return parser


def _show(cases: Cases, results: list[Result]) -> None:
    rows = [row for file in cases.template_files for row in file["rows"]]
    for case in [*cases.scenarios, *cases.validations, *rows]:
        _say(yaml.safe_dump(dict(case), sort_keys=False, allow_unicode=True))
    for result in results:
        _say("what happened:\n" + _pretty(result.outcome))
        _say("\n".join(result.differences) or "as recorded")


def _list_failures(results: list[Result]) -> None:
    for result in results:
        if not result.is_pass:
            _say(f"{result.name}: {result.differences[0]}")


def _pretty(value: Any) -> str:
    return yaml.safe_dump(json.loads(json.dumps(value, default=str)), sort_keys=False, allow_unicode=True)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
