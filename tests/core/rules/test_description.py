"""Steps in a person's words."""

from typing import Any

import pytest

from inglenook.rules.description import step_text

_STEPS = pytest.mark.parametrize(
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


@_STEPS
def test_a_branch_that_is_a_list_of_steps_tells_each(step: dict[str, Any], expected: str) -> None:
    assert step_text({"actions": [{"parallel": [[{"delay": 1}, step]]}]}, "action/0/parallel/0/sequence/1") == expected


@_STEPS
def test_a_step_is_told_in_a_few_words(step: dict[str, Any], expected: str) -> None:
    assert step_text({"actions": [step]}, "action/0") == expected
