"""Steps in a person's words."""

from typing import Any

import pytest

from inglenook.rules.description import step_text


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (
            {"action": "light.turn_on", "target": {"entity_id": ["light.a", "light.b"]}},
            "light.turn_on light.a, light.b",
        ),
        ({"service": "light.turn_off", "entity_id": "light.a"}, "light.turn_off light.a"),
        ({"device_id": "x", "domain": "light", "type": "toggle", "entity_id": "light.a"}, "light.toggle light.a"),
        ({"device_id": "x", "domain": "mobile_app", "type": "notify"}, "mobile_app.notify"),
        ({"delay": "00:00:05"}, "delay 00:00:05"),
        ({"choose": []}, ""),
    ],
)
def test_a_step_is_told_in_a_few_words(step: dict[str, Any], expected: str) -> None:
    assert step_text({"actions": [step]}, "action/0") == expected
