"""Every recorded template gives here what it gave there, translated or not."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conformance.comparison import compare_template
from tests.conformance.template_rows import make_world, render

from inglenook.templates import Templates

_RECORDED = yaml.safe_load((Path(__file__).parent / "recorded/templates.yaml").read_text(encoding="utf-8"))


@pytest.mark.virtual
async def test_every_recorded_template_gives_what_was_recorded(process_zone: None) -> None:
    templates = Templates(await make_world(_RECORDED["world"]))

    wrong = {row["name"]: compare_template(row["expect"], render(templates, row)) for row in _RECORDED["rows"]}

    assert {name: differences for name, differences in wrong.items() if differences} == {}


@pytest.mark.virtual
async def test_a_translated_template_gives_what_jinja_gives(process_zone: None) -> None:
    templates = Templates(await make_world(_RECORDED["world"]))
    engine = templates.engine
    translated = 0

    for row in _RECORDED["rows"]:
        outcome: dict[str, Any] = render(templates, row)
        if "error" in outcome or row.get("limited"):
            continue
        program = engine.program(row["template"])
        translated += program.is_translated
        assert outcome["text"] == program.text(row.get("variables") or {}).strip() or "random" in row["template"]

    assert translated > 250
