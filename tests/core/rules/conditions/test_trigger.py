"""The condition on what started the run."""

from tests.core.rules.house import RuleHome


async def test_a_named_trigger_goes_by_its_id_and_another_by_its_index(house: RuleHome) -> None:
    house.load(
        """
        - alias: Rule
          triggers:
            - {trigger: event, event_type: a, id: first}
            - {trigger: event, event_type: b, enabled: false}
            - {trigger: event, event_type: c}
          conditions: {condition: trigger, id: [first, 2]}
          actions: [{event: hit, event_data: {id: "{{ trigger.id }}", idx: "{{ trigger.idx }}"}}]
        """
    )

    for name in "abc":
        house.home.bus.fire(name)

    assert house.heard == [{"id": "first", "idx": 0}, {"id": 2, "idx": 2}]


async def test_without_a_trigger_it_is_false(house: RuleHome) -> None:
    house.load(
        """
        - alias: Rule
          triggers: []
          conditions: {condition: trigger, id: first}
          actions: [{event: hit}]
        """
    )

    await house.home.services.call("automation", "trigger", {"entity_id": "automation.rule", "skip_condition": False})

    assert house.heard == []
