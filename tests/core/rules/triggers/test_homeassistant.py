"""The trigger on the start and the end of the home."""

from tests.core.rules.house import RuleHome

from inglenook.model import EVENT_STARTED, EVENT_STOP


async def test_start_fires_once_for_rules_that_were_armed_before(house: RuleHome) -> None:
    house.watch("- {trigger: homeassistant, event: start}", "{e: '{{ trigger.event }}'}")

    house.home.bus.fire(EVENT_STARTED)

    assert house.heard == [{"e": "start"}]


async def test_shutdown_fires_as_the_home_stops(house: RuleHome) -> None:
    house.watch("- {trigger: homeassistant, event: shutdown}")

    house.home.bus.fire(EVENT_STARTED)
    before = list(house.heard)
    house.home.bus.fire(EVENT_STOP)

    assert before == []
    assert house.heard == [{}]
