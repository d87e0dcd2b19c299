"""docs/template_entities.md names every platform with its keys, and its examples are right."""

import re
from pathlib import Path

import pytest
from tests.core.template_entities.conftest import TemplateHome

from inglenook.config.configuration import read_configuration
from inglenook.config.legacy_templates import legacy_blocks
from inglenook.config.yaml import loads
from inglenook.template_entities.platforms import PLATFORMS

TEXT = (Path(__file__).parents[3] / "docs" / "template_entities.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(template:.*?)```", TEXT, re.DOTALL)
OLD = re.findall(r"```yaml\n(sensor:.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_key_of_a_platform_is_in_its_row(name: str) -> None:
    row = re.search(rf"^\| `{name}` (.*)$", TEXT, re.MULTILINE)
    platform = PLATFORMS[name]

    assert row is not None
    assert set(re.findall(r"`(\w+)`", row[1])) == {str(key) for key in (*platform.keys, *platform.actions)}


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_is_right(house: TemplateHome, example: str) -> None:
    blocks = loads(example)["template"]

    assert house.entities.swap([(block, None) for block in blocks]) == []


def test_the_example_in_the_older_form_is_right(house: TemplateHome, tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("".join(OLD))

    blocks, problems = legacy_blocks(read_configuration(tmp_path).sections)

    assert (len(blocks), problems) == (1, [])
    assert house.entities.swap(blocks) == []
