"""The step that turns a scene on."""

from tests.core.rules.house import RuleHome

from inglenook.model import ServiceCall


async def test_it_calls_the_service_and_waits_for_it(house: RuleHome) -> None:
    calls: list[ServiceCall] = []

    async def turn_on(call: ServiceCall) -> None:
        await house.home.clock.sleep(2)
        calls.append(call)

    house.home.services.register("scene", "turn_on", turn_on)
    house.act("- scene: scene.evening\n- event: hit")

    await house.go()
    before = list(house.heard)
    await house.advance(2)

    assert (before, house.heard) == ([], [{}])
    assert calls[0].target.entity_id == ("scene.evening",)


def test_only_a_scene_will_do(house: RuleHome) -> None:
    assert house.errors("{triggers: [], actions: [{scene: light.hall}]}")
