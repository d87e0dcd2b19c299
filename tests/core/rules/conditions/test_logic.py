"""The conditions made of conditions. T is true, F false, E has no answer, D is disabled."""

import pytest
from tests.core.rules.house import RuleHome

MEMBERS = {
    "T": "'{{ true }}'",
    "F": "'{{ false }}'",
    "E": "{condition: state, entity_id: light.none, state: 'on'}",
    "D": "{condition: template, value_template: '{{ false }}', enabled: false}",
    "L": "{condition: template, value_template: '{{ false }}', enabled: '{{ 1 == 2 }}'}",
}


@pytest.mark.parametrize(
    ("kind", "members", "expected"),
    [
        ("and", "", True), ("and", "TT", True), ("and", "TF", False), ("and", "TD", True), ("and", "D", True),
        ("and", "TE", False), ("and", "TL", True),
        ("or", "", False), ("or", "FT", True), ("or", "FF", False), ("or", "D", False), ("or", "DT", True),
        ("or", "ET", True), ("or", "EF", False), ("or", "LT", True),
        ("not", "", True), ("not", "F", True), ("not", "TF", False), ("not", "D", True), ("not", "E", False),
        ("not", "EF", False), ("not", "FL", True),
    ],
)  # fmt: skip
async def test_every_combination(house: RuleHome, kind: str, members: str, expected: bool) -> None:
    listed = ", ".join(MEMBERS[member] for member in members)
    house.ask(f"- {{condition: {kind}, conditions: [{listed}]}}")
    assert await house.holds() is expected

    house.ask(f"- {kind}: [{listed}]")
    assert await house.holds() is expected


@pytest.mark.parametrize(
    ("conditions", "error"),
    [
        ("[hello]", "conditions[0]: expected a condition (a mapping, or text with a template), got 'hello'"),
        ("[{and: [], or: []}]", "conditions[0]: expected a key 'condition', or one of 'and', 'or', 'not'"),
        ("[{condition: or}]", "conditions[0].conditions: this key is required"),
        ("[{or: [{not: [{condition: stat}]}]}]",
         "conditions[0].or[0].not[0].condition: there is no condition 'stat'; did you mean 'state'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_any_depth(house: RuleHome, conditions: str, error: str) -> None:
    (found,) = house.errors(f"{{triggers: [], actions: [], conditions: {conditions}}}")

    assert found.endswith(error)
