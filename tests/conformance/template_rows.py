"""The recorded templates: a frozen world, and what each template gives in it."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tests.conformance.comparison import compare_template
from tests.conformance.result import Result
from tests.conformance.tagging import tagged

from inglenook.clock import VirtualClock, VirtualLoop
from inglenook.errors import TemplateError
from inglenook.home import Home, Settings
from inglenook.templates import Templates
from inglenook.testing import make_virtual_home


def run_templates(world: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[Result]:
    """Render each row in ``world`` and compare."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_run(world, rows))


async def _run(world: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[Result]:
    home = await make_world(world)
    templates = Templates(home)
    results = []
    for row in rows:
        outcome = render(templates, row)
        differences = compare_template(row["expect"], outcome) if "expect" in row else []
        results.append(Result(row["name"], "templates", outcome, tuple(differences)))
    await home.store.close()
    return results


async def make_world(world: Mapping[str, Any]) -> Home:
    """Return a home with the states of ``world``, each set when it says, its clock at the moment it names."""
    now = datetime.fromisoformat(world["now"]).timestamp()
    states = sorted(world["states"], key=lambda state: -float(state["seconds_before_now"]))
    settings = Settings(
        latitude=world["latitude"], longitude=world["longitude"], time_zone=world["time_zone"], country="NL"
    )
    home = make_virtual_home(now - states[0]["seconds_before_now"], settings)
    assert isinstance(home.clock, VirtualClock)
    if "zone_home" in world:
        home.states.set("zone.home", "0", world["zone_home"])
    for state in states:
        await home.clock.advance(now - state["seconds_before_now"] - home.clock.now())
        home.states.set(state["entity_id"], state["state"], state.get("attributes") or {})
    await home.clock.advance(now - home.clock.now())
    return home


def render(templates: Templates, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row's template gives, in the form of ``expect``."""
    variables, limited = row.get("variables") or {}, bool(row.get("limited"))
    try:
        template = templates.compile(row["template"])
        value = template.render(variables, limited=limited)
        text = template.render_text(variables, limited=limited)
    except TemplateError as error:
        return {"error": "TemplateError", "message": str(error)}
    except Exception as error:  # noqa: BLE001 - a row that breaks the engine is one that fails; the others go on
        return {"type": "broken", "value": f"{type(error).__name__}: {error}", "text": ""}
    return {"type": _type_name(value), "value": tagged(value), "text": text}


def _type_name(value: Any) -> str:
    """Return the name of the plain type: a list that remembers its text is a list."""
    kinds = (list, dict, set, tuple)
    return next((kind.__name__ for kind in kinds if isinstance(value, kind)), type(value).__name__)
