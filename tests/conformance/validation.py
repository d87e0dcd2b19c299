"""The recorded validations: which automations and scripts are accepted."""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.conformance.result import Result

from inglenook.clock import VirtualLoop
from inglenook.config.yaml import load
from inglenook.errors import ConfigError
from inglenook.rules.engine import RuleEngine
from inglenook.templates import Templates
from inglenook.testing import make_virtual_home


def run_validation(cases: Iterable[Mapping[str, Any]]) -> list[Result]:
    """Check each case and compare whether it is accepted."""
    with TemporaryDirectory() as folder, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_run(list(cases), Path(folder)))


async def _run(cases: list[Mapping[str, Any]], folder: Path) -> list[Result]:
    home = make_virtual_home()
    engine = RuleEngine(home, Templates(home))
    results = []
    for case in cases:
        outcome = _outcome(engine, case, folder)
        valid = outcome["valid"]
        wanted = case["expect"]["valid"] if "expect" in case else valid
        told = f": {outcome['message']}" if "message" in outcome else ""
        differences = () if valid is wanted else (f"valid: expected {wanted}, got {valid}{told}",)
        results.append(Result(case["name"], "validation", outcome, differences))
    await home.store.close()
    return results


def _outcome(engine: RuleEngine, case: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    path = folder / f"{case['kind']}.yaml"
    path.write_text(case["config"], encoding="utf-8")
    try:
        tree = load(path).tree
        (engine.check if case["kind"] == "automation" else engine.check_script)(tree, None)
    except ConfigError as error:
        return {"valid": False, "message": str(error)}
    except Exception as error:  # noqa: BLE001 - a case that breaks the engine is one that fails; the others go on
        return {"valid": None, "message": f"broke with {type(error).__name__}: {error}"}
    return {"valid": True}
