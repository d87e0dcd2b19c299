"""When the states of rules are written."""

from typing import Any

from tests.core.rules.house import RuleHome

from inglenook.model import Event, State
from inglenook.rules.writing import UNSEEN_S

RULE = "automation.rule"


def writes(house: RuleHome) -> list[str]:
    """Return the list to which the id of each written state is added."""
    found: list[str] = []

    class Unsaved(dict[str, State | None]):
        def __setitem__(self, entity_id: str, state: State | None) -> None:
            found.append(entity_id)

    house.home.states.unsaved = Unsaved()
    return found


async def test_a_state_that_nobody_looks_at_is_written_once_in_a_while(house: RuleHome) -> None:
    house.act("- event: hit")
    written = writes(house)

    for _ in range(3):
        await house.go()
    before = list(written)
    await house.advance(UNSEEN_S)

    assert (before, written) == ([], [RULE])


async def test_whoever_reads_a_state_gets_the_newest(house: RuleHome) -> None:
    house.act("- delay: 0.1\n- event: hit")
    states = house.home.states

    await house.go()
    read: list[Any] = [
        house.attributes()["current"],
        [state.attributes["current"] for state in states if state.entity_id == RULE],
    ]
    await house.advance(0.1)
    read.append([state.attributes["current"] for state in states.domain("automation")])

    assert read == [1, [1], [0]]


async def test_who_hears_of_every_state_hears_of_a_rule_in_the_same_turn(house: RuleHome) -> None:
    house.act("- event: hit")
    heard: list[str] = []

    def note(event: Event) -> None:
        heard.append(event.data["entity_id"])

    house.home.bus.listen("state_changed", note)
    await house.go()

    assert heard == [RULE]


async def test_who_watches_a_rule_hears_of_each_of_its_changes(house: RuleHome) -> None:
    house.act("- event: hit")
    heard: list[int] = []
    house.home.states.watch(RULE, lambda _id, _old, new, _context: heard.append(new.attributes["current"]))  # type: ignore[union-attr]

    await house.go()

    assert heard == [1, 0]


async def test_a_rule_that_was_removed_leaves_no_state_behind(house: RuleHome) -> None:
    house.act("- event: hit")

    await house.go()
    house.load("[]")
    await house.advance(UNSEEN_S)

    assert house.home.states.get(RULE) is None


async def test_what_nobody_has_read_is_written_when_the_rules_stop(house: RuleHome) -> None:
    house.act("- event: hit")
    written = writes(house)

    await house.go()
    await house.engine.stop()

    assert written == [RULE]
