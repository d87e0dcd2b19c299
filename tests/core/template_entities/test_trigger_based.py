"""Template entities that change when a trigger of their block fires."""

from typing import Any

import pytest
from tests.core.template_entities.conftest import TemplateHome

from inglenook.model import Context, State

LAST = """
- triggers: {trigger: event, event_type: ping}
  sensor:
    - name: Last
      unique_id: last
      state: "{{ trigger.event.data.v }}"
      attributes: {before: "{{ this.state }}"}
"""


async def test_it_changes_when_a_trigger_fires_and_sees_what_that_tells(house: TemplateHome) -> None:
    house.load(LAST)
    first = house.state("sensor.last")

    await house.fire("ping", v=5)
    await house.fire("ping", v=6)

    assert (first, house.state("sensor.last"), house.attributes("sensor.last")["before"]) == ("unknown", "6", 5)


async def test_conditions_and_variables_of_the_block(house: TemplateHome) -> None:
    house.load(
        """
        - trigger: {platform: event, event_type: ping}
          variables: {v: "{{ trigger.event.data.v }}", double: "{{ v * 2 }}"}
          condition: "{{ v > 5 }}"
          sensor: {name: X, state: "{{ double }}"}
        """
    )

    await house.fire("ping", v=3)
    ignored = house.state("sensor.x")
    await house.fire("ping", v=6)

    assert (ignored, house.state("sensor.x")) == ("unknown", "12")


async def test_an_entity_may_have_conditions_of_its_own(house: TemplateHome) -> None:
    house.load(
        """
        - triggers: {trigger: event, event_type: ping}
          sensor:
            - {name: All, state: "{{ trigger.event.data.v }}"}
            - {name: High, state: "{{ trigger.event.data.v }}", conditions: "{{ trigger.event.data.v > 5 }}"}
        """
    )

    for value in (9, 3):
        await house.fire("ping", v=value)

    assert (house.state("sensor.all"), house.state("sensor.high")) == ("3", "9")


async def test_actions_run_first_and_their_variables_are_seen(house: TemplateHome) -> None:
    house.load(
        """
        - triggers: {trigger: event, event_type: ping}
          actions:
            - delay: 2
            - variables: {answer: 42}
          sensor: {name: X, state: "{{ answer }}"}
        """
    )

    await house.fire("ping")
    before = house.state("sensor.x")
    await house.advance(2)

    assert (before, house.state("sensor.x")) == ("unknown", "42")


async def test_actions_that_fail_change_nothing(house: TemplateHome) -> None:
    house.load(
        """
        - triggers: {trigger: event, event_type: ping}
          actions: [{action: no.where}]
          sensor: {name: X, state: "1"}
        """
    )

    await house.fire("ping")

    assert house.state("sensor.x") == "unknown"


async def test_what_goes_wrong_makes_it_unavailable_until_the_next_time(house: TemplateHome) -> None:
    house.load(LAST.replace("trigger.event.data.v", "1 / trigger.event.data.v"))

    await house.fire("ping", v=0)
    broken = house.state("sensor.last")
    await house.fire("ping", v=1)

    assert (broken, house.state("sensor.last")) == ("unavailable", "1.0")


async def test_auto_off_begins_anew_with_each_trigger(house: TemplateHome) -> None:
    house.load(
        "[{triggers: {trigger: event, event_type: ping}, binary_sensor: {name: Seen, state: 'on', auto_off: 5}}]"
    )
    seen: list[str] = []
    for seconds in (4, 4, 1):
        if len(seen) < 2:
            await house.fire("ping")
        await house.advance(seconds)
        seen.append(house.state("binary_sensor.seen"))

    assert seen == ["on", "on", "off"]


async def test_it_bears_the_context_of_the_trigger(house: TemplateHome) -> None:
    house.load(LAST)

    house.home.bus.fire("ping", {"v": 1}, Context("cause"))

    assert house.of("sensor.last").context.id == "cause"


@pytest.mark.parametrize(("state", "expected"), [("7", "7"), ("unavailable", "unknown")])
async def test_it_comes_back_as_it_was(house: TemplateHome, state: str, expected: str) -> None:
    attributes: dict[str, Any] = {"before": 6, "stray": 1}
    house.home.states.restore(State("sensor.last", state, attributes, Context("x"), 1.0, 1.0, 1.0))

    house.load(LAST)

    assert house.state("sensor.last") == expected
    assert house.attributes("sensor.last").get("before") == (6 if expected == "7" else None)
    assert "stray" not in house.attributes("sensor.last")


async def test_a_block_that_goes_listens_no_more(house: TemplateHome) -> None:
    house.load(LAST)
    house.load("[]")

    await house.fire("ping", v=5)

    assert house.home.states.get("sensor.last") is None


MOTION = """
- triggers: {trigger: event, event_type: ping}
  binary_sensor: {name: Motion, unique_id: motion, state: "{{ true }}", auto_off: 10}
"""


@pytest.mark.parametrize(("ago_s", "states"), [(4, ["on", "on", "off"]), (30, ["off", "off", "off"])])
async def test_what_ends_by_itself_ends_in_time_also_after_a_restart(
    house: TemplateHome, ago_s: float, states: list[str]
) -> None:
    at = house.home.clock.now() - ago_s
    house.home.states.restore(State("binary_sensor.motion", "on", {}, Context(""), at, at, at))

    house.load(MOTION)
    seen = [house.state("binary_sensor.motion")]
    for _ in range(2):
        await house.advance(4)
        seen.append(house.state("binary_sensor.motion"))

    assert seen == states
