"""The step that sets variables."""

import pytest
from tests.core.rules.house import RuleHome


async def test_each_sees_those_before_it_and_they_outlive_their_block(house: RuleHome) -> None:
    house.act(
        """
        - variables: {n: 1, trigger: mine}
        - if: "{{ true }}"
          then:
            - variables: {n: "{{ n + 1 }}", double: "{{ n * 2 }}", plain: "5"}
        - {event: hit, event_data: {n: "{{ n }}", d: "{{ double }}", p: "{{ plain is string }}", t: "{{ trigger }}"}}
        """
    )

    await house.go()

    assert house.heard == [{"n": 2, "d": 4, "p": True, "t": "mine"}]


@pytest.mark.parametrize("variables", ["[a]", "", "{1: 2}"])
def test_what_has_no_names_is_refused(house: RuleHome, variables: str) -> None:
    assert house.errors(f"{{triggers: [], actions: [{{variables: {variables}}}]}}")
