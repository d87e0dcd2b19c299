"""Bundled plugins take the device classes of the field and no others."""

from pathlib import Path

import pytest

from inglenook.server.checking import check_configuration

OF_EACH = """
binary_sensor:
  - {platform: threshold, entity_id: sensor.a, upper: 1, device_class: CLASS}
  - {platform: group, entities: [binary_sensor.a], device_class: CLASS}
  - {platform: bayesian, prior: 0.5, observations: [], device_class: CLASS}
  - {platform: trend, sensors: {t: {entity_id: sensor.a, device_class: CLASS}}}
  - {platform: random, device_class: CLASS}
rest: [{resource: "http://a.example", binary_sensor: [{name: R, device_class: CLASS}]}]
command_line: [{binary_sensor: {name: C, command: "true", device_class: CLASS}}]
"""


@pytest.mark.parametrize(("name", "count"), [("door", 0), ("DOOR", 0), ("dor", 7), ("temperature", 7)])
async def test_a_class_of_no_binary_sensor_is_told_wherever_it_stands(tmp_path: Path, name: str, count: int) -> None:
    (tmp_path / "configuration.yaml").write_text(OF_EACH.replace("CLASS", name))

    result = await check_configuration(tmp_path)

    assert [str(error) for error in result.errors if "device class" not in str(error)] == []
    assert len(result.errors) == count
