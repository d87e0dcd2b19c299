"""What a Home Assistant folder keeps in .storage, with the line of each entry."""

import json
from pathlib import Path
from typing import Any

import pytest

from inglenook.config.storage import Storage, read_storage
from inglenook.errors import Position


def keep(folder: Path, file: str, key: str, items: list[dict[str, Any]]) -> None:
    (folder / ".storage").mkdir(exist_ok=True)
    (folder / ".storage" / file).write_text(json.dumps({"version": 1, "data": {key: items}}, indent=2))


def test_a_folder_without_storage_has_nothing(tmp_path: Path) -> None:
    assert read_storage(tmp_path) == Storage()


def test_entries_have_their_names_areas_and_lines(tmp_path: Path) -> None:
    keep(tmp_path, "core.area_registry", "areas", [{"id": "k", "name": "Kitchen"}])
    keep(
        tmp_path,
        "core.device_registry",
        "devices",
        [{"id": "d1", "name": "Hue", "name_by_user": "Lamp", "area_id": "k"}],
    )
    keep(
        tmp_path,
        "core.entity_registry",
        "entities",
        [
            {"entity_id": "light.a", "platform": "hue", "original_name": "A", "device_id": "d1", "area_id": None},
            {"entity_id": "light.b", "platform": "zha", "name": "B", "device_id": None, "area_id": "k"},
        ],
    )
    keep(tmp_path, "input_boolean", "items", [{"id": "guests", "name": "Guests"}])

    found = read_storage(tmp_path)

    assert [(one.id, one.name) for one in found.areas] == [("k", "Kitchen")]
    assert [(one.name, one.area) for one in found.devices] == [("Lamp", "Kitchen")]
    assert [(one.id, one.kind, one.name, one.area) for one in found.entities] == [
        ("light.a", "hue", "A", "Kitchen"),
        ("light.b", "zha", "B", "Kitchen"),
    ]
    assert found.entities[1].position == Position(".storage/core.entity_registry", 13)
    assert [one.id for one in found.helpers] == ["input_boolean.guests"]


@pytest.mark.parametrize("text", ["", "[]", '{"data": {}}', '{"data": {"areas": 5}}', b"\xff\xfe"])
def test_a_file_that_is_not_what_it_should_be_is_a_warning(tmp_path: Path, text: str | bytes) -> None:
    (tmp_path / ".storage").mkdir()
    (tmp_path / ".storage" / "core.area_registry").write_bytes(text if isinstance(text, bytes) else text.encode())

    found = read_storage(tmp_path)

    assert found.areas == []
    assert str(found.warnings[0]).startswith(".storage/core.area_registry: expected a list of areas")
