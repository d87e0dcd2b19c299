"""docs/outside.md names every key of the sections, and its examples are right."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import voluptuous as vol

from inglenook.server.checking import check_configuration
from inglenook_outside import command_line, resource, rest, rest_command

DOC: Final = (Path(__file__).parents[3] / "docs" / "outside.md").read_text()
EVERYWHERE: Final = {"name", "unique_id", "icon", "picture", "availability", "device_class"}  # said once, at the top
ENTITIES: Final = rest.entity_keys(str)
TABLES: Final = {
    **{f"### {kind}": keys for kind, keys in command_line.keys(str).items()},
    "### resource": {**resource.keys(str), "scan_interval": float, "sensor": list, "binary_sensor": list},
    "### rest sensor": ENTITIES["sensor"],
    "### rest binary_sensor": ENTITIES["binary_sensor"],
    "### rest switch": {**rest.switch_keys(str), "scan_interval": float},
    "## rest_command": rest_command.keys(str),
}


def table_of(heading: str) -> dict[str, bool]:
    """Return the keys that a table names, and whether each is marked as required."""
    section = re.search(rf"^{heading}$(.*?)(?=^##|\Z)", DOC, re.MULTILINE | re.DOTALL)
    assert section is not None, f"docs/outside.md has no section {heading}"
    table = re.search(r"^\| key \|.*\n\|[-|]+\n((?:\|.*\n)*)", section[1], re.MULTILINE)
    assert table is not None, heading
    cells = [line.split(" | ")[0] for line in table[1].splitlines()]
    return {name: f"`{name}`\\*" in cell for cell in cells for name in re.findall(r"`(\w+)`", cell)}


@pytest.mark.parametrize("heading", TABLES)
def test_every_key_has_its_row(heading: str) -> None:
    keys: dict[str, Any] = {str(key): isinstance(key, vol.Required) for key in TABLES[heading]}
    told = table_of(heading)

    assert {key: needed for key, needed in keys.items() if key in told or key not in EVERYWHERE} == told


@pytest.mark.parametrize("text", re.findall(r"^ *```yaml\n(.*?)^ *```$", DOC, re.MULTILINE | re.DOTALL))
async def test_every_example_is_right(tmp_path: Path, text: str) -> None:
    (tmp_path / "configuration.yaml").write_text(text)
    (tmp_path / "secrets.yaml").write_text("pool_token: some\n")
    (tmp_path / "rules").mkdir()

    result = await check_configuration(tmp_path)

    assert result.errors == []
    assert [str(one) for one in result.warnings if "under allow:" not in str(one)] == []
